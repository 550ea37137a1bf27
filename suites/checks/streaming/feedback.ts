import { monitorEventLoopDelay } from 'node:perf_hooks';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { StreamItem } from '../../../core/history/stream-view.ts';
import { isObject } from '../../../core/invariants/json.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { stateIn } from '../shared/task-parts.ts';
import type { WatchedStream } from './watch.ts';

/**
 * Measures how long the harness itself is held up, a machine that slept included; the returned function ends it and
 * gives milliseconds.
 */
export function measureLag(): () => number {
  const lag = monitorEventLoopDelay({ resolution: 10 });
  const slept = Date.now() - performance.now();
  lag.enable();
  return () => {
    lag.disable();
    return Math.max(lag.max / 1e6, Math.abs(Date.now() - performance.now() - slept));
  };
}

/** Statuses with a time of their own, and when they arrived, in ms since the request. */
interface Timed {
  readonly recorded: number;
  readonly arrived: number;
}

function timed(items: readonly StreamItem[], requestedAt: number): readonly Timed[] {
  return items.flatMap(({ at, raw }) => {
    const timestamp = isObject(raw['status']) ? raw['status']['timestamp'] : undefined;
    const recorded = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
    return Number.isNaN(recorded) ? [] : [{ recorded, arrived: at - requestedAt }];
  });
}

const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/** Spans below this are not judged: timestamps may have whole seconds only. */
const shortestSpanMs = 1_000;

/**
 * Held back: by the agent's own timestamps the statuses were recorded over a span, of which the stream shows less than a
 * quarter. Three of them at least, so that one delay on the way is no proof; and the harness was not held up itself. What was
 * recorded over a longer time than since the request was not made for it (a log that is shown again): it could not come earlier.
 */
function heldBack(
  items: readonly Timed[],
  lagMs: number,
): { readonly span: number; readonly burst: number } | undefined {
  if (items.length < 3) return undefined;
  const span = spread(items.map(({ recorded }) => recorded));
  const arrivals = items.map(({ arrived }) => arrived);
  const burst = spread(arrivals);
  const isOwn = span >= shortestSpanMs && span <= 1.1 * Math.max(...arrivals);
  return isOwn && burst < span / 4 && lagMs < span / 4 ? { span, burst } : undefined;
}

/** A stream, and what shows whether its events came while they were made. */
export interface Feedback {
  readonly stream: WatchedStream;
  /** GetTask right after the first event. */
  readonly early?: CallResult;
  /** The longest time that the harness itself was held up: what arrived late by less may be its own doing. */
  readonly lagMs: number;
}

const updatesOf = ({ items }: WatchedStream): readonly StreamItem[] => items.filter(({ kind }) => kind !== 'task');

/** What of a stream was held back; undefined where nothing shows that. */
export function holdUp({ stream, lagMs }: Feedback): ReturnType<typeof heldBack> {
  return [stream.items, updatesOf(stream)]
    .map((some) => heldBack(timed(some, stream.exchange.startedAt), lagMs))
    .find((found) => found !== undefined);
}

/**
 * §3.1.2: progress is told as it is made. Time alone proves nothing: the agent or the network may have stood still for a moment,
 * so that only a second stream of the same kind, held back too, shows that it is the way of the agent.
 */
export function judgeFeedback({ stream, early, lagMs }: Feedback, again?: Feedback): Judgement {
  const { exchange } = stream;
  const evidence = [exchange, ...(early ? [early.exchange] : []), ...(again ? [again.stream.exchange] : [])];
  const updates = updatesOf(stream);
  const held = holdUp({ stream, lagMs });
  if (held && (again === undefined || holdUp(again) === undefined)) {
    return untested('events came late and together, but not a second time', 'run again', ...evidence);
  }
  if (held) {
    return violated(
      {
        reason: 'events were held back and sent together, twice',
        expected: `statuses that the agent recorded over ${Math.round(held.span)} ms arrive as they come`,
        actual: `all of them arrived within ${Math.round(held.burst)} ms`,
      },
      ...evidence,
    );
  }
  const state = early && stateIn(early);
  const running = state !== undefined && !isTerminal(state);
  return running && updates.length > 0
    ? holds(`events arrived while GetTask showed ${state}`, ...evidence)
    : untested(
        'no event was seen to arrive while the task was running',
        'name a stimulus "long-running" whose task shows several updates',
        ...evidence,
      );
}
