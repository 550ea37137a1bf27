import { expect, test } from 'vitest';
import type { Exchange } from '../core/history/exchange.ts';
import { rows } from '../protocol/requirements/rows.ts';
import type { LedgerDefects, TaskDefect } from './ledger.ts';
import { findingsOfRules, judgeBooks, loadInvariantOf, type TaskBooks } from './load-invariants.ts';

const none: TaskDefect = { count: 0, examples: [], tasks: [] };
const some: TaskDefect = { count: 2, examples: ['t1', 't2'], tasks: ['t1', 't2'] };
const noDefects: LedgerDefects = {
  reusedIds: none,
  sharedIds: none,
  mixedStreams: none,
  twoEnds: none,
  afterEnd: none,
  stampsGoBack: none,
};
const reads: TaskBooks['reads'] = { changedEnd: [], changedEndTasks: [], changedEndCount: 0 };

const books = (changes: Partial<TaskBooks>): TaskBooks => ({
  streams: 400,
  defects: noDefects,
  reads,
  held: 0,
  ...changes,
});
const judged = (changes: Partial<TaskBooks>) => judgeBooks(books(changes)).map((rule) => loadInvariantOf(rule, rows));

test('nothing wrong', () => {
  expect(judged({}).map(({ verdict }) => verdict)).toEqual(Array(6).fill('pass'));
});

test('no task at all is no pass', () => {
  expect(new Set(judged({ streams: 0 }).map(({ verdict }) => verdict))).toEqual(new Set(['untested']));
});

test.for<[name: string, changes: Partial<TaskBooks>, id: string, verdict: string, says: RegExp]>([
  [
    'ids used again',
    { defects: { ...noDefects, reusedIds: some, sharedIds: some } },
    'load/own-task-id',
    'fail',
    /^2 of 400 tasks were new work .*: t1; t2$/,
  ],
  // A message that says the same as another may be answered with the task of that one.
  ['shared ids', { defects: { ...noDefects, sharedIds: some } }, 'load/own-task-id', 'warn', /^2 of 400 tasks have/],
  ['mixed streams', { defects: { ...noDefects, mixedStreams: some } }, 'load/one-task-a-stream', 'fail', /2 of 400/],
  ['two ends on a stream', { defects: { ...noDefects, twoEnds: some } }, 'load/one-terminal-state', 'fail', /2 of 400/],
  [
    'another end by GetTask',
    { reads: { changedEndCount: 1, changedEnd: ['t9: COMPLETED, then FAILED'], changedEndTasks: ['t9'] } },
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
])('%s', ([, changes, id, verdict, says]) => {
  const wrong = judged(changes).filter((each) => each.verdict !== 'pass');
  expect(wrong).toMatchObject([{ id, verdict, reason: expect.stringMatching(says) as string }]);
});

test('what is of the text is a finding, with what was on the wire of its examples', () => {
  const ref = { binding: 'JSONRPC', version: '1.0', url: 'http://127.0.0.1:1/rpc' };
  const sent = { id: 'load-1' } as Exchange;
  const rules = judgeBooks(books({ defects: { ...noDefects, reusedIds: some } }), (task) =>
    task === 't2' ? [sent] : [],
  );
  const findings = findingsOfRules(rules, ref, rows);
  expect(findings).toHaveLength(5);
  expect(findings.filter(({ verdict }) => verdict !== 'pass')).toMatchObject([
    {
      check: 'load/own-task-id',
      requirement: 'send/task-id-generated',
      level: 'MUST',
      interface: ref,
      verdict: 'fail',
      expected: 'Each send got a task of its own',
      evidence: [{ id: 'load-1' }],
    },
  ]);
});
