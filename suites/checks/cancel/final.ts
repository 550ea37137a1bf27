import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated } from '../../../core/findings/judgement.ts';
import { lagReadings } from '../../../core/history/status-age.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { inTime } from '../shared/in-time.ts';
import { departureIn, showsEnd, stateIn, stateText, taskIn } from '../shared/task-parts.ts';
import { canceled } from './live-task.ts';
import { startTask, type RunningTask } from './running-task.ts';

interface Observation {
  readonly task: RunningTask;
  readonly answer: CallResult;
  /** GetTask right after the cancel. */
  readonly after: CallResult;
  /** The same work, begun after the cancel and left alone: when it has ended, the other would have too. */
  readonly twin: { readonly sent: CallResult; readonly end: CallResult } | undefined;
  /** GetTask of the canceled task, once its twin has ended. */
  readonly late: CallResult | undefined;
}

async function cancelOne(context: ProbeContext): Promise<Pick<Observation, 'task' | 'answer' | 'after'>> {
  const { client } = context;
  const task = await startTask(context);
  const answer = await client.call('CancelTask', { id: task.id });
  return { task, answer, after: await client.call('GetTask', { id: task.id }) };
}

/** §4.1.3: the end of the work does not overwrite the cancellation. */
export const cancelFinal = defineCheck({
  id: 'cancel/final',
  title: 'A canceled task stays canceled beyond its natural end',
  requirements: ['cancel/final'],
  needs: [needsStimulus('long-running')],
  lasting: true,

  async probe(context: ProbeContext): Promise<Observation> {
    const { deadlines } = context;
    const { task, answer, after } = await inTime(
      () => cancelOne(context),
      (step) => !showsEnd(step.after) || stateIn(step.after) === canceled,
    );
    if (stateIn(after) !== canceled) {
      await cancelTaskIn(context, after);
      return { task, answer, after, twin: undefined, late: undefined };
    }
    const sent = await context.send('long-running', { configuration: { returnImmediately: true } });
    const end = await context.poll(context.taskOf(sent).id, ({ state }) => isTerminal(state));
    await cancelTaskIn(context, end);
    // What the end of the work writes may still be on its way.
    const late = await context.poll(task.id, ({ state }) => state !== canceled, Math.min(deadlines.graceMs, 250));
    return { task, answer, after, twin: { sent, end }, late };
  },

  judge({ task, answer, after, twin, late }) {
    const evidence = [task.before, answer, after, twin?.sent, twin?.end, late].flatMap((seen) =>
      seen ? [seen.exchange] : [],
    );
    const hint = 'name a message for "long-running" that the agent cancels and ends within --timeout';
    if (stateIn(after) !== canceled) {
      return {
        'cancel/final': untested(
          `the cancel did not leave the task canceled: ${describeReply(answer.reply)}`,
          hint,
          ...evidence,
        ),
      };
    }
    const shown = late && taskIn(late);
    if (late && shown?.state !== undefined && shown.state !== canceled && departureIn(after, late) !== 'left') {
      return {
        'cancel/final': ambiguous(
          `after ${canceled} GetTask shows ${stateText(shown.state)}`,
          lagReadings,
          ...evidence,
        ),
      };
    }
    if (shown !== undefined && shown.state !== undefined && shown.state !== canceled) {
      return {
        'cancel/final': violated(
          { reason: 'the canceled task left its state', expected: canceled, actual: stateText(shown.state) },
          ...evidence,
        ),
      };
    }
    if (shown === undefined) {
      return { 'cancel/final': untested('the canceled task is not shown any more', hint, ...evidence) };
    }
    if (!showsEnd(twin?.end)) {
      return { 'cancel/final': untested('the natural end of such a task was not seen', hint, ...evidence) };
    }
    return { 'cancel/final': holds('the task is still canceled after its like has ended by itself', ...evidence) };
  },
});
