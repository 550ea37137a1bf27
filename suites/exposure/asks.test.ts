import { describe, expect, test } from 'vitest';
import type { TaskView } from '../../core/engine/check.ts';
import { answersFor } from '../../core/history/exposures.ts';
import { operations } from '../../protocol/operations.ts';
import { taskIn } from '../checks/shared/task-parts.ts';
import { errorOf, noAnswer, resultOf } from '../testing/answers.ts';
import { asks, judgeList, judgeRead, type Shown } from './asks.ts';
import { enough } from './run.ts';

const artifacts = [{ artifactId: 'a', parts: [{ text: 'done' }] }];
const task = (id: string, more: object = { artifacts }) => ({
  id,
  contextId: 'c',
  status: { state: 'TASK_STATE_COMPLETED' },
  ...more,
});
const viewOf = (id: string): TaskView => taskIn(resultOf(task(id)))!;
const kinds = (shown: readonly Shown[]) => Object.fromEntries(shown.map(({ row, judgement }) => [row, judgement.kind]));

describe('a read of an ended task', () => {
  test.for([
    ['the same', resultOf(task('1')), { 'get/idempotent': 'holds' }],
    ['without its artifacts', resultOf(task('1', {})), { 'get/idempotent': 'ambiguous' }],
    ['another task, for an invariant to judge', resultOf(task('2')), {}],
    ['purged', errorOf('TaskNotFoundError'), {}],
    ['a system error', errorOf('InternalError'), {}],
    ['no answer', noAnswer(), {}],
  ] as const)('%s', ([, answer, expected]) => {
    expect(kinds(judgeRead(viewOf('1'), answer))).toEqual(expected);
  });
});

describe('a list of ended tasks that was whole before', () => {
  const due = [viewOf('1'), viewOf('2')];
  const list = (...ids: readonly string[]) =>
    resultOf({ tasks: ids.map((id) => task(id)), nextPageToken: '', pageSize: 50, totalSize: ids.length });

  test.for([
    ['whole', list('2', '1'), [], { 'list/returns-tasks': 'holds' }],
    ['one left out that is there', list('2'), [resultOf(task('1'))], { 'list/returns-tasks': 'ambiguous' }],
    ['one left out that is purged', list('2'), [errorOf('TaskNotFoundError')], {}],
  ] as const)('%s', ([, answer, after, expected]) => {
    expect(kinds(judgeList(due, answer, after))).toEqual(expected);
  });
});

test('every operation is asked for, and a fault of one answer in ten has its chance', () => {
  const asked = new Set(asks.map(({ operation }) => operation));
  // Deleted is what was created.
  const without = Object.keys(operations).filter((name) => !asked.has(name as keyof typeof operations));
  expect(without).toEqual(['DeleteTaskPushNotificationConfig']);
  expect(enough).toBe(answersFor(10));
});
