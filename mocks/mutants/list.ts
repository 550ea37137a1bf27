import { randomUUID } from 'node:crypto';
import type { Fault } from '../reference-agent/hooks.ts';
import type { TaskStore } from '../reference-agent/task-store.ts';
import type { ListTasksRequest, ListTasksResponse, Task } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';
import { asObject, at, refuse } from './params.ts';
import { byCreation, byOffset, storedLists, wholeList } from './stored-lists.ts';

/** Changes the answers of ListTasks. */
const everyList = (
  change: (page: ListTasksResponse, asked: ListTasksRequest) => object,
): Pick<Required<Fault>, 'result'> => ({
  result: (result, { operation, params }) =>
    operation === 'ListTasks' ? change(result as ListTasksResponse, asObject(params) as ListTasksRequest) : result,
});

/** Changes each task of a list. */
const everyTask = (change: (task: Task, asked: ListTasksRequest) => object): Fault =>
  everyList((page, asked) => ({ ...page, tasks: page.tasks.map((task) => change(task, asked)) }));

const without = <Value extends object>(value: Value, member: keyof Value): object =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== member));

/** What is wrong in these params of ListTasks is not noticed. */
const unnoticed = (...fields: readonly string[]): Fault => ({
  violations: (found, { operation }) =>
    operation === 'ListTasks' ? found.filter(({ field }) => !fields.includes(field)) : found,
});

const restamped = (task: Task, timestamp: string): object => ({ ...task, status: { ...task.status, timestamp } });

/** The task as it is kept, whatever of it was asked for. */
const withWholeHistory = (): Fault => {
  let store: TaskStore | undefined;
  return {
    store(kept) {
      store = kept;
      return kept;
    },
    ...everyTask((task) => ({ ...task, history: store?.get(task.id)?.task.history ?? [] })),
  };
};

/** Each list gives the tasks a new time. */
const restampedLists = (): Fault => {
  let lists = 0;
  return everyList((page) => {
    lists += 1;
    const now = new Date(Date.now() + lists).toISOString();
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
const contentsInvariant = 'invariants/list-contents';

const wrongContents: readonly Mutant[] = [
  {
    id: 'list/missing',
    description: 'There is no method ListTasks',
    breaks: ['list/answered'],
    killedBy: ['list/pages'],
    fault: {
      reply: (envelope, { method }) =>
        method === 'ListTasks'
          ? { jsonrpc: '2.0', id: envelope.id, error: { code: -32601, message: 'Method not found' } }
          : envelope,
    },
  },
  {
    id: 'list/only-open-tasks',
    description: 'Tasks that are completed are not listed',
    breaks: [
      'list/returns-tasks',
      'list/context-filter',
      'list/status-filter',
      'list/timestamp-filter',
      'list/timestamp-inclusive',
      'list/combined-filters',
    ],
    killedBy: ['list/pages', 'list/filters'],
    fault: everyList((page) => ({
      ...page,
      tasks: page.tasks.filter(({ status }) => status.state !== 'TASK_STATE_COMPLETED'),
    })),
  },
  {
    id: 'list/local-time',
    description: 'Lists give the time of a status an hour ahead',
    breaks: ['list/current-state'],
    killedBy: ['list/pages'],
    fault: everyTask((task) =>
      restamped(task, new Date(Date.parse(task.status.timestamp ?? '') + 3_600_000).toISOString()),
    ),
  },
  {
    id: 'list/unknown-context-refused',
    description: 'The list of a context without tasks is answered with TaskNotFoundError',
    breaks: ['list/empty-result'],
    killedBy: ['list/filters'],
    fault: {
      reply: (envelope, { method, params }) =>
        method === 'ListTasks' &&
        at(envelope.result, 'totalSize') === 0 &&
        at(params, 'status') === undefined &&
        at(params, 'statusTimestampAfter') === undefined
          ? refuse(envelope.id, -32001, 'No such context', 'TASK_NOT_FOUND')
          : envelope,
    },
  },
  {
    id: 'list/artifacts-always',
    description: 'Lists have artifacts whether asked for or not',
    breaks: ['list/artifacts-omitted'],
    killedBy: ['list/contents', contentsInvariant],
    fault: { policy: { listAlwaysIncludesArtifacts: true } },
  },
  {
    id: 'list/artifacts-emptied',
    description: 'Where artifacts are not asked for they are an empty array',
    breaks: ['list/artifacts-omitted'],
    killedBy: ['list/contents', contentsInvariant],
    fault: everyTask((task) => ({ artifacts: [], ...task })),
  },
  {
    id: 'list/artifacts-never',
    description: 'includeArtifacts is ignored',
    breaks: ['list/artifacts-included'],
    killedBy: ['list/contents'],
    fault: everyTask((task) => without(task, 'artifacts')),
  },
  {
    id: 'list/history-whole',
    description: 'historyLength is ignored in lists',
    breaks: ['list/history-length'],
    killedBy: ['list/contents', contentsInvariant],
    fault: withWholeHistory,
  },
  {
    id: 'list/history-reversed',
    description: 'A limited history is listed newest first',
    breaks: ['list/history-most-recent'],
    killedBy: ['list/contents'],
    fault: everyTask((task, { historyLength }) =>
      historyLength === undefined || !task.history ? task : { ...task, history: task.history.toReversed() },
    ),
  },
  {
    id: 'list/history-emptied',
    description: 'With historyLength 0 the history is an empty array',
    breaks: ['list/history-zero-omitted'],
    killedBy: ['list/contents'],
    fault: everyTask((task, { historyLength }) => (historyLength === 0 ? { ...task, history: [] } : task)),
  },
  {
    id: 'list/foreign-tasks',
    description: 'Lists without a filter end with a task of somebody else',
    breaks: ['list/visible-only'],
    killedBy: ['list/everything'],
    fault: () => {
      const foreign = { id: randomUUID(), contextId: randomUUID(), status: { state: 'TASK_STATE_WORKING' } };
      return everyList((page, { contextId, status }) =>
        contextId === undefined && status === undefined
          ? { ...page, tasks: [...page.tasks.slice(0, -1), foreign] }
          : page,
      );
    },
  },
];

const wrongFilters: readonly Mutant[] = [
  {
    id: 'list/context-ignored',
    description: 'contextId is ignored',
    breaks: ['list/context-filter', 'list/combined-filters', 'list/empty-result'],
    // Everybody’s tasks on every page: how many they are, and how they go on, is beyond the checks.
    mayBreak: ['list/total-size', 'list/pages', 'list/status-filter', 'list/timestamp-filter', 'list/returns-tasks'],
    killedBy: ['list/filters', contentsInvariant],
    fault: { listQuery: (query) => ({ ...query, contextId: undefined }) },
  },
  {
    id: 'list/status-ignored',
    description: 'status is ignored',
    breaks: ['list/status-filter', 'list/combined-filters'],
    killedBy: ['list/filters', contentsInvariant],
    fault: { listQuery: (query) => ({ ...query, state: undefined }) },
  },
  {
    id: 'list/time-ignored',
    description: 'statusTimestampAfter is ignored',
    breaks: ['list/timestamp-filter'],
    killedBy: ['list/filters', contentsInvariant],
    fault: { listQuery: (query) => ({ ...query, statusSince: undefined }) },
  },
  {
    id: 'list/time-exclusive',
    description: 'A task of exactly statusTimestampAfter is not listed',
    breaks: ['list/timestamp-inclusive'],
    killedBy: ['list/filters'],
    fault: {
      listQuery: (query) =>
        query.statusSince === undefined ? query : { ...query, statusSince: query.statusSince + 1 },
    },
  },
  {
    id: 'list/last-filter-wins',
    description: 'With a status the contextId is ignored',
    breaks: ['list/combined-filters', 'list/context-filter'],
    killedBy: ['list/filters', contentsInvariant],
    fault: {
      listQuery: (query) => (query.state === undefined ? query : { ...query, contextId: undefined }),
    },
  },
];

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
    id: 'list/no-last-token',
    description: 'The last page has no nextPageToken',
    breaks: ['list/next-page-token'],
    killedBy: [responseInvariant],
    fault: everyList((page) => (page.nextPageToken === '' ? without(page, 'nextPageToken') : page)),
  },
];

const unvalidated: readonly Mutant[] = [
  {
    id: 'list/page-size-unchecked',
    description: 'Any pageSize is accepted',
    breaks: ['list/page-size-validated'],
    killedBy: ['list/validation'],
    fault: unnoticed('pageSize'),
  },
  {
    id: 'list/token-unchecked',
    description: 'A token that cannot be read counts as none',
    breaks: ['list/page-token-validated'],
    killedBy: ['list/validation'],
    fault: { policy: { badPageTokenIgnored: true } },
  },
  {
    id: 'list/filters-unchecked',
    description: 'A status that does not exist and a time that is none are ignored',
    breaks: ['list/filters-validated'],
    killedBy: ['list/validation'],
    fault: unnoticed('status', 'statusTimestampAfter'),
  },
  {
    id: 'list/history-length-unchecked',
    description: 'A negative historyLength is accepted',
    breaks: ['list/history-length-validated'],
    killedBy: ['list/validation'],
    fault: unnoticed('historyLength'),
  },
];

export const listMutants: readonly Mutant[] = [
  ...wrongContents,
  ...wrongFilters,
  ...wrongPages,
  ...wrongFields,
  ...unvalidated,
];
