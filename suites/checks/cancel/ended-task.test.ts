import { expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { errorOf, got, noAnswer } from '../../testing/answers.ts';
import { cancelEndedTask, type CanceledEnd } from './ended-task.ts';

const end = (answer: CanceledEnd['answer'], more: Partial<CanceledEnd> = {}): CanceledEnd => ({
  stimulus: 'completes',
  before: got('COMPLETED'),
  answer,
  after: got('COMPLETED'),
  ...more,
});
const refusal = errorOf('TaskNotCancelableError');
const right = end(refusal);
const workingLater = got('WORKING', {
  status: { state: 'TASK_STATE_WORKING', timestamp: '2026-01-01T00:00:00.001Z' },
});
const unknown = errorOf('TaskNotFoundError');

test.for<[string, readonly CanceledEnd[], string, string]>([
  ['refused', [right], 'holds', 'holds'],
  ['accepted', [end(got('COMPLETED'))], 'violated', 'holds'],
  ['accepted, and canceled', [end(got('CANCELED'), { after: got('CANCELED') })], 'violated', 'violated'],
  ['refused, and read from a copy that may lag', [end(refusal, { after: got('WORKING') })], 'holds', 'ambiguous'],
  ['refused, and set going', [end(refusal, { after: workingLater })], 'holds', 'violated'],
  ['another error', [end(errorOf('InvalidParamsError'))], 'violated', 'holds'],
  ['unknown, though GetTask shows it', [end(unknown)], 'violated', 'holds'],
  ['purged', [end(unknown, { after: unknown })], 'untested', 'untested'],
  ['cancels nothing at all', [end(errorOf('UnsupportedOperationError'))], 'ambiguous', 'holds'],
  ['one of two', [right, end(got('FAILED'), { before: got('FAILED'), after: got('FAILED') })], 'violated', 'holds'],
  ['silence', [end(noAnswer())], 'untested', 'holds'],
  [
    'no end was seen',
    [end(got('CANCELED'), { before: got('WORKING'), after: got('CANCELED') })],
    'untested',
    'untested',
  ],
  ['no task', [], 'untested', 'untested'],
])('%s', ([, observed, refused, stable]) => {
  const judged = cancelEndedTask.judge(observed, factsWith());
  expect(judged['cancel/terminal-refused'].kind).toBe(refused);
  expect(judged['get/terminal-stable'].kind).toBe(stable);
});
