import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, noAnswer, page, task } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { cursor, type Round } from './cursor.ts';
import type { Walk } from './page.ts';

const [a, b, c, n] = ['a', 'b', 'c', 'n'].map((id) => task('COMPLETED', { id }));
const next = { nextPageToken: 'more' };
const walkOf = (pages: readonly CallResult[], end: Walk['end'] = 'last'): Walk => ({ pageSize: 1, pages, end });
const fine: Round = {
  what: 'a new task',
  before: page([b!, a!]),
  walk: walkOf([page([b!], next), page([a!])]),
  after: page([n!, b!, a!]),
  happened: true,
};
const round = (walk: Walk, more: Partial<Round> = {}): Round => ({ ...fine, walk, ...more });
const twice = (walk: Walk, more: Partial<Round> = {}) => ({ first: round(walk, more), again: round(walk, more) });
const repeated = walkOf([page([b!], next), page([b!], next), page([a!])]);
const lost = walkOf([page([b!], next), page([])]);
const refused = walkOf([page([b!], next), errorOf('InvalidParamsError')], 'refused');
const late = task('WORKING', { id: 'b' });

test.for<[string, { readonly first: Round; readonly again: Round | undefined }, string]>([
  ['each once', { first: fine, again: undefined }, 'holds'],
  [
    'the new one is shown too',
    { first: round(walkOf([page([b!], next), page([n!], next), page([a!])])), again: undefined },
    'holds',
  ],
  ['one comes again', twice(repeated), 'violated'],
  ['one comes again, once', { first: round(repeated), again: fine }, 'ambiguous'],
  ['the rest is lost', twice(lost), 'violated'],
  [
    'the second time something else went wrong',
    { first: round(lost), again: round(lost, { happened: false }) },
    'ambiguous',
  ],
  ['the token is refused', twice(refused), 'ambiguous'],
  ['silence', twice(walkOf([page([b!], next), noAnswer()], 'refused')), 'untested'],
  ['what is lost has changed', twice(lost, { after: page([n!, b!, task('FAILED', { id: 'a' })]) }), 'untested'],
  ['what is lost is gone', twice(lost, { after: page([n!, b!]) }), 'untested'],
  ['what comes again goes on', twice(repeated, { before: page([late, a!]), after: page([late, a!]) }), 'untested'],
  ['nothing happened', { first: round(repeated, { happened: false }), again: undefined }, 'untested'],
  ['all on one page', { first: round(walkOf([page([b!, a!])])), again: undefined }, 'untested'],
  [
    'more pages than are read',
    { first: round(walkOf([page([b!], next), page([c!], next)], 'bound')), again: undefined },
    'untested',
  ],
])('%s', ([, observed, kind]) => {
  expect(cursor.judge({ rounds: [observed] }, factsWith())['list/unchanged-once'].kind).toBe(kind);
});

test('one kind of change that goes wrong is enough', () => {
  const rounds = [{ first: fine, again: undefined }, twice(lost, { what: 'a change of the task on the page' })];
  const judged = cursor.judge({ rounds }, factsWith())['list/unchanged-once'];
  expect(judged).toMatchObject({ kind: 'violated', reason: 'pages go wrong by a change of the task on the page' });
});
