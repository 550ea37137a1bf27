import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, got, noAnswer, resultOf } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { mentions, params } from './params.ts';

const saying = (message: string, details?: unknown): CallResult => ({
  ...errorOf('InvalidParamsError'),
  reply: { kind: 'error', error: { name: 'InvalidParamsError', code: -32602, message, details } },
});
const good = saying('parts must be an array');
const one = (answer: CallResult) => [{ violation: 'parts is a string', field: 'parts', answer }];
const served = [got('COMPLETED'), got('COMPLETED')];

test.for<[string, CallResult, CallResult, readonly [string, string, string]]>([
  ['refused', good, good, ['holds', 'holds', 'holds']],
  ['refused, without a word', saying('no'), saying('no'), ['holds', 'holds', 'violated']],
  [
    'named in the details',
    saying('no', [{ fieldViolations: [{ field: 'message.parts' }] }]),
    good,
    ['holds', 'holds', 'holds'],
  ],
  ['as an invalid request', errorOf('InvalidRequestError'), good, ['ambiguous', 'holds', 'holds']],
  ['read as an id', errorOf('TaskNotFoundError'), good, ['ambiguous', 'holds', 'holds']],
  ['accepted', resultOf({}), resultOf({}), ['violated', 'ambiguous', 'untested']],
  ['a crash', errorOf('InternalError'), errorOf('InternalError'), ['violated', 'violated', 'untested']],
  ['silence', noAnswer(), noAnswer(), ['untested', 'untested', 'untested']],
])('%s', ([, wrong, missing, kinds]) => {
  const judged = params.judge({ served, wrongType: one(wrong), missing: one(missing) }, factsWith());
  expect(Object.values(judged).map(({ kind }) => kind)).toEqual(kinds);
});

test('what another reading serves is no fail', () => {
  const [wrong] = one(resultOf({}));
  const readings = ['this', 'that'] as const;
  const judged = params.judge(
    { served, wrongType: [{ ...wrong!, servedBy: readings }], missing: one(good) },
    factsWith(),
  );
  expect(judged['errors/invalid-params']).toMatchObject({ kind: 'ambiguous', readings });
});

test('without a control nothing is judged but the words', () => {
  const judged = params.judge({ served: [noAnswer()], wrongType: one(resultOf({})), missing: one(good) }, factsWith());
  expect(Object.values(judged).map(({ kind }) => kind)).toEqual(['untested', 'untested', 'holds']);
});

test.for([
  ['message.messageId is required', 'messageId', true],
  ['message_id: missing', 'messageId', true],
  ['the message id is missing', 'messageId', true],
  ['message is missing', 'messageId', false],
  ['id must be a string', 'id', true],
  ['task_id must be a string', 'id', true],
  ['invalid taskId', 'id', true],
  ['invalid parameters', 'id', false],
] as const)('"%s" names %s: %s', ([said, field, named]) => {
  expect(mentions(said, field)).toBe(named);
});
