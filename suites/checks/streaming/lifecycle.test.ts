import { expect, test } from 'vitest';
import { errorOf, noAnswer, resultOf, sent } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { errorEvent, messageEvent, statusEvent, taskEvent, watched } from '../../testing/streams.ts';
import { lifecycle } from './lifecycle.ts';
import type { WatchedStream } from './watch.ts';

const whole = watched([taskEvent('SUBMITTED'), statusEvent('COMPLETED')]);
const cut = watched([taskEvent('SUBMITTED')]);
const served = sent('COMPLETED');
const refusal = (answer: { readonly reply: WatchedStream['refusal'] }) => watched([], { refusal: answer.reply });

type Observation = Parameters<typeof lifecycle.judge>[0];
const observed = (more: Partial<Observation> = {}): Observation => ({
  stream: whole,
  lagMs: 1,
  immediate: whole,
  secondLagMs: 1,
  served: undefined,
  ...more,
});
const judge = (observation: Observation, row: keyof ReturnType<typeof lifecycle.judge>) =>
  lifecycle.judge(observation, factsWith())[row].kind;

const refusedTwice = (answer: { readonly reply: WatchedStream['refusal'] }): Partial<Observation> => ({
  stream: refusal(answer),
  immediate: refusal(answer),
  served,
});

test.for<[string, Partial<Observation>, string]>([
  ['a stream', {}, 'holds'],
  ['an error, SendMessage works', refusedTwice(errorOf('UnsupportedOperationError')), 'violated'],
  ['an error, and then a stream', { stream: refusal(errorOf('InternalError')), served }, 'untested'],
  ['a plain result', refusedTwice(resultOf({})), 'violated'],
  ['an empty stream', { stream: watched([]), immediate: watched([]), served }, 'violated'],
  [
    'an error, SendMessage fails too',
    { stream: refusal(errorOf('InternalError')), served: errorOf('InternalError') },
    'untested',
  ],
  ['no answer', { stream: watched([], { end: 'broken', refusal: noAnswer().reply }), served }, 'untested'],
])('established: %s', ([, more, kind]) => {
  expect(judge(observed(more), 'streaming/established')).toBe(kind);
});

test.for<[string, Partial<Observation>, string]>([
  ['no effect', {}, 'holds'],
  ['closed after the task', { immediate: cut }, 'violated'],
  ['silent while GetTask shows the end', { immediate: { ...cut, end: 'left-open', due: 'GetTask' } }, 'violated'],
  ['broken off with an error', { immediate: watched([taskEvent('SUBMITTED'), errorEvent]) }, 'untested'],
  ['closed late, for its age', { immediate: watched([taskEvent('SUBMITTED')], { endedAt: 500 }) }, 'untested'],
  ['without the flag it is no better', { stream: cut, immediate: cut }, 'untested'],
  ['a Message', { immediate: watched([messageEvent]) }, 'untested'],
  ['refused', { immediate: refusal(errorOf('InternalError')) }, 'untested'],
  ['not over in time', { immediate: { ...cut, end: 'undecided' } }, 'untested'],
])('returnImmediately: %s', ([, more, kind]) => {
  expect(judge(observed(more), 'streaming/return-immediately')).toBe(kind);
});
