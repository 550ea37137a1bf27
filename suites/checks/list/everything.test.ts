import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, got, noAnswer, page, task } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { everything } from './everything.ts';

type Observation = Parameters<typeof everything.judge>[0];

const many = (count: number, more = {}): CallResult =>
  page(
    Array.from({ length: count }, (_, index) => task('COMPLETED', { id: `t${index}` })),
    { totalSize: 120, ...more },
  );
const next = { nextPageToken: 'more' };
const unknown = errorOf('TaskNotFoundError');
const own = got('COMPLETED');
const fine: Observation = {
  own,
  live: got('INPUT_REQUIRED', { id: 'live' }),
  unsized: many(50, next),
  largest: many(100, next),
  looked: [{ id: 't1', listed: many(2), got: got('COMPLETED', { id: 't1' }), again: undefined }],
};
const working = page([task('WORKING', { id: 't1' })]);
const looked = (answer: CallResult, listed: CallResult, again: CallResult = answer): Partial<Observation> => ({
  looked: [{ id: 't1', listed, got: answer, again: { listed, got: again } }],
});
const forbidden: CallResult = {
  ...errorOf('InternalError'),
  exchange: { ...unknown.exchange, response: { ...unknown.exchange.response!, status: 403 } },
};

const judge = (observed: Partial<Observation>) => everything.judge({ ...fine, ...observed }, factsWith());

test('a right agent', () => {
  expect(new Set(Object.values(judge({})).map(({ kind }) => kind))).toEqual(new Set(['holds']));
});

test.for<[keyof ReturnType<typeof judge>, string, Partial<Observation>, string]>([
  ['list/default-page-size', 'too many', { unsized: many(51) }, 'violated'],
  ['list/default-page-size', 'few', { unsized: many(9, { totalSize: 9 }) }, 'untested'],
  ['list/default-page-size', 'smaller pages', { unsized: many(20, next) }, 'holds'],
  ['list/default-page-size', 'no token, but a total', { unsized: many(50) }, 'holds'],
  ['list/page-size', 'too many', { largest: many(101) }, 'violated'],
  ['list/page-size', 'few', { largest: many(70, { totalSize: 70 }) }, 'untested'],
  ['list/visible-only', 'nobody’s', { looked: [] }, 'untested'],
  ['list/visible-only', 'unknown and at work', looked(unknown, working), 'violated'],
  ['list/visible-only', 'forbidden and at work', looked(forbidden, working), 'violated'],
  ['list/visible-only', 'no live task of its own', { ...looked(unknown, working), live: undefined }, 'ambiguous'],
  ['list/visible-only', 'live tasks of its own too', { ...looked(unknown, working), live: unknown }, 'untested'],
  ['list/visible-only', 'unknown and ended', looked(unknown, many(2)), 'ambiguous'],
  ['list/visible-only', 'unknown, and no longer listed', looked(unknown, page([])), 'untested'],
  ['list/visible-only', 'unknown at first', looked(unknown, working, got('WORKING', { id: 't1' })), 'untested'],
  ['list/visible-only', 'silence', looked(noAnswer(), working), 'untested'],
  ['list/visible-only', 'GetTask shows nothing at all', { ...looked(unknown, working), own: unknown }, 'untested'],
])('%s: %s', ([row, , observed, kind]) => {
  expect(judge(observed)[row].kind).toBe(kind);
});
