import { describe, expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { errorOf, got, history, noAnswer } from '../../testing/answers.ts';
import { getHistory } from './history.ts';

type Observation = Parameters<typeof getHistory.judge>[0];

const shown = (...ids: string[]) => got('COMPLETED', ids.length === 0 ? {} : { history: history(...ids) });
const full = shown('m1', 'm2', 'm3');
const observation = (
  limited: readonly (readonly [number, Observation['full'][number]])[],
  ends: Observation['full'] = [full, full],
  sent: readonly string[] = ['m1', 'm3'],
): Observation => ({ sent, full: ends, limited: limited.map(([limit, answer]) => ({ limit, got: answer })) });
const reversed = shown('m3', 'm2', 'm1');
const right = observation([
  [0, shown()],
  [1, shown('m3')],
  [2, shown('m2', 'm3')],
  [1000, full],
]);

const judge = (observed: Observation) => getHistory.judge(observed, factsWith());

test('a right agent', () => {
  expect(Object.values(judge(right)).map(({ kind }) => kind)).toEqual(['holds', 'holds', 'holds', 'holds']);
});

describe('get/history-length and get/history-zero-omitted', () => {
  test.for<[string, Observation, string, string]>([
    [
      'ignored',
      observation([
        [0, full],
        [1, full],
      ]),
      'violated',
      'untested',
    ],
    [
      'zero ignored',
      observation([
        [0, full],
        [1, shown('m3')],
      ]),
      'violated',
      'untested',
    ],
    ['empty for zero', observation([[0, got('COMPLETED', { history: [] })]]), 'holds', 'violated'],
    ['one too many', observation([[1, shown('m2', 'm3')]]), 'violated', 'untested'],
    ['a lower limit', observation([[2, shown('m3')]]), 'holds', 'untested'],
    [
      'more than the default amount',
      observation([[2, shown('m2', 'm3')]], [shown('m3'), shown('m3')]),
      'untested',
      'untested',
    ],
    ['no history', observation([[0, shown()]], [shown(), shown()]), 'untested', 'untested'],
    ['purged', observation([[0, errorOf('TaskNotFoundError')]]), 'untested', 'untested'],
  ])('%s', ([, observed, length, omitted]) => {
    expect(judge(observed)['get/history-length'].kind).toBe(length);
    expect(judge(observed)['get/history-zero-omitted'].kind).toBe(omitted);
  });
});

describe('get/history-most-recent', () => {
  test.for<[string, Observation, string]>([
    ['the oldest', observation([[1, shown('m1')]]), 'violated'],
    ['newest first', observation([[2, shown('m3', 'm2')]]), 'violated'],
    ['a gap', observation([[2, shown('m1', 'm3')]]), 'violated'],
    ['a history that begins with the newest', observation([[2, shown('m3', 'm2')]], [reversed, reversed]), 'holds'],
    ['the oldest of such a history', observation([[1, shown('m1')]], [reversed, reversed]), 'violated'],
    [
      'the first ones, where nothing tells the order',
      observation([[1, shown('m1')]], [full, full], ['m1']),
      'untested',
    ],
    ['the last ones, where nothing tells the order', observation([[1, shown('m3')]], [full, full], []), 'holds'],
    ['a gap, where nothing tells the order', observation([[2, shown('m1', 'm3')]], [full, full], []), 'violated'],
    [
      'the default amount is smaller',
      observation(
        [
          [3, full],
          [1, shown('m3')],
        ],
        [shown('m2', 'm3'), shown('m2', 'm3')],
      ),
      'holds',
    ],
    ['it grew meanwhile', observation([[1, shown('m3')]], [full, shown('m1', 'm2', 'm3', 'm4')]), 'untested'],
    ['one message', observation([[1, shown('m1')]], [shown('m1'), shown('m1')]), 'untested'],
    ['everything always', observation([[1000, full]]), 'untested'],
    ['silence', observation([[1, noAnswer()]]), 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['get/history-most-recent'].kind).toBe(kind);
  });
});
