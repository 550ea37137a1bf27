import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Unelicited, type Deadlines } from '../../engine/check.ts';
import { HistoryRecorder } from '../../history/recorder.ts';
import type { InterfaceRef } from '../../target/target.ts';
import type { HttpPort } from '../http/http-port.ts';
import { createHttpPort } from '../http/undici-port.ts';
import { createTaskBudget, type TaskBudget } from '../task-budget.ts';
import { serve, type TestServer } from '../testing/serve.ts';
import { createJsonRpcClient, type JsonRpcClientOptions } from './jsonrpc-client.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const deadlines: Deadlines = { operationMs: 20_000, taskMs: 20_000, graceMs: 20, pollMs: 25 };
const sse = { 'Content-Type': 'text/event-stream' };
const event = (value: unknown): string =>
  `data: ${JSON.stringify({ jsonrpc: '2.0', id: 1, ...(value as object) })}\n\n`;

let port: HttpPort;
let recorder: HistoryRecorder;
let seen: Seen[];
let guard: TaskBudget;

beforeEach(() => {
  recorder = new HistoryRecorder('test');
  port = createHttpPort({ recorder });
  seen = [];
  guard = createTaskBudget(100);
});
afterEach(() => port.close());

const agent = (answer: (response: ServerResponse, request: Seen) => void): Promise<TestServer> =>
  serve((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method, url, headers } = request;
      const received = { method, url, headers, body };
      seen.push(received);
      answer(response, received);
    });
  });

const client = (url: string, more: Partial<JsonRpcClientOptions> & { tenant?: string } = {}) => {
  const { tenant, ...options } = more;
  const ref: InterfaceRef = { binding: 'JSONRPC', version: '1.0', url, ...(tenant === undefined ? {} : { tenant }) };
  return createJsonRpcClient({ port, interface: ref, deadlines, guard, ...options });
};

const echo = (response: ServerResponse, { body }: Seen): void => {
  const { id, params } = JSON.parse(body) as { id: unknown; params: unknown };
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, result: params }));
};

const sent = (index: number): unknown => JSON.parse(seen[index]!.body);

test('a call is one POST of one request', async () => {
  await using server = await agent(echo);
  const { exchange, reply } = await client(`${server.url}/rpc`).call('GetTask', { id: 't1' });
  expect(reply).toEqual({ kind: 'result', value: { id: 't1' } });
  expect(seen[0]).toMatchObject({
    method: 'POST',
    url: '/rpc',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'a2a-version': '1.0' },
  });
  expect(sent(0)).toEqual({ jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id: 't1' } });
  expect(exchange).toMatchObject({
    actor: 'main',
    outcome: 'ok',
    intent: { kind: 'operation', operation: 'GetTask', params: { id: 't1' } },
    request: { body: seen[0]!.body },
  });
});

test('ids are integers and texts in turn, or as given', async () => {
  await using server = await agent(echo);
  const own = client(server.url);
  for (const id of ['a', 'b', 'c']) await own.call('GetTask', { id });
  await client(server.url, { nextId: () => 'mine' }).call('GetTask', { id: 'd' });
  expect(seen.map((_, index) => (sent(index) as { id: unknown }).id)).toEqual([1, 'request-2', 3, 'mine']);
});

test('the headers of the user and of the call replace, add and remove', async () => {
  await using server = await agent(echo);
  const own = client(server.url, { headers: { Authorization: 'Bearer x', accept: '*/*', 'X-Team': 'a' } });
  await own.call(
    'GetTask',
    { id: 't' },
    { headers: { 'a2a-version': '', 'x-team': null, 'X-New': '1' }, actor: 'other' },
  );
  const { headers } = seen[0]!;
  expect(headers).toMatchObject({ authorization: 'Bearer x', accept: '*/*', 'a2a-version': '', 'x-new': '1' });
  expect(headers['x-team']).toBeUndefined();
  expect(recorder.history().exchanges[0]?.actor).toBe('other');
});

test('a query is added to what the URL has', async () => {
  await using server = await agent(echo);
  await client(`${server.url}/rpc?a=1`).call('GetTask', { id: 't' }, { query: { 'A2A-Version': '1.0' } });
  expect(seen[0]?.url).toBe('/rpc?a=1&A2A-Version=1.0');
});

test('the tenant of the interface is in the params, unless the check says otherwise', async () => {
  await using server = await agent(echo);
  const own = client(server.url, { tenant: 'acme' });
  await own.call('GetTask', { id: 't' });
  await own.call('GetTask', { id: 't', tenant: 'other' });
  await own.call('GetTask', { id: 't', tenant: undefined });
  await own.callMalformed('GetTask', 'text', 'params that are no object');
  expect(seen.map((_, index) => (sent(index) as { params: unknown }).params)).toEqual([
    { tenant: 'acme', id: 't' },
    { tenant: 'other', id: 't' },
    { id: 't' },
    'text',
  ]);
});

test('a raw body is sent as it is', async () => {
  await using server = await agent((response) =>
    response.writeHead(400).end('{"error":{"code":-32700,"message":"no"}}'),
  );
  const { exchange, reply } = await client(server.url).raw({ body: '{"a":', violation: 'cut JSON', method: 'PUT' });
  expect(seen[0]).toMatchObject({ method: 'PUT', body: '{"a":', headers: { 'content-type': 'application/json' } });
  expect(exchange.intent).toEqual({ kind: 'malformed', violation: 'cut JSON' });
  expect([reply.kind, exchange.outcome]).toEqual(['error', 'error']);
});

test('a stream gives decoded events while it is open', async () => {
  const opened = Promise.withResolvers<ServerResponse>();
  await using server = await agent((response) => opened.resolve(response.writeHead(200, sse)));
  const streaming = client(server.url).stream('SendStreamingMessage', { message: {} });
  const response = await opened.promise;
  response.write(event({ result: { task: { id: 't1' } } }));
  const stream = await streaming;
  expect(seen[0]?.headers.accept).toBe('application/json, text/event-stream');

  const first = await stream.next(() => true, 20_000);
  expect(first?.reply).toEqual({ kind: 'result', value: { task: { id: 't1' } } });
  const none = stream.next(() => true, 10);
  expect(await none).toBeUndefined();
  const later = stream.next(({ reply }) => reply.kind === 'error', 20_000);
  response.write(event({ result: 2 }));
  response.write(event({ error: { code: -32603, message: 'no' } }));
  expect((await later)?.reply.kind).toBe('error');
  expect(stream.events).toHaveLength(3);

  const ended = stream.next(() => true, 20_000);
  response.end();
  expect(await ended).toBeUndefined();
  const { exchange, events, reply } = await stream.done;
  expect(exchange.endedBy).toBe('server');
  expect(events.map(({ at }) => at)).toEqual(exchange.events.map(({ at }) => at));
  expect(reply).toBeUndefined();
});

test('next finds what came before it was asked for, and goes on after what it gave', async () => {
  await using server = await agent((response) =>
    response.writeHead(200, sse).end([1, 2, 3].map((result) => event({ result })).join('')),
  );
  const stream = await client(server.url).stream('SubscribeToTask', { id: 't' });
  await stream.done;
  const value = async (until: (value: unknown) => boolean) => {
    const found = await stream.next(({ reply }) => reply.kind === 'result' && until(reply.value), 20_000);
    return found?.reply.kind === 'result' ? found.reply.value : undefined;
  };
  expect(await value(() => true)).toBe(1);
  expect(await value((result) => result === 7)).toBeUndefined();
  expect(await value(() => true)).toBe(2);
  await expect(
    stream.next(() => {
      throw new Error('bad predicate');
    }, 20_000),
  ).rejects.toThrow('bad predicate');
});

test('a refusal of a stream: a plain answer, or its first event', async () => {
  const error = { code: -32004, message: 'no' };
  await using plain = await agent((response) => response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, error })));
  const refused = await client(plain.url).stream('SubscribeToTask', { id: 't' });
  expect(await refused.done).toMatchObject({
    events: [],
    reply: { kind: 'error', error: { name: 'UnsupportedOperationError' } },
  });

  await using streamed = await agent((response) => response.writeHead(200, sse).end(event({ error })));
  const { events, reply, exchange } = await (await client(streamed.url).stream('SubscribeToTask', { id: 't' })).done;
  expect(events).toMatchObject([{ reply: { kind: 'error', error: { code: -32004 } } }]);
  expect([reply, exchange.outcome]).toEqual([undefined, 'error']);
});

test('a stream that nobody answers', async () => {
  await using server = await agent((response) => response.destroy());
  const stream = await client(server.url).stream('SubscribeToTask', { id: 't' });
  expect(await stream.next(() => true, 20_000)).toBeUndefined();
  expect((await stream.done).reply).toMatchObject({ kind: 'none', failure: { kind: 'reset' } });
});

test('a malformed stream request may be refused by an event, or be taken', async () => {
  const error = { code: -32602, message: 'no' };
  await using refusing = await agent((response) => response.writeHead(200, sse).write(event({ error })));
  const refused = await client(refusing.url).callMalformed('SendStreamingMessage', {}, 'no message');
  expect(refused.reply).toMatchObject({ kind: 'error', error: { code: -32602 } });
  expect(refused.exchange).toMatchObject({ endedBy: 'client', outcome: 'error', events: [{}] });

  await using taking = await agent((response) =>
    response.writeHead(200, sse).write(event({ result: { task: { id: 't' } } })),
  );
  const taken = await client(taking.url).raw({ body: '{}', violation: 'no method', operation: 'SendStreamingMessage' });
  expect(taken.reply.kind).toBe('result');
});

test('a send over the budget is not sent', async () => {
  await using server = await agent(echo);
  const own = client(server.url, { guard: createTaskBudget(1) });
  await own.call('SendMessage', { message: {} });
  await expect(own.stream('SendStreamingMessage', { message: {} })).rejects.toThrow(Unelicited);
  await own.call('GetTask', { id: 't' });
  expect(seen).toHaveLength(2);
});

test('a message to a task that a result or an event named is free', async () => {
  await using server = await agent((response) =>
    response.writeHead(200, sse).end(event({ result: { task: { id: 't1' } } })),
  );
  const own = client(server.url, { guard: createTaskBudget(1) });
  await (
    await own.stream('SendStreamingMessage', { message: {} })
  ).done;
  await (
    await own.stream('SendStreamingMessage', { message: { taskId: 't1' } })
  ).done;
  await expect(own.stream('SendStreamingMessage', { message: { taskId: 't2' } })).rejects.toThrow(
    'no more than 1 tasks',
  );
});
