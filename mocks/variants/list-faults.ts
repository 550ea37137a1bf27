import { randomUUID } from 'node:crypto';
import { only, sortedBy, storedLists } from '../mutants/stored-lists.ts';
import { invalidParams, taskNotFound } from '../reference-agent/errors.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import type { OperationName, Task } from '../reference-agent/types.ts';
import { isTerminal } from '../reference-agent/types.ts';

/** What lists are like in unusual agents; each agent gets its own. */

/**
 * A task is not listed until so many milliseconds after its last change.
 * @param purgedMs so long after its end it cannot be read any more
 */
export function hiddenFor(ms: number, purgedMs?: number): Fault {
  const changedAt = new Map<string, number>();
  const endedAt = new Map<string, number>();
  const since = (times: ReadonlyMap<string, number>, id: string): number =>
    performance.now() - (times.get(id) ?? Infinity);
  return {
    ...storedLists(only(({ task }) => ms === 0 || since(changedAt, task.id) >= ms)),
    update(update, { task }) {
      changedAt.set(task.id, performance.now());
      if ('statusUpdate' in update && isTerminal(update.statusUpdate.status.state)) {
        endedAt.set(task.id, performance.now());
      }
      return update;
    },
    refuse: ({ task }) =>
      task && purgedMs !== undefined && since(endedAt, task.id) >= purgedMs ? taskNotFound(task.id).content : undefined,
  };
}

const reads: ReadonlySet<OperationName> = new Set(['GetTask', 'ListTasks', 'SubscribeToTask']);

/** Whatever names a task, but a read, moves it to the front of the lists. */
export function movedByAnyUpdate(): Fault {
  const moves = new Map<string, number>();
  let move = 0;
  return {
    ...storedLists(sortedBy(({ task }) => moves.get(task.id) ?? 0)),
    update(update, { task }) {
      moves.set(task.id, (move += 1));
      return update;
    },
    refuse({ operation, task }) {
      if (task && !reads.has(operation)) moves.set(task.id, (move += 1));
      return undefined;
    },
  };
}

/** Pages after a change are refused: the client begins again. */
export function tokensExpireByChange(): Fault {
  let changes = 0;
  const issued = new Map<string, number>();
  return {
    update(update) {
      changes += 1;
      return update;
    },
    result(result, { operation, params }) {
      if (operation !== 'ListTasks') return result;
      const { pageToken } = (params ?? {}) as { readonly pageToken?: string };
      const { nextPageToken } = result as { readonly nextPageToken: string };
      if (pageToken && issued.get(pageToken) !== changes) {
        throw invalidParams([{ field: 'pageToken', description: 'The list has changed: begin again' }]);
      }
      issued.set(nextPageToken, changes);
      return result;
    },
  };
}

/** Tasks of a client that is not the harness: one in progress, one more ended, every few milliseconds. */
export function backgroundTasks(): Fault {
  const everyMs = 20;
  const most = 400;
  return {
    store(kept) {
      let made = 0;
      const keep = (task: Task): void =>
        kept.put({
          task,
          owner: 'anonymous',
          behaviour: 'echo',
          turn: 1,
          steps: 1,
          statusSequence: kept.nextSequence(),
        });
      const status = (state: Task['status']['state']) => ({ state, timestamp: new Date().toISOString() });
      const timer = setInterval(() => {
        made += 1;
        if (made > most) return clearInterval(timer);
        const task = { id: randomUUID(), contextId: randomUUID() };
        keep({ ...task, status: status('TASK_STATE_WORKING') });
        setTimeout(() => keep({ ...task, status: status('TASK_STATE_COMPLETED') }), everyMs / 2).unref();
      }, everyMs);
      timer.unref();
      return kept;
    },
  };
}

/** Tokens are base64 of two values with a bar between, and no seal: behind a place that there is not, the list is over. */
export const unsealedTokens: NonNullable<Fault['error']> = (content, { operation, params }) => {
  const { pageToken = '', pageSize = 50 } = (params ?? {}) as {
    readonly pageToken?: string;
    readonly pageSize?: number;
  };
  const decodes = Buffer.from(pageToken, 'base64').toString().includes('|');
  return operation === 'ListTasks' && decodes
    ? { result: { tasks: [], nextPageToken: '', pageSize, totalSize: 0 } }
    : content;
};
