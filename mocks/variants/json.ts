import { rewriteObjects } from '../mutants/rewrite.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import { afterBody, answer, type HttpHook } from './respond.ts';
import type { Variant } from './variant.ts';

const protoJson = '§5.5, §5.7: ProtoJSON';

/** The same text for bodies and stream events. */
const written = (write: (envelope: object) => string): Fault => ({
  reply: write,
  streamEnvelope: write,
});

/** Everything outside ASCII, and the slash, as escapes. */
const escaped = (envelope: object): string =>
  JSON.stringify(envelope)
    .replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('/', '\\/');

const reversed = <Value>(value: Value): Value =>
  rewriteObjects(value, (object) => Object.fromEntries(Object.entries(object).toReversed()));

type Json = Record<string, unknown>;

/** Members that are added to every object of a kind, unless it has them. */
interface Additions {
  readonly response: Json;
  readonly task: Json;
  readonly status: Json;
  readonly message: Json;
  readonly part: Json;
  readonly artifact: Json;
  readonly statusUpdate: Json;
  readonly artifactUpdate: Json;
}

/** What kind of object of the proto this is, told by its members. */
function kindOf(object: Json): keyof Additions | undefined {
  const has = (...names: readonly string[]): boolean => names.every((name) => Object.hasOwn(object, name));
  if (has('messageId', 'parts')) return 'message';
  if (has('artifactId', 'parts')) return 'artifact';
  if (has('taskId', 'status')) return 'statusUpdate';
  if (has('taskId', 'artifact')) return 'artifactUpdate';
  if (has('id', 'status')) return 'task';
  if (has('state')) return 'status';
  if (['text', 'raw', 'url', 'data'].some((name) => has(name))) return 'part';
  if (['task', 'message', 'statusUpdate', 'artifactUpdate'].some((name) => has(name))) return 'response';
  return undefined;
}

const withMembers = <Value>(value: Value, additions: Partial<Additions>): Value =>
  rewriteObjects(value, (object) => {
    const kind = kindOf(object);
    return kind === undefined ? object : { ...additions[kind], ...object };
  });

/** ListTasks leaves artifacts out altogether (§3.1.4). */
const inPayloads = (additions: Partial<Additions>): Fault => ({
  payload: (payload, { method }) => (method === 'ListTasks' ? payload : withMembers(payload, additions)),
});

const nulls = (...names: readonly string[]): Json => Object.fromEntries(names.map((name) => [name, null]));

const foreign: Json = {
  'x-vendor': { nested: [1, 'two', null], task_id: 'not the task' },
  kind: 'anything',
  final: true,
  _links: [],
};

const metadata = {
  snake_case: { context_id: 'a', TaskState: 'working', deeper: [{ created_at: 'yesterday' }] },
  'https://example.com/extensions/geo/v1': { latitude: 1.5, empty: null, list: [] },
};

/** Reads member names without quotes too: a request of such a kind is understood, and lacks its params. */
const readsUnquoted: HttpHook = (request, response, next) => {
  if (request.method !== 'POST' || request.headers['content-length'] === '0') return next();
  request.once('readable', () => {
    const chunk = request.read() as Buffer | null;
    const text = chunk?.toString() ?? '';
    if (!/^\{\s*jsonrpc:/.test(text)) {
      if (chunk !== null) request.unshift(chunk);
      return next();
    }
    const error = { code: -32602, message: 'params: missing' };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, error });
    afterBody(request, () => answer(response, 200, { 'Content-Type': 'application/json' }, body));
  });
};

export const jsonVariants: readonly Variant[] = [
  {
    id: 'json/indented',
    description: 'Bodies are indented JSON; stream events too, in as many data lines',
    allowedBy: 'RFC 8259 §2: white space between tokens',
    fault: {
      reply: (envelope) => JSON.stringify(envelope, null, 4),
      streamEnvelope: (envelope) => JSON.stringify(envelope, null, 4).replaceAll('\n', '\ndata: '),
    },
  },
  {
    id: 'json/escaped',
    description: 'Text outside ASCII and slashes are escaped',
    allowedBy: 'RFC 8259 §7: any character may be escaped',
    fault: written(escaped),
  },
  {
    id: 'json/members-reversed',
    description: 'Members come in reverse order: id last, jsonrpc after it',
    allowedBy: 'RFC 8259 §1, §4: an object is an unordered collection',
    fault: written((envelope) => JSON.stringify(reversed(envelope))),
  },
  {
    id: 'json/padded',
    description: 'Blank lines stand before and after the JSON text',
    allowedBy: 'RFC 8259 §2: white space around the text',
    fault: { reply: (envelope) => `\n \n\t${JSON.stringify(envelope)}\r\n\n` },
  },
  {
    id: 'json/numbers-with-fraction',
    description: 'A number id 7 comes back as 7.0',
    allowedBy: 'JSON-RPC 2.0 §5: the same value; RFC 8259 §6: 7 and 7.0 are one number',
    fault: written((envelope) => JSON.stringify(envelope).replace(/("id":-?\d+)(?=[,}])/, '$1.0')),
  },
  {
    id: 'json/unknown-members',
    description: 'Every object has members that no version of the protocol knows, those of 0.3 among them',
    allowedBy: '§5.7: unrecognised fields are for forward compatibility',
    fault: {
      payload: (payload) => rewriteObjects(payload, (object) => ({ ...foreign, ...object })),
      reply: (envelope) => ({ ...envelope, _meta: { server: 'eu-1' } }),
      streamEnvelope: (envelope) => ({ ...envelope, _meta: { server: 'eu-1' } }),
    },
  },
  {
    id: 'json/nulls-for-absent',
    description: 'Optional fields without a value are null',
    allowedBy: `${protoJson}: null is accepted as an absent field`,
    fault: inPayloads({
      response: nulls('task', 'message', 'statusUpdate', 'artifactUpdate'),
      task: nulls('contextId', 'artifacts', 'history', 'metadata'),
      status: nulls('message', 'timestamp'),
      message: nulls('contextId', 'taskId', 'metadata', 'extensions', 'referenceTaskIds'),
      part: nulls('text', 'raw', 'url', 'metadata', 'filename', 'mediaType'),
      artifact: nulls('name', 'description', 'metadata', 'extensions'),
      statusUpdate: nulls('metadata'),
      artifactUpdate: nulls('append', 'lastChunk', 'metadata'),
    }),
  },
  {
    id: 'json/defaults-written-out',
    description: 'Fields with their default value are there: false, "", [], {}',
    allowedBy: `${protoJson}: a serializer may have the option to write default values`,
    // §3.2.4: with historyLength 0 the field SHOULD be omitted, and here it is an empty list.
    warns: ['get/history-zero-omitted', 'send/history-zero-omitted'],
    fault: inPayloads({
      task: { artifacts: [], history: [], metadata: {} },
      message: { taskId: '', metadata: {}, extensions: [], referenceTaskIds: [] },
      part: { metadata: {}, filename: '', mediaType: '' },
      artifact: { name: '', description: '', metadata: {}, extensions: [] },
      statusUpdate: { metadata: {} },
      artifactUpdate: { append: false, lastChunk: false, metadata: {} },
    }),
  },
  {
    id: 'json/metadata-everywhere',
    description: 'All metadata is filled, with names in any spelling and any values',
    allowedBy: '§3.2.5: keys are strings, values any JSON value',
    // The extension that is named is none of the card's.
    warns: ['extensions/named-ones-declared'],
    fault: inPayloads({
      task: { metadata },
      message: { metadata, extensions: ['https://example.com/extensions/geo/v1'] },
      part: { metadata },
      artifact: { metadata, extensions: ['https://example.com/extensions/geo/v1'] },
      statusUpdate: { metadata },
      artifactUpdate: { metadata },
    }),
  },
  {
    id: 'json/read-leniently',
    description: 'Member names without quotes are read',
    allowedBy: 'RFC 8259 §9: a JSON parser MAY accept non-JSON forms or extensions',
    warns: ['errors/parse-error'],
    fault: { http: readsUnquoted },
  },
];
