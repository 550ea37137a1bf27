import type { JournalEvent, TaskLine } from '../journal.ts';

/** The start of the schedules of tests, in microseconds since the Unix epoch. */
export const testStart = 1_700_000_000_000_000;
/** One task in 150 ms: 400 a minute. */
export const testPeriod = 150_000;

/** A task that was sent when it was due: 1 ms to its id, 2 ms to WORKING, 20 ms to its end, stamps 500 µs before the arrivals. */
export function taskLine(i: number, changes: Partial<TaskLine> = {}): TaskLine {
  const sch = testStart + i * testPeriod;
  const inv = changes.inv ?? sch;
  const ev: readonly JournalEvent[] = [
    ['task', 1_000, 'TASK_STATE_SUBMITTED'],
    ['status', 2_000, 'TASK_STATE_WORKING', inv + 1_500, 6],
    ['artifact', 10_000],
    ['status', 20_000, 'TASK_STATE_COMPLETED', inv + 19_500, 6],
  ];
  return {
    k: 'task',
    i,
    sch,
    inv,
    hd: inv + 900,
    ret: inv + 20_100,
    msg: `load-${i}`,
    out: 'completed',
    http: 200,
    id: `task-${i}`,
    ctx: `context-${i}`,
    st: 'TASK_STATE_COMPLETED',
    ev,
    ...changes,
  };
}
