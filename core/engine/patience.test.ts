import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Exchange } from '../history/exchange.ts';
import type { BindingClient, CallOptions, CallResult, StreamHandle } from '../wire/binding-client.ts';
import type { Reply } from '../wire/reply.ts';
import { Patience } from './patience.ts';
import { refOf } from './testing/fixtures.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const fullMs = 10_000;
const shortMs = 2_000;
const partMs = 500;

interface Answer {
  readonly reply: Reply;
  readonly afterMs: number;
}

const result: Answer = { reply: { kind: 'result', value: {} }, afterMs: 10 };
const never: Answer = { reply: { kind: 'none', failure: { kind: 'timeout', message: 'nothing' } }, afterMs: Infinity };

const exchangeOf = (startedAt: number, { kind }: Reply, endedBy: Exchange['endedBy']): Exchange =>
  ({ startedAt, endedAt: performance.now(), endedBy, response: kind === 'none' ? null : {}, events: [] }) as never;

/** A client that answers what `answer` says, after a while, or has nothing when the time is over. */
function scripted(answer: (what: string) => Answer) {
  const given: number[] = [];
  const call = (what: string, options: CallOptions = {}): Promise<CallResult> =>
    new Promise((resolve) => {
      const { timeoutMs = fullMs, signal } = options;
      const { reply, afterMs } = answer(what);
      const startedAt = performance.now();
      given.push(timeoutMs);
      const end = (said: Reply, endedBy: Exchange['endedBy']): void =>
        resolve({ exchange: exchangeOf(startedAt, said, endedBy), reply: said });
      signal?.addEventListener('abort', () => end(never.reply, 'client'));
      if (afterMs <= timeoutMs) setTimeout(() => end(reply, 'server'), afterMs);
      else setTimeout(() => end(never.reply, 'deadline'), timeoutMs);
    });
  const stream = async (what: string, options: CallOptions = {}): Promise<StreamHandle> => {
    const { exchange, reply } = await call(what, options);
    return {
      opened: false,
      events: [],
      next: () => Promise.resolve(undefined),
      close: () => undefined,
      done: Promise.resolve({ exchange, events: [], reply }),
    };
  };
  const client: BindingClient = {
    interface: refOf('http://a.test'),
    call: (operation, _, options) => call(operation, options),
    stream: (operation, _, options) => stream(operation, options),
    raw: (_, options) => call('raw', options),
    callMalformed: (operation, _, __, options) => call(operation, options),
  };
  return { client, given };
}

const patience = () => new Patience({ operationMs: fullMs, graceMs: shortMs });

const settle = async <Value>(asked: Promise<Value>): Promise<Value> => {
  await vi.runAllTimersAsync();
  return asked;
};

test('three independent requests that get nothing cost the time of an operation, those after them less and less', async () => {
  const { client, given } = scripted(() => never);
  const patient = patience();
  for (let number = 1; number <= 9; number += 1)
    await settle(patient.client(client, `check ${number}`).call('GetTask', {}));
  expect(given).toEqual([fullMs, fullMs, fullMs, ...Array.from({ length: 4 }, () => shortMs), partMs, partMs]);
});

test('of one check they count once; messages of exploration count by themselves', async () => {
  for (const [check, expected] of [
    ['one', fullMs],
    [undefined, shortMs],
  ] as const) {
    const { client, given } = scripted(() => never);
    const patient = patience().client(client, check);
    for (let number = 1; number <= 4; number += 1) await settle(patient.call('GetTask', {}));
    expect(given.at(-1)).toBe(expected);
  }
});

test('what answers ends it, for its kind and its operation', async () => {
  let hangs = true;
  const { client, given } = scripted((what) => (hangs || what === 'CancelTask' ? never : result));
  const patient = patience().client(client);
  for (const operation of ['GetTask', 'CancelTask', 'ListTasks'] as const) await settle(patient.call(operation, {}));
  await settle(patient.call('GetTask', {}));
  expect(given.at(-1)).toBe(shortMs);
  hangs = false;
  await settle(patient.call('GetTask', {}));
  await settle(patient.call('GetTask', {}));
  expect(given.at(-1)).toBe(fullMs);
  // One operation of an interface that answers others.
  for (let number = 1; number <= 3; number += 1) {
    await settle(patient.call('CancelTask', {}));
    await settle(patient.call('GetTask', {}));
  }
  await settle(patient.call('CancelTask', {}));
  await settle(patient.call('GetTask', {}));
  expect(given.slice(-2)).toEqual([shortMs, fullMs]);
});

test('streams that hang leave other operations their time, and a refusal of a stream ends nothing', async () => {
  const refusal: Answer = { reply: { kind: 'malformed', why: 'no', status: 500 }, afterMs: 1 };
  let refuses = false;
  const { client, given } = scripted((what) => (what === 'GetTask' ? result : refuses ? refusal : never));
  const patient = patience().client(client);
  for (let number = 1; number <= 3; number += 1) await settle(patient.stream('SubscribeToTask', {}));
  refuses = true;
  await settle(patient.stream('SendStreamingMessage', {}));
  await settle(patient.stream('SendStreamingMessage', {}));
  await settle(patient.call('GetTask', {}));
  expect(given.slice(-3)).toEqual([shortMs, shortMs, fullMs]);
});

test('what is under way when patience runs out is given up, with the reason', async () => {
  const { client } = scripted(() => never);
  const patient = patience().client(client);
  const waits = [1, 2, 3].map(() => patient.call('GetTask', {}));
  await vi.advanceTimersByTimeAsync(fullMs / 2);
  const late = patient.call('SendMessage', {}, { timeoutMs: 60_000 });
  await vi.advanceTimersByTimeAsync(fullMs / 2);
  await Promise.all(waits);
  // It had the time of grace already.
  await vi.advanceTimersByTimeAsync(1);
  const { reply } = await late;
  expect(reply).toMatchObject({
    failure: { message: 'nothing; given no more time, since 3 requests had no answer within 10000 ms' },
  });
});

test('an interface that was slow gets twice its time', async () => {
  let hangs = false;
  const { client, given } = scripted(() => (hangs ? never : { ...result, afterMs: 4_000 }));
  const patient = patience().client(client);
  await settle(patient.call('SendMessage', {}));
  hangs = true;
  for (let number = 1; number <= 3; number += 1) await settle(patient.call('SendMessage', {}));
  await settle(patient.call('SendMessage', {}));
  expect(given.at(-1)).toBe(8_000);
});

test('shorter waits, malformed requests and connections that fail tell nothing', async () => {
  const broken: Answer = { reply: { kind: 'none', failure: { kind: 'refused', message: 'no' } }, afterMs: 1 };
  let answer = never;
  const { client, given } = scripted(() => answer);
  const patient = patience().client(client);
  for (let number = 1; number <= 3; number += 1) {
    await settle(patient.call('GetTask', {}, { timeoutMs: 100 }));
    await settle(patient.callMalformed('GetTask', {}, 'no id'));
    await settle(patient.raw({ body: '', violation: 'empty' }));
  }
  answer = broken;
  for (let number = 1; number <= 3; number += 1) await settle(patient.call('GetTask', {}));
  await settle(patient.call('GetTask', {}));
  expect(given.at(-1)).toBe(fullMs);
});

/** Streams that open, and stay empty until `push`. */
function openStreams() {
  const pushes: (() => void)[] = [];
  const { client } = scripted(() => never);
  const stream: BindingClient['stream'] = () => {
    const events: StreamHandle['events'][number][] = [];
    const watchers: Parameters<StreamHandle['next']>[0][] = [];
    const { promise, resolve } = Promise.withResolvers<Awaited<StreamHandle['done']>>();
    pushes.push(() => {
      const event = { at: 0, reply: result.reply };
      events.push(event);
      for (const until of watchers) until(event);
    });
    return Promise.resolve({
      opened: true,
      events,
      next: (until) => (watchers.push(until), promise.then(() => undefined)),
      close: () => resolve({ exchange: exchangeOf(0, result.reply, 'client'), events }),
      done: promise,
    });
  };
  return { client: { ...client, stream }, pushes };
}

test('streams that open and bring nothing are closed once that is certain, those that brought something are not', async () => {
  const { client, pushes } = openStreams();
  const patient = patience().client(client);
  const ended: number[] = [];
  const open = async (number: number): Promise<void> => {
    const handle = await patient.stream('SendStreamingMessage', {});
    void handle.done.then(() => ended.push(number));
  };
  await open(0);
  pushes[0]!();
  for (const number of [1, 2, 3]) await open(number);
  await vi.advanceTimersByTimeAsync(fullMs + 1);
  expect(ended.toSorted()).toEqual([1, 2, 3]);
  await open(4);
  await vi.advanceTimersByTimeAsync(shortMs);
  expect(ended.toSorted()).toEqual([1, 2, 3, 4]);
  await open(5);
  pushes[5]!();
  await open(6);
  await vi.advanceTimersByTimeAsync(2 * shortMs);
  expect(ended.toSorted()).toEqual([1, 2, 3, 4]);
});

test('a client that throws leaves nothing behind', async () => {
  const { client } = scripted(() => result);
  const refuses = { ...client, call: () => Promise.reject(new Error('no more tasks')) };
  await expect(patience().client(refuses).call('GetTask', {})).rejects.toThrow('no more tasks');
  expect(vi.getTimerCount()).toBe(0);
});
