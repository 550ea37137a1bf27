import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Latencies, quantileRanks } from './statistics.ts';

const latencies = (micros: readonly number[]): Latencies => {
  const all = new Latencies();
  for (const each of micros) all.record(each);
  return all;
};

describe('order statistics around a quantile', () => {
  // Computed from the definition with 60 decimal digits.
  test.for([
    [1, 0.5, null, null],
    [10, 0.5, 2, 9],
    [100, 0.5, 40, 61],
    [1_000, 0.5, 469, 532],
    [100, 0.99, 97, null],
    [366, 0.99, 358, null],
    [368, 0.99, 360, 368],
    [1_000, 0.99, 983, 997],
    [4_000, 0.99, 3_947, 3_973],
  ] as const)('n = %i, q = %d: %s to %s', ([n, q, low, high]) => {
    expect(quantileRanks(n, q, 0.95)).toEqual({ low, high });
  });

  test('the upper bound of a p99 needs 368 samples', () => {
    // 0.99^n <= 0.025 from n = 367.03 on.
    expect(quantileRanks(367, 0.99, 0.95).high).toBeNull();
    expect(quantileRanks(368, 0.99, 0.95).high).toBe(368);
  });

  test('a million samples take no time and give a narrow interval', () => {
    const { low, high } = quantileRanks(1_000_000, 0.99, 0.95);
    expect(low).toBeGreaterThan(989_700);
    expect(high).toBeLessThan(990_300);
  });

  test('the interval covers the true quantile about as often as it says', () => {
    // A fixed generator: the share must not depend on luck.
    let state = 1;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    let covered = 0;
    const runs = 400;
    for (let run = 0; run < runs; run += 1) {
      const sample = Array.from({ length: 1_000 }, () => Math.round(random() * 1e6));
      const { low, high } = latencies(sample).estimate(0.99)!;
      if (low! <= 990 && 990 <= high!) covered += 1;
    }
    expect(covered / runs).toBeGreaterThan(0.92);
  });
});

describe('latencies', () => {
  test('nothing is known without samples', () => {
    const none = new Latencies();
    expect(none.count).toBe(0);
    expect(none.quantile(0.99)).toBeUndefined();
    expect(none.estimate(0.99)).toBeUndefined();
    expect(none.maxMs).toBeUndefined();
  });

  test('quantiles are exact to three digits', () => {
    const all = latencies(Array.from({ length: 1_000 }, (_, index) => (index + 1) * 1_000));
    expect(all.quantile(0.5)).toBeCloseTo(500, -1);
    expect(all.quantile(0.99)).toBeCloseTo(990, -1);
    expect(all.maxMs).toBeCloseTo(1_000, -1);
    const { low, high } = all.estimate(0.99)!;
    expect(low).toBeGreaterThan(980);
    expect(low).toBeLessThan(990);
    expect(high).toBeGreaterThan(990);
    expect(high).toBeLessThanOrEqual(1_001);
  });

  test('few samples have no upper bound', () => {
    expect(latencies([1_000, 2_000]).estimate(0.99)).toMatchObject({ high: null });
  });

  test('what is below zero is zero, hours are not cut', () => {
    expect(latencies([-500]).quantile(0.99)).toBe(0);
    const hours = 7.2e9;
    expect(latencies([hours]).quantile(0.5)! / (hours / 1_000)).toBeCloseTo(1, 2);
  });

  test('an estimate encloses its value', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e8 }), { minLength: 1, maxLength: 500 }), (micros) => {
        const { value, low, high } = latencies(micros).estimate(0.9)!;
        expect(low ?? 0).toBeLessThanOrEqual(value);
        expect(high ?? Infinity).toBeGreaterThanOrEqual(value);
      }),
    );
  });
});
