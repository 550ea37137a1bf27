import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { standardBindings } from '../../../protocol/operations.ts';
import { errorOf, noAnswer } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { largeInput } from './large-input.ts';
import { largeInputs } from './large-inputs.ts';

const alive = errorOf('TaskNotFoundError');
const refused: CallResult = { ...noAnswer(), reply: { kind: 'none', failure: { kind: 'refused', message: 'gone' } } };
const group = { input: 'large', invalid: false, answer: noAnswer(), again: undefined, after: [alive] };

test.for([
  ['refused', [{ ...group, answer: errorOf('InvalidRequestError') }], 'holds'],
  ['cut off', [group], 'holds'],
  ['silent after it', [group, { ...group, after: [noAnswer(), noAnswer()] }], 'ambiguous'],
  ['gone after it', [group, { ...group, after: [noAnswer(), refused] }], 'violated'],
] as const)('%s', ([, groups, kind]) => {
  const judged = largeInput.judge({ before: alive, groups }, factsWith());
  expect(judged['robustness/answers-after-bad-input'].kind).toBe(kind);
});

test('an agent that was dead before is not accused', () => {
  const judged = largeInput.judge({ before: noAnswer(), groups: [] }, factsWith());
  expect(judged['robustness/answers-after-bad-input'].kind).toBe('untested');
});

test.for(standardBindings)('the inputs of %s are large', (binding) => {
  const inputs = largeInputs(binding, 'unknown');
  const sizes = inputs.map(({ request: { body, bytes } }) => (body ?? bytes)!.length);
  expect(Math.max(...sizes)).toBeGreaterThan(5_000_000);
  expect(Math.min(...sizes)).toBeGreaterThan(30_000);
});
