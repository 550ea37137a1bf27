import { Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { TooLate } from '../shared/in-time.ts';
import { showsEnd, showsLife, stateText } from '../shared/task-parts.ts';

/** A task that goes on, as GetTask showed it right before it is canceled. */
export interface RunningTask {
  readonly id: string;
  readonly sent: CallResult;
  readonly before: CallResult;
}

/** GetTask of a task that was canceled: a copy that lags has the time of grace to show it. */
export const untilCanceled = ({ poll, deadlines }: ProbeContext, id: string): Promise<CallResult> =>
  poll(id, ({ state }) => isTerminal(state), deadlines.graceMs);

/**
 * Starts work that takes a while (or, where there is none, a task that waits for input).
 *
 * @throws {TooLate} where it was over when it was looked at (`inTime` starts another), {Unelicited} where there is none
 */
export async function startTask(context: ProbeContext): Promise<RunningTask> {
  const { behaviours, deadlines } = context;
  const runs = behaviours.elicited['long-running'] !== undefined;
  const sent = runs
    ? await context.send('long-running', { configuration: { returnImmediately: true } })
    : await context.send('input-required');
  const { id } = context.taskOf(sent);
  // SUBMITTED is followed by WORKING in a moment: a cancel in between is a race that proves nothing.
  const before = await context.poll(
    id,
    ({ state }) => state !== 'TASK_STATE_SUBMITTED' || isTerminal(state),
    deadlines.graceMs,
  );
  if (showsLife(before)) return { id, sent, before };
  const Reason = showsEnd(before) ? TooLate : Unelicited;
  throw new Reason(
    `the task could not be seen at work: ${stateText(before.task?.state)}`,
    'name a message for "long-running" that takes the agent a second or more: --stimuli <file>',
    [sent.exchange, before.exchange],
  );
}
