import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { StimulusName } from '../../../core/target/behaviours.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { isInterrupted } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { sendFollowUp } from '../shared/follow-up.ts';
import { directionOf, judgeLimit, judgeZeroOmitted, type Limited } from '../shared/history-limit.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { contextOf, historyIds, historyOf, taskIn } from '../shared/task-parts.ts';

/** A send with a limit, and GetTask without one right after. */
interface LimitedSend {
  readonly limit: number;
  readonly sent: CallResult;
  readonly full: CallResult | undefined;
  /** GetTask without a limit right before a further message, and the id of that message. */
  readonly further?: { readonly before: CallResult; readonly messageId: string };
}

type Observation = readonly LimitedSend[];

/** §3.2.4: `historyLength` of SendMessage, where the task has a history by GetTask. */
export const sendHistory = defineCheck({
  id: 'send/history',
  title: 'historyLength of SendMessage',
  requirements: ['send/history-length', 'send/history-zero-omitted', 'send/history-most-recent'],
  needs: [needsAnyStimulus('input-required', 'completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const get = (id: string): Promise<CallResult> => context.client.call('GetTask', { id });
    const send = async (stimulus: StimulusName, limit: number): Promise<LimitedSend> => {
      const sent = await context.send(stimulus, { configuration: { historyLength: limit } });
      const task = taskIn(sent);
      return { limit, sent, full: task && (await get(task.id)) };
    };
    const asks = context.behaviours.elicited['input-required'] !== undefined;
    const first = await send(asks ? 'input-required' : 'completes', 0);
    const task = taskIn(first.sent);
    if (task === undefined || first.full === undefined || !isInterrupted(task.state)) {
      return [first, await send(asks ? 'input-required' : 'completes', 1)];
    }
    const limit = 2;
    const { messageId, ...sent } = await sendFollowUp(context, {
      taskId: task.id,
      contextId: contextOf(task),
      configuration: { historyLength: limit },
    });
    const full = await get(task.id);
    await cancelTaskIn(context, full);
    return [first, { limit, sent, full, further: { before: first.full, messageId } }];
  },

  judge(sends) {
    const limited = sends.map(limitedOf);
    return {
      'send/history-length': judgeLimit(limited),
      'send/history-zero-omitted': judgeZeroOmitted(limited),
      'send/history-most-recent': mostRecent(sends),
    };
  },
});

const exchangesOf = ({ sent, full, further }: LimitedSend) =>
  [further?.before, sent, full].flatMap((answer) => (answer ? [answer.exchange] : []));

function limitedOf(send: LimitedSend): Limited {
  const task = send.full && taskIn(send.full);
  return {
    limit: send.limit,
    shown: taskIn(send.sent),
    fullLength: (task && historyOf(task)?.length) ?? 0,
    evidence: exchangesOf(send),
  };
}

/**
 * The history may grow between the answer and GetTask, so only what was there before the answer is used: the messages
 * before the further one, and that one. Whoever shows one of them has to show all that are newer.
 */
function mostRecent(sends: Observation): Judgement {
  const hint = 'name a message for "input-required" whose task keeps its messages in the history';
  for (const send of sends) {
    const { further, sent, full } = send;
    const shownTask = taskIn(sent);
    const beforeTask = further && taskIn(further.before);
    const fullTask = full && taskIn(full);
    if (!further || !shownTask || !beforeTask || !fullTask) continue;
    const shown = historyIds(shownTask);
    const before = historyIds(beforeTask);
    const all = historyIds(fullTask);
    if (!shown || !before || !all || shown.length === 0 || all.length <= send.limit) continue;
    if (new Set(all).size !== all.length) continue;
    const earlier = before.find((id) => all.includes(id));
    const direction = directionOf(all, [...(earlier === undefined ? [] : [earlier]), further.messageId]);
    const surely = all.filter((id) => before.includes(id) || id === further.messageId);
    const wrong = whatIsWrong(shown, { all, surely, newestFirst: direction === 'newest first' });
    if (wrong === undefined) return holds('the most recent messages are shown', ...exchangesOf(send));
    if (direction === 'unknown' && whatIsWrong(shown, { all, surely, newestFirst: true }) === undefined) {
      return untested(
        'the history may begin with the newest message: nothing in it says so',
        hint,
        ...exchangesOf(send),
      );
    }
    return violated(
      { reason: wrong, expected: `the last messages of ${all.join(', ')}`, actual: shown.join(', ') },
      ...exchangesOf(send),
    );
  }
  return untested('no answer shows a part of a longer history', hint, ...sends.flatMap(exchangesOf));
}

/** The whole history, and what of it was there for certain when the shown part was made. */
interface History {
  readonly all: readonly string[];
  readonly surely: readonly string[];
  readonly newestFirst: boolean;
}

function whatIsWrong(shown: readonly string[], history: History): string | undefined {
  const oldestFirst = (ids: readonly string[]): readonly string[] => (history.newestFirst ? ids.toReversed() : ids);
  const all = oldestFirst(history.all);
  const surely = oldestFirst(history.surely);
  const known = oldestFirst(shown).filter((id) => all.includes(id));
  const oldest = surely.findIndex((id) => shown.includes(id));
  const missing = oldest < 0 ? [] : surely.slice(oldest).filter((id) => !shown.includes(id));
  if (missing.length > 0) return 'older messages are shown instead of newer ones';
  const ordered = known.every((id, index) => index === 0 || all.indexOf(id) > all.indexOf(known[index - 1]!));
  return ordered ? undefined : 'the messages are out of order';
}
