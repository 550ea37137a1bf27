import { describe, expect, test } from 'vitest';
import type { TaskLine } from './journal.ts';
import {
  chooseBasis,
  Measuring,
  type Measurement,
  type MeasurementFacts,
  type StampStatistics,
} from './measurement.ts';
import { taskLine, testPeriod, testStart } from './testing/task-line.ts';

const facts = (changes: Partial<MeasurementFacts> = {}): MeasurementFacts => ({
  run: { k: 'run', clock: 'test', start: testStart, period: testPeriod },
  drops: [],
  unlistedDrops: 0,
  scheduledMicros: 60_000_000,
  clocksComparable: true,
  ...changes,
});

function measure(tasks: Iterable<TaskLine>, changes: Partial<MeasurementFacts> = {}): Measurement {
  const measuring = new Measuring(facts(changes));
  for (const task of tasks) measuring.add(task);
  return measuring.result();
}

/** A minute of tasks, 400 of them. */
const minute = (make: (i: number) => TaskLine = (i) => taskLine(i)): TaskLine[] =>
  Array.from({ length: 400 }, (_, i) => make(i));

/** A task whose end comes so many microseconds after it was due. */
const lasting = (i: number, micros: number): TaskLine =>
  taskLine(i, {
    ev: [
      ['task', 1_000, 'TASK_STATE_SUBMITTED'],
      ['status', micros, 'TASK_STATE_COMPLETED'],
    ],
    ret: testStart + i * testPeriod + micros,
  });

describe('latencies', () => {
  test('of a task that was sent when it was due', () => {
    const { submit, firstSignal, completion, lag, signalSinceStamp, signalSinceRequest } = measure([taskLine(0)]);
    expect(submit.quantile(0.5)).toBeCloseTo(1, 2);
    expect(firstSignal.quantile(0.5)).toBeCloseTo(2, 2);
    expect(completion.quantile(0.5)).toBeCloseTo(20, 1);
    expect(lag.maxMs).toBe(0);
    expect(signalSinceStamp.count).toBe(2);
    expect(signalSinceStamp.maxMs).toBeCloseTo(0.5, 2);
    expect(signalSinceRequest.count).toBe(3);
    expect(signalSinceRequest.maxMs).toBeCloseTo(20, 1);
  });

  test('count from the moment that was due, not from the one at which the generator got to it', () => {
    const late = 5_000_000;
    const { submit, completion, lag } = measure([taskLine(0, { inv: testStart + late })]);
    expect(lag.maxMs! / 5_000).toBeCloseTo(1, 2);
    expect(submit.maxMs! / 5_001).toBeCloseTo(1, 2);
    expect(completion.maxMs! / 5_020).toBeCloseTo(1, 2);
  });

  test('dropped moments before a task took their place in the schedule', () => {
    // Moments 1 to 9 were dropped: the second task that started is of moment 10.
    const drops = Array.from({ length: 9 }, (_, n) => ({
      k: 'drop' as const,
      at: testStart + (n + 1) * testPeriod + 100,
    }));
    const second = taskLine(1, { inv: testStart + 10 * testPeriod + 200 });
    expect(measure([taskLine(0), second], { drops }).lag.maxMs).toBeLessThan(1);
    expect(measure([taskLine(0), second]).lag.maxMs).toBeGreaterThan(1_000);
    expect(measure([taskLine(0), second], { drops }).dropped).toBe(9);
  });

  test('of drops that were only counted as many are put before a task as fit in', () => {
    const second = taskLine(1, { inv: testStart + 10 * testPeriod + 200 });
    expect(measure([taskLine(0), second], { unlistedDrops: 50 }).lag.maxMs).toBeLessThan(1);
    expect(measure([taskLine(0), second], { unlistedDrops: 3 }).lag.maxMs).toBeGreaterThan(800);
    expect(measure([taskLine(0)], { unlistedDrops: 3 }).dropped).toBe(3);
  });

  test('what comes after the end is no signal', () => {
    const { ev } = taskLine(0);
    const { stamps, events } = measure([taskLine(0, { ev: [...ev!, ['status', 50_000_000, 'TASK_STATE_WORKING']] })]);
    expect(stamps.signals).toBe(3);
    expect(events).toBe(5);
  });

  test('an answer without events has an end and nothing else', () => {
    const { submit, firstSignal, completion } = measure([taskLine(0, { ev: [], ret: testStart + 7_000 })]);
    expect([submit.count, firstSignal.count]).toEqual([0, 0]);
    expect(completion.maxMs).toBeCloseTo(7, 1);
  });
});

describe('outcomes', () => {
  test('are counted; what the end of the run canceled is neither success nor error', () => {
    const { successes, errorCount, canceled, errors, byOutcome } = measure([
      taskLine(0),
      taskLine(1, { out: 'message' }),
      taskLine(2, { out: 'waiting' }),
      taskLine(3, { out: 'accepted' }),
      taskLine(4, { out: 'http', code: '429', err: 'Too Many Requests' }),
      taskLine(5, { out: 'http', code: '429', err: 'later' }),
      taskLine(6, { out: 'timeout', code: 'timeout', err: 'no end' }),
      taskLine(7, { out: 'canceled' }),
    ]);
    expect({ successes, errorCount, canceled }).toEqual({ successes: 4, errorCount: 3, canceled: 1 });
    expect(errors).toEqual([
      { outcome: 'http', code: '429', count: 2, example: 'Too Many Requests' },
      { outcome: 'timeout', code: 'timeout', count: 1, example: 'no end' },
    ]);
    expect(byOutcome.http).toBe(2);
  });

  test('kinds of errors are bounded, their number is not', () => {
    const { errors, errorCount } = measure(minute((i) => taskLine(i, { out: 'rpc-error', code: String(i) })));
    expect(errorCount).toBe(400);
    expect(errors.length).toBeLessThanOrEqual(50);
  });
});

describe('the rate that was held', () => {
  test.for([
    ['quick tasks', () => 20_000, 400],
    ['tasks of 30 s', () => 30_000_000, 400],
    ['tasks of 20 to 40 s', (i: number) => 20_000_000 + ((i * 7_919) % 400) * 50_000, 400],
  ] as const)('%s are all finished', ([, micros, rate]) => {
    expect(measure(minute((i) => lasting(i, micros(i)))).heldRatePerMinute).toBeCloseTo(rate, 0);
  });

  test('an agent that falls behind does not hold it, although it finishes everything after the load', () => {
    // 300 a minute: task i ends at i × 200 ms.
    const slow = minute((i) => lasting(i, 20_000 + i * 50_000));
    const { heldRatePerMinute, successes } = measure(slow);
    expect(successes).toBe(400);
    expect(heldRatePerMinute).toBeLessThan(360);
    expect(heldRatePerMinute).toBeGreaterThan(300);
  });

  test('counts what was due within the schedule, or within what was run of it', () => {
    // k6 may start one more task at the very end.
    expect(measure([...minute(), taskLine(400)]).heldRatePerMinute).toBe(400);
    const given = [0, 1, 2, 3, 5].map((i) => taskLine(i));
    const cut = measure([...given, taskLine(4, { out: 'canceled' })], { scheduledMicros: 4 * testPeriod });
    expect(cut.heldRatePerMinute).toBe(400);
  });

  test('failures are not held', () => {
    const half = minute((i) => taskLine(i, i % 2 === 0 ? {} : { out: 'http', code: '500' }));
    expect(measure(half).heldRatePerMinute).toBeCloseTo(200, 0);
  });

  test('is unknown without a task', () => {
    expect(measure([]).heldRatePerMinute).toBeUndefined();
    expect(measure([taskLine(0)], { scheduledMicros: 0 }).heldRatePerMinute).toBeUndefined();
  });
});

describe('what signal latency is counted from', () => {
  const stamped: StampStatistics = {
    signals: 800,
    stamped: 800,
    impossible: 0,
    resolutionMs: 1,
    tasks: 400,
    stampedTasks: 400,
  };
  test.for<[name: string, stamps: Partial<StampStatistics>, comparable: boolean, kind: string, says: RegExp]>([
    ['stamps on one clock', {}, true, 'emission-stamp', /800 of 800 signals .* to 1 ms/],
    ['stamps of microseconds', { resolutionMs: 0.001 }, true, 'emission-stamp', /carry one\)$/],
    ['another clock', {}, false, 'causing-request', /not this machine's/],
    [
      'no stamps',
      { stamped: 0, stampedTasks: 0, resolutionMs: undefined },
      true,
      'causing-request',
      /no event carries/,
    ],
    ['stamps from the future', { impossible: 9 }, true, 'causing-request', /9 of 800 stamps lie/],
    ['one stamp from the future', { impossible: 8 }, true, 'emission-stamp', /./],
    ['stamps on half of the tasks', { stampedTasks: 200 }, true, 'causing-request', /only 200 of 400/],
    ['stamps to the second', { resolutionMs: 1_000 }, true, 'causing-request', /only to 1000 ms/],
    ['no signal', { signals: 0, stamped: 0, tasks: 0, stampedTasks: 0 }, true, 'none', /no signal/],
  ])('%s', ([, changes, comparable, kind, says]) => {
    const basis = chooseBasis({ ...stamped, ...changes }, comparable);
    expect(basis.kind).toBe(kind);
    expect(basis.reason).toMatch(says);
  });

  test('the finest stamp tells the resolution: zeros at the end may be left out', () => {
    const { stamps } = measure([
      taskLine(0, {
        ev: [
          ['status', 2_000, 'TASK_STATE_WORKING', testStart, 0],
          ['status', 3_000, 'TASK_STATE_COMPLETED', testStart, 3],
        ],
      }),
    ]);
    expect(stamps.resolutionMs).toBe(1);
  });

  test('a stamp may be a little off, since it may be rounded', () => {
    const off = (stamp: number, digits = 3) =>
      measure([taskLine(0, { ev: [['status', 1_000, 'TASK_STATE_COMPLETED', testStart + stamp, digits]] })]);
    expect(off(1_000 + 1_500).stamps.impossible).toBe(0);
    expect(off(1_000 + 2_500).stamps.impossible).toBe(1);
    expect(off(-2_500).stamps.impossible).toBe(0);
    expect(off(-3_500).stamps.impossible).toBe(1);
    expect(off(-900_000, 0).stamps.impossible).toBe(0);
    expect(off(1_000 + 1_500).signalSinceStamp.maxMs).toBe(0);
  });
});
