import { describe, expect, test } from 'vitest';
import { search } from '../../core/linearizability/search.ts';
import { isRead, taskModel, type Asked, type TaskCall, type TaskNow, type Told } from './task-model.ts';

type Row = readonly [from: number, to: number, asked: Asked, told?: Told];

const state = (name: string): Told => ({ state: `TASK_STATE_${name}` });
const calls = (rows: readonly Row[]): readonly TaskCall[] =>
  rows.map(([invokedAt, returnedAt, input, output], index) => ({
    id: `c${index}`,
    input,
    output,
    invokedAt,
    returnedAt,
  }));

const made: Row = [0, 1, 'make', 'accepted'];
const create = (id: string): Asked => ({ config: 'create', id });
const get = (id: string): Asked => ({ config: 'get', id });
const remove = (id: string): Asked => ({ config: 'delete', id });

const cancelAt = (index: number, told: Told): Row => [10, 20 + index, 'cancel', told];
const twelve = Array.from({ length: 12 }, (_, index) => index);

describe('what agents may do', () => {
  test.for<[string, readonly Row[]]>([
    ['a task that ends by itself', [made, [2, 3, 'see', state('WORKING')], [4, 5, 'see', state('COMPLETED')]]],
    [
      'back and forth before the end',
      [
        made,
        [2, 3, 'see', state('INPUT_REQUIRED')],
        [4, 5, 'see', state('WORKING')],
        [6, 7, 'see', state('SUBMITTED')],
      ],
    ],
    ['a cancel', [made, [2, 3, 'cancel', state('CANCELED')], [4, 5, 'see', state('CANCELED')]]],
    ['a cancel that is still under way', [made, [2, 3, 'cancel', state('WORKING')], [4, 5, 'see', state('COMPLETED')]]],
    ['a cancel that comes to nothing', [made, [2, 3, 'cancel', 'refused'], [4, 5, 'see', state('WORKING')]]],
    ['a cancel that comes too late', [made, [2, 3, 'see', state('COMPLETED')], [4, 5, 'cancel', 'refused']]],
    ['a cancel that meets the end', [made, [2, 9, 'cancel', state('COMPLETED')], [3, 8, 'see', state('COMPLETED')]]],
    ['a cancel without an answer', [made, [2, 3, 'cancel'], [4, 5, 'see', state('CANCELED')]]],
    [
      'a cancel without an answer that came late',
      [made, [2, 3, 'cancel'], [4, 5, 'see', state('WORKING')], [6, 7, 'see', state('CANCELED')]],
    ],
    [
      'twelve cancels at once, one success',
      [made, ...twelve.map((index) => cancelAt(index, index === 5 ? state('CANCELED') : 'refused'))],
    ],
    ['twelve cancels at once, twelve successes', [made, ...twelve.map((index) => cancelAt(index, state('CANCELED')))]],
    ['a further cancel of a purged task', [made, [2, 3, 'cancel', state('CANCELED')], [4, 5, 'cancel', 'unknown']]],
    ['a task that is purged after its end', [made, [2, 3, 'see', state('FAILED')], [4, 5, 'see', 'unknown']]],
    ['a message while the task ends', [made, [2, 9, 'send', 'accepted'], [3, 4, 'see', state('COMPLETED')]]],
    ['a subscription while the task ends', [made, [2, 9, 'subscribe', 'accepted'], [3, 4, 'see', state('COMPLETED')]]],
    [
      'a look before the task was there',
      [
        [0, 9, 'make', 'accepted'],
        [1, 2, 'see', 'unknown'],
        [3, 4, 'see', state('WORKING')],
      ],
    ],
    [
      'configurations',
      [
        made,
        [2, 3, create('a'), 'accepted'],
        [4, 5, create('b'), 'accepted'],
        [6, 7, { config: 'list' }, { configs: ['a', 'b'] }],
        [8, 9, remove('a'), 'accepted'],
        [10, 11, remove('a'), 'unknown'],
        [12, 13, get('a'), 'unknown'],
        [14, 15, { config: 'list' }, { configs: ['b'] }],
      ],
    ],
    [
      'configurations of an ended task that are gone',
      [made, [2, 3, create('a'), 'accepted'], [4, 5, 'see', state('COMPLETED')], [6, 7, get('a'), 'unknown']],
    ],
    [
      'a list while a configuration is made',
      [made, [2, 9, create('a'), 'accepted'], [3, 4, { config: 'list' }, { configs: ['a'] }]],
    ],
  ])('%s', ([, rows]) => {
    expect(search(taskModel, calls(rows)).kind).toBe('linearizable');
  });
});

describe('what cannot be in any order', () => {
  test.for<[string, readonly Row[]]>([
    ['two ends', [made, [2, 9, 'see', state('COMPLETED')], [2, 9, 'see', state('FAILED')]]],
    ['a canceled task that completes', [made, [2, 3, 'cancel', state('CANCELED')], [4, 5, 'see', state('COMPLETED')]]],
    [
      'a completed task that is canceled',
      [made, [2, 3, 'see', state('COMPLETED')], [4, 5, 'cancel', state('CANCELED')]],
    ],
    ['two cancels, two ends', [made, [2, 9, 'cancel', state('CANCELED')], [2, 9, 'cancel', state('FAILED')]]],
    ['an ended task that works', [made, [2, 3, 'see', state('COMPLETED')], [4, 5, 'see', state('WORKING')]]],
    ['a message that an ended task takes', [made, [2, 3, 'see', state('COMPLETED')], [4, 5, 'send', 'accepted']]],
    ['a subscription to an ended task', [made, [2, 3, 'see', state('COMPLETED')], [4, 5, 'subscribe', 'accepted']]],
    ['a task that is unknown and then there', [made, [2, 3, 'see', 'unknown'], [4, 5, 'see', state('WORKING')]]],
    ['a cancel of an unknown task that works', [made, [2, 3, 'cancel', 'unknown'], [4, 5, 'see', state('WORKING')]]],
    [
      'a configuration that is lost',
      [made, [2, 3, create('a'), 'accepted'], [4, 5, get('a'), 'unknown'], [6, 7, 'see', state('WORKING')]],
    ],
    [
      'a configuration that comes back',
      [made, [2, 3, create('a'), 'accepted'], [4, 5, remove('a'), 'accepted'], [6, 7, get('a'), 'accepted']],
    ],
    [
      'a list without what was made',
      [
        made,
        [2, 3, create('a'), 'accepted'],
        [4, 5, { config: 'list' }, { configs: [] }],
        [6, 7, 'see', state('WORKING')],
      ],
    ],
  ])('%s', ([, rows]) => {
    expect(search(taskModel, calls(rows)).kind).toBe('impossible');
  });
});

const states: readonly TaskNow[] = ['none', 'open', 'TASK_STATE_COMPLETED', 'TASK_STATE_CANCELED', 'gone'].flatMap(
  (phase) => [[], ['a'], ['a', 'b']].map((configs) => ({ phase, configs })),
);
const everything: readonly Asked[] = [
  'make',
  'see',
  'send',
  'subscribe',
  'cancel',
  create('a'),
  get('a'),
  remove('a'),
  { config: 'list' },
];
const answers: readonly Told[] = [
  'accepted',
  'unknown',
  'refused',
  state('WORKING'),
  state('CANCELED'),
  state('COMPLETED'),
  { configs: [] },
  { configs: ['a'] },
];

test('without an answer everything is possible that any answer allows', () => {
  const keys = (all: readonly TaskNow[]): readonly string[] => all.map(taskModel.key);
  for (const now of states)
    for (const asked of everything) {
      const unknown = keys(taskModel.step(now, asked, undefined));
      for (const told of answers) {
        const known = keys(taskModel.step(now, asked, told)).filter((key) => key !== taskModel.key(now));
        expect(unknown, `${taskModel.key(now)} ${JSON.stringify([asked, told])}`).toEqual(
          expect.arrayContaining([...known]),
        );
      }
    }
});

test('what only reads changes nothing', () => {
  for (const now of states)
    for (const asked of everything.filter((one) => taskModel.readsOnly!(one)))
      for (const told of [...answers, undefined]) expect([[], [now]]).toContainEqual(taskModel.step(now, asked, told));
});

test.for<[Asked, Told | undefined, boolean]>([
  ['see', state('WORKING'), true],
  ['make', 'accepted', false],
  ['cancel', state('CANCELED'), false],
  ['cancel', state('WORKING'), true],
  ['cancel', 'unknown', true],
  ['cancel', undefined, false],
  [create('a'), 'accepted', false],
  [get('a'), 'accepted', true],
  [remove('a'), 'accepted', false],
])('a copy that lags may answer %j with %j: %s', ([input, output, expected]) => {
  expect(isRead({ id: 'c', input, output, invokedAt: 0, returnedAt: 1 })).toBe(expected);
});
