import type { TaskView } from '../../../core/engine/check.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { directionOf } from './history-limit.ts';
import { historyIds } from './task-parts.ts';

/** A task as one answer shows it; undefined where the answer has none. */
export interface Shown {
  readonly task: TaskView | undefined;
  readonly exchange: Exchange;
}

/** A history that is read whole and in parts. */
export interface Histories {
  /** The operation that was asked, for the report. */
  readonly operation: string;
  /** Ids of the messages that the harness sent to the task, in their order. */
  readonly sent: readonly string[];
  /** Without a limit, before and after the limited ones. */
  readonly full: readonly [Shown, Shown];
  readonly limited: readonly (Shown & { readonly limit: number })[];
}

/** The ends of two lists as far as both reach. */
const commonEnd = (a: readonly string[], b: readonly string[]): [string, string] => {
  const length = Math.min(a.length, b.length);
  const end = (ids: readonly string[]): string => ids.slice(ids.length - length).join(', ');
  return [end(a), end(b)];
};

/** §3.2.4: a limited history has the most recent messages, in the order of the whole one. */
export function judgeMostRecent({ operation, sent, full, limited }: Histories): Judgement {
  const [before, after] = full.map(({ task }) => task && historyIds(task));
  const evidence = [full[0], ...limited, full[1]].map(({ exchange }) => exchange);
  const unclear = (why: string): Judgement =>
    untested(why, 'name a message for "input-required" whose task keeps its messages in the history', ...evidence);
  if (!before || !after) return unclear(`${operation} does not show a history of messages with ids`);
  if (before.join() !== after.join()) return unclear('the history changed meanwhile');
  if (before.length < 2)
    return unclear(`the history has ${before.length} messages: any selection is the most recent one`);
  const shown = limited.flatMap(({ limit, task, exchange }) => {
    const ids = task && historyIds(task);
    return ids && ids.length > 0 ? [{ limit, exchange, ids }] : [];
  });
  const differences = (newestFirst: boolean) =>
    shown.flatMap(({ limit, exchange, ids }) => {
      const ordered = (list: readonly string[]): readonly string[] => (newestFirst ? list.toReversed() : list);
      // Without a limit the server returns its default amount, so either may be the longer one.
      const [actual, expected] = commonEnd(ordered(ids), ordered(before));
      return actual === expected ? [] : [{ limit, exchange, actual, expected }];
    });
  const direction = directionOf(before, sent);
  const [wrong] = differences(direction === 'newest first');
  if (wrong !== undefined) {
    if (direction === 'unknown' && differences(true).length === 0) {
      return unclear('the history may begin with the newest message: nothing in it says so');
    }
    const { limit, exchange, actual, expected } = wrong;
    return violated(
      { reason: `historyLength ${limit} does not return the most recent messages in order`, expected, actual },
      exchange,
      full[0].exchange,
    );
  }
  return shown.some(({ ids }) => ids.length < before.length)
    ? holds('the most recent messages are returned, in order', ...evidence)
    : unclear('no answer shows a part of the history');
}
