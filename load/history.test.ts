import { describe, expect, test } from 'vitest';
import { rows } from '../protocol/requirements/rows.ts';
import { exchangeOf, historyOf, type HistoryFacts } from './history.ts';
import type { TaskLine } from './journal.ts';
import { judgeSample } from './load-invariants.ts';
import { taskLine, testStart } from './testing/task-line.ts';

const facts: HistoryFacts = {
  interface: { binding: 'JSONRPC', version: '1.0', url: 'http://127.0.0.1:1/rpc' },
  operation: 'SendStreamingMessage',
  headers: [['Authorization', '[redacted]']],
  clock: 'clock',
  zeroMicros: testStart - 5_000_000,
};

const target = {
  url: 'http://127.0.0.1:1',
  cardUrl: 'http://127.0.0.1:1/.well-known/agent-card.json',
  card: {},
  interfaces: [facts.interface],
  unmeasured: [],
  capabilities: { streaming: true, pushNotifications: false, extendedAgentCard: false, requiredExtensions: [] },
  dialect: 'a2a-1.0' as const,
  contracts: [],
};

const update = (taskId: string, state: string): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 'load-0',
    result: { statusUpdate: { taskId, contextId: 'c', status: { state, timestamp: '2026-01-02T03:04:05.678Z' } } },
  });

const snapshot = (taskId: string): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 'load-0',
    result: { task: { id: taskId, contextId: 'c', status: { state: 'TASK_STATE_SUBMITTED' } } },
  });

const request = (id: string): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'SendStreamingMessage',
    params: { message: { messageId: id, role: 'ROLE_USER', parts: [{ text: 'hello' }] } },
  });

const sampled = (i: number, data: readonly string[], changes: Partial<TaskLine> = {}): TaskLine =>
  taskLine(i, {
    raw: {
      url: 'http://127.0.0.1:1/rpc',
      req: request(`load-${i}`),
      hdr: [['Content-Type', 'text/event-stream']],
      data: data.map((text) => text.replaceAll('load-0', `load-${i}`)),
    },
    ...changes,
  });

describe('an exchange', () => {
  test('has what was on the wire, on the clock of the history', () => {
    const data = [update('t', 'TASK_STATE_WORKING'), update('t', 'TASK_STATE_COMPLETED')];
    const exchange = exchangeOf(sampled(0, data), facts)!;
    expect(exchange).toMatchObject({
      id: 'load-0',
      actor: 'load',
      clock: 'clock',
      startedAt: 5_000,
      outcome: 'ok',
      endedBy: 'server',
      intent: { kind: 'operation', operation: 'SendStreamingMessage', params: { message: { messageId: 'load-0' } } },
      response: { status: 200, truncated: true },
      events: [
        { at: 5_001, data: data[0] },
        { at: 5_002, data: data[1] },
      ],
    });
  });

  test('has the headers of the protocol beside the given ones', () => {
    const { headers } = exchangeOf(sampled(0, []), facts)!.request;
    expect(headers).toContainEqual(['Authorization', '[redacted]']);
    expect(headers).toContainEqual(['A2A-Version', '1.0']);
  });

  test('is not made of what was not kept whole', () => {
    expect(exchangeOf(taskLine(0), facts)).toBeUndefined();
    const line = sampled(0, []);
    expect(exchangeOf({ ...line, raw: { ...line.raw!, cut: true } }, facts)).toBeUndefined();
  });

  test.for<[changes: Partial<TaskLine>, expected: object]>([
    [
      { out: 'timeout', code: 'timeout', err: 'no end' },
      { outcome: 'ok', endedBy: 'deadline', failure: { kind: 'timeout' } },
    ],
    [
      { out: 'transport', code: 'refused', http: 0, ev: [] },
      { outcome: 'indefinite', endedBy: 'broken', response: null, failure: { kind: 'refused' } },
    ],
    [
      { out: 'cut', code: 'eof' },
      { outcome: 'ok', endedBy: 'server' },
    ],
    [
      { out: 'cut', code: 'reset', err: 'EOF' },
      { outcome: 'ok', endedBy: 'broken', failure: { kind: 'reset' } },
    ],
    [
      { out: 'rpc-error', code: '-32603', ev: [] },
      { outcome: 'error', endedBy: 'server', events: [] },
    ],
    [{ out: 'waiting' }, { outcome: 'ok', endedBy: 'client' }],
    [
      { out: 'completed', held: true },
      { outcome: 'ok', endedBy: 'client' },
    ],
    [
      { out: 'canceled', code: 'canceled' },
      { outcome: 'ok', endedBy: 'client', failure: { kind: 'aborted' } },
    ],
  ])('%j', ([changes, expected]) => {
    expect(exchangeOf(sampled(0, [], changes), facts)).toMatchObject(expected);
  });

  test('names of events are kept', () => {
    const line = sampled(0, ['{}']);
    const named = { ...line, raw: { ...line.raw!, names: { 0: 'ping' } } };
    expect(exchangeOf(named, facts)!.events[0]).toMatchObject({ data: '{}', event: 'ping' });
  });
});

describe('the invariants of core judge the sample', () => {
  const judge = (...tasks: readonly TaskLine[]) =>
    judgeSample(
      historyOf(tasks.flatMap((task) => exchangeOf(task, facts) ?? [])),
      { target, interface: facts.interface },
      rows,
    );
  const good = (i: number): TaskLine => sampled(i, [snapshot(`t${i}`), update(`t${i}`, 'TASK_STATE_COMPLETED')]);

  test('a sound one fails nothing', () => {
    const found = judge(good(0), good(1));
    expect(found.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(found.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(10);
  });

  test('one id for two sends', () => {
    const shared = sampled(1, [snapshot('t0'), update('t0', 'TASK_STATE_COMPLETED')]);
    expect(judge(good(0), shared).filter(({ verdict }) => verdict === 'fail')).toMatchObject([
      { check: 'invariants/task-ids', requirement: 'send/task-id-generated' },
    ]);
  });

  test('an empty sample says nothing', () => {
    expect(judge()).toEqual([]);
  });
});
