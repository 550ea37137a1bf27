import { expect, test } from 'vitest';
import type { FinalReads } from './final-reads.ts';
import type { LedgerDefects, TaskDefect } from './ledger.ts';
import { judgeBooks, type TaskBooks } from './load-invariants.ts';

const none: TaskDefect = { count: 0, examples: [] };
const some: TaskDefect = { count: 2, examples: ['t1', 't2'] };
const noDefects: LedgerDefects = {
  sharedIds: none,
  mixedStreams: none,
  twoEnds: none,
  afterEnd: none,
  stampsGoBack: none,
};
const reads: FinalReads = {
  acknowledged: 400,
  read: 400,
  found: 400,
  lost: [],
  lostCount: 0,
  purged: 0,
  unread: 0,
  unreadReason: null,
  changedEnd: [],
  changedEndCount: 0,
  unfinished: 0,
};

const judged = (books: Partial<TaskBooks>) =>
  judgeBooks({ streams: 400, defects: noDefects, reads, held: 0, ...books });

test('nothing wrong', () => {
  expect(judged({}).map(({ verdict }) => verdict)).toEqual(Array(6).fill('pass'));
});

test('no task at all is no pass', () => {
  expect(new Set(judged({ streams: 0 }).map(({ verdict }) => verdict))).toEqual(new Set(['untested']));
});

test.for<[name: string, books: Partial<TaskBooks>, id: string, verdict: string, says: RegExp]>([
  [
    'shared ids',
    { defects: { ...noDefects, sharedIds: some } },
    'load/own-task-id',
    'fail',
    /^2 of 400 tasks .*: t1; t2$/,
  ],
  ['mixed streams', { defects: { ...noDefects, mixedStreams: some } }, 'load/one-task-a-stream', 'fail', /2 of 400/],
  ['two ends on a stream', { defects: { ...noDefects, twoEnds: some } }, 'load/one-terminal-state', 'fail', /2 of 400/],
  [
    'another end by GetTask',
    { reads: { ...reads, changedEndCount: 1, changedEnd: ['t9: COMPLETED, then FAILED'] } },
    'load/one-terminal-state',
    'fail',
    /1 of 400 .*t9/,
  ],
  [
    'updates after the end',
    { defects: { ...noDefects, afterEnd: some } },
    'load/nothing-after-the-end',
    'fail',
    /2 of 400/,
  ],
  ['open streams', { held: 3 }, 'load/stream-closes', 'warn', /3 of 400/],
  [
    'stamps that go back',
    { defects: { ...noDefects, stampsGoBack: some } },
    'load/stamps-in-order',
    'warn',
    /2 of 400/,
  ],
])('%s', ([, books, id, verdict, says]) => {
  const wrong = judged(books).filter((each) => each.verdict !== 'pass');
  expect(wrong).toMatchObject([{ id, verdict, reason: expect.stringMatching(says) as string }]);
});
