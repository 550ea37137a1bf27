import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause, worst } from '../shared/refusal.ts';
import { exchangesOf, pageIn, tasksIn, timesOn, type Walk } from './page.ts';
import { keptOf, type ListedTasks } from './listed-tasks.ts';
import { lagReadings, noList, runAgain } from './whole-judges.ts';

/** Judges of a list that is read page by page while nothing changes. */

interface Defect {
  readonly expected: string;
  readonly actual: string;
  /** The agent does not take a token that it has given. */
  readonly refused?: boolean;
}

/** What is wrong with the pages as far as these tasks go; undefined where nothing is, or it cannot be said. */
export function defectOf(walk: Walk, ids: readonly string[]): Defect | undefined {
  const { pages, end } = walk;
  const twice = ids.find((id) => timesOn(walk, id) > 1);
  if (twice !== undefined) {
    return { expected: `task ${twice} on one page`, actual: `${timesOn(walk, twice)} times on ${pages.length} pages` };
  }
  const last = pages.at(-1)!;
  if (end === 'refused' && otherCause(last) === undefined) {
    const expected =
      pages.length === 1 ? `a page of ${walk.pageSize}` : 'the page after, by the token of the page before';
    return { expected, actual: describeReply(last.reply), refused: pages.length > 1 };
  }
  const lost = end === 'last' || end === 'tokenless' ? ids.find((id) => timesOn(walk, id) === 0) : undefined;
  if (lost === undefined) return undefined;
  return { expected: `task ${lost} on one of the pages`, actual: `on none of ${pages.length}` };
}

export function judgePages(observation: ListedTasks): Judgement {
  const none = noList(observation);
  if (none) return none;
  const ids = keptOf(observation).map(({ task }) => task.id);
  const listed = ids.filter((id) => tasksIn(observation.whole).some((task) => task.id === id));
  return worst(observation.walks.map(({ walk, again }) => judgeWalk(walk, again, listed)));
}

function judgeWalk(walk: Walk, again: Walk | undefined, ids: readonly string[]): Judgement {
  const { pages, pageSize } = walk;
  const evidence = exchangesOf([...pages, ...(again?.pages ?? [])]);
  if (ids.length < 2) return untested('fewer than two of the tasks are listed', runAgain, ...evidence);
  const defect = defectOf(walk, ids);
  const still = again && defectOf(again, ids);
  if (defect && still?.refused) {
    return ambiguous(
      `a token is refused: ${still.actual}`,
      [
        'a2a.proto: a page token, received from a previous call, gives the subsequent page',
        'no lifetime of a token is said: the agent may refuse one after any change, and ask to begin again',
      ],
      ...evidence,
    );
  }
  if (defect && still)
    return violated({ reason: `pages of ${pageSize} do not make up the list`, ...still }, ...evidence);
  if (defect)
    return ambiguous(`pages of ${pageSize} once did not make up the list: ${defect.actual}`, lagReadings, ...evidence);
  const together = new Set(pages.filter((page) => tasksIn(page).some(({ id }) => ids.includes(id))));
  if (together.size < 2 || ids.some((id) => timesOn(walk, id) === 0)) {
    return untested('the tasks are not on several pages that were read', 'see list/page-size', ...evidence);
  }
  return holds(`${ids.length} tasks on pages of ${pageSize}, each once`, ...evidence);
}

/** So many pages after each other without a task that was not shown before: the list has no end. */
const endless = 3;

export function judgeLastToken(observation: ListedTasks): Judgement {
  const none = noList(observation);
  if (none) return none;
  return worst(observation.walks.map(({ walk, again }) => judgeEnd(again ?? walk, observation)));
}

function judgeEnd(walk: Walk, observation: ListedTasks): Judgement {
  const { pages, end, pageSize } = walk;
  const { own } = observation;
  const evidence = exchangesOf(pages);
  const tail = pages.slice(-endless);
  const before = new Set(
    pages
      .slice(0, -endless)
      .flatMap(tasksIn)
      .map(({ id }) => id),
  );
  if (end === 'bound' && own.contextId !== undefined && tail.flatMap(tasksIn).every(({ id }) => before.has(id))) {
    const actual = `${pages.length} pages, the last ${endless} without a task that was not on one before`;
    return violated(
      { reason: 'the pages have no end', expected: 'nextPageToken "" on the last page', actual },
      ...evidence,
    );
  }
  if (end !== 'last') return untested(`the end of the pages was not seen (${end})`, 'see list/pages', ...evidence);
  const ids = keptOf(observation).map(({ task }) => task.id);
  if (defectOf(walk, ids)) return untested('the pages do not make up the list', 'see list/pages', ...evidence);
  if (pages.length > 1 && tasksIn(pages.at(-1)!).length === 0) {
    return ambiguous(
      `after the last task on pages of ${pageSize} comes an empty page`,
      [
        '§3.1.4: when there are no more results the token is empty, so it is on the page with the last task',
        'the empty page is the final one: only looking for more tells whether there is any',
      ],
      ...evidence,
    );
  }
  return holds(`page ${pages.length} of ${pages.length} has nextPageToken ""`, ...evidence);
}

export function judgeTotal(observation: ListedTasks): Judgement {
  const none = noList(observation);
  if (none) return none;
  const { whole, walks } = observation;
  const { tasks, token, totalSize } = pageIn(whole)!;
  const kept = keptOf(observation).filter(({ task }) => tasks.some(({ id }) => id === task.id));
  const parts = walks.flatMap(({ walk }) => walk.pages.flatMap((page) => ({ page, total: pageIn(page)?.totalSize })));
  const low = parts.find(({ total }) => total !== undefined && total < kept.length);
  if (low) {
    return violated(
      {
        reason: 'a page counts fewer tasks than the list has',
        expected: `a totalSize of ${kept.length} or more: it is the number before pagination`,
        actual: String(low.total),
      },
      low.page.exchange,
      whole.exchange,
    );
  }
  if (totalSize === undefined) return untested('there is no totalSize', 'see list/response-fields', whole.exchange);
  if (token !== '' || kept.length === 0) {
    return untested('the list is not on one page, so its size is not known', runAgain, whole.exchange);
  }
  if (totalSize > tasks.length) {
    return ambiguous(
      `totalSize is ${totalSize} on the only page, which has ${tasks.length} tasks`,
      [
        'the total is the number of tasks that match what is asked for',
        '"available (before pagination)" does not name the filters: all tasks of the client are counted',
      ],
      whole.exchange,
    );
  }
  return totalSize < tasks.length
    ? violated(
        { reason: 'fewer are counted than shown', expected: `${tasks.length}`, actual: `${totalSize}` },
        whole.exchange,
      )
    : holds(
        `totalSize is ${totalSize}, on pages of any size`,
        ...exchangesOf([whole, ...parts.map(({ page }) => page)]),
      );
}

export function judgeFewer(observation: ListedTasks): Judgement {
  const none = noList(observation);
  if (none) return none;
  const fewer = observation.walks
    .flatMap(({ walk: { pages, pageSize } }) => pages.map((page) => ({ page, pageSize })))
    .find(({ page, pageSize }) => tasksIn(page).length < pageSize && Boolean(pageIn(page)?.token));
  return fewer
    ? holds('pages are smaller than asked for', fewer.page.exchange)
    : holds(
        'the server does not use this freedom',
        ...exchangesOf(observation.walks.flatMap(({ walk }) => walk.pages)),
      );
}
