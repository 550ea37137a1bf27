import { describe, expect, test } from 'vitest';
import type { Reply } from '../core/wire/reply.ts';
import { readAll, type FinalReadOptions } from './final-reads.ts';
import type { AcknowledgedTask } from './ledger.ts';

const task = (id: string): AcknowledgedTask => ({ id, ended: 'TASK_STATE_COMPLETED', waiting: false });
const openTask = (id: string, waiting = false): AcknowledgedTask => ({ id, ended: undefined, waiting });
const state = (name: string): Reply => ({ kind: 'result', value: { id: 'x', status: { state: name } } });
const completed = state('TASK_STATE_COMPLETED');
const notFound: Reply = {
  kind: 'error',
  error: { name: 'TaskNotFoundError', code: -32001, message: 'not found', details: undefined },
};
const internal: Reply = {
  kind: 'error',
  error: { name: undefined, code: -32603, message: 'oops', details: undefined },
};
const silence: Reply = { kind: 'none', failure: { kind: 'refused', message: 'connection refused' } };

const tasks = (count: number): AcknowledgedTask[] => Array.from({ length: count }, (_, i) => task(`t${i}`));

/** Answers each task by the replies in turn, the last one for ever. */
function agent(replies: (id: string) => readonly Reply[]) {
  const asked = new Map<string, number>();
  let under = 0;
  let most = 0;
  const read = async (id: string): Promise<Reply> => {
    under += 1;
    most = Math.max(most, under);
    await Promise.resolve();
    under -= 1;
    const turn = asked.get(id) ?? 0;
    asked.set(id, turn + 1);
    const given = replies(id);
    return given[Math.min(turn, given.length - 1)]!;
  };
  return { read, asked, most: () => most };
}

const readWith = (replies: (id: string) => readonly Reply[], options: Partial<FinalReadOptions> = {}) =>
  readAll({ tasks: tasks(1), read: agent(replies).read, concurrency: 4, drainMs: 0, purges: false, ...options });

test('every task is read once, a few at a time', async () => {
  const { read, asked, most } = agent(() => [completed]);
  const seen: number[] = [];
  const result = await readAll({
    tasks: tasks(50),
    read,
    concurrency: 4,
    drainMs: 0,
    purges: false,
    onProgress: (done) => seen.push(done),
  });
  expect(result).toMatchObject({ acknowledged: 50, read: 50, found: 50, lostCount: 0, unread: 0 });
  expect([...asked.values()]).toEqual(Array(50).fill(1));
  expect(most()).toBeLessThanOrEqual(4);
  expect(seen.at(-1)).toBe(50);
});

test('nothing acknowledged, nothing read', async () => {
  expect(await readWith(() => [completed], { tasks: [] })).toMatchObject({ acknowledged: 0, read: 0, found: 0 });
});

describe('a task that is not found', () => {
  test('twice is lost', async () => {
    expect(await readWith(() => [notFound])).toMatchObject({ lostCount: 1, lost: ['t0'], found: 0, read: 1 });
  });

  test('once is asked for again', async () => {
    expect(await readWith(() => [notFound, completed])).toMatchObject({ lostCount: 0, found: 1 });
  });

  test('was purged where the agent purges, but only if it had ended', async () => {
    const open = openTask('t1');
    const result = await readWith(() => [notFound], { tasks: [task('t0'), open], purges: true });
    expect(result).toMatchObject({ purged: 1, lostCount: 1, lost: ['t1'] });
  });
});

describe('a task without an answer', () => {
  test('is tried again, then unread with the reason', async () => {
    expect(await readWith(() => [internal, internal, completed])).toMatchObject({ found: 1, unread: 0 });
    expect(await readWith(() => [internal])).toMatchObject({
      found: 0,
      unread: 1,
      read: 0,
      unreadReason: '-32603: oops',
    });
  });

  test('an agent that is gone is not asked for each task', async () => {
    const { read, asked } = agent(() => [silence]);
    const result = await readAll({ tasks: tasks(500), read, concurrency: 4, drainMs: 0, purges: false });
    expect(result).toMatchObject({
      unread: 500,
      read: 0,
      lostCount: 0,
      unreadReason: expect.stringContaining('refused') as string,
    });
    expect(asked.size).toBeLessThan(50);
  });

  test('is given up when the run is interrupted', async () => {
    const result = await readWith(() => [completed], { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ unread: 1, read: 0 });
  });
});

describe('the state', () => {
  test('that differs from the end on the stream is a defect', async () => {
    expect(await readWith(() => [state('TASK_STATE_FAILED')])).toMatchObject({
      changedEndCount: 1,
      changedEnd: ['t0: TASK_STATE_COMPLETED on the stream, TASK_STATE_FAILED by GetTask'],
      found: 1,
    });
    expect(await readWith(() => [state('TASK_STATE_WORKING')])).toMatchObject({ changedEndCount: 1 });
  });

  test('may come a little later', async () => {
    expect(await readWith(() => [state('TASK_STATE_WORKING'), completed], { drainMs: 5_000 })).toMatchObject({
      changedEndCount: 0,
      found: 1,
    });
  });

  test('of a task whose stream was cut is waited for, within the drain', async () => {
    const cut = [openTask('t0')];
    const working = state('TASK_STATE_WORKING');
    expect(await readWith(() => [working, completed], { tasks: cut, drainMs: 5_000 })).toMatchObject({
      unfinished: 0,
      found: 1,
    });
    expect(await readWith(() => [working], { tasks: cut })).toMatchObject({ unfinished: 1, found: 1, lostCount: 0 });
  });

  test('of a task that waits for input is none to wait for', async () => {
    const waiting = [openTask('t0', true)];
    expect(
      await readWith(() => [state('TASK_STATE_INPUT_REQUIRED')], { tasks: waiting, drainMs: 60_000 }),
    ).toMatchObject({
      unfinished: 0,
      found: 1,
    });
  });
});
