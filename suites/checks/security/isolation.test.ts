import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, got, history, noAnswer, page, resultOf, sent, task } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { config, listed, registered } from '../../testing/deliveries.ts';
import { isolation } from './isolation.ts';
import type { Trespass } from './isolation-judges.ts';

type Observation = Parameters<typeof isolation.judge>[0];

const notFound = errorOf('TaskNotFoundError');
const withStatus = (status: number): CallResult => ({
  exchange: { ...notFound.exchange, response: { ...resultOf({}).exchange.response!, status } },
  reply: { kind: 'malformed', why: 'no JSON', status },
});
const as = (answer: CallResult, more: Partial<Trespass> = {}): Trespass => ({
  what: 'it',
  answer,
  unknown: notFound,
  ...more,
});
const mine = got('INPUT_REQUIRED');
const nothing = page([]);
const mineListed = page([task('INPUT_REQUIRED')]);

const list = (...ids: readonly string[]): CallResult => listed(ids).pages[0]!;
const kept = {
  registered: registered('c1'),
  after: config('c1'),
  task: mine,
  listed: [list('c1'), list('c1')],
} as const;

const observed = (more: Partial<Observation> = {}): Observation => ({
  ownId: 't1',
  owner: [mine, mine],
  second: [sent('COMPLETED', { id: 't2' }), got('COMPLETED', { id: 't2' })],
  shares: [],
  get: as(notFound),
  cancel: as(notFound),
  subscribe: as(notFound),
  send: [as(notFound)],
  push: [as(notFound), as(notFound)],
  ownList: mineListed,
  lists: [nothing, nothing],
  back: [{ id: 't2', got: notFound, listed: mineListed, joined: false }],
  configs: kept,
  messageIds: ['m2'],
  uncanceled: mine,
  ...more,
});

const rowsOf = ['get', 'cancel', 'subscribe', 'send', 'list', 'push', 'alike'] as const;
const good = Object.fromEntries(rowsOf.map((row) => [row, 'holds']));
const untestedAll = Object.fromEntries(rowsOf.map((row) => [row, 'untested']));
const untestedMost = { get: 'untested', cancel: 'untested', send: 'untested', subscribe: 'untested', push: 'untested' };

test.for<[string, Partial<Observation>, Partial<Record<(typeof rowsOf)[number], string>>]>([
  ['kept apart', {}, {}],
  ['a task of another is got', { get: as(mine) }, { get: 'violated' }],
  [
    '… also the other way round',
    { back: [{ id: 't2', got: got('COMPLETED', { id: 't2' }), listed: nothing, joined: false }] },
    { get: 'violated' },
  ],
  [
    '… in a context of the first',
    {
      back: [
        {
          id: 't2',
          got: got('COMPLETED', { id: 't2' }),
          listed: page([task('COMPLETED', { id: 't2' })]),
          joined: true,
        },
      ],
    },
    { get: 'ambiguous', list: 'ambiguous' },
  ],
  ['canceled', { cancel: as(got('CANCELED')) }, { cancel: 'violated' }],
  ['its state is told', { cancel: as(errorOf('TaskNotCancelableError')) }, { cancel: 'ambiguous', alike: 'violated' }],
  [
    'an agent that cancels nothing',
    { cancel: as(errorOf('UnsupportedOperationError'), { unknown: errorOf('UnsupportedOperationError') }) },
    {},
  ],
  ['subscribed to', { subscribe: as(sent('WORKING')) }, { subscribe: 'violated' }],
  ['no streaming', { subscribe: null }, { subscribe: 'skip' }],
  ['continued', { send: [as(notFound), as(sent('WORKING'))] }, { send: 'violated' }],
  ['another task is begun instead', { send: [as(sent('WORKING', { id: 't9' }), { reaches: () => false })] }, {}],
  ['listed', { lists: [nothing, mineListed] }, { list: 'violated' }],
  [
    'listed the other way round',
    { back: [{ id: 't2', got: notFound, listed: page([task('COMPLETED', { id: 't2' })]), joined: false }] },
    { list: 'violated' },
  ],
  ['lists that show nobody’s', { ownList: nothing, back: [] }, { list: 'untested' }],
  ['lists are refused', { lists: [withStatus(403)] }, {}],
  ['a configuration is got', { push: [as(config('c1'))] }, { push: 'violated' }],
  ['a configuration is deleted', { configs: { ...kept, after: notFound } }, { push: 'violated' }],
  [
    'a configuration is gone with the end of its task',
    { configs: { ...kept, after: notFound, task: got('COMPLETED') }, push: [as(notFound)] },
    { push: 'holds' },
  ],
  [
    'a configuration is made unsaid',
    { configs: { ...kept, listed: [list('c1'), list('c1', 'c2')] } },
    { push: 'violated' },
  ],
  ['configurations cannot be listed', { configs: { ...kept, listed: [notFound, list('c1', 'c2')] } }, {}],
  ['canceled unsaid', { uncanceled: got('CANCELED') }, { cancel: 'violated' }],
  ['an agent that cancels all by itself', { uncanceled: got('CANCELED'), owner: [mine, got('CANCELED')] }, {}],
  ['no task that goes on', { uncanceled: null }, {}],
  [
    'a message is taken up unsaid',
    { owner: [mine, got('WORKING', { history: history('m1', 'm2') })] },
    { send: 'violated' },
  ],
  ['no configuration', { push: [], configs: null }, { push: 'untested' }],
  ['refused with 403', { get: as(withStatus(403)) }, { alike: 'violated' }],
  ['silence', { get: as(noAnswer()) }, { get: 'holds' }],
  ['the second is not served', { second: [withStatus(401)] }, untestedAll],
  ['the first is not served any more', { owner: [mine, withStatus(429)] }, untestedAll],
  [
    'both send the same key',
    {
      shares: ['X-Key'],
      get: as(mine),
      cancel: as(mine),
      subscribe: as(mine),
      send: [as(mine)],
      push: [as(config('c1'))],
      lists: [mineListed],
      back: [],
    },
    { ...untestedMost, list: 'untested', push: 'holds', alike: 'untested' },
  ],
])('%s', ([, more, kinds]) => {
  const judged = Object.values(isolation.judge(observed(more), factsWith())).map(({ kind }) => kind);
  expect(Object.fromEntries(rowsOf.map((row, index) => [row, judged[index]]))).toEqual({ ...good, ...kinds });
});
