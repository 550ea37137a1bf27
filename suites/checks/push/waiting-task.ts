import { Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { sendFollowUp } from '../shared/follow-up.ts';
import { inTime, TooLate } from '../shared/in-time.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { contextOf, showsEnd, showsLife, stateText } from '../shared/task-parts.ts';

/** A task that has not ended: the life of a configuration is that of its task (§3.1.7). */
export interface WaitingTask {
  readonly id: string;
  readonly contextId: string | undefined;
  /** Whether it waits for its client; else it is at work. */
  readonly forInput: boolean;
  readonly sent: CallResult;
  /** GetTask before anything is done to it. */
  readonly before: CallResult;
}

export const needsWaitingTask = needsAnyStimulus('input-required', 'long-running');

/** Starts a task that waits for input or, where there is none, works for a while. @throws {Unelicited} */
export const startWaitingTask = (context: ProbeContext, configuration: Params = {}): Promise<WaitingTask> =>
  inTime(() => startOne(context, configuration));

async function startOne(context: ProbeContext, configuration: Params): Promise<WaitingTask> {
  const { behaviours, deadlines } = context;
  const forInput = behaviours.elicited['input-required'] !== undefined;
  const sent = forInput
    ? await context.send('input-required', { configuration })
    : await context.send('long-running', { configuration: { ...configuration, returnImmediately: true } });
  const task = context.taskOf(sent);
  const before = await context.poll(task.id, ({ state }) => state !== 'TASK_STATE_SUBMITTED', deadlines.graceMs);
  if (showsLife(before)) return { id: task.id, contextId: contextOf(task), forInput, sent, before };
  const Reason = showsEnd(before) && !forInput ? TooLate : Unelicited;
  throw new Reason(
    `the task did not wait: ${stateText(before.task?.state)}`,
    'name a message for "input-required", or one for "long-running" that takes a second or more: --stimuli <file>',
    [sent.exchange, before.exchange],
  );
}

/** Brings the task to its end, by more input or by waiting; the last GetTask shows whether it came. */
export async function endTask(context: ProbeContext, { id, contextId, forInput }: WaitingTask): Promise<CallResult> {
  const { client, poll, deadlines } = context;
  const hasEnded = ({ state }: { readonly state: string | undefined }): boolean => isTerminal(state);
  if (!forInput) return await poll(id, hasEnded);
  await sendFollowUp(context, { taskId: id, contextId });
  // A blocking send answers when the task has ended, or asks for more.
  const after = await poll(id, hasEnded, deadlines.graceMs);
  if (hasEnded({ state: after.task?.state })) return after;
  await client.call('CancelTask', { id });
  return await poll(id, hasEnded, deadlines.graceMs);
}
