import { expect, test } from 'vitest';
import {
  firstFreshSeed,
  ledgerSchema,
  rangesOf,
  seedsIn,
  totalsOf,
  withRun,
  type Ledger,
  type SoakRun,
} from './ledger.ts';

const run = (seed: number, more: Partial<SoakRun> = {}): SoakRun => ({
  commit: 'a1',
  seed,
  profile: 'full',
  seconds: 4,
  oversubscribed: false,
  found: [],
  ...more,
});

test.for<[string, readonly number[]]>([
  ['', []],
  ['3', [3]],
  ['1-4, 6, 8-9', [1, 2, 3, 4, 6, 8, 9]],
])('seeds as ranges: "%s"', ([ranges, seeds]) => {
  expect(seedsIn(ranges)).toEqual(seeds);
  expect(rangesOf(seeds.toReversed())).toBe(ranges);
});

test('runs add up by commit; a flake keeps its seed and what was found', () => {
  const runs = [
    run(1),
    run(2, { seconds: 6, oversubscribed: true }),
    run(4, { found: ['fail a/b: no'] }),
    run(3, { commit: 'b2', seconds: 5.04 }),
  ];
  const ledger = runs.reduce<Ledger>(withRun, []);
  expect(ledger).toEqual([
    {
      commit: 'a1',
      seeds: '1-2',
      clean: 2,
      oversubscribed: 1,
      seconds: { mean: 5, slowest: 6 },
      flakes: [{ seed: 4, profile: 'full', found: ['fail a/b: no'] }],
    },
    { commit: 'b2', seeds: '3', clean: 1, oversubscribed: 0, seconds: { mean: 5, slowest: 5 }, flakes: [] },
  ]);
  expect(ledgerSchema.parse(ledger)).toEqual(ledger);
  expect(totalsOf(ledger)).toEqual({ clean: 3, oversubscribed: 1, flakes: 1 });
  expect([firstFreshSeed(ledger), firstFreshSeed([])]).toEqual([5, 1]);
});
