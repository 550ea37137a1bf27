import { isTerminal } from '../../protocol/task-state.ts';
import type { Exchange, History } from '../history/exchange.ts';
import { instantOf, isBefore } from '../history/instants.ts';
import { isSameMoment } from '../history/status-age.ts';
import { defineInvariant } from './invariant.ts';
import { askerOf, listAnswers } from './list-answers.ts';
import { chainsOf, placesOf, type Chain, type Place } from './list-chains.ts';
import { operationOf } from '../wire/http/event-stream.ts';
import { sightings, type Sighting } from './sightings.ts';
import { judgeInstances, type Defect, type Instance } from './tally.ts';

/** A task that has ended no longer changes; shown alike twice, it did not. */
function repeatedIn(chain: Chain): Instance[] {
  const places = placesOf(chain).filter(({ task }) => isTerminal(task.state));
  const byTask = Map.groupBy(places, ({ task }) => task.id);
  return [...byTask].flatMap(([id, [first, second]]): Instance[] => {
    const one = first!.page.exchange;
    if (!second || !isSameMoment(first!.task.raw, second.task.raw)) {
      return chain.pages.length > 1 ? [{ exchanges: [one] }] : [];
    }
    const other = second.page.exchange;
    const defect: Defect = {
      expected: `task ${id} once`,
      actual: one === other ? `twice on the page of ${one.id}` : `on the pages of ${one.id} and ${other.id}`,
    };
    return [{ exchanges: [other, one], defect }];
  });
}

const lag: Defect['readings'] = [
  '§3.1.4: pages go by a cursor, so that what does not change is on one of them',
  'no consistency between operations is promised: a copy of the list may lag for a moment',
];

const timestampIn = ({ raw }: Sighting): unknown => (raw['status'] as { timestamp?: unknown } | undefined)?.timestamp;

/** Whether a task, as it was seen, matches what a chain asks for; false where that cannot be said. */
function matches(seen: Sighting, { pages }: Chain): boolean {
  const { contextId, status, statusTimestampAfter: after } = pages[0]!.asked;
  if (contextId && contextId !== seen.contextId) return false;
  if (status && status !== seen.state) return false;
  if (!after) return true;
  const [time, limit] = [instantOf(timestampIn(seen)), instantOf(after)];
  return time !== undefined && limit !== undefined && isBefore(limit, time);
}

/**
 * Tasks that had ended and been listed before a chain began, and were seen the same after its end: they have to be in it.
 * One chain without such a task may have been read from a copy that lags; several, and none after them with it, are not.
 */
function leftOut(chains: readonly Chain[], all: readonly Sighting[]): readonly Instance[] {
  const complete = chains.filter((chain) => chain.complete && chain.pages.length > 1);
  if (complete.length === 0) return [];
  const ended = all.filter(({ what, state }) => what === 'task' && isTerminal(state));
  return [...Map.groupBy(ended, ({ taskId }) => taskId)].flatMap(([id, seen]): Instance[] => {
    const due = complete.flatMap((chain) => {
      const [first, last] = [chain.pages[0]!.exchange, chain.pages.at(-1)!];
      const asker = askerOf(first);
      const own = seen.filter(({ exchange }) => exchange.clock === first.clock && askerOf(exchange) === asker);
      const known = own.find(({ exchange, at }) => operationOf(exchange) === 'ListTasks' && at < first.startedAt);
      const after = own.find(({ exchange }) => exchange.startedAt > last.at);
      if (!known || !after || !isSameMoment(known.raw, after.raw) || !matches(known, chain)) return [];
      return [{ chain, shows: placesOf(chain).some(({ task }) => task.id === id) }];
    });
    const missing = due.filter(({ shows }) => !shows);
    const [miss] = missing;
    if (!miss) return due.length === 0 ? [] : [{ exchanges: [due[0]!.chain.pages[0]!.exchange] }];
    const isBack = due.lastIndexOf(missing.at(-1)!) < due.length - 1;
    const defect: Defect = {
      expected: `task ${id} on one of the ${miss.chain.pages.length} pages from ${miss.chain.pages[0]!.exchange.id} on`,
      actual: 'on none of them, though it was listed before and did not change',
      ...(missing.length > 1 && !isBack ? {} : { readings: lag }),
    };
    const [page, ...others] = miss.chain.pages.map(({ exchange }) => exchange);
    return [{ exchanges: [page!, ...others], defect }];
  });
}

const reads: ReadonlySet<unknown> = new Set([
  'GetTask',
  'ListTasks',
  'SubscribeToTask',
  'GetTaskPushNotificationConfig',
  'ListTaskPushNotificationConfigs',
]);

const sends: ReadonlySet<unknown> = new Set(['SendMessage', 'SendStreamingMessage']);

/** Whether a request names a task, in its body or in its path; what cannot be read might. */
function names({ request: { body, url } }: Exchange, id: string): boolean {
  if (body?.includes(JSON.stringify(id)) === true) return true;
  try {
    return new URL(url).pathname.split(/[/:]/).some((segment) => decodeURIComponent(segment) === id);
  } catch {
    return true;
  }
}

/**
 * Whether a task was made by this history, and nothing but reads ever named it: then its end is its last update (§3.1.4 sorts by
 * either time). When something else reached it is not known: it may have ended before that was seen.
 */
function isQuiet(id: string, history: History, all: readonly Sighting[]): boolean {
  const isOwn = all.some(({ taskId, exchange }) => taskId === id && sends.has(operationOf(exchange)));
  return isOwn && !history.exchanges.some((exchange) => !reads.has(operationOf(exchange)) && names(exchange, id));
}

/**
 * Whether one task was seen in its end before the other was asked for: then every update of the first is older than any of the
 * second. Of two that were at work together a store may write the later end first, and sort by when it wrote.
 */
function endedBefore(id: string, other: string, all: readonly Sighting[]): boolean {
  const ends = all.filter(({ taskId, state }) => taskId === id && isTerminal(state)).map(({ at }) => at);
  const asked = all
    .filter(({ taskId, exchange }) => taskId === other && sends.has(operationOf(exchange)))
    .map(({ exchange }) => exchange.startedAt);
  return ends.length > 0 && asked.length > 0 && Math.min(...ends) <= Math.min(...asked);
}

const orders: Defect['readings'] = [
  '§3.1.4: sorted by status timestamp, the newest first',
  '§3.1.4: sorted by last update time, which may be later than that of the status',
];

/** Neighbours among the ended tasks of a page whose timestamps tell their order. */
function orderIn({ pages }: Chain, history: History, all: readonly Sighting[]): readonly Instance[] {
  return pages.flatMap((page) => {
    const ended: Place['task'][] = page.tasks.filter(({ state }) => isTerminal(state));
    return ended.slice(1).flatMap((later, index): Instance[] => {
      const earlier = ended[index]!;
      const [above, below] = [instantOf(earlier.timestamp), instantOf(later.timestamp)];
      if (!above || !below) return [];
      if (isBefore(below, above)) return [{ exchanges: [page.exchange] }];
      if (!isBefore(above, below)) return [];
      const clear =
        endedBefore(earlier.id, later.id, all) && [earlier, later].every(({ id }) => isQuiet(id, history, all));
      const defect: Defect = {
        expected: 'the task with the later status first',
        actual: `task ${earlier.id} of ${String(earlier.timestamp)} before task ${later.id} of ${String(later.timestamp)}`,
        ...(clear ? {} : { readings: orders }),
      };
      return [{ exchanges: [page.exchange], defect }];
    });
  });
}

export const listPages = defineInvariant({
  id: 'invariants/list-pages',
  title: 'Over the pages of a list an unchanged task appears once, and tasks come newest first',
  provenance: { kind: 'spec' },
  requirements: ['list/unchanged-once', 'list/order'],
  judge(history) {
    const chains = chainsOf(listAnswers(history));
    const all = chains.length === 0 ? [] : sightings(history);
    return {
      'list/unchanged-once': judgeInstances([...chains.flatMap(repeatedIn), ...leftOut(chains, all)], {
        counted: 'ended tasks on lists of several pages',
        wrong: 'are on two pages, or on none',
        hint: 'the run saw no list of several pages: see the checks of the area list',
      }),
      'list/order': judgeInstances(
        chains.flatMap((chain) => orderIn(chain, history, all)),
        {
          counted: 'pairs of ended tasks on a page',
          wrong: 'come with the older one first',
          hint: 'at least two ended tasks with timestamps have to be listed',
        },
      ),
    };
  },
});
