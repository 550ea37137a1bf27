import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { holds, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { isInterrupted } from '../../../protocol/task-state.ts';
import { sendFollowUp } from '../shared/follow-up.ts';
import { judgeLimit, judgeZeroOmitted, type Limited } from '../shared/history-limit.ts';
import { judgeMostRecent, type Shown } from '../shared/most-recent.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { contextOf, historyOf, taskIn } from '../shared/task-parts.ts';

interface Observation {
  /** Ids of the messages that the harness sent to the task, in their order. */
  readonly sent: readonly string[];
  /** GetTask without a limit, before and after the limited ones. */
  readonly full: readonly [CallResult, CallResult];
  readonly limited: readonly { readonly limit: number; readonly got: CallResult }[];
}

/** The last one is the largest that the field holds. */
const limits = [0, 1, 2, 1000, 2_147_483_647];

/** §3.2.4: `historyLength` of GetTask, on a task that really has a history. */
export const getHistory = defineCheck({
  id: 'get/history',
  title: 'historyLength of GetTask',
  requirements: [
    'get/history-length',
    'get/history-most-recent',
    'get/history-zero-omitted',
    'get/history-lower-limit',
  ],
  needs: [needsAnyStimulus('input-required', 'completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const asks = context.behaviours.elicited['input-required'] !== undefined;
    const message = context.message(asks ? 'input-required' : 'completes');
    const task = context.taskOf(await context.send(asks ? 'input-required' : 'completes', { message }));
    const { id } = task;
    const sent = [String(message['messageId'])];
    // A second turn makes the history longer.
    if (isInterrupted(task.state)) {
      const { messageId } = await sendFollowUp(context, { taskId: id, contextId: contextOf(task) });
      sent.push(messageId);
    }
    const get = (extra = {}): Promise<CallResult> => context.client.call('GetTask', { id, ...extra });
    const before = await get();
    const limited = [];
    for (const limit of limits) limited.push({ limit, got: await get({ historyLength: limit }) });
    const after = await get();
    await cancelTaskIn(context, after);
    return { sent, full: [before, after], limited };
  },

  judge(observation) {
    const [before] = observation.full;
    const full = taskIn(before);
    const fullLength = (full && historyOf(full)?.length) ?? 0;
    const answers = observation.limited.map(({ limit, got }): Limited => ({
      limit,
      shown: taskIn(got),
      fullLength,
      evidence: [before.exchange, got.exchange],
    }));
    return {
      'get/history-length': judgeLimit(answers),
      'get/history-most-recent': mostRecent(observation),
      'get/history-zero-omitted': judgeZeroOmitted(answers),
      'get/history-lower-limit': lowerLimit(answers),
    };
  },
});

const shownIn = (answer: CallResult): Shown => ({ task: taskIn(answer), exchange: answer.exchange });

const mostRecent = ({ sent, full, limited }: Observation): Judgement =>
  judgeMostRecent({
    operation: 'GetTask',
    sent,
    full: [shownIn(full[0]), shownIn(full[1])],
    limited: limited.map(({ limit, got }) => ({ limit, ...shownIn(got) })),
  });

function lowerLimit(answers: readonly Limited[]): Judgement {
  const lower = answers.find(({ limit, shown, fullLength }) => {
    const length = (shown && historyOf(shown)?.length) ?? 0;
    return shown !== undefined && length < Math.min(limit, fullLength);
  });
  return lower === undefined
    ? holds('the server does not use this freedom', ...answers.flatMap(({ evidence }) => evidence))
    : holds('the server applies a lower limit', ...lower.evidence);
}
