import { expect, test } from 'vitest';
import { ownHistory } from './own-history.ts';
import { historyOf, result, sampleFacts, sampleTask, userMessage, type Shape } from './testing/exchanges.ts';

const task = (id: string, contextId: string | undefined, ...messageIds: readonly string[]) =>
  sampleTask({ id, contextId, history: messageIds.map((messageId) => userMessage({ messageId })) });
const send = (messageId: string, id: string, contextId: string | undefined, more: object = {}): Shape => ({
  operation: 'SendMessage',
  params: { message: userMessage({ messageId, ...more }) },
  answer: result(1, { task: task(id, contextId, messageId) }),
});
const get = (answer: object): Shape => ({ operation: 'GetTask', answer: result(1, answer) });
const lost: Shape = { operation: 'SendMessage', params: { message: userMessage({ messageId: 'm1' }) }, answer: '' };

test.for<[string, readonly Shape[], string]>([
  ['its own', [send('m1', 't1', 'c1'), get(task('t1', 'c1', 'm1'))], 'holds'],
  ['of another task', [send('m1', 't1', 'c1'), send('m2', 't2', 'c2'), get(task('t2', 'c2', 'm1', 'm2'))], 'violated'],
  [
    'of another task of the context',
    [send('m1', 't1', 'c1'), send('m2', 't2', 'c1'), get(task('t2', 'c1', 'm1', 'm2'))],
    'holds',
  ],
  ['of another task, without contexts', [send('m1', 't1', undefined), get(task('t2', undefined, 'm1'))], 'untested'],
  ['sent twice, two tasks', [send('m1', 't1', 'c1'), send('m1', 't2', 'c2'), get(task('t1', 'c1', 'm1'))], 'holds'],
  ['to the task that it named', [send('m1', 't2', 'c2', { taskId: 't1' }), get(task('t1', 'c1', 'm1'))], 'holds'],
  [
    'to a task that it refers to',
    [send('m1', 't2', 'c2', { referenceTaskIds: ['t1'] }), get(task('t1', 'c1', 'm1'))],
    'holds',
  ],
  ['whose answer never came', [lost, get(task('t1', 'c1', 'm1'))], 'untested'],
])('a message %s', ([, shapes, kind]) => {
  expect(ownHistory.judge(historyOf(...shapes), sampleFacts)['schema/own-history'].kind).toBe(kind);
});
