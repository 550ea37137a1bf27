import type { StoredPushConfig } from './push.ts';
import type { Message, Task, TaskState } from './types.ts';

/** What started the work on a task, or let it go on. */
export interface Turn {
  readonly message: Message;
  readonly trigger: 'message' | 'credential';
  readonly acceptedOutputModes: readonly string[];
  /** Extensions of the agent that the request has activated. */
  readonly extensions?: readonly string[];
}

/** A task as it is kept: the whole of it, and what the agent has to know besides. Never mutated, only replaced. */
export interface TaskRecord {
  readonly task: Task;
  /** The principal that made it; others do not see it (§13.1). */
  readonly owner: string;
  /** Name of the behaviour that works on it. */
  readonly behaviour: string;
  /** Number of messages that started work: 1 at first, one more with each that answers an interruption. */
  readonly turn: number;
  /** What started the turn: after a crash it is run again from there. */
  readonly work?: Turn;
  /** Updates that the turn has made so far: a turn that is run again leaves them out. */
  readonly steps: number;
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
  /** The task that a message of this principal made: a client that got no answer may send it again (§3.3.1). */
  madeBy(owner: string, messageId: string): TaskRecord | undefined;
  /** Newest status first (§3.1.4). */
  list(query: ListQuery): ListResult;
  /** Tasks that have not ended, the oldest first. */
  unfinished(): readonly TaskRecord[];
  nextSequence(): number;
  /** All of what `change` writes is kept, or nothing of it where it throws or the process ends before its end. */
  atomically<T>(change: () => T): T;
  readonly pushConfigs: PushConfigStore;
  close(): void;
}

/** Where push configurations outlive the process (§3.1.7), if the store does. */
export interface PushConfigStore {
  /** Of all tasks, by position. */
  all(): readonly { readonly config: StoredPushConfig; readonly position: number }[];
  /** Inserts or replaces. */
  put(config: StoredPushConfig, position: number): void;
  delete(taskId: string, configId: string): void;
}

/** For a store that ends with the process: `push.ts` knows them all. */
const forgetfulPushConfigs: PushConfigStore = { all: () => [], put: () => undefined, delete: () => undefined };

/** The id of the message that made a task: the first one of its history. */
export const makerOf = ({ task }: TaskRecord): string | undefined => task.history?.[0]?.messageId;

/** One text for a principal and a message of theirs. */
const makerKey = (owner: string, messageId: string): string => JSON.stringify([owner, messageId]);

/** Keeps tasks in memory; of more than `capacity` the terminal ones that have changed least recently are purged. */
export function createMemoryTaskStore(capacity: number, isPurgeable: (record: TaskRecord) => boolean): TaskStore {
  const records = new Map<string, TaskRecord>();
  /** Task id by the message that made it. */
  const made = new Map<string, string>();
  let sequence = 0;

  const forget = (record: TaskRecord): void => {
    records.delete(record.task.id);
    const maker = makerOf(record);
    if (maker !== undefined) made.delete(makerKey(record.owner, maker));
  };

  const purge = (): void => {
    if (records.size <= capacity) return;
    for (const record of records.values()) {
      if (!isPurgeable(record)) continue;
      forget(record);
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
      if (previous) return;
      const maker = makerOf(record);
      if (maker !== undefined) made.set(makerKey(record.owner, maker), record.task.id);
      purge();
    },
    madeBy: (owner, messageId) => records.get(made.get(makerKey(owner, messageId)) ?? ''),
    unfinished: () => [...records.values()].filter((record) => !isPurgeable(record)),
    atomically: (change) => change(),
    pushConfigs: forgetfulPushConfigs,
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
    close() {
      records.clear();
      made.clear();
    },
  };
}
