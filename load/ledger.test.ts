import { describe, expect, test } from 'vitest';
import type { TaskLine } from './journal.ts';
import { Ledger } from './ledger.ts';
import { taskLine } from './testing/task-line.ts';

const ledgerOf = (...tasks: readonly TaskLine[]): Ledger => {
  const ledger = new Ledger();
  for (const task of tasks) ledger.add(task);
  return ledger;
};

const counts = (ledger: Ledger) =>
  Object.fromEntries(Object.entries(ledger.defects).flatMap(([name, { count }]) => (count > 0 ? [[name, count]] : [])));

test('remembers every task id with the end that its client saw', () => {
  const { id: _id, ...unacknowledged } = taskLine(3);
  const ledger = ledgerOf(
    taskLine(0),
    taskLine(1, { out: 'waiting', st: 'TASK_STATE_INPUT_REQUIRED', ev: [['status', 1, 'TASK_STATE_INPUT_REQUIRED']] }),
    taskLine(2, { out: 'cut', st: 'TASK_STATE_WORKING', ev: [['task', 1, 'TASK_STATE_WORKING']] }),
    unacknowledged,
    taskLine(4, { ev: [], st: 'TASK_STATE_FAILED', out: 'failed' }),
  );
  expect(ledger.tasks).toEqual([
    { id: 'task-0', ended: 'TASK_STATE_COMPLETED', waiting: false },
    { id: 'task-1', ended: undefined, waiting: true },
    { id: 'task-2', ended: undefined, waiting: false },
    { id: 'task-4', ended: 'TASK_STATE_FAILED', waiting: false },
  ]);
  expect(ledger.streams).toBe(4);
  expect(counts(ledger)).toEqual({});
});

describe('finds', () => {
  const { ev = [] } = taskLine(0);
  test.for<[name: string, tasks: readonly TaskLine[], found: Record<string, number>]>([
    ['new work under the id of a task that had ended', [taskLine(0), taskLine(1, { id: 'task-0' })], { reusedIds: 1 }],
    [
      'the ended task again, as it was',
      [taskLine(0), taskLine(1, { id: 'task-0', ev: [['task', 1_000, 'TASK_STATE_COMPLETED']] })],
      { sharedIds: 1 },
    ],
    [
      'an id that two sends got while its task was open',
      [taskLine(0), taskLine(1, { id: 'task-0', inv: taskLine(0).inv + 10_000 })],
      { sharedIds: 1 },
    ],
    ['a stream of two tasks', [taskLine(0, { ids: ['task-0', 'task-9'] })], { mixedStreams: 1 }],
    [
      'two terminal states, the second of which also comes after the end',
      [taskLine(0, { ev: [...ev, ['status', 30_000, 'TASK_STATE_FAILED']] })],
      { twoEnds: 1, afterEnd: 1 },
    ],
    ['an artifact after the end', [taskLine(0, { ev: [...ev, ['artifact', 30_000]] })], { afterEnd: 1 }],
    [
      'a last snapshot of another state',
      [taskLine(0, { ev: [...ev, ['task', 30_000, 'TASK_STATE_WORKING']] })],
      { afterEnd: 1 },
    ],
    [
      'stamps that go back',
      [
        taskLine(0, {
          ev: [
            ['status', 1, 'TASK_STATE_WORKING', 2_000, 3],
            ['status', 2, 'TASK_STATE_COMPLETED', 1_000, 3],
          ],
        }),
      ],
      { stampsGoBack: 1 },
    ],
  ])('%s', ([, tasks, found]) => {
    expect(counts(ledgerOf(...tasks))).toEqual(found);
  });

  test('nothing wrong in the same state once more (§11.7), nor in equal stamps', () => {
    const snapshot = taskLine(0, { ev: [...ev, ['task', 30_000, 'TASK_STATE_COMPLETED']] });
    const again = taskLine(1, { ev: [...ev, ['status', 30_000, 'TASK_STATE_COMPLETED']] });
    const equal = taskLine(2, {
      ev: [
        ['status', 1, 'TASK_STATE_WORKING', 2_000, 3],
        ['status', 2, 'TASK_STATE_COMPLETED', 2_000, 3],
      ],
    });
    expect(counts(ledgerOf(snapshot, again, equal))).toEqual({});
  });

  test('examples are few', () => {
    const ledger = ledgerOf(taskLine(0), ...Array.from({ length: 20 }, (_, i) => taskLine(i + 1, { id: 'task-0' })));
    expect(ledger.defects.reusedIds.count).toBe(20);
    expect(ledger.defects.reusedIds.examples).toHaveLength(5);
  });
});
