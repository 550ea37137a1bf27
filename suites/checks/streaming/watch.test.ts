import { expect, test } from 'vitest';
import type { ProbeContext } from '../../../core/engine/check.ts';
import { deadlinesFrom } from '../../../core/engine/deadlines.ts';
import type { CallResult, ReceivedEvent, StreamHandle, StreamResult } from '../../../core/wire/binding-client.ts';
import { errorOf, got, noAnswer, resultOf } from '../../testing/answers.ts';
import { messageEvent, statusEvent, taskEvent } from '../../testing/streams.ts';
import { subscribeTo, watch } from './watch.ts';

type Event = Readonly<Record<string, unknown>>;

/** A stream that is fed by the test. */
class FakeStream implements StreamHandle {
  readonly opened = true;
  readonly events: ReceivedEvent[] = [];
  readonly done: Promise<StreamResult>;
  readonly #end = Promise.withResolvers<StreamResult>();
  #wake = Promise.withResolvers<void>();
  #ended = false;

  constructor(...events: readonly Event[]) {
    this.done = this.#end.promise;
    for (const event of events) this.put(event);
  }

  put(event: Event): this {
    this.events.push({ at: this.events.length, reply: { kind: 'result', value: event } });
    this.#stir();
    return this;
  }

  end(endedBy: 'server' | 'client' | 'broken' = 'server'): this {
    this.#ended = true;
    this.#end.resolve({ exchange: { ...noAnswer().exchange, endedBy }, events: this.events });
    this.#stir();
    return this;
  }

  close(): void {
    if (!this.#ended) this.end('client');
  }

  async next(until: (event: ReceivedEvent) => boolean, deadlineMs: number): Promise<ReceivedEvent | undefined> {
    const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), deadlineMs));
    for (;;) {
      const found = this.events.find(until);
      if (found !== undefined || this.#ended) return found;
      if ((await Promise.race([this.#wake.promise, late])) === 'late') return undefined;
    }
  }

  #stir(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}

/** A context whose GetTask gives these answers, the last one for ever. */
function contextWith(answers: readonly CallResult[], onCall: (number: number) => void = () => undefined): ProbeContext {
  let calls = 0;
  const call = (): Promise<CallResult> => {
    onCall(++calls);
    return Promise.resolve(answers[Math.min(calls, answers.length) - 1]!);
  };
  const deadlines = { ...deadlinesFrom(2_000), graceMs: 20, taskMs: 400 };
  return { client: { call }, deadlines, signal: new AbortController().signal } as unknown as ProbeContext;
}

const start = taskEvent('SUBMITTED');
const end = statusEvent('COMPLETED');
const working = got('WORKING');
const ended = got('COMPLETED');

test('a stream that the agent closes after its end', async () => {
  const watched = await watch(contextWith([working]), new FakeStream(start, end).end());
  expect(watched).toMatchObject({ end: 'closed', due: 'terminal event' });
});

test.for([
  ['after the terminal event', [start, end], 'terminal event'],
  ['after its Message', [messageEvent], 'Message'],
] as const)('a stream that stays open %s', async ([, events, due]) => {
  expect(await watch(contextWith([working]), new FakeStream(...events))).toMatchObject({ end: 'left-open', due });
});

test('a silent stream whose task is over by GetTask', async () => {
  const watched = await watch(contextWith([working, ended]), new FakeStream(start));
  expect(watched).toMatchObject({ end: 'left-open', due: 'GetTask', got: ended });
});

test('events that come after GetTask showed the end are waited for', async () => {
  const stream = new FakeStream(start);
  const context = contextWith([ended], () => setTimeout(() => stream.put(end).end(), 2));
  expect(await watch(context, stream)).toMatchObject({ end: 'closed', due: 'terminal event' });
});

test('a silent stream of a task at work is undecided', async () => {
  expect(await watch(contextWith([working]), new FakeStream(start))).toMatchObject({
    end: 'undecided',
    due: undefined,
  });
});

test('a task that waits for its client is not waited for', async () => {
  let calls = 0;
  const context = contextWith([got('INPUT_REQUIRED')], (number) => (calls = number));
  expect(await watch(context, new FakeStream(start))).toMatchObject({ end: 'undecided' });
  expect(calls).toBe(1);
});

test('a broken connection, and a refusal', async () => {
  expect(await watch(contextWith([working]), new FakeStream(start).end('broken'))).toMatchObject({ end: 'broken' });
  const refused = new FakeStream();
  refused.events.push({
    at: 0,
    reply: { kind: 'error', error: { name: 'InternalError', code: -32603, message: 'no', details: undefined } },
  });
  expect((await watch(contextWith([resultOf({})]), refused.end())).refusal).toMatchObject({ kind: 'error' });
});

test.for<[string, readonly ('ok' | 'unknown' | 'refused')[], number]>([
  ['is opened', ['ok'], 1],
  ['is not known to a copy that lags', ['unknown', 'ok'], 2],
  ['is not known', ['unknown', 'unknown'], 2],
  ['is refused', ['refused'], 1],
])('a subscription that %s', async ([, answers, calls]) => {
  let count = 0;
  const stream = (): Promise<StreamHandle> => {
    const answer = answers[count++];
    if (answer === 'ok') return Promise.resolve(new FakeStream(taskEvent('WORKING')));
    const { exchange, reply } = errorOf(answer === 'unknown' ? 'TaskNotFoundError' : 'UnsupportedOperationError');
    const refused = new FakeStream().end();
    return Promise.resolve(Object.assign(refused, { done: Promise.resolve({ exchange, events: [], reply }) }));
  };
  const context = { ...contextWith([]), signal: new AbortController().signal };
  const handle = await subscribeTo({ ...context, client: { ...context.client, stream } }, 't1');
  expect(count).toBe(calls);
  expect(handle.events).toHaveLength(answers.at(-1) === 'ok' ? 1 : 0);
});
