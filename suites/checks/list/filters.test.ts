import { describe, expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, unnamed, got, noAnswer, page, task } from '../../testing/answers.ts';
import { judgeCase, judgeEmpty, judgeInclusive, type Case } from './filter-judges.ts';

const mine = task('COMPLETED', { id: 'mine' });
const other = task('COMPLETED', { id: 'other', contextId: 'c2' });
const gets = new Map<string, CallResult>([
  ['mine', got('COMPLETED', { id: 'mine' })],
  ['other', got('COMPLETED', { id: 'other', contextId: 'c2' })],
]);
const shown = new Set(['mine', 'other']);
const right = page([mine]);
const none = page([]);
const fine: Case = {
  row: 'list/context-filter',
  filter: { contextId: 'c1' },
  has: ['mine'],
  lacks: ['other'],
  first: right,
  last: right,
};
const always = (answer: CallResult): Partial<Case> => ({ first: answer, last: answer });
const byStatus = { row: 'list/status-filter', filter: { contextId: 'c1', status: 'TASK_STATE_COMPLETED' } } as const;
const without = (id: string) => new Map([...gets].filter(([known]) => known !== id));

describe('a list by a filter', () => {
  test.for<[string, Partial<Case>, typeof gets, string]>([
    ['right', {}, gets, 'holds'],
    ['another context', always(page([mine, other])), gets, 'violated'],
    ['another context, at first', { first: page([mine, other]) }, gets, 'ambiguous'],
    ['a task is missing', always(none), gets, 'violated'],
    ['a task is missing at first', { first: none }, gets, 'ambiguous'],
    ['a task is missing, and more follows', always(page([], { nextPageToken: 'n' })), gets, 'untested'],
    ['a task is gone', always(none), without('mine'), 'holds'],
    ['nothing to leave out', { lacks: [] }, gets, 'untested'],
    ['what is to be left out is gone', {}, without('other'), 'untested'],
    [
      'another status',
      { ...byStatus, filter: { ...byStatus.filter, status: 'TASK_STATE_FAILED' }, has: [], lacks: ['mine'] },
      gets,
      'violated',
    ],
    [
      'the status has changed',
      { ...byStatus, ...always(none) },
      new Map([...gets, ['mine', got('FAILED', { id: 'mine' })]]),
      'untested',
    ],
    ['what is left out came into that status', { ...byStatus, has: [], lacks: ['mine'] }, gets, 'untested'],
  ])('%s', ([, changed, known, kind]) => {
    expect(judgeCase({ ...fine, ...changed }, { gets: known, shown }).kind).toBe(kind);
  });
});

test('of tasks that no list ever shows nothing is expected', () => {
  const known = { gets, shown: new Set<string>() };
  expect(judgeCase({ ...fine, ...always(none) }, known).kind).toBe('untested');
  expect(judgeInclusive({ ...fine, ...always(none) }, known).kind).toBe('untested');
  expect(judgeEmpty(none, none).kind).toBe('untested');
});

describe('list/timestamp-inclusive', () => {
  test.for<[string, Case | undefined, typeof gets, string]>([
    ['listed', fine, gets, 'holds'],
    ['left out', { ...fine, ...always(none) }, gets, 'ambiguous'],
    ['gone', { ...fine, ...always(none) }, without('mine'), 'untested'],
    ['no timestamp', undefined, gets, 'untested'],
  ])('%s', ([, one, known, kind]) => {
    expect(judgeInclusive(one, { gets: known, shown }).kind).toBe(kind);
  });
});

describe('list/empty-result', () => {
  test.for<[string, CallResult, string]>([
    ['empty', none, 'holds'],
    ['tasks of others', page([other]), 'violated'],
    ['no such context', errorOf('TaskNotFoundError'), 'violated'],
    ['no context of this agent', errorOf('InvalidParamsError'), 'ambiguous'],
    [
      'an error that does not say which it is',
      unnamed('InvalidParamsError', 'ContentTypeNotSupportedError'),
      'ambiguous',
    ],
    ['silence', noAnswer(), 'untested'],
  ])('%s', ([, answer, kind]) => {
    expect(judgeEmpty(answer, right).kind).toBe(kind);
  });
});
