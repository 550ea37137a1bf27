import { Unelicited, type ProbeContext, type TaskView } from '../../../core/engine/check.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { contextOf } from '../shared/task-parts.ts';

/** A task of the check's own that has ended, as another operation than ListTasks showed it. */
export interface EndedTask {
  readonly task: TaskView;
  /** The answer that showed the end. */
  readonly shown: CallResult;
}

/** Tasks that ended one after the other: each was at its end before the next was asked for. */
export interface OwnTasks {
  /** The oldest first. */
  readonly ended: readonly EndedTask[];
  /** The context that they share; undefined where the agent does not let them share one. */
  readonly contextId: string | undefined;
}

/** Further messages that are sent where a task does not end, or is not a new one. */
const spare = 2;

/** Sends a message that makes a task end, and waits for the end. Undefined where it did not end, or is no task. */
export async function makeEnded(context: ProbeContext, contextId: string | undefined): Promise<EndedTask | undefined> {
  const message: Params = contextId === undefined ? {} : { contextId };
  const sent = await context.send('completes', { message });
  if (contextId !== undefined && sent.reply.kind === 'error') return undefined;
  const task = context.taskOf(sent);
  if (isTerminal(task.state)) return { task, shown: sent };
  const shown = await context.poll(task.id, ({ state }) => isTerminal(state));
  return shown.task && isTerminal(shown.task.state) ? { task: shown.task, shown } : undefined;
}

/** Makes tasks, in one context where the agent lets them share one. @throws {Unelicited} where too few of them end */
export async function makeEndedTasks(context: ProbeContext, count: number): Promise<OwnTasks> {
  const ended: EndedTask[] = [];
  let shared: string | undefined;
  let together = true;
  for (let sends = 0; ended.length < count; sends += 1) {
    if (sends >= count + spare) {
      throw new Unelicited(
        `only ${ended.length} of ${sends} messages made a task that ended`,
        'name a message for "completes" whose task always ends: --stimuli <file>',
      );
    }
    const made = await makeEnded(context, together ? shared : undefined);
    if (made === undefined && shared !== undefined) together = false;
    if (made === undefined || ended.some(({ task }) => task.id === made.task.id)) continue;
    ended.push(made);
    const contextId = contextOf(made.task);
    if (ended.length === 1) shared = contextId;
    else if (contextId === undefined || contextId !== shared) together = false;
  }
  return { ended, contextId: together ? shared : undefined };
}

/** The filter by which own tasks are listed: a guest does not walk through what others have. */
export const scopeOf = ({ contextId }: OwnTasks): Params => (contextId === undefined ? {} : { contextId });
