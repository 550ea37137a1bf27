import { requestMessages } from '../../protocol/operation-messages.ts';
import { operations, type Operation } from '../../protocol/operations.ts';
import type { Field, MessageDefinition } from '../../protocol/schemas/define.ts';
import { messages } from '../../protocol/schemas/objects.ts';
import type { Readings } from '../checks/shared/refusal.ts';
import { emptyMessage, oneContent } from '../checks/errors/params.ts';
import { refs, type Json } from './requests.ts';

/** Which row speaks of a violation. */
export type ViolationKind = 'type' | 'missing' | 'history' | 'page-size' | 'page-token' | 'filter';

/** One way in which a request of an operation is wrong. */
export interface Violation {
  /** `message.role is unknown`. */
  readonly name: string;
  readonly kind: ViolationKind;
  /** Names of the fields from the request down to the one that is wrong; of an array its first element. */
  readonly path: readonly string[];
  /** The type of the field that is wrong. */
  readonly type: Field['type']['kind'];
  /** Why it may be served after all. */
  readonly servedBy?: Readings;
  /** The request with this one fault; what holds the field is put in where it is not. */
  readonly apply: (params: Json) => Json;
}

/** Fields that an agent need not read: what it does not use, it may not look at. */
const unread = new Set([
  'metadata',
  'extensions',
  'referenceTaskIds',
  'filename',
  'mediaType',
  'acceptedOutputModes',
  'raw',
  'url',
  'token',
  'credentials',
  'scheme',
]);

const notRead: Readings = [
  '§3.3.2, §13.4: all input parameters are validated before they are processed',
  '§5.7: what is not recognized is ignored: an agent that makes no use of a field need not read it',
];

const wrongTypes: Readonly<Record<Field['type']['kind'], readonly (readonly [what: string, value: unknown])[]>> = {
  string: [['is an object', { gauntlet: 1 }]],
  bool: [['is a word', 'sometimes']],
  int32: [['is a word', 'many']],
  bytes: [
    ['is an object', { gauntlet: 1 }],
    ['is no base64', 'not base64!'],
  ],
  timestamp: [['is no timestamp', 'yesterday']],
  struct: [['is a word', 'gauntlet']],
  message: [['is a word', 'gauntlet']],
  enum: [],
  // Any JSON is one.
  value: [],
};

/** Sets or takes away the member at a path; objects and arrays on the way are made. A part is added behind those that are there. */
function changed(params: Json, path: readonly string[], value: unknown): Json {
  const [name, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) {
    const { [name]: _, ...others } = params;
    return value === absent ? others : { ...others, [name]: value };
  }
  const inner = params[name];
  if (name === 'parts') {
    const parts = Array.isArray(inner) ? (inner as readonly unknown[]) : [];
    const beside: Json = contents.has(rest[0]!) ? {} : { text: 'gauntlet' };
    return { ...params, parts: [...parts, changed(beside, rest, value)] };
  }
  const object = typeof inner === 'object' && inner !== null ? (inner as Json) : minimal(name);
  return { ...params, [name]: changed(object, rest, value) };
}

/** What a message needs beside the field that is wrong. */
const minimal = (name: string): Json =>
  name === 'taskPushNotificationConfig' ? { url: refs.webhook } : name === 'authentication' ? { scheme: 'Bearer' } : {};

const contents: ReadonlySet<string> = new Set(['text', 'raw', 'url', 'data']);

const absent = Symbol('absent');

/** The fields of a request that stand in its path over HTTP+JSON. */
export const fieldsInPath = (operation: Operation): ReadonlySet<string> =>
  new Set([...operations[operation].routes[0].path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!));

/** Whether the fields that are not in the path stand in the query. */
export const hasQuery = (operation: Operation): boolean => operations[operation].routes[0].method !== 'POST';

/** Every one-fault request of an operation, by name. */
export function violationsOf(
  operation: Operation,
  { inlinePush }: { readonly inlinePush: boolean },
): readonly Violation[] {
  const found: Violation[] = [];
  const isUnread = (path: readonly string[]): boolean =>
    path.some((name) => unread.has(name)) ||
    // What a stream is not asked about.
    (operation === 'SendStreamingMessage' && path[0] === 'configuration' && path.length > 1);

  const add = (
    path: readonly string[],
    what: string,
    kind: ViolationKind,
    type: Violation['type'],
    value: unknown,
    servedBy?: Readings,
  ): void => {
    const reading = isUnread(path) && kind === 'type' ? notRead : servedBy;
    found.push({
      name: `${path.join('.')} ${what}`,
      kind,
      path,
      type,
      apply: (params) => changed(params, path, value),
      ...(reading === undefined ? {} : { servedBy: reading }),
    });
  };

  const visit = (definition: MessageDefinition, before: readonly string[]): void => {
    for (const [name, field] of Object.entries(definition.fields)) {
      const path = [...before, name];
      const { type, label, required } = field;
      if (name === 'tenant' || (name === 'taskPushNotificationConfig' && !inlinePush)) continue;
      if (required) {
        add(path, 'is missing', 'missing', type.kind, absent);
        if (label === 'repeated') add(path, 'is empty', 'missing', type.kind, []);
        else if (type.kind === 'string') add(path, 'is empty', 'missing', type.kind, '');
      }
      if (label === 'repeated') add(path, 'is a word', 'type', type.kind, 'gauntlet');
      else
        for (const [what, value] of wrongTypes[type.kind]) {
          const filter = operation === 'ListTasks' && type.kind === 'timestamp';
          const reading = type.kind === 'message' || type.kind === 'struct' ? emptyMessage : undefined;
          add(path, what, filter ? 'filter' : 'type', type.kind, value, reading);
        }
      if (type.kind === 'enum') {
        const { unspecified, name: ofEnum } = type.definition;
        const unknown = ofEnum === 'Role' ? 'ROLE_GAUNTLET' : 'TASK_STATE_GAUNTLET';
        add(path, 'is unknown', required ? 'missing' : 'filter', type.kind, unknown);
        if (required) add(path, 'is unspecified', 'missing', type.kind, unspecified);
      }
      if (name === 'historyLength') add(path, 'is -1', 'history', type.kind, -1);
      if (operation === 'ListTasks' && name === 'pageSize')
        for (const size of [0, -1, 101, 2 ** 31 - 1]) add(path, `is ${size}`, 'page-size', type.kind, size);
      if (operation === 'ListTasks' && name === 'pageToken')
        add(path, 'is invented', 'page-token', type.kind, 'gauntlet-no-such-page');
      if (type.kind === 'message') visit(type.definition, path);
    }
    if (definition.name === 'Part') {
      const part = before;
      const twice = { text: 'gauntlet', url: 'https://example.com/gauntlet' };
      found.push(
        {
          name: `${part.join('.')} has two contents`,
          kind: 'type',
          path: part,
          type: 'message',
          servedBy: oneContent,
          apply: (params) => withPart(params, twice),
        },
        {
          name: `${part.join('.')} has no content`,
          kind: 'missing',
          path: part,
          type: 'message',
          apply: (params) => withPart(params, {}),
        },
      );
    }
  };
  visit(messages.get(requestMessages[operation])!, []);
  return found;
}

function withPart(params: Json, part: Json): Json {
  const message = params['message'] as Json;
  return { ...params, message: { ...message, parts: [...(message['parts'] as readonly unknown[]), part] } };
}
