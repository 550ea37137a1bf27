import { expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { errorOf, got, sent } from '../../testing/answers.ts';
import { cancelFinal } from './final.ts';

type Observation = Parameters<typeof cancelFinal.judge>[0];

const fine: Observation = {
  task: { id: 't1', sent: sent('WORKING'), before: got('WORKING') },
  answer: got('CANCELED'),
  after: got('CANCELED'),
  twin: { sent: sent('WORKING', { id: 't2' }), end: got('COMPLETED', { id: 't2' }) },
  late: got('CANCELED'),
};
const workingAt = (timestamp: string) => got('WORKING', { status: { state: 'TASK_STATE_WORKING', timestamp } });
const nothing = { twin: undefined, late: undefined };

test.for<[string, Partial<Observation>, string]>([
  ['canceled for good', {}, 'holds'],
  ['completed after all', { late: got('COMPLETED') }, 'violated'],
  ['at work again', { late: workingAt('2026-01-01T00:00:00.001Z') }, 'violated'],
  ['an older status', { late: workingAt('2025-12-31T23:59:59.999Z') }, 'ambiguous'],
  ['purged', { late: errorOf('TaskNotFoundError') }, 'untested'],
  ['the natural end was not seen', { twin: { sent: sent('WORKING'), end: got('WORKING') } }, 'untested'],
  [
    'the cancel did not succeed',
    { answer: errorOf('TaskNotCancelableError'), after: got('WORKING'), ...nothing },
    'untested',
  ],
])('cancel/final: %s', ([, observed, kind]) => {
  expect(cancelFinal.judge({ ...fine, ...observed }, factsWith())['cancel/final'].kind).toBe(kind);
});
