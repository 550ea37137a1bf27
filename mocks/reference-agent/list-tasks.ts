import { invalidParams } from './errors.ts';
import type { Fault } from './hooks.ts';
import type { PageTokens } from './page-token.ts';
import { parseTimestamp } from './proto-json.ts';
import type { ListQuery, TaskRecord, TaskStore } from './task-store.ts';
import type { ListTasksRequest } from './types.ts';

const defaultPageSize = 50;

export interface TaskPage {
  readonly records: readonly TaskRecord[];
  readonly nextPageToken: string;
  readonly pageSize: number;
  readonly totalSize: number;
}

/**
 * One page of §3.1.4. The cursor is the position of the last task shown in the order of status changes: a task that
 * changes moves to the front, so that no unchanged one is shown twice or left out.
 */
export function listTasks(
  store: TaskStore,
  tokens: PageTokens,
  request: ListTasksRequest,
  owner: string | undefined,
  fault: Fault | undefined,
): TaskPage {
  const policy = fault?.policy ?? {};
  const pageSize = request.pageSize ?? defaultPageSize;
  const filter = [owner, request.contextId, request.status, request.statusTimestampAfter];
  const token = request.pageToken;
  const before = token === undefined ? undefined : tokens.read(token, filter);
  if (token !== undefined && before === undefined && !policy.badPageTokenIgnored) {
    throw invalidParams([{ field: 'pageToken', description: 'Not a token that this list was continued with' }]);
  }

  const wanted: ListQuery = {
    owner,
    contextId: request.contextId,
    state: request.status,
    statusSince: request.statusTimestampAfter === undefined ? undefined : parseTimestamp(request.statusTimestampAfter),
    before,
    limit: policy.listUnpaged ? Number.MAX_SAFE_INTEGER : pageSize,
    ascending: policy.listAscending ?? false,
  };
  const { records, total, more } = store.list(fault?.listQuery?.(wanted) ?? wanted);
  const last = records.at(-1);
  return {
    records,
    nextPageToken: more && last ? tokens.issue(last.statusSequence, filter) : '',
    pageSize,
    totalSize: total,
  };
}
