import { describe, expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { errorOf, got, noAnswer, resultOf, sent } from '../../testing/answers.ts';
import { cancelLiveTask } from './live-task.ts';

type Observation = Parameters<typeof cancelLiveTask.judge>[0];
type Answer = Observation['task']['sent'];

const step = (answer: Answer, after: Answer = got('CANCELED')) => ({ answer, after });
const unknown = errorOf('TaskNotFoundError');
const ofItsOwn: Answer = {
  ...unknown,
  reply: { kind: 'error', error: { name: undefined, code: -32050, message: 'locked', details: undefined } },
};
const fine: Observation = {
  task: { id: 't1', sent: sent('WORKING'), before: got('WORKING') },
  first: step(got('CANCELED')),
  end: undefined,
  again: [step(errorOf('TaskNotCancelableError'))],
};
const judge = (observed: Partial<Observation>) => cancelLiveTask.judge({ ...fine, ...observed }, factsWith());
const only = (answer: Answer, after?: Answer, end?: Answer): Partial<Observation> => ({
  first: step(answer, after),
  end,
  again: [],
});

describe('cancel/returns-task', () => {
  const running = got('WORKING');
  test.for<[string, Partial<Observation>, string]>([
    ['the task', {}, 'holds'],
    ['the task, still at work', only(running, running), 'holds'],
    ['another task', only(got('CANCELED', { id: 't9' })), 'violated'],
    ['no task', only(resultOf({ ok: true })), 'violated'],
    ['not cancelable now', only(errorOf('TaskNotCancelableError'), running), 'untested'],
    ['no cancel at all', only(errorOf('UnsupportedOperationError'), running), 'untested'],
    ['unknown, though it runs', only(unknown, running), 'violated'],
    ['invalid, though it runs', only(errorOf('InvalidParamsError'), running), 'violated'],
    ['a system error', only(errorOf('InternalError'), running), 'ambiguous'],
    ['unknown after its end', only(unknown, unknown), 'untested'],
    ['silence', only(noAnswer(), running), 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['cancel/returns-task'].kind).toBe(kind);
  });
});

describe('cancel/state-canceled', () => {
  const running = got('WORKING');
  test.for<[string, Partial<Observation>, string]>([
    ['canceled', {}, 'holds'],
    ['canceled and purged', { first: step(got('CANCELED'), unknown) }, 'holds'],
    ['canceled later', only(running, running, got('CANCELED')), 'holds'],
    ['ran to its end', only(running, running, got('COMPLETED')), 'ambiguous'],
    ['had ended', only(got('COMPLETED'), got('COMPLETED')), 'ambiguous'],
    ['no end in time', only(running, running, running), 'untested'],
    ['only in the answer', { first: step(got('CANCELED'), running), end: running }, 'violated'],
    ['GetTask lags', { first: step(got('CANCELED'), running), end: got('CANCELED') }, 'holds'],
    ['refused', only(errorOf('TaskNotCancelableError'), running), 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['cancel/state-canceled'].kind).toBe(kind);
  });
});

describe('cancel/idempotent', () => {
  const unlike = step(errorOf('UnsupportedOperationError'));
  test.for<[string, Partial<Observation>, string]>([
    ['not cancelable', {}, 'holds'],
    ['success again', { again: [step(got('CANCELED'))] }, 'holds'],
    ['purged', { again: [step(unknown, unknown)] }, 'holds'],
    ['purged at once', { first: step(got('CANCELED'), unknown), again: [step(unknown, unknown)] }, 'holds'],
    ['unknown, though GetTask shows it', { again: [step(unknown), step(unknown)] }, 'ambiguous'],
    ['another error, twice', { again: [unlike, unlike] }, 'violated'],
    ['another error once', { again: [unlike, step(got('CANCELED'))] }, 'holds'],
    ['a system error, twice', { again: [step(errorOf('InternalError')), step(errorOf('InternalError'))] }, 'ambiguous'],
    ['a code of its own, twice', { again: [step(ofItsOwn), step(ofItsOwn)] }, 'ambiguous'],
    [
      'it fails the task',
      { again: [step(got('FAILED'), got('FAILED')), step(got('FAILED'), got('FAILED'))] },
      'violated',
    ],
    ['silence', { again: [step(noAnswer()), step(noAnswer())] }, 'untested'],
    [
      'GetTask is silent after it, twice',
      { again: [step(got('CANCELED'), noAnswer()), step(got('CANCELED'), noAnswer())] },
      'untested',
    ],
    ['GetTask is silent after it, once', { again: [step(got('CANCELED'), noAnswer()), fine.again[0]!] }, 'holds'],
    ['the first did not cancel', only(got('WORKING'), got('WORKING')), 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['cancel/idempotent'].kind).toBe(kind);
  });
});
