import type { Task, TaskState } from './types.ts';

/** A task as it is kept: the whole of it, and what the agent has to know besides. Never mutated, only replaced. */
export interface TaskRecord {
  readonly task: Task;
  /** The principal that made it; others do not see it (§13.1). */
  readonly owner: string;
  /** Name of the behaviour that works on it. */
  readonly behaviour: string;
  /** Number of messages that started work: 1 at first, one more with each that answers an interruption. */
  readonly turn: number;
  /** Rises with every change of status over all tasks: the order of ListTasks where timestamps are equal. */
  readonly statusSequence: number;
}

/** What a ListTasks call asks of the store. */
export interface ListQuery {
  readonly owner: string | undefined;
  readonly contextId: string | undefined;
  readonly state: TaskState | undefined;
  /** Milliseconds since the epoch, inclusive. */
  readonly statusSince: number | undefined;
  /** Exclusive upper bound: only tasks whose status is older than this one's. */
  readonly before: number | undefined;
  readonly limit: number;
  readonly ascending: boolean;
}

export interface ListResult {
  readonly records: readonly TaskRecord[];
  /** Matching tasks over all pages. */
  readonly total: number;
  /** Whether matching tasks remain after these. */
  readonly more: boolean;
}

/**
 * Where tasks are kept. Calls are synchronous so that reading a task and subscribing to it is one step, in which no
 * update can be lost (§3.1.6); memory and SQLite both can.
 */
export interface TaskStore {
  get(taskId: string): TaskRecord | undefined;
  /** Inserts or replaces. */
  put(record: TaskRecord): void;
  /** Newest status first (§3.1.4). */
  list(query: ListQuery): ListResult;
  nextSequence(): number;
  close(): void;
}

/** Keeps tasks in memory; of more than `capacity` the terminal ones that have changed least recently are purged. */
export function createMemoryTaskStore(capacity: number, isPurgeable: (record: TaskRecord) => boolean): TaskStore {
  const records = new Map<string, TaskRecord>();
  let sequence = 0;

  const purge = (): void => {
    if (records.size <= capacity) return;
    for (const [id, record] of records) {
      if (!isPurgeable(record)) continue;
      records.delete(id);
      if (records.size <= capacity) return;
    }
  };

  return {
    get: (taskId) => records.get(taskId),
    put(record) {
      const previous = records.get(record.task.id);
      // The order of the map is the order of the last status changes.
      if (previous && previous.statusSequence !== record.statusSequence) records.delete(record.task.id);
      records.set(record.task.id, record);
      if (!previous) purge();
    },
    list(query) {
      const ordered = [...records.values()];
      if (!query.ascending) ordered.reverse();
      const matching = ordered.filter(
        ({ task, owner }) =>
          (query.owner === undefined || owner === query.owner) &&
          (query.contextId === undefined || task.contextId === query.contextId) &&
          (query.state === undefined || task.status.state === query.state) &&
          (query.statusSince === undefined || Date.parse(task.status.timestamp ?? '') >= query.statusSince),
      );
      const remaining = matching.filter(
        ({ statusSequence }) =>
          query.before === undefined ||
          (query.ascending ? statusSequence > query.before : statusSequence < query.before),
      );
      return {
        records: remaining.slice(0, query.limit),
        total: matching.length,
        more: remaining.length > query.limit,
      };
    },
    nextSequence: () => (sequence += 1),
    close: () => records.clear(),
  };
}
