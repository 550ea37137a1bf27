import { Unelicited, type ProbeContext } from '../../core/engine/check.ts';
import type { CallResult } from '../../core/wire/binding-client.ts';
import type { Operation } from '../../protocol/operations.ts';
import { isTerminal } from '../../protocol/task-state.ts';
import { registerAnywhere, type Registered } from '../checks/push/configuration.ts';
import { startWaitingTask, type WaitingTask } from '../checks/push/waiting-task.ts';
import { refusalOf, type Control } from '../checks/shared/refusal.ts';
import { isServed } from '../checks/shared/served.ts';
import { similarId } from '../checks/shared/similar-id.ts';
import { refs, type Json } from './requests.ts';

/** What one interface has for drawn requests to speak of. */
export interface World {
  readonly door: ProbeContext;
  /** Values of references; a request that refers to another is not sent on this interface. */
  readonly values: ReadonlyMap<string, string>;
  /** Parts of the message that completes. */
  readonly stimulus: readonly unknown[];
  /** Good requests of the operations; absent for an operation that could not be tried. */
  readonly controls: ReadonlyMap<Operation, Control>;
  /** To be deleted and canceled at the end. */
  readonly left: { readonly waiting: WaitingTask; readonly config: Registered } | undefined;
}

/** The good request of an operation, as it was sent and answered; again, where an accusation would rest on it. */
export async function askControl(
  { door }: Pick<World, 'door'>,
  operation: Operation,
  values: ReadonlyMap<string, string>,
): Promise<Control> {
  const { client, deadlines } = door;
  const id = values.get(refs.endedTask)!;
  const taskId = values.get(refs.waitingTask);
  const control = (what: string, ...results: CallResult[]): Control => ({
    what,
    // CancelTask and SubscribeToTask of a task that has ended have an error of their own.
    ok: results.every(isServed),
    results,
  });
  const get = (): Promise<CallResult> => client.call('GetTask', { id });
  switch (operation) {
    case 'SendMessage':
      return control('the message without anything drawn', await door.send('completes'));
    case 'SendStreamingMessage':
      return control(
        'the message without anything drawn, as a stream',
        await refusalOf(await door.sendStreaming('completes'), deadlines.taskMs),
      );
    case 'ListTasks':
      return control('ListTasks without anything drawn', await client.call('ListTasks', {}));
    case 'CancelTask':
      return control(
        'GetTask and CancelTask of a task that is there',
        await get(),
        await client.call('CancelTask', { id }),
      );
    case 'SubscribeToTask':
      return control(
        'GetTask and SubscribeToTask of a task that is there',
        await get(),
        await refusalOf(await client.stream('SubscribeToTask', { id }), deadlines.operationMs),
      );
    case 'CreateTaskPushNotificationConfig':
    case 'ListTaskPushNotificationConfigs':
    case 'GetTaskPushNotificationConfig':
    case 'DeleteTaskPushNotificationConfig':
      return control(
        'ListTaskPushNotificationConfigs of a task that is there',
        await client.call('ListTaskPushNotificationConfigs', { taskId }),
      );
    case 'GetExtendedAgentCard':
      return control('GetExtendedAgentCard', await client.call('GetExtendedAgentCard', {}));
    case 'GetTask':
      return control('GetTask of a task that is there', await get());
  }
}

/** Makes on one interface what drawn requests speak of. @throws {Unelicited} where not even a task that ends can be made */
export async function makeWorld(door: ProbeContext, operations: readonly Operation[]): Promise<World> {
  const { client } = door;
  const task = door.taskOf(await door.send('completes'));
  const ended = await door.poll(task.id, ({ state }) => isTerminal(state));
  if (!isTerminal(ended.task?.state))
    throw new Unelicited('the task of "completes" did not end', 'give a slow agent more time: --timeout <ms>', [
      ended.exchange,
    ]);
  await door.send('completes');
  const values = new Map<string, string>([
    [refs.endedTask, task.id],
    [refs.unknownTask, similarId(task.id, door.random)],
  ]);
  const contextId = ended.task?.contextId ?? task.contextId;
  if (contextId !== undefined) values.set(refs.context, contextId);
  const token = tokenIn(await client.call('ListTasks', { pageSize: 1 }));
  if (token !== undefined) values.set(refs.pageToken, token);
  const left = operations.includes('CreateTaskPushNotificationConfig') ? await makeConfig(door) : undefined;
  if (left !== undefined) {
    const { waiting, config } = left;
    values.set(refs.waitingTask, waiting.id);
    const { id } = config.config ?? {};
    if (id !== undefined) {
      values.set(refs.config, id);
      values.set(refs.unknownConfig, similarId(id, door.random));
    }
  }
  const controls = new Map<Operation, Control>();
  for (const operation of operations) {
    if (operation.includes('Push') && left === undefined) continue;
    controls.set(operation, await askControl({ door }, operation, values));
  }
  const stimulus = door.message('completes')['parts'] as readonly unknown[];
  return { door, values, stimulus, controls, left };
}

async function makeConfig(door: ProbeContext): Promise<World['left']> {
  try {
    const waiting = await startWaitingTask(door);
    return { waiting, config: await registerAnywhere(door, waiting.id) };
  } catch (error) {
    if (error instanceof Unelicited) return undefined;
    throw error;
  }
}

function tokenIn({ reply }: CallResult): string | undefined {
  const token = reply.kind === 'result' ? (reply.value as Json | null)?.['nextPageToken'] : undefined;
  return typeof token === 'string' && token !== '' ? token : undefined;
}

/** Another one for each configuration, so that a notification tells which one it is of; nobody's where the agent refuses ours. */
function webhookUrl(door: ProbeContext, left: World['left']): string {
  const elsewhere = `https://example.com/a2a-gauntlet/${door.id('webhook')}`;
  if (left === undefined || !door.canNotify) return elsewhere;
  const here = door.openWebhook().url;
  return new URL(here).host === new URL(left.config.url).host ? here : elsewhere;
}

const isReference = (value: unknown): value is string => (Object.values(refs) as unknown[]).includes(value);

/** Something that is not there is referred to. */
class Unknown extends Error {}

/** The drawn request with what this interface has in place of references; undefined where it has not all of it. */
export function resolve({ door, values, stimulus, left }: World, params: unknown): unknown {
  const messageId = (): unknown => door.message('completes')['messageId'];
  const walk = (value: unknown): unknown => {
    if (value === refs.fresh) return messageId();
    if (value === refs.webhook) return webhookUrl(door, left);
    if (isReference(value)) {
      const known = values.get(value);
      if (known === undefined) throw new Unknown(value);
      return known;
    }
    if (Array.isArray(value)) return value.flatMap((item) => (item === refs.stimulus ? stimulus : [walk(item)]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member)]));
  };
  try {
    return walk(params);
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}
