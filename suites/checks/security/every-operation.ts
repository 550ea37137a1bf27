import { Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import type { CallOptions, CallResult, Params } from '../../../core/wire/binding-client.ts';
import type { Operation, StreamingOperation, UnaryOperation } from '../../../protocol/operations.ts';
import { configIn, deleteConfigs, registerAnywhere, refOf, type Registered } from '../push/configuration.ts';
import { startWaitingTask } from '../push/waiting-task.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { refusalOf } from '../shared/refusal.ts';
import { taskIn } from '../shared/task-parts.ts';

/** One operation that an agent serves, ready to be called as whoever. */
export interface Attempt {
  readonly operation: Operation;
  /** The same as the user of the run. */
  readonly control: CallResult;
  call(options: CallOptions): Promise<CallResult>;
}

export interface Attempts {
  readonly all: readonly Attempt[];
  /** Ids of messages that attempts sent. */
  readonly messageIds: readonly string[];
  /** Ends what was begun. */
  end(): Promise<void>;
}

/** Every operation that the card declares, on tasks of the check's own. Needs the stimulus `completes`. */
export async function everyOperation(context: ProbeContext): Promise<Attempts> {
  const { client, target, deadlines } = context;
  const { streaming, pushNotifications, extendedAgentCard } = target.capabilities;
  const all: Attempt[] = [];
  const messageIds: string[] = [];

  const add = async (
    operation: Operation,
    call: (options: CallOptions) => Promise<CallResult>,
    control?: CallResult,
  ) => {
    all.push({ operation, call, control: control ?? (await call({})) });
  };
  const unary =
    (operation: UnaryOperation, params: Params) =>
    (options: CallOptions): Promise<CallResult> =>
      client.call(operation, params, options);
  const opened =
    (operation: StreamingOperation, params: () => Params) =>
    async (options: CallOptions): Promise<CallResult> =>
      refusalOf(await client.stream(operation, params(), options), deadlines.operationMs);
  const message = (): Params => {
    const made = context.message('completes');
    messageIds.push(String(made['messageId']));
    return { message: made };
  };

  const sent = await context.send('completes');
  await add('SendMessage', (options) => client.call('SendMessage', message(), options), sent);
  if (streaming) await add('SendStreamingMessage', opened('SendStreamingMessage', message), await control(context));
  if (extendedAgentCard) await add('GetExtendedAgentCard', unary('GetExtendedAgentCard', {}));

  const id = taskIn(sent)?.id;
  if (id === undefined) return { all, messageIds, end: () => Promise.resolve() };
  await add('GetTask', unary('GetTask', { id }));
  await add('ListTasks', unary('ListTasks', { pageSize: 1 }));

  // A task that goes on: what is refused of one that has ended may be refused for its end.
  const live = await startWaitingTask(context).catch((error: unknown) => {
    if (error instanceof Unelicited) return undefined;
    throw error;
  });
  const taskId = live?.id ?? id;
  if (streaming)
    await add(
      'SubscribeToTask',
      opened('SubscribeToTask', () => ({ id: taskId })),
    );
  const configs: Registered[] = [];
  if (pushNotifications) {
    const own = await registerAnywhere(context, taskId);
    const { url, answer, config } = own;
    configs.push(own);
    const create = async (options: CallOptions): Promise<CallResult> => {
      const made = await client.call('CreateTaskPushNotificationConfig', { taskId, url }, options);
      configs.push({ ...own, answer: made, config: configIn(made) });
      return made;
    };
    await add('CreateTaskPushNotificationConfig', create, answer);
    await add('ListTaskPushNotificationConfigs', unary('ListTaskPushNotificationConfigs', { taskId }));
    if (config?.id !== undefined) {
      const ref = refOf(own, config.id);
      await add('GetTaskPushNotificationConfig', unary('GetTaskPushNotificationConfig', ref));
      // By deleting it, the user of the run would leave nothing for the others to delete.
      await add('DeleteTaskPushNotificationConfig', unary('DeleteTaskPushNotificationConfig', ref), answer);
    }
  }
  // Last, and only without the rights to: it ends the task. What a task that has ended says shows whether it was looked at.
  const known = live === undefined ? undefined : live.before;
  await add('CancelTask', unary('CancelTask', { id: taskId }), known);
  return {
    all,
    messageIds,
    async end() {
      await deleteConfigs(context, ...configs);
      if (live !== undefined) await client.call('CancelTask', { id: live.id });
    },
  };
}

/** A stream of a new task, as the user of the run. */
async function control(context: ProbeContext): Promise<CallResult> {
  const answer = await refusalOf(await context.sendStreaming('completes'), context.deadlines.operationMs);
  await cancelTaskIn(context, answer);
  return answer;
}
