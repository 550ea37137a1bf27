import { everyList, everyTask, without } from '../mutants/list-answers.ts';
import { only, sortedBy, storedLists, wholeList } from '../mutants/stored-lists.ts';
import { invalidParams, unsupportedOperation } from '../reference-agent/errors.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import type { ListTasksRequest, ListTasksResponse } from '../reference-agent/types.ts';
import { backgroundTasks, hiddenFor, movedByAnyUpdate, tokensExpireByChange, unsealedTokens } from './list-faults.ts';
import type { Variant } from './variant.ts';

const stamped = (change: (timestamp: string) => string | undefined): Fault => ({
  status({ timestamp, ...status }) {
    const changed = timestamp === undefined ? undefined : change(timestamp);
    return changed === undefined ? status : { ...status, timestamp: changed };
  },
});

const notSupported = unsupportedOperation('This agent does not list tasks', { operation: 'ListTasks' }).content;

/** What of a list is of its default value is left out, as ProtoJSON does. */
const withoutDefaults = ({ tasks, totalSize, ...page }: ListTasksResponse): object => ({
  ...page,
  ...(tasks.length === 0 ? {} : { tasks }),
  ...(totalSize === 0 ? {} : { totalSize }),
});

export const listVariants: readonly Variant[] = [
  {
    id: 'list/unsupported',
    description: 'ListTasks is answered with UnsupportedOperationError',
    allowedBy: '§3.3.2: the requested operation is not supported by this server agent implementation',
    warns: ['list/answered'],
    fault: { refuse: ({ operation }) => (operation === 'ListTasks' ? notSupported : undefined) },
  },
  {
    id: 'list/for-users-only',
    description: 'ListTasks is refused to whoever is not authenticated, by an error of the agent’s own',
    allowedBy: '§3.3.2: authentication errors, e.g. a JSON-RPC custom error; §13.1: the agent’s own model',
    fault: {
      refuse: ({ operation }) =>
        operation === 'ListTasks' ? { code: -31_401, message: 'Log in to list your tasks' } : undefined,
    },
  },
  {
    id: 'list/nothing-for-strangers',
    description: 'A client that is not authenticated is shown an empty list',
    allowedBy: '§13.1: authorization is the agent’s own model',
    warns: ['list/returns-tasks'],
    fault: storedLists(() => ({ records: [], total: 0, more: false })),
  },
  {
    id: 'list/lagging',
    description: 'A task is listed 150 ms after its last change, and not before',
    allowedBy: '§3.1.4: no consistency between operations is promised',
    warns: [
      'list/returns-tasks',
      'list/context-filter',
      'list/status-filter',
      'list/timestamp-filter',
      'list/combined-filters',
      'list/unchanged-once',
      'list/pages',
    ],
    fault: () => hiddenFor(150),
  },
  {
    id: 'list/by-last-update',
    description: 'Tasks are sorted by their last update, and a message, a cancel or a configuration is one',
    allowedBy: '§3.1.4: sorted by last update time',
    warns: ['list/order'],
    fault: movedByAnyUpdate,
  },
  {
    id: 'list/whole-seconds',
    description: 'Timestamps are of whole seconds; of one second the first task comes first',
    allowedBy: '§5.6.1: millisecond precision SHOULD be used where available',
    warns: ['envelope/timestamp-precision'],
    fault: () => ({
      ...stamped((timestamp) => timestamp.replace(/\.\d+Z$/, 'Z')),
      ...storedLists(
        sortedBy(
          ({ task, statusSequence }) => Date.parse(task.status.timestamp ?? '') * 1_000 - (statusSequence % 1_000_000),
        ),
      ),
    }),
  },
  {
    id: 'list/without-timestamps',
    description: 'No status has a timestamp',
    allowedBy: 'a2a.proto TaskStatus.timestamp: not REQUIRED',
    fault: stamped(() => undefined),
  },
  {
    id: 'list/without-timestamps-by-id',
    description: 'No status has a timestamp, and lists are sorted by id',
    allowedBy: 'a2a.proto TaskStatus.timestamp: not REQUIRED; §3.1.4: sorted by status timestamp',
    warns: ['list/order'],
    fault: () => ({
      ...stamped(() => undefined),
      ...storedLists(sortedBy(({ task }) => Number.parseInt(task.id.replaceAll('-', '').slice(0, 12), 16))),
    }),
  },
  {
    id: 'list/microseconds',
    description: 'Timestamps are of microseconds',
    allowedBy: '§5.6.1: a google.protobuf.Timestamp has nanoseconds',
    fault: stamped((timestamp) => timestamp.replace('Z', '789Z')),
  },
  {
    id: 'list/small-pages',
    description: 'No page has more than two tasks',
    allowedBy: 'a2a.proto ListTasksRequest.page_size: the service may return fewer than this value',
    fault: {
      ...storedLists((query, kept) => kept.list({ ...query, limit: Math.min(query.limit, 2) })),
      ...everyList((page) => ({ ...page, pageSize: Math.min(page.pageSize, 2) })),
    },
  },
  {
    id: 'list/size-of-the-page',
    description: 'The pageSize of an answer is the number of tasks on the page',
    allowedBy: 'a2a.proto ListTasksResponse.page_size: the page size used for this response',
    fault: everyList((page) => ({ ...page, pageSize: page.tasks.length })),
  },
  {
    id: 'list/empty-last-page',
    description: 'A page that is full has a token, though nothing may follow but an empty page',
    allowedBy: '§3.1.4, a2a.proto: the token is empty on the final page, which is the empty one',
    warns: ['list/last-page-token'],
    fault: storedLists((query, kept) => {
      const { records, total } = kept.list(query);
      return { records, total, more: records.length === query.limit };
    }),
  },
  {
    id: 'list/total-of-everything',
    description: 'The totalSize counts all tasks, whatever is asked for',
    allowedBy: 'a2a.proto ListTasksResponse.total_size: tasks available (before pagination)',
    warns: ['list/total-size'],
    fault: storedLists((query, kept) => {
      const { owner, ascending, limit } = query;
      const all = { contextId: undefined, state: undefined, statusSince: undefined, before: undefined };
      return { ...kept.list(query), total: wholeList({ owner, ascending, limit, ...all }, kept).length };
    }),
  },
  {
    id: 'list/defaults-left-out',
    description: 'An empty list of tasks and a totalSize of 0 are left out',
    allowedBy: '§5.5: ProtoJSON leaves out fields of their default value',
    warns: ['list/response-fields'],
    fault: everyList(withoutDefaults),
  },
  {
    id: 'list/null-artifacts',
    description: 'Artifacts that are not asked for are null',
    allowedBy: '§5.5: in ProtoJSON null stands for an absent field',
    warns: ['list/artifacts-omitted'],
    fault: everyTask((task) => ({ artifacts: null, ...task })),
  },
  {
    id: 'list/history-never',
    description: 'Lists have no history, whatever is asked for',
    allowedBy: '§3.2.4: at most so many messages; unset is the server’s default amount',
    fault: everyTask((task) => without(task, 'history')),
  },
  {
    id: 'list/contexts-unsaid',
    description: 'Listed tasks do not say their context',
    allowedBy: 'a2a.proto Task.context_id: not REQUIRED',
    warns: ['list/context-filter'],
    fault: everyTask((task) => without(task, 'contextId')),
  },
  {
    id: 'list/foreign-context-refused',
    description: 'The list of a context that has no tasks is refused as invalid',
    allowedBy: '§3.3.2: all input parameters are validated',
    warns: ['list/empty-result'],
    fault: {
      result(result, { operation, params }) {
        const { contextId, status, statusTimestampAfter } = (params ?? {}) as ListTasksRequest;
        const none = operation === 'ListTasks' && (result as ListTasksResponse).totalSize === 0;
        if (none && contextId && !status && !statusTimestampAfter) {
          throw invalidParams([{ field: 'contextId', description: 'Not a context of yours' }]);
        }
        return result;
      },
    },
  },
  {
    id: 'list/time-exclusive',
    description: 'Only tasks whose status is later than statusTimestampAfter are listed',
    allowedBy: 'a2a.proto ListTasksRequest.status_timestamp_after: updated after the provided timestamp',
    warns: ['list/timestamp-inclusive'],
    fault: {
      listQuery: (query) =>
        query.statusSince === undefined ? query : { ...query, statusSince: query.statusSince + 1 },
    },
  },
  {
    id: 'list/lenient',
    description: 'A pageSize out of range counts as the nearest one in it, a negative historyLength as 0',
    allowedBy: 'a2a.proto ListTasksRequest.page_size: may return fewer; §3.2.4: negative numbers are not spoken of',
    warns: ['list/page-size-validated', 'list/history-length-validated'],
    fault: {
      refuse({ operation, params }) {
        const asked = (params ?? {}) as { pageSize?: number; historyLength?: number };
        if (operation !== 'ListTasks') return undefined;
        // The request is read after this.
        if (typeof asked.pageSize === 'number') asked.pageSize = Math.min(100, Math.max(1, asked.pageSize));
        if (typeof asked.historyLength === 'number') asked.historyLength = Math.max(0, asked.historyLength);
        return undefined;
      },
    },
  },
  {
    id: 'list/unknown-status-lists-none',
    description: 'No task has a status that does not exist: the list by it is empty, on every binding',
    allowedBy: '§3.3.2 wants parameters validated; a filter that nothing passes is one reading of it',
    warns: ['list/filters-validated', 'http-json/invalid-query'],
    options: { bindings: ['JSONRPC', 'HTTP+JSON'] },
    fault: {
      refuse({ operation, params }) {
        const asked = (params ?? {}) as { status?: string; contextId?: string };
        if (operation !== 'ListTasks' || asked.status !== 'TASK_STATE_GAUNTLET') return undefined;
        delete asked.status;
        asked.contextId = 'no-such-context';
        return undefined;
      },
    },
  },
  {
    id: 'list/tokens-unsealed',
    description:
      'Any token is taken that decodes to two values with a bar between; behind a place that there is not, the list is over',
    allowedBy: '§3.1.4: a cursor; what it is made of is for the agent to say',
    warns: ['list/page-token-validated'],
    options: { bindings: ['JSONRPC', 'HTTP+JSON', 'GRPC'] },
    fault: { error: unsealedTokens },
  },
  {
    id: 'list/tokens-expire',
    description: 'A token is refused once any task has changed',
    allowedBy: '§3.1.4: no lifetime of a token is said',
    warns: ['list/unchanged-once', 'list/pages'],
    fault: tokensExpireByChange,
  },
  {
    id: 'list/purged-still-listed',
    description: 'An ended task is gone 60 ms after its end, but stays in the lists',
    allowedBy: '§3.3.2: already completed and purged; no consistency between operations is promised',
    warns: ['list/visible-only'],
    fault: () => hiddenFor(0, 60),
  },
  {
    id: 'list/busy',
    description: 'Another client makes tasks all the time, in contexts of its own, and they change',
    allowedBy: '§3.1.4: the list has the tasks of a client, of whatever origin',
    fault: backgroundTasks,
  },
  {
    id: 'list/live-tasks-hidden-from-lists-of-all',
    description: 'Lists without a filter have only tasks that have ended',
    allowedBy: '§3.1.4: tasks visible to the client, by the agent’s own model',
    fault: storedLists((query, kept) =>
      query.contextId === undefined && query.state === undefined
        ? only(({ task }) => /COMPLETED|FAILED|CANCELED|REJECTED/.test(task.status.state))(query, kept)
        : kept.list(query),
    ),
  },
];
