import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { terminalItem, type StreamItem } from '../../../core/history/stream-view.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import type { Readings } from '../shared/refusal.ts';
import { stateIn } from '../shared/task-parts.ts';
import { compareStreams, simultaneousMs, type Difference } from './same-events.ts';
import type { WatchedStream } from './watch.ts';

/** Three streams of one task: the sender's and two subscriptions, one of which is closed on the way. */
export interface ThreeStreams {
  readonly sender: WatchedStream;
  /** GetTask right after the first event of the sender's stream. */
  readonly early: CallResult;
  /** Left by the harness while the task runs; in the control read to the end as well. */
  readonly left: WatchedStream;
  readonly stayed: WatchedStream;
  /** GetTask after all. */
  readonly final: CallResult;
  /** The longest time that the harness itself was held up. */
  readonly lagMs: number;
}

export interface ConcurrentStreams {
  readonly run: ThreeStreams;
  /** The same without closing one, made only where the first run looks as if that had an effect, or as if events were held back. */
  readonly control: ThreeStreams | undefined;
  /** Once more with closing one, where the control shows that streams reach the end otherwise: an accident comes once. */
  readonly again: ThreeStreams | undefined;
}

const hint = 'name a stimulus "long-running" whose task shows several updates';

const opened = ({ refusal, items }: WatchedStream): boolean => refusal === undefined && items.length > 0;

/** MAY: an agent with one stream a task is as good. */
export function judgeMultiple({ sender, left, stayed }: ThreeStreams): Judgement {
  const evidence = [sender, left, stayed].map(({ exchange }) => exchange);
  const begun = stayed.items[0]?.at ?? Infinity;
  const atOnce = [sender, left].every(({ exchange }) => exchange.endedAt > begun);
  if (atOnce && opened(left) && opened(stayed)) return holds('three streams of one task at once', ...evidence);
  const refused = [left, stayed].find(({ refusal }) => refusal !== undefined)?.refusal;
  return untested(
    refused ? `a further stream was not opened: ${describeReply(refused)}` : 'the streams were not open at one time',
    'nothing to enable where the agent serves one stream a task, which it may',
    ...evidence,
  );
}

/** The sender's stream against one that was opened after it. */
export function judgeSameEvents({ sender, stayed }: Pick<ThreeStreams, 'sender' | 'stayed'>): Judgement {
  const evidence = [sender.exchange, stayed.exchange];
  if (!opened(sender) || !opened(stayed)) return untested('there were no two streams to compare', hint, ...evidence);
  const difference = compareStreams(...whileBothOpen(sender, stayed));
  if (difference.kind === 'none') {
    const lost = lostByError(sender, stayed);
    if (lost !== undefined) return ambiguous(lost, brokenOff, ...evidence);
    return difference.compared > 0
      ? holds(`${difference.compared} events alike on both streams`, ...evidence)
      : untested('no event came while both streams were open', hint, ...evidence);
  }
  return violated(
    {
      reason: 'two streams of one task did not get the same events in the same order',
      expected: 'after both were open: the same events, in the same order',
      actual: describeDifference(difference),
    },
    ...evidence,
  );
}

/**
 * Whether all that was to come on a stream had come. One that the agent closed before the end, silently or with an error, may
 * have a reason of its own: no section says that only the end of the task ends a stream (§11.7, §3.3.2).
 */
function isComplete({ items, end }: WatchedStream, other: WatchedStream): boolean {
  if (terminalItem(items)) return true;
  return end === 'left-open' && terminalItem(other.items) !== undefined;
}

const brokenOff: Readings = [
  '§3.5.2: each stream MUST receive the same events, and nothing names an error that takes one of them away from a running task',
  '§3.5.2 speaks of active streams, §3.3.2 lets any operation return an error, and no section keeps a stream open until the end',
];

/**
 * What a stream lost by an error that does not speak of the system, after both had been served side by side for a while (an
 * agent with one stream a task, which it may be, gives one up at once). Undefined where nothing was lost like that.
 */
function lostByError(sender: WatchedStream, stayed: WatchedStream): string | undefined {
  const isBroken = ({ items, end, exchange }: WatchedStream, other: WatchedStream): boolean => {
    const error = items.at(-1)?.error?.name;
    const sideBySide = (other.items[0]?.at ?? Infinity) < exchange.endedAt - simultaneousMs;
    return end === 'closed' && !terminalItem(items) && error !== undefined && error !== 'InternalError' && sideBySide;
  };
  const broken = { first: isBroken(sender, stayed), second: isBroken(stayed, sender) };
  if (!broken.first && !broken.second) return undefined;
  const complete = {
    first: broken.first || isComplete(sender, stayed),
    second: broken.second || isComplete(stayed, sender),
  };
  const lost = compareStreams(sender.items, stayed.items, complete);
  return lost.kind === 'none' ? undefined : `a stream was broken off with an error: ${describeDifference(lost)}`;
}

/** What to compare: of two streams of which one ended early, the other's events while both were open. */
function whileBothOpen(first: WatchedStream, second: WatchedStream): Parameters<typeof compareStreams> {
  const complete = { first: isComplete(first, second), second: isComplete(second, first) };
  const before = ({ items }: WatchedStream, { exchange }: WatchedStream): readonly StreamItem[] =>
    items.filter(({ at }) => at < exchange.endedAt - simultaneousMs);
  if (complete.first && !complete.second && second.end === 'closed') {
    return [before(first, second), second.items, { first: false, second: true }];
  }
  if (complete.second && !complete.first && first.end === 'closed') {
    return [first.items, before(second, first), { first: true, second: false }];
  }
  return [first.items, second.items, complete];
}

function describeDifference(difference: Exclude<Difference, { kind: 'none' }>): string {
  if (difference.kind === 'order') {
    return `"${difference.earlier}" comes before "${difference.later}" on the sender's stream, after it on the subscription`;
  }
  const [without, witness] =
    difference.in === 'first'
      ? ["the sender's stream", 'the subscription']
      : ['the subscription', "the sender's stream"];
  return `"${difference.event}" is missing on ${without}; ${witness} got it`;
}

const isCut = ({ items, refusal }: WatchedStream): boolean =>
  refusal === undefined && items.length > 0 && !items.some(({ terminal }) => terminal);

/** Of one that was read in vain for the time of a task nobody knows how it would have ended: the harness gave up. */
const wasCut = (stream: WatchedStream): boolean => isCut(stream) && stream.end !== 'undecided';

/** Whether a stream, or the task, ended in another way than by its own end. */
export const isIncomplete = ({ sender, stayed, left, final }: ThreeStreams): boolean =>
  [sender, stayed, left].some(isCut) || stateIn(final) === 'TASK_STATE_CANCELED';

/** Whether closing one may have had an effect: what had ended before is none. */
export function looksAffected({ sender, stayed, left, final }: ThreeStreams): boolean {
  if (left.refusal !== undefined || left.items.length === 0) return false;
  const cut = [sender, stayed].some((stream) => wasCut(stream) && stream.exchange.endedAt >= left.exchange.endedAt);
  return cut || stateIn(final) === 'TASK_STATE_CANCELED';
}

/** Whether the task had ended when one stream was closed, or before all were there. */
const cameLate = ({ sender, left, stayed }: ThreeStreams): boolean => {
  const ends = [sender, stayed].map(({ items }) => terminalItem(items));
  return left.exchange.endedBy !== 'client' || ends.some((end) => end !== undefined && end.at < left.exchange.endedAt);
};

/** Not where the task was over before all streams stood and one was closed. An agent with one stream a task refuses the others before. */
export const cameInTime = (run: ThreeStreams): boolean => {
  const { sender, left, stayed } = run;
  const end = terminalItem(sender.items)?.at ?? Infinity;
  if ([left, stayed].some((stream) => !opened(stream) && stream.exchange.endedAt < end)) return true;
  return !cameLate(run);
};

export function judgeIndependence({ run, control, again }: ConcurrentStreams): Judgement {
  const { sender, left, stayed, final } = run;
  const evidence = [left.exchange, sender.exchange, stayed.exchange, final.exchange];
  if (![sender, left, stayed].every(opened)) {
    return untested(
      'there were no three streams',
      'nothing to enable where the agent serves one stream a task',
      ...evidence,
    );
  }
  if (cameLate(run)) {
    return untested('the task was over before a stream was closed', hint, ...evidence);
  }
  if (!looksAffected(run)) {
    if (![sender, stayed].some(wasCut) && [sender, stayed].some(isCut)) {
      const slow = 'name a stimulus "long-running" that ends by itself in some seconds, or raise --timeout';
      return untested('the other streams did not come to an end in the time of a task', slow, ...evidence);
    }
    return isCut(sender) || isCut(stayed)
      ? untested('another stream was over before one was closed', 'see streaming/end-delivered', ...evidence)
      : holds('two streams went on to the end after the third was closed', ...evidence);
  }
  if (!control || isIncomplete(control) || ![control.sender, control.left, control.stayed].every(opened)) {
    return untested(
      'streams do not reach the end without closing one either',
      'see streaming/end-delivered',
      ...evidence,
    );
  }
  if (!again || !looksAffected(again) || again.left.exchange.endedBy !== 'client') {
    return untested('streams ended with the one that was closed, but not a second time', 'run again', ...evidence);
  }
  const canceled = stateIn(final) === 'TASK_STATE_CANCELED';
  return violated(
    {
      reason: 'closing one stream affected the others; without closing one they reached the end',
      expected: 'the other streams go on until the task ends by itself',
      actual: canceled
        ? 'the task was canceled'
        : `streams: ${[sender, stayed].map(({ end }) => end).join(', ')}, without the end`,
    },
    ...evidence,
    control.sender.exchange,
  );
}
