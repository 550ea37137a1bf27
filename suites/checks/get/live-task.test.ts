import { expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { errorOf, got, noAnswer, sent } from '../../testing/answers.ts';
import { liveTask } from './live-task.ts';

type Read = Parameters<typeof liveTask.judge>[0]['reads'][number];

const waiting = sent('INPUT_REQUIRED');
const read = (answer: Read['got'], first = waiting): Read => ({ sent: first, got: answer });

test.for<[string, readonly Read[], string]>([
  ['the task', [read(got('INPUT_REQUIRED'))], 'holds'],
  ['another task', [read(got('INPUT_REQUIRED', { id: 't9' })), read(got('INPUT_REQUIRED', { id: 't9' }))], 'violated'],
  ['unknown, twice', [read(errorOf('TaskNotFoundError')), read(errorOf('TaskNotFoundError'))], 'violated'],
  ['no such operation', [read(errorOf('MethodNotFoundError')), read(errorOf('MethodNotFoundError'))], 'violated'],
  ['unknown once', [read(errorOf('TaskNotFoundError')), read(got('INPUT_REQUIRED'))], 'holds'],
  ['a system error', [read(errorOf('InternalError')), read(errorOf('InternalError'))], 'untested'],
  ['silence', [read(noAnswer()), read(noAnswer())], 'untested'],
  ['ended and purged', [read(errorOf('TaskNotFoundError'), sent('COMPLETED'))], 'untested'],
])('get/returns-task: %s', ([, reads, kind]) => {
  expect(liveTask.judge({ reads }, factsWith())['get/returns-task'].kind).toBe(kind);
});
