import { Unelicited, type ProbeContext, type TaskView } from '../../core/engine/check.ts';
import { isTerminal } from '../../protocol/task-state.ts';
import { registerAnywhere, type Registered } from '../checks/push/configuration.ts';
import { startWaitingTask, type WaitingTask } from '../checks/push/waiting-task.ts';
import { contextOf, taskIn } from '../checks/shared/task-parts.ts';

/** What one interface has for good requests to speak of. */
export interface Place {
  readonly door: ProbeContext;
  /** Two tasks of one context that have ended, each as GetTask showed it at first. */
  readonly ended: readonly TaskView[];
  readonly contextId: string | undefined;
  /** A task that goes on, for subscriptions and configurations; undefined where the agent cannot be brought to one. */
  readonly waiting: WaitingTask | undefined;
  /** A configuration of it that stays; undefined where the agent takes none. */
  readonly config: Registered | undefined;
  /** Whether messages may come with a webhook of their own. */
  notifies: boolean;
  /** Whether lists have shown the ended tasks. */
  lists: boolean;
}

/** Makes what good requests speak of. @throws {Unelicited} where no task can be made that ends */
export async function makePlace(door: ProbeContext): Promise<Place> {
  const first = await endedTask(door, undefined);
  const contextId = contextOf(first);
  const second = await endedTask(door, contextId);
  const waiting = await unlessUnelicited(() => startWaitingTask(door));
  const push = door.target.capabilities.pushNotifications;
  const config = push && waiting !== undefined ? await registerAnywhere(door, waiting.id) : undefined;
  return {
    door,
    ended: [first, second],
    contextId,
    waiting,
    config: config?.config?.id === undefined ? undefined : config,
    notifies: push && door.canNotify,
    lists: false,
  };
}

async function endedTask(door: ProbeContext, contextId: string | undefined): Promise<TaskView> {
  const sent = await door.send('completes', contextId === undefined ? {} : { message: { contextId } });
  const { id } = door.taskOf(sent);
  const shown = await door.poll(id, ({ state }) => isTerminal(state));
  const task = taskIn(shown);
  if (task?.id === id && isTerminal(task.state)) return task;
  throw new Unelicited(
    'GetTask does not show the end of the message that completes',
    'name a message for "completes" whose task the agent keeps: --stimuli <file>',
    [sent.exchange, shown.exchange],
  );
}

export async function unlessUnelicited<Value>(make: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof Unelicited) return undefined;
    throw error;
  }
}
