import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { terminalItem, type StreamItem } from '../../../core/history/stream-view.ts';
import { isObject } from '../../../core/invariants/json.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { stateIn } from '../shared/task-parts.ts';
import { compareStreams, type Difference } from './same-events.ts';
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
  /** The longest time that the harness itself was held up: what arrived late by less may be its own doing. */
  readonly lagMs: number;
}

export interface ConcurrentStreams {
  readonly run: ThreeStreams;
  /** The same without closing one, made only where the first run looks as if that had an effect. */
  readonly control: ThreeStreams | undefined;
}

const hint = 'name a stimulus "long-running" whose task shows several updates';

const opened = ({ refusal, items }: WatchedStream): boolean => refusal === undefined && items.length > 0;

/** MAY: an agent with one stream a task is as good. */
export function judgeMultiple({ sender, left, stayed }: ThreeStreams): Judgement {
  const evidence = [sender, left, stayed].map(({ exchange }) => exchange);
  if (opened(left) && opened(stayed)) return holds('three streams of one task at once', ...evidence);
  const refused = [left, stayed].find((stream) => !opened(stream))!;
  return untested(
    `a further stream was not opened: ${refused.refusal ? describeReply(refused.refusal) : 'no event'}`,
    'nothing to enable where the agent serves one stream a task, which it may',
    ...evidence,
  );
}

/** The sender's stream against one that was opened after it. */
export function judgeSameEvents({ sender, stayed }: Pick<ThreeStreams, 'sender' | 'stayed'>): Judgement {
  const evidence = [sender.exchange, stayed.exchange];
  if (!opened(sender) || !opened(stayed)) return untested('there were no two streams to compare', hint, ...evidence);
  const difference = compareStreams(sender.items, stayed.items, {
    first: isComplete(sender, stayed),
    second: isComplete(stayed, sender),
  });
  if (difference.kind === 'none') {
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
 * Whether all that was to come on a stream had come. One that the agent closed silently before the end may have a reason
 * of its own (§11.7: an interrupted state); one that it broke off with an error has none that the text knows.
 */
function isComplete({ items, end }: WatchedStream, other: WatchedStream): boolean {
  if (terminalItem(items) || (end === 'closed' && items.at(-1)?.kind === 'error')) return true;
  return end === 'left-open' && terminalItem(other.items) !== undefined;
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

/** Whether a stream that was not closed, or the task, ended in another way than by its own end. */
export function looksAffected({ sender, stayed, left, final }: ThreeStreams): boolean {
  if (left.refusal !== undefined || left.items.length === 0) return false;
  const cut = [sender, stayed].some(
    ({ items, refusal }) => refusal === undefined && items.length > 0 && !items.some(({ terminal }) => terminal),
  );
  return cut || stateIn(final) === 'TASK_STATE_CANCELED';
}

export function judgeIndependence({ run, control }: ConcurrentStreams): Judgement {
  const { sender, left, stayed, final } = run;
  const evidence = [left.exchange, sender.exchange, stayed.exchange, final.exchange];
  if (![sender, left, stayed].every(opened)) {
    return untested(
      'there were no three streams',
      'nothing to enable where the agent serves one stream a task',
      ...evidence,
    );
  }
  const closedAt = left.exchange.endedAt;
  const ends = [sender, stayed].map(({ items }) => terminalItem(items));
  if (left.exchange.endedBy !== 'client' || ends.some((end) => end !== undefined && end.at < closedAt)) {
    return untested('the task was over before a stream was closed', hint, ...evidence);
  }
  if (!looksAffected(run)) return holds('two streams went on to the end after the third was closed', ...evidence);
  if (!control || looksAffected(control) || ![control.sender, control.left, control.stayed].every(opened)) {
    return untested(
      'streams do not reach the end without closing one either',
      'see streaming/end-delivered',
      ...evidence,
    );
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

/** Statuses with a time of their own, and when they arrived. */
interface Timed {
  readonly recorded: number;
  readonly arrived: number;
}

function timed(items: readonly StreamItem[]): readonly Timed[] {
  return items.flatMap(({ at, raw }) => {
    const timestamp = isObject(raw['status']) ? raw['status']['timestamp'] : undefined;
    const recorded = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
    return Number.isNaN(recorded) ? [] : [{ recorded, arrived: at }];
  });
}

const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/** Spans below this are not judged: timestamps may have whole seconds only. */
const shortestSpanMs = 1_000;

/**
 * Held back: by the agent's own timestamps the statuses were recorded over a span, of which the stream shows less than a
 * quarter. Three of them at least, so that one delay on the way is no proof; and the harness was not held up itself.
 */
function heldBack(
  items: readonly Timed[],
  lagMs: number,
): { readonly span: number; readonly burst: number } | undefined {
  if (items.length < 3) return undefined;
  const span = spread(items.map(({ recorded }) => recorded));
  const burst = spread(items.map(({ arrived }) => arrived));
  return span >= shortestSpanMs && burst < span / 4 && lagMs < span / 4 ? { span, burst } : undefined;
}

export function judgeFeedback({ sender, early, lagMs }: ThreeStreams): Judgement {
  const { exchange, items } = sender;
  const evidence = [exchange, early.exchange];
  const updates = items.filter(({ kind }) => kind !== 'task');
  const held = heldBack(timed(items), lagMs) ?? heldBack(timed(updates), lagMs);
  if (held) {
    return violated(
      {
        reason: 'events were held back and sent together',
        expected: `statuses that the agent recorded over ${Math.round(held.span)} ms arrive as they come`,
        actual: `all of them arrived within ${Math.round(held.burst)} ms`,
      },
      ...evidence,
    );
  }
  const state = stateIn(early);
  const running = state !== undefined && !isTerminal(state);
  return running && updates.length > 0
    ? holds(`events arrived while GetTask showed ${state}`, ...evidence)
    : untested('no event arrived while the task was running', hint, ...evidence);
}
