import type { Fault } from '../reference-agent/hooks.ts';
import type { ListQuery, ListResult, TaskRecord, TaskStore } from '../reference-agent/task-store.ts';

/** Lists as other stores would give them: put around the store of the agent. */

type Listing = (query: ListQuery, kept: TaskStore) => ListResult;

export const storedLists = (list: Listing): Fault => ({
  store: (kept) => ({ ...kept, list: (query) => list(query, kept) }),
});

/** All that matches, in the order of the agent. */
export const wholeList = (query: ListQuery, kept: TaskStore): readonly TaskRecord[] =>
  kept.list({ ...query, before: undefined, limit: Number.MAX_SAFE_INTEGER }).records;

/** Sorted by a key of the store’s own, the largest first, with cursors that hold it. */
export function sortedBy(key: (record: TaskRecord) => number): Listing {
  /** Key of the last task of a page, by what the agent puts into the token. */
  const cursors = new Map<number, number>();
  return (query, kept) => {
    const all = wholeList(query, kept).toSorted((a, b) => key(b) - key(a));
    const after = query.before === undefined ? Infinity : (cursors.get(query.before) ?? Infinity);
    const rest = all.filter((record) => key(record) < after);
    const records = rest.slice(0, query.limit);
    const last = records.at(-1);
    if (last) cursors.set(last.statusSequence, key(last));
    return { records, total: all.length, more: rest.length > records.length };
  };
}

/** Only some of the tasks. */
export const only =
  (keep: (record: TaskRecord) => boolean): Listing =>
  (query, kept) => {
    const all = wholeList(query, kept).filter(keep);
    const { before } = query;
    const rest = before === undefined ? all : all.filter(({ statusSequence }) => statusSequence < before);
    return { records: rest.slice(0, query.limit), total: all.length, more: rest.length > query.limit };
  };

/** Pages by their place in the list as it is now. */
export function byOffset(): Listing {
  const offsets = new Map<number, number>();
  return (query, kept) => {
    const all = wholeList(query, kept);
    const start = query.before === undefined ? 0 : (offsets.get(query.before) ?? 0);
    const records = all.slice(start, start + query.limit);
    const last = records.at(-1);
    if (last) offsets.set(last.statusSequence, start + records.length);
    return { records, total: all.length, more: all.length > start + records.length };
  };
}

/** The order in which tasks were made. */
export function byCreation(): Fault {
  const made = new Map<string, number>();
  const list = sortedBy(({ task }) => made.get(task.id) ?? 0);
  return {
    store: (kept) => ({
      ...kept,
      put(record) {
        if (!made.has(record.task.id)) made.set(record.task.id, made.size + 1);
        kept.put(record);
      },
      list: (query) => list(query, kept),
    }),
  };
}
