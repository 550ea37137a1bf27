import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, got, history, noAnswer, sent } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { references } from './references.ts';

type Observation = Parameters<typeof references.judge>[0];

const ended = got('COMPLETED', { history: history('m1') });
const later = { status: { state: 'TASK_STATE_COMPLETED', timestamp: '2026-01-01T00:01:00.000Z' } };
const notFound = errorOf('TaskNotFoundError');
const own = sent('COMPLETED', { id: 't2' });

const judge = (more: Partial<Observation>) =>
  references.judge(
    {
      known: { field: 'referenceTaskIds', plain: [own], filled: [own] },
      ended: [ended, ended],
      unknown: own,
      unknownId: 't9',
      missing: [notFound, notFound],
      ...more,
    },
    factsWith(),
  );
const filled = (...answers: readonly CallResult[]) => ({
  known: { field: 'referenceTaskIds', plain: [own, own], filled: answers },
});

test.for<[string, Partial<Observation>, string, string]>([
  ['a task of its own', {}, 'holds', 'holds'],
  ['refused', filled(errorOf('InvalidParamsError'), errorOf('InvalidParamsError')), 'ambiguous', 'holds'],
  ['the unknown one is refused', { unknown: notFound }, 'holds', 'holds'],
  [
    'the ended task goes on',
    { ended: [ended, got('WORKING', { status: { state: 'TASK_STATE_WORKING', timestamp: later.status.timestamp } })] },
    'holds',
    'violated',
  ],
  ['a copy lags behind', { ended: [ended, got('WORKING')], unknown: noAnswer() }, 'holds', 'holds'],
  [
    'the ended task has one message more',
    { ended: [ended, got('COMPLETED', { ...later, history: history('m1', 'm2') })] },
    'holds',
    'violated',
  ],
  [
    'the time alone changes',
    { ended: [ended, got('COMPLETED', { ...later, history: history('m1') })] },
    'holds',
    'holds',
  ],
  [
    'the answer is about the ended task, from a cache',
    filled(sent('COMPLETED', { history: history('m1') })),
    'holds',
    'holds',
  ],
  ['the unknown task is made', { missing: [notFound, got('COMPLETED', { id: 't9' })] }, 'holds', 'violated'],
  ['the answer names the unknown task', { unknown: sent('COMPLETED', { id: 't9' }) }, 'holds', 'violated'],
  [
    'an id that is known',
    { missing: [got('COMPLETED', { id: 't9' }), got('COMPLETED', { id: 't9' })] },
    'holds',
    'holds',
  ],
  ['nothing to be read', { ended: [noAnswer(), noAnswer()], missing: [noAnswer(), noAnswer()] }, 'holds', 'untested'],
])('%s', ([, more, served, untouched]) => {
  const judged = judge(more);
  expect(judged['send/references-served'].kind).toBe(served);
  expect(judged['send/references-untouched'].kind).toBe(untouched);
});
