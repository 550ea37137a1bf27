import { expect, test } from 'vitest';
import { instantOf, isBefore } from './instants.ts';

test.for<[unknown, number | undefined]>([
  ['2026-01-01T00:00:00.123Z', 1],
  ['2026-01-01T00:00:00.123456Z', 1],
  ['2026-01-01T00:00:00.12Z', 10],
  ['2026-01-01T00:00:00.5Z', 100],
  ['2026-01-01T00:00:01Z', 1_000],
  ['2026-01-01T00:00:01.000Z', 1_000],
  ['2026-01-01T00:00:01.123+05:30', 1],
  ['2026-02-30T00:00:01+01:00', undefined],
  ['2026-01-01T00:00:01', undefined],
  ['yesterday', undefined],
  [undefined, undefined],
])('%s is known to %s ms', ([timestamp, unit]) => {
  expect(instantOf(timestamp)?.unit).toBe(unit);
});

test.for<[string, string, boolean]>([
  ['2026-01-01T00:00:00.123Z', '2026-01-01T00:00:00.124Z', true],
  ['2026-01-01T00:00:00.123Z', '2026-01-01T00:00:00.123Z', false],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.999Z', false],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', true],
  ['2026-01-01T00:00:00.124Z', '2026-01-01T00:00:00.123Z', false],
  ['2026-01-01T05:30:00.123+05:30', '2026-01-01T00:00:00.124Z', true],
])('%s before %s: %s', ([one, other, before]) => {
  expect(isBefore(instantOf(one)!, instantOf(other)!)).toBe(before);
});
