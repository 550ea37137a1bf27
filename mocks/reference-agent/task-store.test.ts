import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createSqliteTaskStore } from './sqlite-task-store.ts';
import { createMemoryTaskStore, type ListQuery, type TaskRecord, type TaskStore } from './task-store.ts';
import type { TaskState } from './types.ts';

const folder = mkdtempSync(join(tmpdir(), 'a2a-gauntlet-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasEnded = ({ task }: TaskRecord): boolean => task.status.state === 'TASK_STATE_COMPLETED';
let files = 0;
const newFile = (): string => join(folder, `${(files += 1)}.sqlite`);

const record = (id: string, sequence: number, state: TaskState = 'TASK_STATE_WORKING'): TaskRecord => ({
  task: {
    id,
    contextId: `context-${id}`,
    status: { state, timestamp: new Date(1_000 * sequence).toISOString() },
    history: [{ messageId: `message-${id}`, role: 'ROLE_USER', parts: [{ text: 'ünï' }] }],
  },
  owner: 'owner',
  behaviour: 'echo',
  turn: 1,
  steps: 0,
  statusSequence: sequence,
});

const all: ListQuery = {
  owner: undefined,
  contextId: undefined,
  state: undefined,
  statusSince: undefined,
  before: undefined,
  limit: 10,
  ascending: false,
};

const stores: readonly (readonly [string, (capacity: number) => TaskStore])[] = [
  ['memory', (capacity) => createMemoryTaskStore(capacity, hasEnded)],
  ['SQLite', (capacity) => createSqliteTaskStore(newFile(), capacity, hasEnded)],
];

describe.for(stores)('%s', ([, create]) => {
  const idsOf = (store: TaskStore, query: Partial<ListQuery> = {}): readonly string[] =>
    store.list({ ...all, ...query }).records.map(({ task }) => task.id);

  test('lists by the last change of status, filtered and in pages', () => {
    const store = create(100);
    store.put(record('a', 1));
    store.put(record('b', 2));
    store.put(record('c', 3, 'TASK_STATE_COMPLETED'));
    store.put(record('a', 4));
    expect(idsOf(store)).toEqual(['a', 'c', 'b']);
    expect(idsOf(store, { ascending: true })).toEqual(['b', 'c', 'a']);
    expect(idsOf(store, { state: 'TASK_STATE_WORKING' })).toEqual(['a', 'b']);
    expect(idsOf(store, { contextId: 'context-b', owner: 'owner' })).toEqual(['b']);
    expect(idsOf(store, { owner: 'other' })).toEqual([]);
    expect(idsOf(store, { statusSince: 3_000 })).toEqual(['a', 'c']);
    expect(store.list({ ...all, limit: 1 })).toMatchObject({ total: 3, more: true });
    expect(store.list({ ...all, before: 3, limit: 1 })).toMatchObject({ total: 3, more: false });
    store.close();
  });

  test('knows a task by the message that made it, of that principal', () => {
    const store = create(100);
    store.put(record('a', 1));
    expect(store.madeBy('owner', 'message-a')?.task.id).toBe('a');
    expect(store.madeBy('other', 'message-a')).toBeUndefined();
    expect(store.madeBy('owner', 'message-b')).toBeUndefined();
    store.close();
  });

  test('purges ended tasks alone', () => {
    const store = create(2);
    store.put(record('a', 1));
    store.put(record('b', 2, 'TASK_STATE_COMPLETED'));
    store.put(record('c', 3));
    store.put(record('d', 4));
    expect(idsOf(store)).toEqual(['d', 'c', 'a']);
    expect(store.get('b')).toBeUndefined();
    expect(store.unfinished().map(({ task }) => task.id)).toEqual(['a', 'c', 'd']);
    store.close();
  });
});

describe('a file', () => {
  test('holds everything for the next process', () => {
    const file = newFile();
    const before = createSqliteTaskStore(file, 100, hasEnded);
    before.put(record('a', 7));
    before.put(record('b', 8, 'TASK_STATE_COMPLETED'));
    before.pushConfigs.put({ id: 'p', taskId: 'a', url: 'http://127.0.0.1:1/' }, 3);
    before.pushConfigs.put({ id: 'q', taskId: 'a', url: 'http://127.0.0.1:1/' }, 4);
    before.pushConfigs.delete('a', 'q');
    before.close();
    const after = createSqliteTaskStore(file, 100, hasEnded);
    expect(after.get('a')).toEqual(record('a', 7));
    expect(after.unfinished()).toEqual([record('a', 7)]);
    expect(after.madeBy('owner', 'message-b')?.task.id).toBe('b');
    expect(after.nextSequence()).toBe(9);
    expect(after.pushConfigs.all()).toEqual([
      { config: { id: 'p', taskId: 'a', url: 'http://127.0.0.1:1/' }, position: 3 },
    ]);
    after.close();
  });

  test('holds nothing of a change that failed', () => {
    const store = createSqliteTaskStore(newFile(), 100, hasEnded);
    const change = (): never =>
      store.atomically(() => {
        store.put(record('a', 1));
        throw new Error('no');
      });
    expect(change).toThrow('no');
    expect(store.get('a')).toBeUndefined();
    store.close();
  });

  test('that is none is refused', () => {
    expect(() => createSqliteTaskStore(join(folder, 'nowhere', 'x.sqlite'), 100, hasEnded)).toThrow(/unable to open/);
  });
});
