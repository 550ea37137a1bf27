import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { holds, untested, violated } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { otherCause } from '../shared/refusal.ts';
import type { ErrorName } from '../../../protocol/errors.ts';
import { inTime } from '../shared/in-time.ts';
import { mayBeError, showsEnd, stateIn, stateText } from '../shared/task-parts.ts';
import { canceled, otherOutcome } from './live-task.ts';
import { startTask, untilCanceled, type RunningTask } from './running-task.ts';

interface Observation {
  readonly task: RunningTask;
  readonly answers: readonly CallResult[];
  readonly after: CallResult;
  /** GetTask after a single cancel of another task, where the several did not leave the task canceled. */
  readonly single: CallResult | undefined;
}

const clients = 4;

/** §3.3.1: cancels that cross each other have the effect of one. */
export const cancelConcurrently = defineCheck({
  id: 'cancel/concurrent',
  title: 'Several CancelTask at once',
  requirements: ['cancel/idempotent'],
  needs: [needsAnyStimulus('long-running', 'input-required')],

  async probe(context: ProbeContext): Promise<Observation> {
    const race = await inTime(() => cancelAtOnce(context), cameInTime);
    if (stateIn(race.after) === canceled) return { ...race, single: undefined };
    const { id } = await inTime(() => startTask(context));
    await context.client.call('CancelTask', { id });
    const single = await untilCanceled(context, id);
    await cancelTaskIn(context, single);
    return { ...race, single };
  },

  judge({ task, answers, after, single }) {
    const evidence = [task.before, ...answers, after, single].flatMap((answer) => (answer ? [answer.exchange] : []));
    const hint = 'run again, or name a message for "long-running" that the agent cancels: --stimuli <file>';
    const untold = (why: string) => ({ 'cancel/idempotent': untested(why, hint, ...evidence) });
    const cause = [...answers, after].map(otherCause).find((found) => found !== undefined);
    if (cause !== undefined) return untold(cause);
    // One of them has to have done it: else the agent cancels no such task, or the task ended before.
    if (!answers.some((answer) => stateIn(answer) === canceled))
      return untold('no cancel was answered with the canceled task');
    const gone = mayBeError(after, 'TaskNotFoundError');
    if (stateIn(after) !== canceled && !gone) {
      if (single === undefined || stateIn(single) !== canceled) {
        return untold('the control failed: a single cancel does not leave a task canceled either');
      }
      return {
        'cancel/idempotent': violated(
          {
            reason: 'after several cancels at once the task is not canceled',
            expected: canceled,
            actual: `${stateText(stateIn(after))}: ${describeReply(after.reply)}`,
          },
          ...evidence,
        ),
      };
    }
    const allowed: readonly ErrorName[] = gone
      ? ['TaskNotCancelableError', 'TaskNotFoundError']
      : ['TaskNotCancelableError'];
    const wrong = answers.find((answer) => unlike(answer, allowed));
    if (wrong !== undefined) return { 'cancel/idempotent': otherOutcome(describeReply(wrong.reply), wrong, evidence) };
    return { 'cancel/idempotent': holds(`${clients} cancels at once have the effect of one`, ...evidence) };
  },
});

type Race = Omit<Observation, 'single'>;

async function cancelAtOnce(context: ProbeContext): Promise<Race> {
  const task = await startTask(context);
  const answers = await Promise.all(
    Array.from({ length: clients }, () => context.client.call('CancelTask', { id: task.id })),
  );
  const after = await untilCanceled(context, task.id);
  await cancelTaskIn(context, after);
  return { task, answers, after };
}

/** Not where all were refused, and the task had ended by itself. */
const cameInTime = ({ answers, after }: Race): boolean =>
  answers.some((answer) => stateIn(answer) === canceled) || !showsEnd(after) || stateIn(after) === canceled;

const unlike = (answer: CallResult, allowed: readonly ErrorName[]): boolean =>
  answer.reply.kind !== 'result' && !mayBeError(answer, ...allowed);
