import { expect, test } from 'vitest';
import { errorOf, got, noAnswer, sent } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { immediateFollowUp } from './immediate-follow-up.ts';

type Attempt = Parameters<typeof immediateFollowUp.judge>[0][number];

const working = (at: number) => got('WORKING', {}, { at });
const ended = got('COMPLETED', {}, { at: 1_500 });
const late: Attempt = {
  answer: sent('COMPLETED', {}, { ms: 1_510 }),
  meanwhile: [working(10), working(1_400)],
  after: ended,
};
const prompt: Attempt = { answer: sent('WORKING', {}, { ms: 20 }), meanwhile: [working(10)], after: working(30) };

const slow: Attempt = {
  ...late,
  meanwhile: [got('WORKING', {}, { at: 10, ms: 800 }), got('WORKING', {}, { at: 820, ms: 600 })],
};

test.for<[string, readonly Attempt[], string]>([
  ['at once', [prompt], 'holds'],
  ['after the end, twice', [late, late], 'ambiguous'],
  [
    'after the end, with an error, twice',
    [{ ...late, answer: errorOf('UnsupportedOperationError', { ms: 1_510 }) }, late],
    'ambiguous',
  ],
  ['after the end, once', [late, prompt], 'untested'],
  [
    'refused',
    [{ answer: errorOf('UnsupportedOperationError', { ms: 20 }), meanwhile: [], after: working(30) }],
    'untested',
  ],
  [
    'the work was short',
    [{ answer: sent('COMPLETED', {}, { ms: 90 }), meanwhile: [working(10)], after: ended }],
    'untested',
  ],
  [
    'silent',
    [{ answer: noAnswer({ ms: 10_000 }), meanwhile: [working(10), working(1_400)], after: ended }],
    'untested',
  ],
  ['an agent that is slow with everything', [slow, slow], 'untested'],
])('%s', ([, attempts, kind]) => {
  expect(immediateFollowUp.judge(attempts, factsWith())['send/return-immediately-further'].kind).toBe(kind);
});
