import { expect, test } from 'vitest';
import { artifact, errorOf, got, noAnswer, resultOf } from '../../testing/answers.ts';
import { chunkEvent, statusEvent, taskEvent, watched } from '../../testing/streams.ts';
import {
  judgeCurrent,
  judgeEstablished,
  judgeFollows,
  withSecondTry,
  type Subscription,
} from './subscription-judges.ts';

const working = taskEvent('WORKING');
const end = statusEvent('COMPLETED');
const silent = watched([working], { due: 'GetTask', got: got('COMPLETED') });
const control = watched([working, chunkEvent('a', 'x'), end], { from: 10 });
const waiting = taskEvent('INPUT_REQUIRED');

const subscription = (more: Partial<Subscription> = {}): Subscription => ({
  stream: watched([working, end]),
  before: got('WORKING'),
  after: got('WORKING'),
  final: got('COMPLETED'),
  ...more,
});
const refused = (name: Parameters<typeof errorOf>[0]) => watched([], { refusal: errorOf(name).reply });
test('what looks like an accident is tried again, and the last counts', async () => {
  const tried = async (...subscriptions: readonly Subscription[]): Promise<[Subscription, number]> => {
    let count = 0;
    const counted = await withSecondTry(() => Promise.resolve(subscriptions[count++]!));
    return [counted, count];
  };
  const fine = subscription();
  const cut = subscription({ stream: watched([working]) });
  expect(await tried(fine)).toEqual([fine, 1]);
  expect(await tried(cut, fine)).toEqual([fine, 2]);
  expect(await tried(subscription({ stream: refused('UnsupportedOperationError') }), cut)).toEqual([cut, 2]);
  const open = subscription({ stream: { ...silent, end: 'left-open' } });
  expect(await tried(open)).toEqual([open, 1]);
  const empty = subscription({ stream: watched([]) });
  expect(await tried(empty, empty, empty, fine)).toEqual([fine, 4]);
  expect(await tried(empty, empty, empty, empty)).toEqual([empty, 4]);
  expect(await tried(cut, empty, cut)).toEqual([cut, 3]);
});

const page = watched([], { refusal: { kind: 'malformed', why: 'no JSON', status: 429 } });
const throttled = {
  ...page,
  exchange: { ...page.exchange, response: { ...resultOf({}).exchange.response!, status: 429 } },
};

test.for<[string, Subscription, string]>([
  ['opened', subscription(), 'holds'],
  ['refused', subscription({ stream: refused('UnsupportedOperationError') }), 'violated'],
  ['not found, though GetTask shows it', subscription({ stream: refused('TaskNotFoundError') }), 'violated'],
  ['refused by an internal error', subscription({ stream: refused('InternalError') }), 'ambiguous'],
  ['closed without an event', subscription({ stream: watched([]) }), 'violated'],
  [
    'refused, but the task ended meanwhile',
    subscription({ stream: refused('UnsupportedOperationError'), after: got('COMPLETED') }),
    'untested',
  ],
  [
    'refused, and the task is gone',
    subscription({ stream: refused('TaskNotFoundError'), after: errorOf('TaskNotFoundError') }),
    'untested',
  ],
  ['refused by a rate limit', subscription({ stream: throttled }), 'untested'],
  ['no answer', subscription({ stream: watched([], { end: 'broken', refusal: noAnswer().reply }) }), 'untested'],
])('established: %s', ([, observed, kind]) => {
  expect(judgeEstablished(observed).kind).toBe(kind);
});

const one = { artifacts: [artifact('a')] };

test.for<[string, Subscription, string]>([
  ['as GetTask', subscription(), 'holds'],
  ['as GetTask a moment later', subscription({ stream: watched([waiting]), after: got('INPUT_REQUIRED') }), 'holds'],
  ['outdated', subscription({ stream: watched([taskEvent('SUBMITTED')]) }), 'violated'],
  [
    'ahead of what GetTask shows, by the timestamps',
    subscription({
      stream: watched([
        taskEvent('WORKING', { status: { state: 'TASK_STATE_WORKING', timestamp: '2026-01-01T00:00:01.000Z' } }),
      ]),
      before: got('INPUT_REQUIRED'),
      after: got('INPUT_REQUIRED'),
    }),
    'untested',
  ],
  ['ahead of SUBMITTED', subscription({ before: got('SUBMITTED'), after: got('SUBMITTED') }), 'untested'],
  [
    'the task moved on meanwhile',
    subscription({ stream: watched([taskEvent('SUBMITTED')]), after: got('INPUT_REQUIRED') }),
    'untested',
  ],
  ['without an artifact', subscription({ before: got('WORKING', one), after: got('WORKING', one) }), 'violated'],
  [
    'an artifact that an update tells',
    subscription({
      stream: watched([working, chunkEvent('a', 'all of it'), end]),
      before: got('WORKING', one),
      after: got('WORKING', one),
    }),
    'ambiguous',
  ],
  [
    'an artifact that chunks are appended to',
    subscription({
      stream: watched([working, chunkEvent('a', 'more', { append: true }), end]),
      before: got('WORKING', one),
      after: got('WORKING', one),
    }),
    'violated',
  ],
  ['an artifact that came meanwhile', subscription({ after: got('WORKING', one) }), 'holds'],
  ['no Task', subscription({ stream: watched([end]) }), 'untested'],
  ['nothing', subscription({ stream: refused('InternalError') }), 'untested'],
])('current: %s', ([, observed, kind]) => {
  expect(judgeCurrent(observed).kind).toBe(kind);
});

test.for<[string, Subscription, string]>([
  ['updates', subscription(), 'holds'],
  ['nothing, the sender’s stream shows all', subscription({ stream: silent, control }), 'violated'],
  ['nothing, left open', subscription({ stream: { ...silent, end: 'left-open' }, control }), 'violated'],
  ['nothing, nor does the sender’s stream', subscription({ stream: silent, control: silent }), 'ambiguous'],
  [
    'nothing happened',
    subscription({ stream: watched([working], { end: 'undecided' }), final: got('WORKING') }),
    'untested',
  ],
  ['the connection broke', subscription({ stream: { ...silent, end: 'broken' }, control }), 'untested'],
  ['closed before anything happened', subscription({ stream: silent, left: got('WORKING'), control }), 'untested'],
  ['closed at the end', subscription({ stream: silent, left: got('COMPLETED'), control }), 'violated'],
  [
    'closed after something happened',
    subscription({ stream: silent, left: got('WORKING', one), control }),
    'ambiguous',
  ],
  ['closed in an interrupted state', subscription({ stream: watched([waiting], { endedAt: 5 }), control }), 'untested'],
  [
    'open in an interrupted state, and silent',
    subscription({ stream: watched([waiting], { endedAt: 50 }), control }),
    'violated',
  ],
])('follows: %s', ([, observed, kind]) => {
  expect(judgeFollows(observed).kind).toBe(kind);
});
