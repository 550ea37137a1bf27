import { expect, test } from 'vitest';
import { standardBindings } from '../../../protocol/operations.ts';
import { errorOf, noAnswer, resultOf } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { validInput, validInputs } from './valid-input.ts';

const alive = errorOf('TaskNotFoundError');
const group = { input: 'odd', invalid: true, answer: alive, again: undefined, after: [alive] };
const cut = { ...noAnswer(), reply: { kind: 'none', failure: { kind: 'reset', message: 'cut' } } } as const;

test.for([
  ['refused', [group], 'holds'],
  ['served', [{ ...group, answer: resultOf({}) }], 'holds'],
  ['refused for its size', [{ ...group, answer: errorOf('InvalidParamsError') }], 'holds'],
  ['cut off twice', [group, { ...group, answer: cut, again: cut, after: [alive, alive] }], 'violated'],
  [
    'not answered in time, twice',
    [{ ...group, answer: noAnswer(), again: noAnswer(), after: [alive, alive] }],
    'untested',
  ],
  [
    'cut off, and then not answered in time',
    [{ ...group, answer: cut, again: noAnswer(), after: [alive, alive] }],
    'untested',
  ],
  ['cut off once', [{ ...group, answer: cut, again: alive, after: [alive, alive] }], 'untested'],
  ['the end of the agent', [{ ...group, answer: cut, after: [cut, cut] }], 'untested'],
] as const)('%s', ([, groups, kind]) => {
  expect(validInput.judge({ before: alive, groups }, factsWith())['robustness/valid-request-answered'].kind).toBe(kind);
});

test('an agent that was dead before is not accused', () => {
  const judged = validInput.judge({ before: cut, groups: [] }, factsWith());
  expect(judged['robustness/valid-request-answered'].kind).toBe('untested');
});

test.for(standardBindings)('the inputs of %s differ', (binding) => {
  const inputs = validInputs(binding, 'unknown');
  expect(new Set(inputs.map(({ input }) => input)).size).toBe(4);
  for (const { request } of inputs.filter(({ request: { body } }) => typeof body === 'string'))
    expect(() => JSON.parse(request.body!) as unknown).not.toThrow();
});
