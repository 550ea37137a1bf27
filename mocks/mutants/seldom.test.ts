import { expect, test } from 'vitest';
import { drawsOf, seldom } from './seldom.ts';

const ctx = undefined as never;
const acted = (seed: number, times: number): readonly number[] => {
  const { result } = seldom({ result: () => ({ changed: true }) }, seed);
  return Array.from({ length: times }, (_, index) => index).filter((index) => 'changed' in result!({ index }, ctx)!);
};

test('one answer in ten is changed, the same ones for the same seed', () => {
  expect(acted(1, 100)).toEqual(acted(1, 100));
  expect(acted(1, 100)).not.toEqual(acted(2, 100));
  const all = Array.from({ length: 50 }, (_, seed) => acted(seed, 1_000).length).reduce((sum, one) => sum + one, 0);
  // 5,000 of 50,000 expected: drawn by fixed seeds, so that this is no matter of luck.
  expect(Math.abs(all - 5_000)).toBeLessThan(200);
});

test('seeds that follow each other do not begin alike', () => {
  const firsts = Array.from({ length: 200 }, (_, seed) => drawsOf(seed)());
  expect(new Set(firsts).size).toBe(200);
  expect(firsts.filter((first) => first < 0.1).length).toBeGreaterThan(5);
  expect(firsts.filter((first) => first < 0.1).length).toBeLessThan(40);
});

test('what a fault leaves as it is takes no draw', () => {
  const odd = seldom({ result: (result) => ('odd' in result ? { changed: true } : result) }, 1);
  const even = seldom({ result: (result) => ('odd' in result ? { changed: true } : result) }, 1);
  const of = (fault: typeof odd, mixed: boolean) =>
    Array.from({ length: 60 }, () => {
      if (mixed) fault.result!({}, ctx);
      return 'changed' in fault.result!({ odd: true }, ctx)!;
    });
  expect(of(odd, true)).toEqual(of(even, false));
});
