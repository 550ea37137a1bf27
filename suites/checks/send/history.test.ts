import { describe, expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { errorOf, got, history, noAnswer, sent } from '../../testing/answers.ts';
import { sendHistory } from './history.ts';

type Observation = Parameters<typeof sendHistory.judge>[0];

const zero = (shown: unknown, full: readonly string[]): Observation[number] => ({
  limit: 0,
  sent: sent('INPUT_REQUIRED', { history: shown }),
  full: got('INPUT_REQUIRED', { history: history(...full) }),
});
const two = (shown: readonly string[], full: readonly string[]): Observation[number] => ({
  limit: 2,
  sent: sent('COMPLETED', { history: history(...shown) }),
  full: got('COMPLETED', { history: history(...full) }),
  further: { before: got('INPUT_REQUIRED', { history: history('u1', 'a1') }), messageId: 'u2' },
});

const judge = (observed: Observation) => sendHistory.judge(observed, factsWith());

describe('send/history-length and send/history-zero-omitted', () => {
  test.for<[string, Observation, string, string]>([
    ['omitted', [zero(undefined, ['u1'])], 'holds', 'holds'],
    ['null is absent in ProtoJSON', [zero(null, ['u1'])], 'holds', 'holds'],
    ['empty', [zero([], ['u1'])], 'holds', 'violated'],
    ['shown', [zero(history('u1'), ['u1'])], 'violated', 'untested'],
    ['the task has none', [zero(undefined, [])], 'untested', 'untested'],
    ['more than two', [two(['u1', 'a1', 'u2'], ['u1', 'a1', 'u2'])], 'violated', 'untested'],
    ['fewer is allowed', [two([], ['u1', 'a1', 'u2'])], 'holds', 'untested'],
    ['no answer', [{ limit: 0, sent: noAnswer(), full: undefined }], 'untested', 'untested'],
    ['refused', [{ limit: 0, sent: errorOf('InternalError'), full: undefined }], 'untested', 'untested'],
  ])('%s', ([, observed, length, omitted]) => {
    const judged = judge(observed);
    expect(judged['send/history-length'].kind).toBe(length);
    expect(judged['send/history-zero-omitted'].kind).toBe(omitted);
  });
});

describe('send/history-most-recent', () => {
  test.for<[string, Observation[number], string]>([
    ['the last two', two(['a1', 'u2'], ['u1', 'a1', 'u2']), 'holds'],
    ['the last one', two(['u2'], ['u1', 'a1', 'u2']), 'holds'],
    ['the first two', two(['u1', 'a1'], ['u1', 'a1', 'u2']), 'violated'],
    ['newest first', two(['u2', 'a1'], ['u1', 'a1', 'u2']), 'violated'],
    ['of a history that begins with the newest', two(['u2', 'a1'], ['u2', 'a1', 'u1']), 'holds'],
    ['the oldest of such a history', two(['a1', 'u1'], ['u2', 'a1', 'u1']), 'violated'],
    ['the first two, where nothing tells the order', two(['a2', 'a1'], ['a2', 'a1', 'u1']), 'untested'],
    ['the history grew after the answer', two(['u2', 'a2'], ['u1', 'a1', 'u2', 'a2', 'a3']), 'holds'],
    ['the message itself is not kept', two(['u1', 'a1'], ['u1', 'a1', 'a2']), 'holds'],
    ['all of it', two(['u1', 'a1'], ['u1', 'a1']), 'untested'],
    ['none', two([], ['u1', 'a1', 'u2']), 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge([observed])['send/history-most-recent'].kind).toBe(kind);
  });
});
