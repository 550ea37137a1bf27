import { expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { errorOf, noAnswer, sent } from '../../testing/answers.ts';
import { returnImmediately } from './return-immediately.ts';

type Observation = Parameters<typeof returnImmediately.judge>[0];

const observation = (attempts: Observation['attempts'], durationMs?: number, latencyMs = 5): Observation => ({
  attempts,
  twin: durationMs === undefined ? undefined : { durationMs, latencyMs, exchanges: [] },
  later: undefined,
});

const late = (ms: number) => sent('COMPLETED', {}, { ms });

test.for<[string, Observation, string]>([
  ['working', observation([sent('WORKING')]), 'holds'],
  ['submitted', observation([sent('SUBMITTED')]), 'holds'],
  ['interrupted', observation([sent('INPUT_REQUIRED')]), 'holds'],
  ['at work the second time', observation([late(900), sent('WORKING')], 1_000), 'holds'],
  ['waited, twice', observation([late(990), late(1_010)], 1_000), 'violated'],
  ['ended quickly this time', observation([late(990), late(10)], 1_000), 'untested'],
  ['every answer takes that long', observation([late(990), late(1_010)], 1_000, 800), 'untested'],
  ['waited, and is slow as well', observation([late(1_790), late(1_810)], 1_000, 800), 'violated'],
  ['such work takes no time', observation([late(90), late(90)], 100), 'untested'],
  ['nobody knows how long it takes', observation([late(990), late(990)]), 'untested'],
  ['refused the second time', observation([late(990), errorOf('InternalError')], 1_000), 'untested'],
  ['silent the second time', observation([late(990), noAnswer()], 1_000), 'untested'],
])('send/return-immediately: %s', ([, observed, kind]) => {
  expect(returnImmediately.judge(observed, factsWith())['send/return-immediately'].kind).toBe(kind);
});
