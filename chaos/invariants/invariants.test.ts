import { describe, expect, test } from 'vitest';
import type { TaskRead } from '../client/final-reads.ts';
import { makeJob, type Job } from '../client/job.ts';
import { committedOnce } from './committed-once.ts';
import type { BookFacts } from './invariant.ts';
import { nothingLost } from './nothing-lost.ts';
import { oneTaskAMessage } from './one-task-a-message.ts';
import { textIntact } from './text-intact.ts';
import { workIsDone } from './work-is-done.ts';

const job = (kind: Job['kind'], more: Partial<Job> = {}): Job => ({
  ...makeJob(kind, 'm1'),
  sends: 1,
  taskId: 't1',
  acknowledgedAt: 1,
  ...more,
});

const task = (state: string, text: string, sent = text): TaskRead => ({
  kind: 'task',
  state,
  task: {
    id: 't1',
    status: { state },
    artifacts: [{ artifactId: 'a', parts: [{ text }] }],
    history: [{ messageId: 'm1', parts: [{ text: sent }] }],
  },
});

const books = (jobs: readonly Job[], read?: TaskRead, listed: BookFacts['reads']['listed'] = null): BookFacts => ({
  jobs,
  reads: { tasks: new Map(read === undefined ? [] : [['t1', read]]), listed },
});

const done = 'TASK_STATE_COMPLETED';
const listedTask = (id: string) => ({ id, history: [{ messageId: 'm1' }] });
const echo = job('echo');
const chunks = job('chunks');

describe.for([
  ['nothing-lost, found', nothingLost, books([echo], task(done, '')), 'pass'],
  ['nothing-lost, not found', nothingLost, books([echo], { kind: 'not-found' }), 'fail'],
  ['nothing-lost, not read', nothingLost, books([echo], { kind: 'unread', reason: 'x' }), 'untested'],
  ['nothing-lost, never acknowledged', nothingLost, books([job('echo', { taskId: null })]), 'untested'],
  ['work-is-done, completed', workIsDone, books([echo], task(done, '')), 'pass'],
  ['work-is-done, canceled', workIsDone, books([echo], task('TASK_STATE_CANCELED', '')), 'fail'],
  ['work-is-done, still at work', workIsDone, books([echo], task('TASK_STATE_WORKING', '')), 'fail'],
  ['work-is-done, lost', workIsDone, books([echo], { kind: 'not-found' }), 'untested'],
  ['committed-once, each', committedOnce, books([chunks], task(done, 'chunk-1 chunk-2 chunk-3 ')), 'pass'],
  ['committed-once, one twice', committedOnce, books([chunks], task(done, 'chunk-1 chunk-1 chunk-2 chunk-3 ')), 'fail'],
  ['committed-once, one missing', committedOnce, books([chunks], task(done, 'chunk-1 chunk-3 ')), 'fail'],
  [
    'committed-once, not at its end',
    committedOnce,
    books([chunks], task('TASK_STATE_WORKING', 'chunk-1 ')),
    'untested',
  ],
  ['text-intact, the same', textIntact, books([echo], task(done, echo.text)), 'pass'],
  [
    'text-intact, torn echo',
    textIntact,
    books([echo], task(done, echo.text.replace('整', '\ufffd'), echo.text)),
    'fail',
  ],
  ['text-intact, torn history', textIntact, books([echo], task(done, echo.text, `${echo.text}?`)), 'fail'],
  [
    'one-task-a-message, one',
    oneTaskAMessage,
    books([job('echo', { sends: 2 })], undefined, [listedTask('t1')]),
    'pass',
  ],
  [
    'one-task-a-message, two',
    oneTaskAMessage,
    books([job('echo', { sends: 2 })], undefined, [listedTask('t1'), listedTask('t2')]),
    'fail',
  ],
  ['one-task-a-message, sent once', oneTaskAMessage, books([echo], undefined, [listedTask('t1')]), 'untested'],
  ['one-task-a-message, no list', oneTaskAMessage, books([job('echo', { sends: 2 })]), 'untested'],
] as const)('%s', ([, invariant, facts, verdict]) => {
  test(`is ${verdict}`, () => {
    expect(invariant.judge(facts)).toMatchObject({ verdict });
  });
});
