import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { otherCause } from '../shared/refusal.ts';
import { inTime } from '../shared/in-time.ts';
import { isError, mayBeError, showsEnd, showsLife, stateIn, stateText, taskIn } from '../shared/task-parts.ts';
import { startTask, untilCanceled, type RunningTask } from './running-task.ts';

/** A cancel and GetTask right after it. */
interface CancelStep {
  readonly answer: CallResult;
  readonly after: CallResult;
}

interface Observation {
  readonly task: RunningTask;
  readonly first: CancelStep;
  /** GetTask at the end of the task, where the first cancel left it running. */
  readonly end: CallResult | undefined;
  /** Only after a first cancel that showed the task canceled. */
  readonly again: readonly CancelStep[];
}

export const canceled = 'TASK_STATE_CANCELED';

/** §3.1.5, §3.3.1: CancelTask of a task that goes on, and again. */
export const cancelLiveTask = defineCheck({
  id: 'cancel/live-task',
  title: 'CancelTask of a task that goes on, and again',
  requirements: ['cancel/returns-task', 'cancel/state-canceled', 'cancel/idempotent', 'cancel/purged'],
  needs: [needsAnyStimulus('long-running', 'input-required')],

  probe: (context: ProbeContext) => inTime(() => cancelTwice(context), cameInTime),

  judge: (observation) => ({
    'cancel/returns-task': returnsTask(observation),
    'cancel/state-canceled': stateCanceled(observation),
    'cancel/idempotent': idempotent(observation),
    'cancel/purged': purged(observation),
  }),
});

async function cancelTwice(context: ProbeContext): Promise<Observation> {
  const { client } = context;
  const task = await startTask(context);
  const cancel = (): Promise<CallResult> => client.call('CancelTask', { id: task.id });
  const first = { answer: await cancel(), after: await client.call('GetTask', { id: task.id }) };
  if (stateIn(first.answer) !== canceled) {
    // The cancel may still take effect, or the task end by itself: only its end says which.
    const end =
      first.answer.reply.kind === 'result' && showsLife(first.after)
        ? await context.poll(task.id, ({ state }) => isTerminal(state))
        : undefined;
    return { task, first, end, again: [] };
  }
  const lagging = taskIn(first.after) !== undefined && stateIn(first.after) !== canceled;
  const end = lagging ? await context.poll(task.id, ({ state }) => state === canceled) : undefined;
  const further = async (): Promise<CancelStep> => ({
    answer: await cancel(),
    after: await untilCanceled(context, task.id),
  });
  const again = [await further()];
  if (!sameEffect(again[0]!)) again.push(await further());
  return { task, first, end, again };
}

/** Not where the first cancel was refused, and the task had ended by itself. */
const cameInTime = ({ first: { answer, after } }: Observation): boolean =>
  answer.reply.kind !== 'error' || !showsEnd(after) || stateIn(after) === canceled;

const runAgain = 'run again, or name a message for "long-running" that takes longer: --stimuli <file>';

const exchangesOf = ({ task, first, end, again }: Observation) =>
  [task.before, first.answer, first.after, end, ...again.flatMap(({ answer, after }) => [answer, after])].flatMap(
    (answer) => (answer ? [answer.exchange] : []),
  );

/** Errors that call the request itself wrong, which it is not. */
const malformed = ['InvalidParamsError', 'InvalidRequestError', 'JSONParseError'];

function returnsTask({ task, first }: Observation): Judgement {
  const { answer, after } = first;
  const evidence = [task.before, answer, after].map(({ exchange }) => exchange);
  const cause = otherCause(answer);
  if (cause !== undefined) return untested(cause, runAgain, ...evidence);
  if (answer.reply.kind === 'result') {
    const returned = taskIn(answer);
    if (returned?.id === task.id) return holds('the cancel returns the task', ...evidence);
    return violated(
      {
        reason: 'the answer to the cancel is not the task',
        expected: `task ${task.id}`,
        actual: returned === undefined ? 'a result without a task' : `task ${returned.id}`,
      },
      ...evidence,
    );
  }
  const said = describeReply(answer.reply);
  if (mayBeError(answer, 'TaskNotCancelableError', 'UnsupportedOperationError')) {
    return untested(
      `the agent does not cancel this task: ${said}`,
      'name a task that it cancels: --stimuli <file>',
      ...evidence,
    );
  }
  if (answer.reply.kind === 'error' && showsLife(after)) {
    const denied = isError(answer, 'TaskNotFoundError', ...malformed);
    return denied
      ? violated(
          {
            reason: 'a cancel of a task that GetTask shows running, before and after, is answered with the wrong error',
            expected: 'the task, or TaskNotCancelableError',
            actual: said,
          },
          ...evidence,
        )
      : ambiguous(
          `the cancel of a running task failed: ${said}`,
          [
            '§3.1.5: a task that cannot be canceled is answered with TaskNotCancelableError',
            '§3.3.2: an internal failure is a system error, and a cancel need not succeed',
          ],
          ...evidence,
        );
  }
  return untested(said, runAgain, ...evidence);
}

function stateCanceled(observation: Observation): Judgement {
  const { first, end } = observation;
  const evidence = exchangesOf(observation);
  const said = stateIn(first.answer);
  if (first.answer.reply.kind !== 'result' || said === undefined) {
    return untested(`the cancel did not succeed: ${describeReply(first.answer.reply)}`, runAgain, ...evidence);
  }
  if (said === canceled) {
    const shown = stateIn(end ?? first.after) ?? stateIn(first.after);
    if (shown === canceled || shown === undefined) {
      return holds(shown ? 'the task is canceled, by GetTask too' : 'the answer shows the task canceled', ...evidence);
    }
    return violated(
      { reason: 'the answer says canceled, GetTask does not', expected: canceled, actual: stateText(shown) },
      ...evidence,
    );
  }
  const finally_ = stateIn(end ?? first.after);
  if (finally_ === canceled)
    return holds(`the cancel was answered with ${said}, then the task was canceled`, ...evidence);
  if (!isTerminal(finally_)) {
    return untested(
      `the task is still in ${stateText(finally_)} at the end of the time for a task`,
      runAgain,
      ...evidence,
    );
  }
  return ambiguous(
    `the cancel was answered with ${said}, then the task ended in ${stateText(finally_)}`,
    [
      '§3.1.5: the output is the updated task with cancellation status',
      '§3.1.5: the server attempts to cancel, success is not guaranteed',
    ],
    ...evidence,
  );
}

/** Success with the canceled task, TaskNotCancelableError, or (purged) TaskNotFoundError; and the task as it was. */
const sameEffect = ({ answer, after }: CancelStep): boolean =>
  stillCanceled(after) &&
  (answer.reply.kind === 'result'
    ? stateIn(answer) === canceled
    : mayBeError(answer, 'TaskNotCancelableError') || (mayBeError(answer, notFound) && mayBeError(after, notFound)));

const notFound = 'TaskNotFoundError';

const stillCanceled = (after: CallResult): boolean =>
  stateIn(after) === canceled || mayBeError(after, 'TaskNotFoundError');

function idempotent(observation: Observation): Judgement {
  const { first, end, again } = observation;
  const evidence = exchangesOf(observation);
  if (again.length === 0 || !stillCanceled(end ?? first.after)) {
    return untested('the first cancel did not leave the task canceled', runAgain, ...evidence);
  }
  // Where the task was not to be read after it, a cancel that was answered as it may be shows nothing else.
  const steps = again.filter(
    ({ answer, after }) => otherCause(answer) === undefined && otherCause(after) === undefined,
  );
  const unlike = steps.filter((step) => !sameEffect(step));
  if (steps.length === 0) return untested('the further cancel was not answered', runAgain, ...evidence);
  if (unlike.length === steps.length) {
    const last = unlike[unlike.length - 1]!;
    const outcome = `${describeAnswer(last.answer)}; GetTask: ${describeAnswer(last.after)}`;
    return otherOutcome(outcome, stillCanceled(last.after) ? last.answer : last.after, evidence);
  }
  const [step] = steps;
  return holds(`a further cancel: ${step ? describeAnswer(step.answer) : ''}; the task stays canceled`, ...evidence);
}

/**
 * A further cancel that came out unlike the first. A system error (also of a code of the agent's own, like a conflict of two
 * requests), or TaskNotFoundError for a task that is still shown, leaves the task canceled: the same effect in another reading.
 */
export function otherOutcome(outcome: string, answer: CallResult, evidence: readonly Exchange[]): Judgement {
  const ofItsOwn = answer.reply.kind === 'error' && answer.reply.error.name === undefined;
  if (ofItsOwn || isError(answer, 'InternalError', notFound)) {
    return ambiguous(
      `a further cancel of the canceled task: ${outcome}`,
      [
        '§3.3.1: multiple cancellation requests have the same effect',
        'the task stays canceled, which is the effect; TaskNotFoundError is named for a purged task, a system error may always occur',
      ],
      ...evidence,
    );
  }
  return violated(
    {
      reason: 'a further cancel of the canceled task has another effect',
      expected: 'the canceled task, TaskNotCancelableError, or TaskNotFoundError where it was purged',
      actual: outcome,
    },
    ...evidence,
  );
}

const describeAnswer = (answer: CallResult): string => {
  const task = taskIn(answer);
  return task === undefined ? describeReply(answer.reply) : `the task in ${stateText(task.state)}`;
};

function purged({ first, again }: Observation): Judgement {
  const evidence = [first.answer, ...again.map(({ answer }) => answer)].map(({ exchange }) => exchange);
  if (again.length === 0) return untested('there was no further cancel', runAgain, ...evidence);
  return again.some(({ answer }) => mayBeError(answer, 'TaskNotFoundError'))
    ? holds('the canceled task is purged', ...evidence)
    : holds('the agent does not use this freedom', ...evidence);
}
