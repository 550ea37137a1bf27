import { defineCheck, Unelicited, type ProbeContext, type TaskView } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isInterrupted, isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { sendFollowUp } from '../shared/follow-up.ts';
import { otherCause, worst } from '../shared/refusal.ts';
import { similarId } from '../shared/similar-id.ts';
import {
  contextOf,
  historyOf,
  isError,
  mayBeError,
  messageIn,
  stateIn,
  stateText,
  statusMessageOf,
  taskIn,
} from '../shared/task-parts.ts';

/** A message to a task that waits for input. */
interface Continued {
  readonly taskId: string;
  /** Of the task, as the agent showed it. */
  readonly contextId: string | undefined;
  /** GetTask right before: shows whether the task still waits. */
  readonly before: CallResult;
  readonly answer: CallResult;
  readonly after: CallResult;
  /** Of the message that was sent. */
  readonly messageId: string;
}

interface Observation {
  /** With the task's id and the context of another task; undefined where tasks show no context. */
  readonly mismatch: (Continued & { readonly foreign: string }) | undefined;
  /** With both ids, matching: the control of the others. */
  readonly pair: Continued;
  /** With the task's id alone. */
  readonly alone: Continued;
}

/** §3.4.2, §3.4.3: messages to a task in TASK_STATE_INPUT_REQUIRED. */
export const followUp = defineCheck({
  id: 'send/follow-up',
  title: 'A message to a task that waits for input',
  requirements: ['send/continues-task', 'send/context-inferred', 'send/context-mismatch', 'send/further-messages'],
  needs: [needsStimulus('input-required')],

  async probe(context: ProbeContext): Promise<Observation> {
    const made: CallResult[] = [];
    const waiting = async (): Promise<TaskView> => {
      const sent = await context.send('input-required');
      made.push(sent);
      const task = context.taskOf(sent);
      if (isInterrupted(task.state)) return task;
      throw new Unelicited(
        `the task does not wait for input but is in ${stateText(task.state)}`,
        'name another message for "input-required": --stimuli <file>',
        [sent.exchange],
      );
    };
    const first = await waiting();
    const second = await waiting();
    const own = contextOf(second);
    const other = contextOf(first);
    const foreign = own !== undefined && other === own ? similarId(own, context.random) : other;
    const mismatch =
      own === undefined || foreign === undefined
        ? undefined
        : { ...(await continueTask(context, second, foreign)), foreign };
    // The control is the same task where it still waits, else one like it.
    const still = mismatch === undefined || isInterrupted(stateIn(mismatch.after));
    const third = still ? second : await waiting();
    const pair = await continueTask(context, third, contextOf(third));
    const alone = await continueTask(context, first, undefined);
    await cancelTaskIn(context, ...[mismatch, pair, alone].map((continued) => continued?.after));
    return { mismatch, pair, alone };
  },

  judge: ({ mismatch, pair, alone }) => ({
    // A refusal of the taskId alone is a matter of the context, where the pair is accepted.
    'send/continues-task':
      alone.answer.reply.kind === 'result' ? worst([aboutTask(pair), aboutTask(alone)]) : aboutTask(pair),
    'send/context-inferred': inferred(alone, pair),
    'send/context-mismatch': mismatched(mismatch, pair),
    'send/further-messages': furtherMessages(pair),
  }),
});

async function continueTask(context: ProbeContext, task: TaskView, contextId: string | undefined): Promise<Continued> {
  const get = (): Promise<CallResult> => context.client.call('GetTask', { id: task.id });
  const before = await get();
  const answer = await sendFollowUp(context, { taskId: task.id, contextId });
  const { messageId } = answer;
  return { taskId: task.id, contextId: contextOf(task), before, answer, after: await get(), messageId };
}

const exchangesOf = ({ before, answer, after }: Continued) => [before, answer, after].map(({ exchange }) => exchange);

const runAgain = 'run again; see --timeout';

/** A result about the task itself: what the control has to be. */
const goesOn = ({ taskId, answer }: Continued): boolean => {
  const message = messageIn(answer);
  return taskIn(answer)?.id === taskId || (message !== undefined && (message.taskId ?? taskId) === taskId);
};

function aboutTask(continued: Continued): Judgement {
  const { taskId, before, answer, after } = continued;
  const evidence = exchangesOf(continued);
  const cause = otherCause(answer);
  if (cause !== undefined) return untested(cause, runAgain, ...evidence);
  const task = taskIn(answer);
  if (task !== undefined) {
    if (task.id === taskId) return holds(`the message went to the task, now in ${stateText(task.state)}`, ...evidence);
    return violated(
      {
        reason: 'a message to an interrupted task was answered with another task',
        expected: `task ${taskId}`,
        actual: `task ${task.id} in ${stateText(task.state)}`,
      },
      ...evidence,
    );
  }
  if (answer.reply.kind !== 'error') {
    return untested(`the message was answered without a task: ${describeReply(answer.reply)}`, runAgain, ...evidence);
  }
  if (!isInterrupted(stateIn(before))) {
    return untested('the task no longer waited for input when the message came', runAgain, ...evidence);
  }
  if (isError(answer, 'TaskNotFoundError') && taskIn(after)?.id === taskId) {
    return violated(
      {
        reason: 'a message to an interrupted task is answered as if there were no such task; GetTask shows it',
        expected: 'an answer about the task',
        actual: describeReply(answer.reply),
      },
      ...evidence,
    );
  }
  return ambiguous(
    `a task that waits for input refuses a message: ${describeReply(answer.reply)}`,
    [
      '§3.4.3: the client continues an interrupted task by a message with its taskId',
      '§3.3.3: agents MAY accept additional messages for tasks in non-terminal states',
    ],
    ...evidence,
  );
}

function inferred(alone: Continued, pair: Continued): Judgement {
  const { answer, after, contextId, taskId } = alone;
  const evidence = [...exchangesOf(alone), pair.answer.exchange];
  if (contextId === undefined)
    return untested('the agent shows no contextId', 'see send/context-id-included', ...evidence);
  const cause = otherCause(answer);
  if (cause !== undefined) return untested(cause, runAgain, ...evidence);
  if (answer.reply.kind === 'error') {
    if (isTerminal(stateIn(after)) && mayBeError(answer, 'UnsupportedOperationError')) {
      return untested('the task ended by itself meanwhile', runAgain, ...evidence);
    }
    if (!isInterrupted(stateIn(alone.before)) || !goesOn(pair)) {
      return untested('the control failed: messages with both ids are not accepted either', runAgain, ...evidence);
    }
    return violated(
      {
        reason: 'a message with taskId alone is refused, one with taskId and contextId is accepted',
        expected: `the contextId ${contextId} of the task, inferred`,
        actual: describeReply(answer.reply),
      },
      ...evidence,
    );
  }
  if (!goesOn(alone))
    return untested('the answer is not about the task: see send/continues-task', runAgain, ...evidence);
  const shown = taskIn(answer);
  const named = shown === undefined ? messageIn(answer)?.contextId : contextOf(shown);
  const now = taskIn(after);
  const wrong = [named, now?.id === taskId ? contextOf(now) : undefined].find(
    (context) => context !== undefined && context !== contextId,
  );
  if (wrong !== undefined) {
    return violated(
      {
        reason: 'a message with taskId alone moved the task to another context',
        expected: `contextId ${contextId}, as before`,
        actual: `contextId ${String(wrong)}`,
      },
      ...evidence,
    );
  }
  const stray = strayMessage(alone, [shown, now]);
  if (stray !== undefined) {
    return violated(
      {
        reason: `a message with taskId alone was put into another context: ${stray.what}`,
        expected: `contextId ${contextId}, that of the task`,
        actual: `contextId ${stray.contextId}`,
      },
      ...evidence,
    );
  }
  if (named === undefined && (!now || contextOf(now) === undefined)) {
    return untested('no answer shows a contextId', runAgain, ...evidence);
  }
  return holds('the contextId is that of the task', ...evidence);
}

/**
 * A message that is surely about this task and names another context: the one that was sent, as the history keeps it, or the one
 * of a status that names the task. Other messages of a history may have been passed on.
 */
function strayMessage(
  { taskId, contextId, messageId }: Continued,
  tasks: readonly (TaskView | undefined)[],
): { readonly what: string; readonly contextId: string } | undefined {
  for (const task of tasks) {
    if (task === undefined || task.id !== taskId) continue;
    const status = statusMessageOf(task);
    const candidates = [
      { what: 'as the history shows it', message: historyOf(task)?.find((message) => message.messageId === messageId) },
      { what: 'the message of the status names it', message: status?.taskId === taskId ? status : undefined },
    ];
    for (const { what, message } of candidates) {
      const named = message?.contextId;
      if (typeof named === 'string' && named !== '' && named !== contextId) return { what, contextId: named };
    }
  }
  return undefined;
}

function mismatched(mismatch: Observation['mismatch'], pair: Continued): Judgement {
  if (mismatch === undefined) {
    return untested('the agent shows no contextId', 'see send/context-id-included', ...exchangesOf(pair));
  }
  const { answer, foreign } = mismatch;
  const evidence = [...exchangesOf(mismatch), pair.answer.exchange];
  const cause = otherCause(answer);
  if (cause !== undefined) return untested(cause, runAgain, ...evidence);
  if (!isInterrupted(stateIn(mismatch.before)) || !goesOn(pair)) {
    return untested(
      'the control failed: the same message with the task’s own context is not accepted',
      runAgain,
      ...evidence,
    );
  }
  if (answer.reply.kind === 'error') {
    return holds(`a contextId that is not the task’s is rejected: ${describeReply(answer.reply)}`, ...evidence);
  }
  const task = taskIn(answer);
  if (task === undefined || task.state === 'TASK_STATE_REJECTED') {
    return ambiguous(
      'a contextId that is not the task’s is answered without an error, and without going on',
      ['§3.4.3: the message is rejected, by an error', 'a Message or a task in TASK_STATE_REJECTED rejects it too'],
      ...evidence,
    );
  }
  return violated(
    {
      reason: 'a message with the contextId of another task was accepted',
      expected: `an error: the context of the task is ${String(mismatch.contextId)}, not ${foreign}`,
      actual: `task ${task.id} in ${stateText(task.state)}`,
    },
    ...evidence,
  );
}

function furtherMessages(pair: Continued): Judgement {
  return goesOn(pair)
    ? holds('a task that waits for input accepts further messages', pair.answer.exchange)
    : holds('the agent does not use this freedom', pair.answer.exchange);
}
