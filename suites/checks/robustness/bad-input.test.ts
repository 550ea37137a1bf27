import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, noAnswer, resultOf } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { badInput, badInputs, isAlive } from './bad-input.ts';

const alive = errorOf('TaskNotFoundError');
const answered = {
  input: 'bad',
  invalid: true,
  answer: errorOf('JSONParseError'),
  again: undefined,
  after: [alive],
};
const page = (status: number): CallResult => {
  const { exchange } = resultOf({});
  const reply = { kind: 'malformed', why: 'HTML', status } as const;
  return { exchange: { ...exchange, response: { ...exchange.response!, status } }, reply };
};
type Group = Parameters<typeof badInput.judge>[0]['groups'][number];

test.for<[string, readonly Group[], string, string]>([
  ['answered', [answered], 'holds', 'holds'],
  [
    'answered by a page',
    [{ ...answered, answer: { ...alive, reply: { kind: 'malformed', why: 'HTML', status: 400 } } }],
    'holds',
    'holds',
  ],
  [
    'silent twice',
    [{ ...answered, answer: noAnswer(), again: noAnswer(), after: [alive, alive] }],
    'violated',
    'holds',
  ],
  ['silent once', [{ ...answered, answer: noAnswer(), again: errorOf('JSONParseError') }], 'untested', 'holds'],
  [
    'silence on what may be served',
    [{ ...answered, invalid: false, answer: noAnswer(), again: noAnswer() }],
    'untested',
    'holds',
  ],
  ['dead', [{ ...answered, after: [noAnswer(), noAnswer()] }], 'holds', 'violated'],
  ['the caller is banned', [{ ...answered, after: [page(429), page(429)] }], 'holds', 'untested'],
  ['a gateway before a dead agent', [{ ...answered, after: [page(502), page(502)] }], 'holds', 'violated'],
  ['dead, and back', [{ ...answered, after: [noAnswer(), alive] }], 'holds', 'holds'],
  [
    'broken for good',
    [{ ...answered, after: [errorOf('InternalError'), errorOf('InternalError')] }],
    'holds',
    'violated',
  ],
  ['the last of three', [answered, answered, { ...answered, after: [noAnswer(), noAnswer()] }], 'holds', 'violated'],
])('%s', ([, groups, isAnswered, goesOn]) => {
  const judged = badInput.judge({ before: alive, groups }, factsWith());
  expect(judged['robustness/bad-input-answered'].kind).toBe(isAnswered);
  expect(judged['robustness/answers-after-bad-input'].kind).toBe(goesOn);
});

test('an agent that was dead before is not accused', () => {
  const judged = badInput.judge({ before: noAnswer(), groups: [] }, factsWith());
  expect(Object.values(judged).map(({ kind }) => kind)).toEqual(['untested', 'untested']);
});

test('an agent is alive where it says something about the request', () => {
  expect([resultOf({}), alive, errorOf('InternalError'), noAnswer()].map(isAlive)).toEqual([true, true, false, false]);
});

test('the inputs are what they say', () => {
  const inputs = badInputs('unknown');
  expect(new Set(inputs.map(({ input }) => input)).size).toBe(inputs.length);
  const nested = inputs.find(({ input }) => input.startsWith('200 levels'))!;
  expect(nested.body.match(/\{/g)!.length).toBeGreaterThan(200);
  expect(() => JSON.parse(nested.body) as unknown).not.toThrow();
  expect(inputs.find(({ input }) => input.includes('__proto__'))!.body).toContain('"__proto__":{"id":"polluted"}');
});
