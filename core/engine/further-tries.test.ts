import { expect, test } from 'vitest';
import { HistoryRecorder } from '../history/recorder.ts';
import type { BindingClient } from '../wire/binding-client.ts';
import { createHttpPort } from '../wire/http/undici-port.ts';
import { createJsonRpcClient } from '../wire/jsonrpc/jsonrpc-client.ts';
import { createTaskBudget } from '../wire/task-budget.ts';
import { serve } from '../wire/testing/serve.ts';
import { Accidents, withFurtherTries } from './further-tries.ts';
import { patient, refOf } from './testing/fixtures.ts';

interface Answer {
  readonly status?: number;
  readonly code?: number;
  /** No JSON-RPC at all. */
  readonly page?: boolean;
}

const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hello' }] };

type Ask = (client: BindingClient) => Promise<unknown>;

const ways: Readonly<Record<string, Ask>> = {
  call: async (client) => (await client.call('SendMessage', { message })).reply.kind,
  raw: async (client) => (await client.raw({ body: '{}', violation: 'no method' })).reply.kind,
  callMalformed: async (client) => (await client.callMalformed('GetTask', {}, 'no id')).reply.kind,
  stream: async (client) => {
    const handle = await client.stream('SendStreamingMessage', { message });
    const { reply, events } = await handle.done;
    return (reply ?? events[0]?.reply)?.kind;
  },
};

/** How often the agent is asked, and the answer that counts, where it answers in this order. */
async function asked(
  ask: Ask,
  answers: readonly Answer[],
  { budget = 10, accidents = new Accidents(), signal = new AbortController().signal } = {},
): Promise<[number, unknown]> {
  let calls = 0;
  await using server = await serve((request, response) => {
    request.resume().once('end', () => {
      const { status = 200, code, page = false } = answers[calls++] ?? {};
      const accepts = request.headers.accept ?? '';
      const stream = code === undefined && !page && accepts.includes('text/event-stream');
      const body = JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        ...(code === undefined ? { result: {} } : { error: { code, message: 'no' } }),
      });
      response.writeHead(status, { 'Content-Type': stream ? 'text/event-stream' : 'application/json' });
      response.end(stream ? `data: ${body}\n\n` : page ? '<h1>Oh</h1>' : body);
    });
  });
  const recorder = new HistoryRecorder('test');
  const port = createHttpPort({ recorder });
  try {
    const guard = createTaskBudget(budget);
    const client = createJsonRpcClient({ port, interface: refOf(server.url), deadlines: patient, guard });
    const outcome = await ask(withFurtherTries(client, { accidents, signal }));
    expect(recorder.history().exchanges).toHaveLength(calls);
    return [calls, outcome];
  } finally {
    await port.close();
  }
}

const internal = { code: -32603 };

for (const [way, ask] of Object.entries(ways)) {
  test.for<[string, readonly Answer[], [number, string]]>([
    ['a result', [{}], [1, 'result']],
    ['an error about the request', [{ code: -32001 }], [1, 'error']],
    ['an internal error, once', [internal, {}], [2, 'result']],
    ['an internal error, twice', [internal, internal, {}], [3, 'result']],
    ['an internal error, again and again', [internal, internal, internal, {}], [3, 'error']],
    ['a code of the agent’s own, once', [{ code: -32050 }, { code: -32001 }], [2, 'error']],
    ['a code of its own for missing credentials', [{ code: -32000, status: 401 }, {}], [1, 'error']],
    ['a page of HTTP 500, once', [{ page: true, status: 500 }, {}], [2, 'result']],
    ['a page of HTTP 400', [{ page: true, status: 400 }, {}], [1, 'malformed']],
  ])(`${way}: %s`, async ([, answers, expected]) => {
    expect(await asked(ask, answers)).toEqual(expected);
  });
}

test('a result says whether the same was asked before', async () => {
  const repeated: Ask = async (client) => (await client.call('SendMessage', { message })).repeated;
  expect(await asked(repeated, [{}])).toEqual([1, undefined]);
  expect(await asked(repeated, [internal, {}])).toEqual([2, true]);
});

test('where the budget of tasks is used up the answer counts that came', async () => {
  expect(await asked(ways['call']!, [internal, {}], { budget: 1 })).toEqual([1, 'error']);
  expect(await asked(ways['call']!, [internal, internal, {}], { budget: 2 })).toEqual([2, 'error']);
});

test('where the check is over nothing is asked again', async () => {
  expect(await asked(ways['call']!, [internal, {}], { signal: AbortSignal.abort() })).toEqual([1, 'error']);
});

test('of an agent that was seen to have accidents more is asked, also by another client', async () => {
  const accidents = new Accidents();
  const often = Array.from({ length: 4 }, () => internal);
  expect(await asked(ways['call']!, [...often, {}], { accidents })).toEqual([3, 'error']);
  expect(accidents.count).toBe(0);
  expect(await asked(ways['call']!, [internal, {}], { accidents })).toEqual([2, 'result']);
  expect(accidents.count).toBe(1);
  expect(await asked(ways['call']!, [...often, {}], { accidents })).toEqual([5, 'result']);
  expect(await asked(ways['call']!, [...often, internal, {}], { accidents })).toEqual([5, 'error']);
});
