import { describe, expect, test } from 'vitest';
import type { History } from '../history/exchange.ts';
import { listContents } from './list-contents.ts';
import { listPages } from './list-pages.ts';
import { listResponse } from './list-response.ts';
import { got, historyOf, result, sampleFacts, sampleTask, type Shape, userMessage } from './testing/exchanges.ts';

type Json = Readonly<Record<string, unknown>>;

const ended = (id: string, second: number, more: Json = {}): Json => ({
  id,
  contextId: 'c1',
  status: { state: 'TASK_STATE_COMPLETED', timestamp: `2026-01-01T00:00:0${second}.500Z` },
  ...more,
});
const working = (id: string): Json => sampleTask({ id });
const [a, b, c] = [ended('a', 1), ended('b', 2), ended('c', 3)];

const answered = (params: Json, value: unknown, more: Shape = {}): Shape => ({
  operation: 'ListTasks',
  params,
  answer: result(0, value),
  ...more,
});
const list = (params: Json, tasks: readonly Json[], more: Json = {}): Shape =>
  answered(params, { tasks, nextPageToken: '', pageSize: 50, totalSize: tasks.length, ...more });
const sent = (task: Json): Shape => ({
  operation: 'SendMessage',
  params: { message: userMessage({ messageId: `for ${String(task['id'])}` }) },
  answer: result(0, { task }),
});
const read = (task: Json): Shape => got(0, task, { params: { id: task['id'] } });

/** The answers have the ids of their requests. */
const historyFrom = (...shapes: readonly Shape[]): History =>
  historyOf(...shapes.map((shape) => ({ ...shape, id: 0 })));
const many = (count: number): readonly Json[] => Array.from({ length: count }, (_, index) => ended(`t${index}`, 1));
const next = { nextPageToken: 'n' };

describe('invariants/list-response', () => {
  type Row = (typeof listResponse.requirements)[number];
  test.for<[Row, string, readonly Shape[], string]>([
    ['list/response-fields', 'all there', [list({}, [a])], 'holds'],
    ['list/response-fields', 'no list', [got(0, a)], 'untested'],
    ['list/response-fields', 'without total', [list({}, [a], { totalSize: undefined })], 'violated'],
    ['list/response-fields', 'without page size', [list({}, [a], { pageSize: undefined })], 'violated'],
    ['list/response-fields', 'a total as a word', [list({}, [a], { totalSize: '1' })], 'violated'],
    ['list/response-fields', 'tasks as an object', [list({}, [], { tasks: {} })], 'violated'],
    ['list/response-fields', 'defaults left out', [answered({}, { nextPageToken: '', pageSize: 50 })], 'ambiguous'],
    ['list/response-fields', 'null for a default', [list({}, [], { totalSize: null })], 'ambiguous'],
    ['list/next-page-token', 'empty', [list({}, [a])], 'holds'],
    ['list/next-page-token', 'left out', [list({}, [a], { nextPageToken: undefined })], 'violated'],
    ['list/next-page-token', 'null', [list({}, [a], { nextPageToken: null })], 'violated'],
    ['list/next-page-token', 'a number', [list({}, [a], { nextPageToken: 7 })], 'violated'],
    ['list/next-page-token', 'by its proto name', [answered({}, { tasks: [], next_page_token: '' })], 'holds'],
    ['list/page-size', 'obeyed', [list({ pageSize: 1 }, [b], next)], 'holds'],
    ['list/page-size', 'nothing to show it', [list({ pageSize: 9 }, [b])], 'untested'],
    ['list/page-size', 'too many', [list({ pageSize: 1 }, [b, a])], 'violated'],
    ['list/page-size', 'more than 100', [list({ pageSize: 100 }, many(101))], 'violated'],
    ['list/default-page-size', '50 and more to come', [list({}, many(50), next)], 'holds'],
    ['list/default-page-size', '51', [list({}, many(51))], 'violated'],
    ['list/default-page-size', 'asked for', [list({ pageSize: 60 }, many(60))], 'untested'],
    ['list/page-size-used', 'as asked', [list({ pageSize: 1 }, [b], { pageSize: 1 })], 'holds'],
    ['list/page-size-used', 'smaller', [list({ pageSize: 9 }, [b], { pageSize: 1 })], 'holds'],
    ['list/page-size-used', 'larger', [list({ pageSize: 1 }, [b], { pageSize: 50 })], 'violated'],
    ['list/page-size-used', 'smaller than the page', [list({}, [b, a], { pageSize: 1 })], 'violated'],
    ['list/page-size-used', '0 for an empty page', [list({}, [], { pageSize: 0 })], 'holds'],
    ['list/total-size', 'of more pages', [list({}, [a], { totalSize: 9 })], 'holds'],
    ['list/total-size', 'too small', [list({}, [a, b], { totalSize: 1 })], 'violated'],
    [
      'list/total-size',
      'of a malformed request',
      [list({}, [a, b], { totalSize: 1 })].map((shape) => ({ ...shape, malformed: 'x' })),
      'untested',
    ],
  ])('%s: %s', ([row, , shapes, kind]) => {
    expect(listResponse.judge(historyFrom(...shapes), sampleFacts)[row].kind).toBe(kind);
  });
});

describe('invariants/list-contents', () => {
  const foreign = ended('f', 1, { contextId: 'c2' });
  const inContext = (...tasks: readonly Json[]) => list({ contextId: 'c1' }, tasks);
  const completed = { status: 'TASK_STATE_COMPLETED' };
  const since = { statusTimestampAfter: '2026-01-01T00:00:02.500Z' };
  const full = ended('a', 1, { artifacts: [{ artifactId: 'x' }], history: [userMessage(), userMessage()] });
  type Row = (typeof listContents.requirements)[number];
  test.for<[Row, string, readonly Shape[], string]>([
    ['list/context-filter', 'right', [read(foreign), inContext(a)], 'holds'],
    ['list/context-filter', 'no other context is known', [inContext(a)], 'untested'],
    ['list/context-filter', 'another context', [inContext(a, foreign)], 'violated'],
    ['list/context-filter', 'no context', [inContext({ id: 'a', status: a['status'] })], 'ambiguous'],
    ['list/context-filter', 'an empty one is none', [list({ contextId: '' }, [a, foreign])], 'untested'],
    ['list/status-filter', 'right', [read(working('w')), list(completed, [a])], 'holds'],
    ['list/status-filter', 'it was so before', [read(working('w')), list(completed, [working('w')])], 'violated'],
    ['list/status-filter', 'it may have become so', [list(completed, [working('w')])], 'ambiguous'],
    ['list/timestamp-filter', 'right', [read(a), list(since, [c, b])], 'holds'],
    ['list/timestamp-filter', 'older', [list(since, [c, a])], 'violated'],
    [
      'list/timestamp-filter',
      'of the same second',
      [list(since, [ended('s', 2, { status: { state: 'TASK_STATE_COMPLETED', timestamp: '2026-01-01T00:00:02Z' } })])],
      'untested',
    ],
    [
      'list/timestamp-filter',
      'none',
      [list(since, [ended('s', 2, { status: { state: 'TASK_STATE_COMPLETED' } })])],
      'ambiguous',
    ],
    ['list/artifacts-omitted', 'right', [read(full), list({}, [a])], 'holds'],
    ['list/artifacts-omitted', 'no artifacts are known', [list({}, [a])], 'untested'],
    ['list/artifacts-omitted', 'there', [list({ includeArtifacts: false }, [full])], 'violated'],
    ['list/artifacts-omitted', 'empty', [list({}, [{ ...a, artifacts: [] }])], 'violated'],
    ['list/artifacts-omitted', 'null', [list({}, [{ ...a, artifacts: null }])], 'ambiguous'],
    ['list/artifacts-omitted', 'asked for', [list({ includeArtifacts: true }, [full])], 'untested'],
    [
      'list/history-length',
      'right',
      [read(full), list({ historyLength: 1 }, [{ ...a, history: [userMessage()] }])],
      'holds',
    ],
    ['list/history-length', 'too long', [list({ historyLength: 1 }, [full])], 'violated'],
    ['list/history-length', 'nothing to cut', [list({ historyLength: 9 }, [full])], 'untested'],
  ])('%s: %s', ([row, , shapes, kind]) => {
    expect(listContents.judge(historyFrom(...shapes), sampleFacts)[row].kind).toBe(kind);
  });
});

describe('invariants/list-pages', () => {
  const first = (...tasks: readonly Json[]) => list({ pageSize: 1 }, tasks, next);
  const second = (...tasks: readonly Json[]) => list({ pageSize: 1, pageToken: 'n' }, tasks);
  const known = list({}, [b, a]);
  const skipping = [first(b), second(), read(a), read(b)];
  type Row = (typeof listPages.requirements)[number];
  test.for<[Row, string, readonly Shape[], string]>([
    ['list/unchanged-once', 'right', [first(b), second(a)], 'holds'],
    ['list/unchanged-once', 'twice', [first(b), second(b, a)], 'violated'],
    ['list/unchanged-once', 'twice on one page', [list({}, [a, a])], 'violated'],
    ['list/unchanged-once', 'twice, and changed', [first(b), second(ended('b', 4))], 'holds'],
    ['list/unchanged-once', 'twice, and not ended', [first(working('b')), second(working('b'))], 'untested'],
    ['list/unchanged-once', 'on two lists', [list({}, [a]), list({ contextId: 'c1' }, [a])], 'untested'],
    [
      'list/unchanged-once',
      'with a token of another list',
      [list({ contextId: 'c1' }, [b], next), second(b)],
      'untested',
    ],
    ['list/unchanged-once', 'left out once', [known, ...skipping], 'ambiguous'],
    ['list/unchanged-once', 'left out twice', [known, ...skipping, ...skipping], 'violated'],
    [
      'list/unchanged-once',
      'left out, then there',
      [known, ...skipping, ...skipping, first(b), second(a), read(a)],
      'ambiguous',
    ],
    ['list/unchanged-once', 'never listed before', [...skipping, first(b), second(), read(b)], 'holds'],
    ['list/unchanged-once', 'not seen any more', [known, first(b), second(), first(b), second(), read(b)], 'holds'],
    [
      'list/unchanged-once',
      'of another context',
      [
        known,
        ...[1, 2].flatMap(() => [
          list({ contextId: 'x' }, [], next),
          list({ contextId: 'x', pageToken: 'n' }, []),
          read(a),
          read(b),
        ]),
      ],
      'untested',
    ],
    ['list/order', 'right', [list({}, [c, b, a])], 'holds'],
    ['list/order', 'one task', [list({}, [c])], 'untested'],
    ['list/order', 'equal', [list({}, [ended('x', 1), a])], 'untested'],
    ['list/order', 'own tasks, oldest first', [sent(a), sent(b), list({}, [a, b])], 'violated'],
    [
      'list/order',
      'own tasks that were at work together',
      [{ ...sent(a), at: 100, until: 300 }, { ...sent(b), at: 200, until: 310 }, list({}, [a, b])],
      'ambiguous',
    ],
    ['list/order', 'tasks of others', [sent(a), list({}, [a, b])], 'ambiguous'],
    [
      'list/order',
      'own tasks, one of which a message reached',
      [
        sent(a),
        sent(b),
        {
          operation: 'CancelTask',
          params: { id: 'a' },
          answer: { jsonrpc: '2.0', id: 0, error: { code: -32002, message: 'no' } },
        },
        list({}, [a, b]),
      ],
      'ambiguous',
    ],
    ['list/order', 'tasks that go on', [list({}, [working('x'), c])], 'untested'],
  ])('%s: %s', ([row, , shapes, kind]) => {
    expect(listPages.judge(historyFrom(...shapes), sampleFacts)[row].kind).toBe(kind);
  });
});
