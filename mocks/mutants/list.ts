import { randomUUID } from 'node:crypto';
import type { Fault } from '../reference-agent/hooks.ts';
import type { TaskStore } from '../reference-agent/task-store.ts';
import { everyList, everyTask, restamped, without } from './list-answers.ts';
import { listPageMutants } from './list-pages.ts';
import type { Mutant } from './mutant.ts';
import { at, refuse } from './params.ts';

/** What is wrong in these params of ListTasks is not noticed. */
const unnoticed = (...fields: readonly string[]): Fault => ({
  violations: (found, { operation }) =>
    operation === 'ListTasks' ? found.filter(({ field }) => !fields.includes(field)) : found,
});

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
    breaks: ['list/returns-tasks'],
    killedBy: ['list/pages'],
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

export const listMutants: readonly Mutant[] = [...wrongContents, ...wrongFilters, ...listPageMutants, ...unvalidated];
