import { describe, expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, got, noAnswer, page, resultOf, task } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { taskIn } from '../shared/task-parts.ts';
import type { ListedTasks } from './listed-tasks.ts';
import type { Walk } from './page.ts';
import { pages } from './pages.ts';

type Json = Readonly<Record<string, unknown>>;

const stamp = (seconds: number): Json => ({
  status: { state: 'TASK_STATE_COMPLETED', timestamp: `2026-01-01T00:00:0${seconds}.500Z` },
});
const a = task('COMPLETED', { id: 'a', ...stamp(1) });
const b = task('COMPLETED', { id: 'b', ...stamp(2) });
const c = task('COMPLETED', { id: 'c', ...stamp(3) });
const working = task('WORKING', { id: 'c' });
const unknown = errorOf('TaskNotFoundError');

const walkOf = (parts: readonly CallResult[], end: Walk['end'] = 'last'): Walk => ({ pageSize: 1, pages: parts, end });
const walked = (...parts: readonly CallResult[]): ListedTasks['walks'] => [
  { walk: walkOf(parts), again: walkOf(parts) },
];
const next = { nextPageToken: 'n', totalSize: 3 };
const total = { totalSize: 3 };
const onEach = [page([c], next), page([b], next), page([a], total)];
const ended = (shown: Json) => {
  const answer = got('COMPLETED', shown);
  return { task: taskIn(answer)!, shown: answer };
};
const whole = page([c, b, a]);
const made = [ended(a), ended(b), ended(c)];
const fine: ListedTasks = {
  own: { ended: made, contextId: 'c1' },
  first: whole,
  whole,
  walks: [{ walk: walkOf(onEach), again: undefined }],
  reads: [whole, whole, whole],
  gets: made.map(({ shown }) => shown),
};
const listed = (answer: CallResult): Partial<ListedTasks> => ({ first: answer, whole: answer });
const none = (first: CallResult): Partial<ListedTasks> => ({ first, whole: first, walks: [], reads: [], gets: [] });
const untold = (...tasks: readonly Json[]): Partial<ListedTasks> => {
  const bare = tasks.map((one): Json => ({ ...one, status: { state: 'TASK_STATE_COMPLETED' } }));
  const byId = bare.toSorted((x, y) => String(x['id']).localeCompare(String(y['id'])));
  const own = byId.map(ended);
  return {
    own: { ended: own, contextId: 'c1' },
    ...listed(page(bare)),
    walks: [],
    gets: own.map(({ shown }) => shown),
  };
};
const knownTo = (answer: CallResult): CallResult => ({
  ...answer,
  exchange: { ...answer.exchange, request: { ...answer.exchange.request, headers: [['Authorization', 'Bearer x']] } },
});
const purged = { gets: [unknown, unknown, unknown] };

const judge = (observed: Partial<ListedTasks>) => pages.judge({ ...fine, ...observed }, factsWith());

test('a right agent', () => {
  expect(new Set(Object.values(judge({})).map(({ kind }) => kind))).toEqual(new Set(['holds']));
});

test.for<[keyof ReturnType<typeof judge>, string, Partial<ListedTasks>, string]>([
  ['list/answered', 'no such method', none(errorOf('MethodNotFoundError')), 'violated'],
  ['list/answered', 'an internal error', none(errorOf('InternalError')), 'violated'],
  ['list/answered', 'not supported', none(errorOf('UnsupportedOperationError')), 'ambiguous'],
  ['list/answered', 'silence', none(noAnswer()), 'untested'],
  ['list/answered', 'no object', none(resultOf('tasks')), 'violated'],

  ['list/returns-tasks', 'one is missing', { ...listed(page([c, b])), walks: [] }, 'violated'],
  ['list/returns-tasks', 'one comes late', { first: page([b, a]) }, 'ambiguous'],
  [
    'list/returns-tasks',
    'one is purged',
    { ...listed(page([c, b])), walks: [], gets: [unknown, ...fine.gets.slice(1)] },
    'holds',
  ],
  ['list/returns-tasks', 'all are purged', { ...listed(page([])), walks: [], ...purged }, 'untested'],
  ['list/returns-tasks', 'on a further page', listed(page([c], next)), 'holds'],
  [
    'list/returns-tasks',
    'on a further page of everybody’s tasks',
    { ...listed(page([], next)), walks: [], own: { ...fine.own, contextId: undefined } },
    'untested',
  ],
  ['list/returns-tasks', 'nothing for anybody', { ...listed(page([])), walks: [] }, 'ambiguous'],
  ['list/returns-tasks', 'nothing for a known client', { ...listed(knownTo(page([]))), walks: [] }, 'violated'],
  ['list/returns-tasks', 'no list', none(errorOf('MethodNotFoundError')), 'untested'],

  ['list/current-state', 'another state', listed(page([working, b, a])), 'violated'],
  ['list/current-state', 'an old state at first', { first: page([working, b, a]) }, 'ambiguous'],
  ['list/current-state', 'another time', listed(page([{ ...c, ...stamp(4) }, b, a])), 'violated'],
  ['list/current-state', 'another context', listed(page([{ ...c, contextId: 'x' }, b, a])), 'violated'],
  ['list/current-state', 'no context', listed(page([{ id: 'c', status: c['status'] }, b, a])), 'holds'],
  [
    'list/current-state',
    'a status without a time',
    listed(page([{ ...c, status: { state: 'TASK_STATE_COMPLETED' } }])),
    'holds',
  ],
  [
    'list/current-state',
    'a time of whole seconds',
    listed(page([{ ...c, status: { state: 'TASK_STATE_COMPLETED', timestamp: '2026-01-01T00:00:03Z' } }])),
    'holds',
  ],
  [
    'list/current-state',
    'another state, of a task that goes on again',
    { ...listed(page([working])), gets: [fine.gets[0]!, fine.gets[1]!, got('WORKING', { id: 'c' })] },
    'untested',
  ],
  ['list/current-state', 'none of them', listed(page([])), 'untested'],

  ['list/order', 'oldest first', listed(page([a, b, c])), 'violated'],
  ['list/order', 'one out of order', listed(page([b, c, a])), 'violated'],
  [
    'list/order',
    'out of order over the pages',
    { walks: walked(page([b], next), page([c], next), page([a])) },
    'violated',
  ],
  ['list/order', 'without timestamps, newest first', untold(c, b, a), 'holds'],
  ['list/order', 'without timestamps, otherwise', untold(a, c, b), 'ambiguous'],
  ['list/order', 'purged', purged, 'untested'],

  [
    'list/idempotent',
    'a time of each list',
    { reads: [4, 5, 6].map((s) => page([{ ...c, ...stamp(s) }])) },
    'violated',
  ],
  ['list/idempotent', 'two copies in turn', { reads: [page([c]), page([b]), page([c])] }, 'holds'],
  ['list/idempotent', 'one that settles', { reads: [page([c, b]), whole, whole] }, 'holds'],
  ['list/idempotent', 'refused', { reads: [whole, unknown, whole] }, 'untested'],

  ['list/pages', 'one is left out', { walks: walked(page([c], next), page([a])) }, 'violated'],
  [
    'list/pages',
    'one is left out once',
    { walks: [{ walk: walkOf([page([c], next), page([a])]), again: walkOf(onEach) }] },
    'ambiguous',
  ],
  [
    'list/pages',
    'one comes twice',
    { walks: walked(page([c], next), page([c], next), page([b], next), page([a])) },
    'violated',
  ],
  ['list/pages', 'no token though more follow', { walks: walked(page([c])) }, 'violated'],
  [
    'list/pages',
    'a token is refused',
    {
      walks: [
        {
          walk: walkOf([page([c], next), errorOf('InvalidParamsError')], 'refused'),
          again: walkOf([page([c], next), errorOf('InvalidParamsError')], 'refused'),
        },
      ],
    },
    'ambiguous',
  ],
  [
    'list/pages',
    'silence',
    { walks: [{ walk: walkOf([page([c], next), noAnswer()], 'refused'), again: undefined }] },
    'untested',
  ],
  ['list/pages', 'fewer than asked for', { walks: walked(page([], next), ...onEach) }, 'holds'],
  ['list/pages', 'all on one page', { walks: walked(whole) }, 'untested'],

  [
    'list/last-page-token',
    'an empty page at the end',
    { walks: walked(...onEach.slice(0, 2), page([a], next), page([])) },
    'ambiguous',
  ],
  [
    'list/last-page-token',
    'empty pages without an end',
    {
      walks: [{ walk: walkOf([...onEach, page([], next), page([], next), page([], next)], 'bound'), again: undefined }],
    },
    'violated',
  ],
  [
    'list/last-page-token',
    'more tasks than were read',
    { walks: [{ walk: walkOf([page([c], next)], 'bound'), again: undefined }] },
    'untested',
  ],
  [
    'list/last-page-token',
    'no token at all',
    { walks: [{ walk: walkOf(onEach, 'tokenless'), again: undefined }] },
    'untested',
  ],

  ['list/total-size', 'of everything', listed(page([c, b, a], { totalSize: 70 })), 'ambiguous'],
  ['list/total-size', 'of the page', { walks: walked(page([c], { nextPageToken: 'n', totalSize: 1 })) }, 'violated'],
  ['list/total-size', 'too small', { ...listed(page([c, b, a], { totalSize: 2 })), walks: [] }, 'violated'],
  ['list/total-size', 'missing', { ...listed(page([c, b, a], { totalSize: undefined })), walks: [] }, 'untested'],
  ['list/total-size', 'of several pages', { ...listed(page([c, b, a], next)), walks: [] }, 'untested'],
])('%s: %s', ([row, , observed, kind]) => {
  expect(judge(observed)[row].kind).toBe(kind);
});

describe('list/fewer-than-asked', () => {
  test('the freedom is seen', () => {
    const small = { walks: [{ walk: { ...walkOf(onEach), pageSize: 2 }, again: undefined }] };
    expect(judge(small)['list/fewer-than-asked'].kind).toBe('holds');
  });
});
