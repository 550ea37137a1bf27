import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, noAnswer, page, task } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { unknownToken, validation } from './validation.ts';

const first = page([task('COMPLETED')]);
const none = page([]);
const refused = errorOf('InvalidParamsError');
const rows = [
  'list/page-size-validated',
  'list/page-token-validated',
  'list/filters-validated',
  'list/history-length-validated',
] as const;

/** Kinds in the order of the rows, where every wrong value gets this answer. */
const kindsOf = (answer: CallResult, served: readonly CallResult[] = [first, first, first]): readonly string[] => {
  const wrong = { violation: 'wrong', answer };
  const judged = validation.judge(
    {
      served,
      pageSizes: [wrong, wrong],
      tokens: [wrong, { ...wrong, servedBy: unknownToken }],
      filters: [wrong],
      historyLength: wrong,
    },
    factsWith(),
  );
  return rows.map((row) => judged[row].kind);
};

test.for<[string, CallResult, readonly string[]]>([
  ['refused', refused, ['holds', 'holds', 'holds', 'holds']],
  ['served as if it were not there', first, ['ambiguous', 'violated', 'violated', 'ambiguous']],
  ['served with an empty page', none, ['ambiguous', 'ambiguous', 'ambiguous', 'ambiguous']],
  ['an invalid request', errorOf('InvalidRequestError'), ['ambiguous', 'ambiguous', 'ambiguous', 'ambiguous']],
  ['a crash', errorOf('InternalError'), ['violated', 'violated', 'violated', 'violated']],
  ['no such task', errorOf('TaskNotFoundError'), ['violated', 'violated', 'violated', 'violated']],
  ['silence', noAnswer(), ['untested', 'untested', 'untested', 'untested']],
])('%s', ([, answer, kinds]) => {
  expect(kindsOf(answer)).toEqual(kinds);
});

test('nothing is proved where good values are refused too, or there is no task to list', () => {
  expect(kindsOf(first, [refused, first, first])).toEqual(['untested', 'untested', 'untested', 'untested']);
  expect(kindsOf(none, [none, none, none])).toEqual(['ambiguous', 'untested', 'untested', 'ambiguous']);
});

test.for<[string, CallResult, CallResult, string]>([
  ['both refused', refused, refused, 'holds'],
  ['one that decodes is served with an empty page', refused, none, 'ambiguous'],
  ['one that decodes is served with tasks', refused, first, 'ambiguous'],
  ['one that decodes is a crash', refused, errorOf('InternalError'), 'violated'],
  ['one of words is served as if it were not there', first, refused, 'violated'],
])('tokens: %s', ([, words, decodes, kind]) => {
  const one = (answer: CallResult) => ({ violation: 'wrong', answer });
  const tokens = [one(words), { ...one(decodes), servedBy: unknownToken }];
  const rest = { served: [first, first, first], pageSizes: [one(refused)], filters: [], historyLength: one(refused) };
  expect(validation.judge({ ...rest, tokens }, factsWith())['list/page-token-validated'].kind).toBe(kind);
});
