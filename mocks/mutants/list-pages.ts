import type { Fault } from '../reference-agent/hooks.ts';
import { everyList, restamped, without } from './list-answers.ts';
import type { Mutant } from './mutant.ts';
import { asObject, at } from './params.ts';
import { byCreation, byOffset, storedLists, wholeList } from './stored-lists.ts';

/** Each list gives the tasks a new time. */
const restampedLists = (): Fault => {
  let lists = 0;
  return everyList((page) => {
    lists += 1;
    const now = new Date(Date.now() + 60_000 + lists).toISOString();
    return { ...page, tasks: page.tasks.map((task) => restamped(task, now)) };
  });
};

/** After the last page comes an empty one, and after that the same again. */
const endlessPages: Fault = {
  reply(envelope, { method, params }) {
    if (method !== 'ListTasks') return envelope;
    if (at(params, 'pageToken') === 'the-end') {
      const page = { tasks: [], nextPageToken: 'the-end', pageSize: at(params, 'pageSize'), totalSize: 3 };
      return { jsonrpc: '2.0', id: envelope.id, result: page };
    }
    const { nextPageToken } = asObject(envelope.result);
    return nextPageToken === ''
      ? { ...envelope, result: { ...asObject(envelope.result), nextPageToken: 'the-end' } }
      : envelope;
  },
};

/** The page after a task that has changed meanwhile is empty, and the last one. */
const lostCursor = storedLists((query, kept) => {
  const found =
    query.before === undefined || wholeList(query, kept).some(({ statusSequence }) => statusSequence === query.before);
  return found ? kept.list(query) : { records: [], total: wholeList(query, kept).length, more: false };
});

const pagesInvariant = 'invariants/list-pages';
const responseInvariant = 'invariants/list-response';
const wrongPages: readonly Mutant[] = [
  {
    id: 'list/oldest-first',
    description: 'Tasks are listed oldest first',
    breaks: ['list/order'],
    killedBy: ['list/pages', pagesInvariant],
    fault: { policy: { listAscending: true } },
  },
  {
    id: 'list/by-creation',
    description: 'Tasks are sorted by the time when they were made',
    breaks: ['list/order'],
    killedBy: [pagesInvariant],
    fault: byCreation,
  },
  {
    id: 'list/page-skips-one',
    description: 'Each further page leaves out its first task',
    breaks: ['list/pages', 'list/unchanged-once'],
    killedBy: ['list/pages', 'list/cursor', pagesInvariant],
    fault: storedLists((query, kept) => {
      if (query.before === undefined) return kept.list(query);
      const { records, total, more } = kept.list({ ...query, limit: query.limit + 1 });
      return { records: records.slice(1), total, more };
    }),
  },
  {
    id: 'list/stale-token',
    description: 'Every token leads to the first page',
    breaks: ['list/pages', 'list/unchanged-once', 'list/last-page-token'],
    killedBy: ['list/pages', pagesInvariant],
    fault: { listQuery: (query) => ({ ...query, before: undefined }) },
  },
  {
    id: 'list/endless',
    description: 'After the last page come empty ones without an end',
    breaks: ['list/last-page-token'],
    killedBy: ['list/pages'],
    fault: endlessPages,
  },
  {
    id: 'list/by-offset',
    description: 'Pages go by their place in the list as it is now',
    breaks: ['list/unchanged-once'],
    killedBy: ['list/cursor', pagesInvariant],
    fault: () => storedLists(byOffset()),
  },
  {
    id: 'list/cursor-lost',
    description: 'When the last task of a page changes, the next page is empty and the last one',
    breaks: ['list/unchanged-once'],
    killedBy: ['list/cursor', pagesInvariant],
    fault: lostCursor,
  },
  {
    id: 'list/time-of-the-list',
    description: 'Each list gives the tasks a new time',
    breaks: ['list/idempotent', 'list/current-state'],
    killedBy: ['list/pages'],
    fault: restampedLists,
  },
  {
    id: 'list/unpaged',
    description: 'Everything comes on one page',
    breaks: ['list/page-size', 'list/default-page-size', 'list/page-size-used'],
    killedBy: ['list/everything', responseInvariant],
    fault: { policy: { listUnpaged: true } },
  },
  {
    id: 'list/default-of-100',
    description: 'Without a pageSize a page has up to 100 tasks',
    breaks: ['list/default-page-size'],
    killedBy: ['list/everything', responseInvariant],
    fault: {
      refuse({ operation, params }) {
        // The request is read after this.
        if (operation === 'ListTasks' && at(params, 'pageSize') === undefined)
          Object.assign(asObject(params), { pageSize: 100 });
        return undefined;
      },
    },
  },
];

const wrongFields: readonly Mutant[] = [
  {
    id: 'list/page-size-constant',
    description: 'pageSize is 50 in every answer',
    breaks: ['list/page-size-used'],
    killedBy: [responseInvariant],
    fault: everyList((page) => ({ ...page, pageSize: 50 })),
  },
  {
    id: 'list/total-of-the-page',
    description: 'totalSize counts the tasks of the page',
    breaks: ['list/total-size'],
    killedBy: ['list/pages'],
    fault: everyList((page) => ({ ...page, totalSize: page.tasks.length })),
  },
  {
    id: 'list/total-short',
    description: 'totalSize is one too small',
    breaks: ['list/total-size'],
    killedBy: ['list/pages', responseInvariant],
    fault: everyList((page) => ({ ...page, totalSize: Math.max(0, page.totalSize - 1) })),
  },
  {
    id: 'list/without-total',
    description: 'totalSize is missing',
    breaks: ['list/response-fields'],
    killedBy: [responseInvariant],
    fault: everyList((page) => without(page, 'totalSize')),
  },
  {
    id: 'list/sizes-as-text',
    description: 'pageSize and totalSize are strings, which ProtoJSON reads and never writes of an int32',
    breaks: ['list/response-fields'],
    killedBy: [responseInvariant],
    fault: everyList((page) => ({ ...page, pageSize: String(page.pageSize), totalSize: String(page.totalSize) })),
  },
  {
    id: 'list/no-last-token',
    description: 'The last page has no nextPageToken',
    breaks: ['list/next-page-token'],
    killedBy: [responseInvariant],
    fault: everyList((page) => (page.nextPageToken === '' ? without(page, 'nextPageToken') : page)),
  },
];

export const listPageMutants: readonly Mutant[] = [...wrongPages, ...wrongFields];
