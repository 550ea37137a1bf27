import { expect, test } from 'vitest';
import type { InterfaceRef } from '../target/target.ts';
import type { Exchange, WebhookDelivery } from './exchange.ts';
import { answersFor, exposuresOf, oneInOf } from './exposures.ts';

test.for([
  [0, null],
  [1, 1],
  [28, 9],
  [29, 10],
  [212, 71],
])('%s answers meet a fault of one answer in %s', ([answers, oneIn]) => {
  expect(oneInOf(answers!)).toBe(oneIn);
});

test('so many answers are enough, and one less is not', () => {
  for (const oneIn of [2, 10, 71, 1_000]) {
    const answers = answersFor(oneIn);
    expect(1 - (1 - 1 / oneIn) ** answers).toBeGreaterThanOrEqual(0.95);
    expect(1 - (1 - 1 / oneIn) ** (answers - 1)).toBeLessThan(0.95);
  }
  expect(answersFor(10)).toBe(29);
});

const ref: InterfaceRef = { binding: 'JSONRPC', version: '1.0', url: 'http://127.0.0.1:1/' };
const capabilities = { streaming: false, pushNotifications: false, extendedAgentCard: false, requiredExtensions: [] };

const exchange = (intent: Exchange['intent'], outcome: Exchange['outcome']): Exchange => ({
  id: 'x',
  actor: 'main',
  interface: ref,
  intent,
  request: { method: 'POST', url: ref.url, headers: [], body: null },
  response:
    outcome === 'indefinite'
      ? null
      : { status: 200, headers: [], body: '', validUtf8: true, truncated: false, headAt: 0 },
  events: [],
  endedBy: 'server',
  startedAt: 0,
  endedAt: 1,
  clock: 'test',
  outcome,
});

test('answers of good requests count, results and errors apart; what is declared and was never answered is there', () => {
  const get = { kind: 'operation', operation: 'GetTask', params: {} } as const;
  const subscribe = { kind: 'operation', operation: 'SubscribeToTask', params: {} } as const;
  const exchanges = [
    exchange(get, 'ok'),
    exchange(get, 'ok'),
    exchange(get, 'error'),
    exchange(get, 'indefinite'),
    exchange({ kind: 'malformed', violation: 'no id', operation: 'GetTask' }, 'error'),
    exchange({ kind: 'fetch', what: 'card' }, 'ok'),
    exchange(subscribe, 'error'),
  ];
  const shown = exposuresOf({ exchanges }, { interfaces: [ref], capabilities });
  expect(shown.map(({ operation, results, errors }) => [operation, results.answers, errors.answers])).toEqual([
    ['SendMessage', 0, 0],
    ['GetTask', 2, 1],
    ['ListTasks', 0, 0],
    ['CancelTask', 0, 0],
    // Not declared, and answered.
    ['SubscribeToTask', 0, 1],
  ]);
});

test('notifications are counted where they are declared', () => {
  const delivery = exchange({ kind: 'delivery', webhook: 'http://127.0.0.1:2/' }, 'ok') as WebhookDelivery;
  const target = { interfaces: [ref], capabilities: { ...capabilities, pushNotifications: true } };
  const of = (deliveries: readonly WebhookDelivery[]) =>
    exposuresOf({ exchanges: [], deliveries }, target).find(({ operation }) => operation === 'Notification')?.results;
  expect(of([])).toEqual({ answers: 0, oneIn: null });
  expect(of([delivery])).toEqual({ answers: 1, oneIn: 1 });
});
