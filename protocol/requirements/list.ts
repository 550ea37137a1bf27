import { server, unobservable, type RowSpec } from './define.ts';

const request = (field: string): string => `a2a.proto ListTasksRequest.${field}`;
const response = (field: string): string => `a2a.proto ListTasksResponse.${field}`;

/** What is listed, and how it is shown. */
const contents: readonly RowSpec[] = [
  server('list/answered', 'MUST', 'defined', '§3.1, §3.1.4, §5.3', 'Every agent has the operation ListTasks.', {
    ambiguity: 'list-unsupported',
  }),
  server(
    'list/returns-tasks',
    'MUST',
    'defined',
    `§3.1.4, ${response('tasks')}`,
    'Tasks that match what is asked for are listed: also one that was made a moment ago.',
    { ambiguity: 'list-anonymous' },
  ),
  server(
    'list/current-state',
    'MUST',
    'defined',
    '§3.1.4, §4.1.1',
    'A listed task is the task that other operations show: its context, its state, the time of its status.',
    { ambiguity: 'read-delay' },
  ),
  server(
    'list/empty-result',
    'MUST',
    'defined',
    `§3.1.4, ${response('tasks')}`,
    'Where nothing matches, the answer is a page without tasks, not an error.',
    { ambiguity: 'list-context-form' },
  ),
  server(
    'list/artifacts-omitted',
    'MUST',
    'stated',
    '§3.1.4',
    'Without includeArtifacts: true no task has the field artifacts, not even empty.',
    { ambiguity: 'list-artifacts-null' },
  ),
  server(
    'list/artifacts-included',
    'SHOULD',
    'stated',
    `§3.1.4, ${request('include_artifacts')}`,
    'With includeArtifacts: true the tasks have their artifacts.',
  ),
  server(
    'list/history-length',
    'MUST',
    'stated',
    `§3.2.4, ${request('history_length')}`,
    'At most historyLength messages of history are in each task, none for 0.',
  ),
  server(
    'list/history-most-recent',
    'MUST',
    'defined',
    '§3.2.4',
    'The messages of a limited history are the most recent ones, in order.',
  ),
  server(
    'list/history-zero-omitted',
    'SHOULD',
    'stated',
    '§3.2.4',
    'With historyLength 0 the history field is omitted from each task.',
  ),
];

/** Which tasks are listed. */
const filters: readonly RowSpec[] = [
  server(
    'list/context-filter',
    'MUST',
    'defined',
    request('context_id'),
    'With contextId the tasks of that context are listed, and no others.',
    { ambiguity: 'list-without-context' },
  ),
  server(
    'list/status-filter',
    'MUST',
    'defined',
    request('status'),
    'With status the tasks that are in that state are listed, and no others.',
    { ambiguity: 'read-delay' },
  ),
  server(
    'list/timestamp-filter',
    'MUST',
    'defined',
    request('status_timestamp_after'),
    'With statusTimestampAfter only tasks whose status is of that time or later are listed.',
    { ambiguity: 'list-without-timestamp' },
  ),
  server(
    'list/timestamp-inclusive',
    'MUST',
    'defined',
    request('status_timestamp_after'),
    'A task whose status is of exactly the time of statusTimestampAfter is listed.',
    { ambiguity: 'list-timestamp-inclusive' },
  ),
  server(
    'list/combined-filters',
    'MUST',
    'defined',
    `§3.1.4, ${response('tasks')}`,
    'Filters that are given together all apply.',
    { ambiguity: 'read-delay' },
  ),
  server(
    'list/visible-only',
    'MUST',
    'stated',
    '§3.1.4, §13.1',
    'Only tasks visible to the client are listed, without any filter too: it can get what it is shown.',
    { ambiguity: 'list-purged' },
  ),
  server(
    'list/authorization-scoping',
    'MUST',
    'stated',
    '§3.1.4, §13.1',
    'The list is scoped by authorization: it shows no task of a principal from whom the client is kept apart.',
    { ambiguity: 'context-of-others' },
  ),
];

/** Order and pages. */
const pages: readonly RowSpec[] = [
  server(
    'list/order',
    'MUST',
    'stated',
    '§3.1.4',
    'Tasks are sorted by the time of their last update, the newest first.',
    { ambiguity: 'list-order' },
  ),
  server(
    'list/pages',
    'MUST',
    'defined',
    `${request('page_token')}, ${response('next_page_token')}`,
    'The token of a page gives the page after it: the pages together hold each task once.',
    { ambiguity: 'read-delay' },
  ),
  server(
    'list/unchanged-once',
    'MUST',
    'stated',
    '§3.1.4',
    'Pages go by a cursor: a task that does not change is on one of them, and on one only, whatever else changes meanwhile.',
    { ambiguity: 'list-moved-cursor' },
  ),
  server(
    'list/idempotent',
    'MUST',
    'defined',
    '§3.3.1',
    'Listing tasks changes nothing: ended tasks are listed alike again and again.',
  ),
  server(
    'list/page-size',
    'MUST',
    'defined',
    request('page_size'),
    'A page has at most pageSize tasks, and never more than 100.',
  ),
  server(
    'list/default-page-size',
    'MUST',
    'defined',
    request('page_size'),
    'Without pageSize a page has at most 50 tasks.',
  ),
  server(
    'list/fewer-than-asked',
    'MAY',
    'defined',
    request('page_size'),
    'A page may have fewer tasks than pageSize, though more follow.',
  ),
  server(
    'list/response-fields',
    'MUST',
    'defined',
    '§5.7, a2a.proto ListTasksResponse',
    'An answer has tasks, pageSize and totalSize, with their JSON types.',
    // Binary messages have fields of their default value without a trace.
    { bindings: ['JSONRPC', 'HTTP+JSON'], ambiguity: 'list-default-values' },
  ),
  server(
    'list/next-page-token',
    'MUST',
    'stated',
    '§3.1.4',
    'nextPageToken is a string in every answer, that of the last page too.',
    { bindings: ['JSONRPC', 'HTTP+JSON'] },
  ),
  server('list/last-page-token', 'MUST', 'stated', '§3.1.4', 'On the final page nextPageToken is the empty string.', {
    ambiguity: 'list-page-after-last',
  }),
  server(
    'list/page-size-used',
    'MUST',
    'defined',
    response('page_size'),
    'pageSize is the page size used: not below the number of tasks on the page, not above what was asked for.',
  ),
  server(
    'list/total-size',
    'MUST',
    'defined',
    response('total_size'),
    'totalSize is the number of tasks before pagination.',
    { ambiguity: 'list-total-size' },
  ),
  unobservable(
    'list/client-ends-by-token',
    'SHOULD',
    'stated',
    '§3.1.4',
    'client',
    'Clients tell by an empty nextPageToken that no more pages follow.',
    'a duty of clients: no server shows it',
  ),
];

/** Parameters that are wrong. */
const validation: readonly RowSpec[] = [
  server(
    'list/page-size-validated',
    'MUST',
    'stated',
    `§3.3.2, ${request('page_size')}`,
    'A pageSize below 1 or above 100 is refused as invalid.',
    { ambiguity: 'list-page-size-clamped' },
  ),
  server(
    'list/page-token-validated',
    'MUST',
    'stated',
    `§3.3.2, ${request('page_token')}`,
    'A pageToken that no answer has given is refused as invalid.',
    { ambiguity: 'list-unknown-token' },
  ),
  server(
    'list/filters-validated',
    'MUST',
    'stated',
    '§3.3.2, §6.5',
    'A status that does not exist and a statusTimestampAfter that is no timestamp are refused as invalid.',
    { ambiguity: 'list-lenient-filter' },
  ),
  server(
    'list/history-length-validated',
    'MUST',
    'stated',
    '§3.3.2, §6.5',
    'A negative historyLength is refused as invalid.',
    { ambiguity: 'list-negative-history' },
  ),
];

/** §3.1.4, §3.2.4, §13.1: listing tasks. */
export const listRows: readonly RowSpec[] = [...contents, ...filters, ...pages, ...validation];
