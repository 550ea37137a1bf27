import { expect, test } from 'vitest';
import { describeRate, lowerBound } from './kill-rate.ts';

// Quantiles of the beta distribution, B(0.05; k, n - k + 1).
test.for([
  [0, 10, 0],
  [1, 10, 0.00512],
  [5, 10, 0.22244],
  [9, 10, 0.60584],
  [10, 10, 0.74113],
  [99, 100, 0.95344],
  [331, 340, 0.95426],
  [340, 340, 0.99123],
] as const)('%s of %s are at least %s', ([k, n, bound]) => {
  expect(lowerBound(k, n)).toBeCloseTo(bound, 4);
});

test('a rate is told with its bound', () => {
  expect(describeRate(10, 10)).toBe('10 of 10 (100.0 %; ≥ 74.1 % with 95 % confidence, Clopper-Pearson)');
});
