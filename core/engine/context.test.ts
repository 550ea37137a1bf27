import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HistoryRecorder } from '../history/recorder.ts';
import type { HttpPort } from '../wire/http/http-port.ts';
import { createHttpPort } from '../wire/http/undici-port.ts';
import { createJsonRpcClient } from '../wire/jsonrpc/jsonrpc-client.ts';
import { createTaskBudget } from '../wire/task-budget.ts';
import { serve } from '../wire/testing/serve.ts';
import { Unelicited, type Deadlines, type ProbeContext } from './check.ts';
import { createContext } from './context.ts';
import { checkMs, deadlinesFrom } from './deadlines.ts';
import { createRandom, uuid } from './random.ts';
import { behavesAs, patient, refOf, targetOf } from './testing/fixtures.ts';

let port: HttpPort;
const recorder = new HistoryRecorder('test');

beforeEach(() => {
  port = createHttpPort({ recorder });
});
afterEach(() => port.close());

interface Call {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

/** An agent that answers each call with the next of the given results. */
async function withAgent(
  results: readonly unknown[],
  use: (context: ProbeContext, calls: Call[]) => Promise<void>,
  deadlines: Deadlines = patient,
): Promise<void> {
  const calls: Call[] = [];
  await using server = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      calls.push(JSON.parse(body) as Call);
      const answer = results[Math.min(calls.length, results.length) - 1];
      response.end(
        JSON.stringify(
          answer instanceof Error ? { error: { code: -32001, message: answer.message } } : { result: answer },
        ),
      );
    });
  });
  const ref = refOf(server.url);
  const client = createJsonRpcClient({ port, interface: ref, deadlines, guard: createTaskBudget(100) });
  const context = createContext({
    target: targetOf([ref]),
    interface: ref,
    behaviours: behavesAs(ref),
    client,
    http: port,
    deadlines,
    signal: new AbortController().signal,
    seeds: [1, 'check', 0],
  });
  await use(context, calls);
}

const task = (state: string) => ({ id: 't1', contextId: 'c1', status: { state } });

describe('messages', () => {
  test('are those that elicited the behaviour, each with an id of its own', () =>
    withAgent([], async ({ message }) => {
      const first = message('completes', { taskId: 't' });
      expect(first).toEqual({
        messageId: expect.stringMatching(
          /^kit-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        ) as string,
        role: 'ROLE_USER',
        parts: [{ text: 'hello' }],
        taskId: 't',
      });
      expect(message('completes').messageId).not.toBe(first.messageId);
      expect(message({ name: 'fails', parts: [{ text: 'own' }], source: 'config' })).toMatchObject({
        parts: [{ text: 'own' }],
      });
    }));

  test('of a behaviour that was not elicited cannot be had', () =>
    withAgent([], async ({ message }) => {
      expect(() => message('fails')).toThrow(
        expect.objectContaining({ name: 'Unelicited', message: 'it never failed' }) as Error,
      );
      expect(() => message('rejects')).toThrow('no message was found that makes the agent behave as "rejects"');
    }));

  test('are sent with what the check adds', () =>
    withAgent([{ task: task('TASK_STATE_COMPLETED') }], async ({ send }, calls) => {
      await send('completes', { message: { contextId: 'c' }, configuration: { historyLength: 0 }, metadata: { a: 1 } });
      await send('completes');
      expect(calls[0]).toMatchObject({
        method: 'SendMessage',
        params: {
          message: { contextId: 'c', parts: [{ text: 'hello' }] },
          configuration: { historyLength: 0 },
          metadata: { a: 1 },
        },
      });
      expect(Object.keys(calls[1]!.params)).toEqual(['message']);
    }));
});

describe('the task of a result', () => {
  test.for<[string, unknown]>([
    ['a SendMessage result', { task: task('TASK_STATE_WORKING') }],
    ['a bare task', task('TASK_STATE_WORKING')],
  ])('%s', ([, result]) =>
    withAgent([result], async ({ send, taskOf }) => {
      expect(taskOf(await send('completes'))).toEqual({
        id: 't1',
        contextId: 'c1',
        state: 'TASK_STATE_WORKING',
        raw: task('TASK_STATE_WORKING'),
      });
    }),
  );

  test('is read as it is, without repair', () =>
    withAgent([{ task: { id: 't1', contextId: 5, status: 'done' } }], async ({ send, taskOf }) => {
      expect(taskOf(await send('completes'))).toMatchObject({ id: 't1', contextId: undefined, state: undefined });
    }));

  test.for<[string, unknown, string]>([
    ['a message', { message: { messageId: 'm' } }, 'with a message'],
    ['nothing of use', { task: null }, 'a result without a task'],
    ['an error', new Error('no'), 'TaskNotFoundError (-32001): no'],
  ])('there is none in %s', ([, result, said]) =>
    withAgent([result], async ({ send, taskOf }) => {
      const answer = await send('completes');
      expect(() => taskOf(answer)).toThrow(Unelicited);
      expect(() => taskOf(answer)).toThrow(said);
      expect(() => taskOf(answer)).toThrow(expect.objectContaining({ evidence: [answer.exchange] }) as Error);
    }),
  );
});

describe('polling', () => {
  const working = task('TASK_STATE_WORKING');
  const done = task('TASK_STATE_COMPLETED');
  const isDone = ({ state }: { state: string | undefined }) => state === 'TASK_STATE_COMPLETED';

  test('goes on until the task is as wanted', () =>
    withAgent([working, working, done], async ({ poll }, calls) => {
      expect((await poll('t1', isDone)).task?.state).toBe('TASK_STATE_COMPLETED');
      expect(calls.map(({ method, params }) => [method, params])).toEqual(Array(3).fill(['GetTask', { id: 't1' }]));
    }));

  test('gives the last answer where the deadline passes first', () =>
    withAgent([working], async ({ poll }, calls) => {
      expect((await poll('t1', isDone, 0)).task?.state).toBe('TASK_STATE_WORKING');
      expect(calls).toHaveLength(1);
    }));

  test('overlooks that a new task cannot be read yet', () =>
    withAgent(
      [new Error('not yet'), done],
      async ({ poll }) => {
        expect((await poll('t1', isDone)).task?.state).toBe('TASK_STATE_COMPLETED');
      },
      { ...patient, graceMs: 20_000 },
    ));

  test('takes a refusal that stays for the answer', () =>
    withAgent([new Error('gone')], async ({ poll }) => {
      const { reply, task: none } = await poll('t1', isDone);
      expect([reply.kind, none]).toEqual(['error', undefined]);
    }));
});

test('without a receiver there is no webhook, and the way to one is said', () =>
  withAgent([], ({ canNotify, openWebhook }) => {
    expect(canNotify).toBe(false);
    expect(() => openWebhook()).toThrow(Unelicited);
    return Promise.resolve();
  }));

describe('deadlines', () => {
  test.for([
    [10_000, 0, { operationMs: 10_000, taskMs: 10_000, graceMs: 2_000, pollMs: 25 }],
    [1_000, 500, { operationMs: 1_000, taskMs: 1_500, graceMs: 250, pollMs: 25 }],
    [1_000, 100, { operationMs: 1_000, taskMs: 1_000, graceMs: 250, pollMs: 25 }],
  ] as const)('of a timeout of %i ms and tasks of %i ms', ([timeoutMs, longestTaskMs, expected]) => {
    expect(deadlinesFrom(timeoutMs, longestTaskMs)).toEqual(expected);
    expect(checkMs(expected)).toBeGreaterThan(expected.taskMs);
  });
});

test('random numbers spread over [0, 1)', () => {
  const random = createRandom(1, 'check');
  const buckets = Array<number>(10).fill(0);
  for (let index = 0; index < 10_000; index += 1) buckets[Math.floor(random() * 10)]! += 1;
  expect(buckets).toHaveLength(10);
  expect(Math.min(...buckets)).toBeGreaterThan(900);
  expect(new Set(Array.from({ length: 1_000 }, () => uuid(random))).size).toBe(1_000);
});
