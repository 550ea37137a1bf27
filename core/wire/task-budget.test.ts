import { expect, test } from 'vitest';
import { Unelicited } from '../engine/check.ts';
import { createTaskBudget, type BudgetedRequest } from './task-budget.ts';

test.for<[string, BudgetedRequest, number]>([
  ['a send', { operation: 'SendMessage', params: { message: {} } }, 1],
  ['a streamed send', { operation: 'SendStreamingMessage', params: { message: {} } }, 1],
  ['a send to a task that is known', { operation: 'SendMessage', params: { message: { taskId: 'known' } } }, 0],
  ['a send to a task that is not', { operation: 'SendMessage', params: { message: { taskId: 'unknown' } } }, 1],
  ['a malformed send', { operation: 'SendMessage', params: 'text' }, 1],
  ['another operation', { operation: 'GetTask', params: { message: {} } }, 0],
  ['a raw send', { operation: 'SendMessage', raw: { sends: false } }, 1],
  ['a raw request that may be read as a send', { raw: { sends: true } }, 1],
  ['a raw request of another operation', { operation: 'GetTask', raw: { sends: true } }, 0],
  ['any other raw request', { raw: { sends: false } }, 0],
])('%s', ([, request, cost]) => {
  const budget = createTaskBudget(10);
  budget.learn({ task: { id: 'known' } });
  budget.spend(request);
  expect(budget.used).toBe(cost);
});

test.for<[string, unknown]>([
  ['SendMessage', { task: { id: 'known' } }],
  ['GetTask', { id: 'known', status: {} }],
  ['a message', { message: { taskId: 'known' } }],
  ['a status update', { statusUpdate: { taskId: 'known' } }],
  ['an artifact update', { artifactUpdate: { taskId: 'known' } }],
])('ids are learnt from the result of %s', ([, result]) => {
  const budget = createTaskBudget(0);
  budget.learn(result);
  expect(() => budget.spend({ operation: 'SendMessage', params: { message: { taskId: 'known' } } })).not.toThrow();
});

test('a result without a task teaches nothing', () => {
  const budget = createTaskBudget(0);
  for (const result of [null, 'text', [], {}, { id: 'config', url: 'x' }, { task: { id: 5 } }, { task: null }])
    budget.learn(result);
  expect(() => budget.spend({ operation: 'SendMessage', params: { message: { taskId: undefined } } })).toThrow(
    Unelicited,
  );
});

test('what is over is refused, with the way to raise it', () => {
  const budget = createTaskBudget(1);
  budget.spend({ operation: 'SendMessage', params: {} });
  expect(() => budget.spend({ operation: 'SendMessage', params: {} })).toThrow(
    expect.objectContaining({
      hint: 'raise --max-tasks',
      message: 'this run may create no more than 1 tasks',
    }) as Error,
  );
  expect([budget.used, budget.max]).toEqual([1, 1]);
});
