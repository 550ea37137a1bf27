import { expect, test } from 'vitest';
import { errorOf, noAnswer, sent, task, resultOf } from '../../testing/answers.ts';
import { unknownFields } from './unknown-fields.ts';

type Pairs = Parameters<typeof unknownFields.judge>[0];
const pair = (without: Pairs[0]['without'], answer: Pairs[0]['with'], again?: Pairs[0]['again']): Pairs[0] => ({
  what: 'x',
  without,
  with: answer,
  ...(again && { again }),
});
const facts = {} as Parameters<typeof unknownFields.judge>[1];
const kindOf = (...pairs: Pairs) => unknownFields.judge(pairs, facts)['envelope/unknown-fields'].kind;

const send = sent('COMPLETED');
const got = resultOf(task('COMPLETED'));
const refused = errorOf('InvalidParamsError');

test.for<[string, Pairs, string]>([
  ['both are served', [pair(send, send), pair(got, got)], 'holds'],
  ['the send is refused', [pair(send, refused), pair(got, got)], 'violated'],
  ['the get is refused', [pair(send, send), pair(got, refused)], 'violated'],
  ['the get is refused, between two that are served', [pair(send, send), pair(got, refused, got)], 'violated'],
  ['the task is gone', [pair(got, errorOf('TaskNotFoundError'), errorOf('TaskNotFoundError'))], 'untested'],
  ['the control fails', [pair(refused, refused)], 'untested'],
  ['no answer', [pair(send, noAnswer())], 'untested'],
])('%s', ([, pairs, kind]) => {
  expect(kindOf(...pairs)).toBe(kind);
});
