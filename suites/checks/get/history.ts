import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { isInterrupted } from '../../../protocol/task-state.ts';
import { sendFollowUp } from '../shared/follow-up.ts';
import { directionOf, judgeLimit, judgeZeroOmitted, type Limited } from '../shared/history-limit.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { contextOf, historyIds, historyOf, taskIn } from '../shared/task-parts.ts';

interface Observation {
  /** Ids of the messages that the harness sent to the task, in their order. */
  readonly sent: readonly string[];
  /** GetTask without a limit, before and after the limited ones. */
  readonly full: readonly [CallResult, CallResult];
  readonly limited: readonly { readonly limit: number; readonly got: CallResult }[];
}

const limits = [0, 1, 2, 1000];

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

const exchangesOf = ({ full, limited }: Observation) =>
  [full[0], ...limited.map(({ got }) => got), full[1]].map(({ exchange }) => exchange);

/** The ends of two lists as far as both reach. */
const commonEnd = (a: readonly string[], b: readonly string[]): [string, string] => {
  const length = Math.min(a.length, b.length);
  const end = (ids: readonly string[]): string => ids.slice(ids.length - length).join(', ');
  return [end(a), end(b)];
};

function mostRecent(observation: Observation): Judgement {
  const [before, after] = observation.full.map((answer) => {
    const task = taskIn(answer);
    return task && historyIds(task);
  });
  const evidence = exchangesOf(observation);
  const unclear = (why: string): Judgement =>
    untested(why, 'name a message for "input-required" whose task keeps its messages in the history', ...evidence);
  if (!before || !after) return unclear('GetTask does not show a history of messages with ids');
  if (before.join() !== after.join()) return unclear('the history changed meanwhile');
  if (before.length < 2)
    return unclear(`the history has ${before.length} messages: any selection is the most recent one`);
  const shown = observation.limited.flatMap(({ limit, got }) => {
    const task = taskIn(got);
    const ids = task && historyIds(task);
    return ids && ids.length > 0 ? [{ limit, got, ids }] : [];
  });
  const differences = (newestFirst: boolean) =>
    shown.flatMap(({ limit, got, ids }) => {
      const ordered = (list: readonly string[]): readonly string[] => (newestFirst ? list.toReversed() : list);
      // Without a limit the server returns its default amount, so either may be the longer one.
      const [actual, expected] = commonEnd(ordered(ids), ordered(before));
      return actual === expected ? [] : [{ limit, got, actual, expected }];
    });
  const direction = directionOf(before, observation.sent);
  const [wrong] = differences(direction === 'newest first');
  if (wrong !== undefined) {
    if (direction === 'unknown' && differences(true).length === 0) {
      return unclear('the history may begin with the newest message: nothing in it says so');
    }
    const { limit, got, actual, expected } = wrong;
    return violated(
      { reason: `historyLength ${limit} does not return the most recent messages in order`, expected, actual },
      got.exchange,
      observation.full[0].exchange,
    );
  }
  return shown.some(({ ids }) => ids.length < before.length)
    ? holds('the most recent messages are returned, in order', ...evidence)
    : unclear('no answer shows a part of the history');
}

function lowerLimit(answers: readonly Limited[]): Judgement {
  const lower = answers.find(({ limit, shown, fullLength }) => {
    const length = (shown && historyOf(shown)?.length) ?? 0;
    return shown !== undefined && length < Math.min(limit, fullLength);
  });
  return lower === undefined
    ? holds('the server does not use this freedom', ...answers.flatMap(({ evidence }) => evidence))
    : holds('the server applies a lower limit', ...lower.evidence);
}
