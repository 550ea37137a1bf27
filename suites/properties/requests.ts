import fc from 'fast-check';
import type { Operation } from '../../protocol/operations.ts';
import { taskStates } from '../../protocol/task-state.ts';
import { base64, historyLength, json, mediaType, pageSize, struct, text, timestamp, url, word } from './values.ts';

export type Json = Readonly<Record<string, unknown>>;

/**
 * What a drawn request says in place of what only the agent knows. It is put in when the request is sent, so that one draw is
 * the same request on every interface and in every run.
 */
export const refs = {
  /** Ids of a task that has ended, of its context, and of tasks that there are none of. */
  endedTask: '@ended-task',
  context: '@context',
  unknownTask: '@unknown-task',
  /** A task that has not ended, a push configuration of it, and where it is to be notified. */
  waitingTask: '@waiting-task',
  config: '@config',
  unknownConfig: '@unknown-config',
  webhook: '@webhook',
  /** A token that a list of one task a page has given. */
  pageToken: '@page-token',
  /** A part that makes the agent complete a task quickly. */
  stimulus: '@stimulus',
  /** A new id. */
  fresh: '@fresh',
} as const;

/** What of the target decides what may be drawn. */
export interface Drawable {
  readonly streaming: boolean;
  readonly pushNotifications: boolean;
}

/** Some of the fields, each with its arbitrary. */
const some = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>, required: readonly string[] = []) =>
  fc.record(fields, { requiredKeys: [...required] }) as fc.Arbitrary<Json>;

/** Of a target without tenants only the value that means none is sure to be taken. */
const tenant = fc.constant('');

/** Beside what a message of the proto has: what no version knows is ignored (§5.7). */
const withUnknown = (drawn: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc
    .tuple(drawn, fc.option(fc.constantFrom<unknown>('unknown', 1, true), { nil: undefined, freq: 8 }))
    .map(([object, unknown]) => (unknown === undefined ? object : { ...object, [unknownField]: unknown }));

export const unknownField = 'gauntletUnknownField';

const content = fc.oneof(
  { weight: 3, arbitrary: text.map((value) => ({ text: value })) },
  { weight: 1, arbitrary: base64.map((value) => ({ raw: value })) },
  { weight: 1, arbitrary: url.map((value) => ({ url: value })) },
  { weight: 1, arbitrary: json.map((value) => ({ data: value })) },
  // A value like any other, and mostly taken for none.
  { weight: 1, arbitrary: fc.constant({ data: null }) },
);

/** One content of each kind, and what may stand beside it. */
export const part: fc.Arbitrary<Json> = withUnknown(
  fc
    .tuple(content, some({ metadata: struct, filename: text, mediaType }))
    .map(([one, beside]) => ({ ...one, ...beside })),
);

/** The stimulus leads, so that the agent does what is known of it; what follows is drawn. */
const parts = fc.array(part, { maxLength: 3 }).map((drawn) => [refs.stimulus, ...drawn]);

const messageFields = {
  messageId: fc.constantFrom(refs.fresh),
  role: fc.constant('ROLE_USER'),
  parts,
  metadata: struct,
  extensions: fc.array(fc.constantFrom('https://example.com/extensions/unknown/v1', 'urn:example:x'), { maxLength: 2 }),
  referenceTaskIds: fc.array(fc.constantFrom(refs.endedTask, refs.unknownTask), { maxLength: 2 }),
};

const required = ['messageId', 'role', 'parts'];

const message: fc.Arbitrary<Json> = withUnknown(
  fc.oneof(
    { weight: 6, arbitrary: some({ ...messageFields, contextId: fc.constantFrom(refs.context, '') }, required) },
    // Both are errors of their own (§3.1.1, §3.4.2).
    {
      weight: 1,
      arbitrary: some(
        { ...messageFields, taskId: fc.constantFrom(refs.endedTask, refs.unknownTask), contextId: fc.constant('') },
        [...required, 'taskId'],
      ),
    },
  ),
);

const authentication = some({ scheme: fc.constantFrom('Bearer', 'Basic', 'x-unknown'), credentials: word }, ['scheme']);

const inlineConfig = withUnknown(
  some({ tenant, id: word, taskId: fc.constant(''), url: fc.constant(refs.webhook), token: word, authentication }, [
    'url',
  ]),
);

const configuration = ({ pushNotifications }: Drawable): fc.Arbitrary<Json> =>
  withUnknown(
    some({
      acceptedOutputModes: fc.array(fc.constantFrom('text/plain', 'application/json', '*/*'), { maxLength: 2 }),
      historyLength,
      returnImmediately: fc.boolean(),
      ...(pushNotifications ? { taskPushNotificationConfig: inlineConfig } : {}),
    }),
  );

const send = (target: Drawable): fc.Arbitrary<Json> =>
  withUnknown(some({ tenant, message, configuration: configuration(target), metadata: struct }, ['message']));

const someTask = fc.oneof(
  { weight: 3, arbitrary: fc.constant(refs.endedTask) },
  { weight: 1, arbitrary: fc.constant(refs.unknownTask) },
);

const configOf = (id: fc.Arbitrary<unknown>): fc.Arbitrary<Json> =>
  withUnknown(some({ tenant, taskId: fc.constant(refs.waitingTask), id }, ['taskId', 'id']));

const list: fc.Arbitrary<Json> = withUnknown(
  fc.oneof(
    {
      weight: 5,
      arbitrary: some({
        tenant,
        contextId: fc.constantFrom(refs.context, ''),
        status: fc.constantFrom(...taskStates.filter((state) => state !== 'TASK_STATE_UNSPECIFIED')),
        pageSize,
        historyLength,
        statusTimestampAfter: timestamp,
        includeArtifacts: fc.boolean(),
      }),
    },
    // A token goes on with the list that gave it.
    {
      weight: 1,
      arbitrary: some({ pageSize: fc.constant(1), pageToken: fc.constant(refs.pageToken) }, ['pageSize', 'pageToken']),
    },
  ),
);

/** A valid request of each operation. */
export const requestOf: Readonly<Record<Operation, (target: Drawable) => fc.Arbitrary<Json>>> = {
  SendMessage: send,
  SendStreamingMessage: send,
  GetTask: () => withUnknown(some({ tenant, id: someTask, historyLength }, ['id'])),
  ListTasks: () => list,
  CancelTask: () => withUnknown(some({ tenant, id: someTask, metadata: struct }, ['id'])),
  SubscribeToTask: () => withUnknown(some({ tenant, id: someTask }, ['id'])),
  CreateTaskPushNotificationConfig: () =>
    withUnknown(
      some(
        {
          tenant,
          id: word,
          taskId: fc.constant(refs.waitingTask),
          url: fc.constant(refs.webhook),
          token: word,
          authentication,
        },
        ['taskId', 'url'],
      ),
    ),
  GetTaskPushNotificationConfig: () => configOf(fc.constantFrom(refs.config, refs.unknownConfig)),
  ListTaskPushNotificationConfigs: () =>
    withUnknown(
      some({ tenant, taskId: fc.constant(refs.waitingTask), pageSize, pageToken: fc.constant('') }, ['taskId']),
    ),
  DeleteTaskPushNotificationConfig: () => configOf(fc.constant(refs.unknownConfig)),
  GetExtendedAgentCard: () => withUnknown(some({ tenant })),
};

/** The operations that the target is to have: those of a capability only where the card declares it. */
export const operationsOf = ({ streaming, pushNotifications }: Drawable): readonly (readonly [Operation, number])[] => [
  ['SendMessage', 6],
  ...(streaming
    ? ([
        ['SendStreamingMessage', 3],
        ['SubscribeToTask', 2],
      ] as const)
    : []),
  ['GetTask', 4],
  ['ListTasks', 5],
  ['CancelTask', 3],
  ...(pushNotifications
    ? ([
        ['CreateTaskPushNotificationConfig', 3],
        ['GetTaskPushNotificationConfig', 2],
        ['ListTaskPushNotificationConfigs', 2],
        ['DeleteTaskPushNotificationConfig', 1],
      ] as const)
    : []),
  ['GetExtendedAgentCard', 1],
];

/** Requests that nothing speaks against, for one fault to be put in: what is refused is refused for that. */
const plain: Readonly<Record<Operation, fc.Arbitrary<Json>>> = (() => {
  const message = some(
    {
      messageId: fc.constant(refs.fresh),
      role: fc.constant('ROLE_USER'),
      parts: fc.constant([refs.stimulus]),
      contextId: fc.constant(refs.context),
    },
    required,
  );
  const send = some({ message, configuration: some({ historyLength }) }, ['message']);
  const id = fc.constant(refs.endedTask);
  const taskId = fc.constant(refs.waitingTask);
  const config = some({ taskId, id: fc.constant(refs.config) }, ['taskId', 'id']);
  return {
    SendMessage: send,
    SendStreamingMessage: send,
    GetTask: some({ id, historyLength }, ['id']),
    ListTasks: some({ contextId: fc.constant(refs.context), pageSize }),
    CancelTask: some({ id }, ['id']),
    SubscribeToTask: some({ id }, ['id']),
    CreateTaskPushNotificationConfig: some({ taskId, url: fc.constant(refs.webhook), token: word }, ['taskId', 'url']),
    GetTaskPushNotificationConfig: config,
    ListTaskPushNotificationConfigs: some({ taskId, pageSize }, ['taskId']),
    DeleteTaskPushNotificationConfig: config,
    GetExtendedAgentCard: fc.constant({}),
  };
})();

export const plainRequestOf = (operation: Operation): fc.Arbitrary<Json> => plain[operation];
