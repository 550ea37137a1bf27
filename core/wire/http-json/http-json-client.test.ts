import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Deadlines } from '../../engine/check.ts';
import { HistoryRecorder } from '../../history/recorder.ts';
import { ownFaults } from '../../invariants/requests.ts';
import type { BindingClientOptions } from '../binding-client.ts';
import type { HttpPort } from '../http/http-port.ts';
import { createHttpPort } from '../http/undici-port.ts';
import { createTaskBudget, type TaskBudget } from '../task-budget.ts';
import { serve, type TestServer } from '../testing/serve.ts';
import { createHttpJsonClient } from './http-json-client.ts';

interface Seen {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const deadlines: Deadlines = { operationMs: 20_000, taskMs: 20_000, graceMs: 20, pollMs: 25 };

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
      const received = { line: `${request.method} ${request.url}`, headers: request.headers, body };
      seen.push(received);
      answer(response, received);
    });
  });

const client = (url: string, more: Partial<BindingClientOptions> & { tenant?: string } = {}) => {
  const { tenant, ...options } = more;
  const ref = { binding: 'HTTP+JSON', version: '1.0', url, ...(tenant === undefined ? {} : { tenant }) };
  return createHttpJsonClient({ port, interface: ref, deadlines, guard, ...options });
};

const json = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'Content-Type': 'application/a2a+json' }).end(JSON.stringify(value));
};
const notFound = (reason = 'TASK_NOT_FOUND') => ({
  error: {
    code: 404,
    message: 'no such task',
    details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', domain: 'a2a-protocol.org', reason }],
  },
});
const echo = (response: ServerResponse, { line, body }: Seen): void => json(response, 200, { line, sent: body });
const lines = (): readonly string[] => seen.map(({ line }) => line);

const message = { message: { messageId: 'm1', role: 'ROLE_USER', parts: [{ text: 'hello' }] } };

test('an operation is one request of its method and path; a GET has neither body nor media type', async () => {
  await using server = await agent(echo);
  const own = client(`${server.url}/a2a/v1/`);
  const { exchange, reply } = await own.call('GetTask', { id: 't 1', historyLength: 2 });
  expect(reply).toMatchObject({ kind: 'result', value: { sent: '' } });
  expect(seen[0]).toMatchObject({
    line: 'GET /a2a/v1/tasks/t%201?historyLength=2',
    headers: { accept: 'application/a2a+json, application/json', 'a2a-version': '1.0' },
    body: '',
  });
  expect(seen[0]?.headers['content-type']).toBeUndefined();
  expect(exchange).toMatchObject({
    outcome: 'ok',
    intent: { kind: 'operation', operation: 'GetTask', params: { id: 't 1', historyLength: 2 } },
    request: { method: 'GET', body: null },
  });
  await own.call('SendMessage', message);
  expect(seen[1]).toMatchObject({
    line: 'POST /a2a/v1/message:send',
    headers: { 'content-type': 'application/a2a+json' },
    body: JSON.stringify(message),
  });
  await own.call('CancelTask', { id: 't1' });
  await own.call('DeleteTaskPushNotificationConfig', { taskId: 't1', id: 'c1' });
  expect(lines().slice(2)).toEqual([
    'POST /a2a/v1/tasks/t1:cancel',
    'DELETE /a2a/v1/tasks/t1/pushNotificationConfigs/c1',
  ]);
  expect(seen[2]?.body).toBe('{}');
  expect(ownFaults(recorder.history())).toEqual([]);
});

test('headers of the user and the call, and a query, go with it', async () => {
  await using server = await agent(echo);
  const own = client(`${server.url}/?key=1`, { headers: { Authorization: 'Bearer x', 'A2A-Version': '1.0' } });
  const options = { headers: { 'a2a-version': null, 'X-New': '1' }, query: { 'A2A-Version': '1.0' }, actor: 'other' };
  await own.call('ListTasks', { contextId: 'a b' }, options);
  expect(lines()).toEqual(['GET /tasks?key=1&contextId=a%20b&A2A-Version=1.0']);
  expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer x', 'x-new': '1' });
  expect(seen[0]?.headers['a2a-version']).toBeUndefined();
  expect(recorder.history().exchanges[0]?.actor).toBe('other');
});

test('an error is named by its ErrorInfo, and the exchange is no success', async () => {
  await using server = await agent((response) => json(response, 404, notFound()));
  const { exchange, reply } = await client(server.url).call('GetTask', { id: 't1' });
  expect(reply).toMatchObject({ kind: 'error', error: { name: 'TaskNotFoundError', code: 404 } });
  expect(exchange.outcome).toBe('error');
  expect(seen).toHaveLength(1);
});

const stream = (response: ServerResponse, ...events: readonly unknown[]): void => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
};

test('a stream brings StreamResponse objects without an envelope', async () => {
  await using server = await agent((response) => {
    stream(response, { task: { id: 't1' } }, { statusUpdate: { taskId: 't1' } });
    response.end();
  });
  const handle = await client(server.url).stream('SendStreamingMessage', message);
  expect(handle.opened).toBe(true);
  const { exchange, events, reply } = await handle.done;
  expect(events.map((event) => event.reply)).toEqual([
    { kind: 'result', value: { task: { id: 't1' } } },
    { kind: 'result', value: { statusUpdate: { taskId: 't1' } } },
  ]);
  expect(reply).toBeUndefined();
  expect(exchange.outcome).toBe('ok');
  expect(seen[0]).toMatchObject({ line: 'POST /message:stream', headers: { accept: /^text\/event-stream, / } });
  // Its task is known from now on: a message to it creates none.
  const before = guard.used;
  await client(server.url).call('SendMessage', { message: { ...message.message, taskId: 't1' } });
  expect(guard.used).toBe(before);
});

test('SubscribeToTask is POST by the table, and GET by the proto: the one that the server knows is kept', async () => {
  await using server = await agent((response, { line }) => {
    if (line.startsWith('POST')) return void response.writeHead(405, { Allow: 'GET' }).end();
    stream(response, { task: { id: 't1' } });
    response.end();
  });
  const own = client(server.url);
  for (const id of ['t1', 't2']) {
    const handle = await own.stream('SubscribeToTask', { id });
    expect(handle.opened).toBe(true);
    await handle.done;
  }
  expect(lines()).toEqual(['POST /tasks/t1:subscribe', 'GET /tasks/t1:subscribe', 'GET /tasks/t2:subscribe']);
  expect(recorder.history().exchanges).toHaveLength(3);
  expect(ownFaults(recorder.history())).toEqual([]);
});

test('of two refusals the one that says more is the answer', async () => {
  await using server = await agent((response, { line }) => {
    if (line.startsWith('POST')) return void response.writeHead(405).end();
    json(response, 404, { error: { code: 404, message: 'gone' } });
  });
  const handle = await client(server.url).stream('SubscribeToTask', { id: 't1' });
  const { reply } = await handle.done;
  expect(reply).toMatchObject({ kind: 'error', error: { name: undefined, possible: ['TaskNotFoundError'] } });
  // An error that names itself ends the search.
  await using other = await agent((response) => json(response, 404, notFound()));
  seen.length = 0;
  await (
    await client(other.url).stream('SubscribeToTask', { id: 't1' })
  ).done;
  expect(lines()).toEqual(['POST /tasks/t1:subscribe']);
});

test('the tenant stands before the path where the server knows that, else beside the other fields', async () => {
  await using server = await agent((response, request) =>
    request.line.includes('/acme/') ? echo(response, request) : json(response, 400, {}),
  );
  await client(server.url, { tenant: 'acme' }).call('GetTask', { id: 't1' });
  await client(server.url, { tenant: 'acme' }).call('GetTask', { id: 't1', tenant: 'other' });
  expect(lines()).toEqual(['GET /acme/tasks/t1', 'GET /other/tasks/t1']);
  seen.length = 0;
  await using other = await agent((response, request) =>
    request.line.includes('/acme/') ? void response.writeHead(404).end('no such page') : echo(response, request),
  );
  const own = client(other.url, { tenant: 'acme' });
  await own.call('GetTask', { id: 't1' });
  await own.call('SendMessage', message);
  expect(lines()).toEqual(['GET /acme/tasks/t1', 'GET /tasks/t1?tenant=acme', 'POST /message:send']);
  expect(JSON.parse(seen[2]!.body)).toEqual({ tenant: 'acme', ...message });
});

test('the media type of v1.0.0 is used where the server knows no other', async () => {
  await using server = await agent((response, request) =>
    request.headers['content-type'] === 'application/json'
      ? echo(response, request)
      : void response.writeHead(415).end(),
  );
  const own = client(server.url);
  for (let count = 0; count < 2; count += 1) {
    expect((await own.call('SendMessage', message)).reply.kind).toBe('result');
  }
  expect(seen.map(({ headers }) => headers['content-type'])).toEqual([
    'application/a2a+json',
    'application/json',
    'application/json',
  ]);
  // One message, however often it was written.
  expect(guard.used).toBe(2);
});

test('a refused media type of the message, named as such, is the answer', async () => {
  await using server = await agent((response) => json(response, 415, notFound('CONTENT_TYPE_NOT_SUPPORTED')));
  const { reply } = await client(server.url).call('SendMessage', message);
  expect(reply).toMatchObject({ kind: 'error', error: { name: 'ContentTypeNotSupportedError' } });
  expect(seen).toHaveLength(1);
});

test('a raw request goes as it is, below the URL of the interface', async () => {
  await using server = await agent(echo);
  const own = client(`${server.url}/v1`);
  await own.raw({ body: '{"a":', path: '/message:send', violation: 'cut JSON' });
  expect(guard.used).toBe(1);
  await own.raw({ body: null, method: 'PUT', path: '/tasks/x?a=1', violation: 'a method that is not there' });
  await own.raw({ body: 'x', path: '/', violation: 'text' }, { headers: { 'Content-Type': 'text/plain' } });
  expect(guard.used).toBe(1);
  expect(lines()).toEqual(['POST /v1/message:send', 'PUT /v1/tasks/x?a=1', 'POST /v1/']);
  expect(seen.map(({ headers }) => headers['content-type'])).toEqual(['application/a2a+json', undefined, 'text/plain']);
  expect(recorder.history().exchanges[0]?.intent).toEqual({ kind: 'malformed', violation: 'cut JSON' });
});

test('malformed params go where the operation puts them, and count', async () => {
  await using server = await agent(echo);
  const own = client(server.url);
  await own.callMalformed('SendMessage', { message: 'hello' }, 'a string');
  await own.callMalformed('GetTask', { id: 't1', historyLength: 'many' }, 'a word');
  expect(seen.map(({ line, body }) => [line, body])).toEqual([
    ['POST /message:send', '{"message":"hello"}'],
    ['GET /tasks/t1?historyLength=many', ''],
  ]);
  expect(guard.used).toBe(1);
  expect(recorder.history().exchanges[1]?.intent).toEqual({
    kind: 'malformed',
    violation: 'a word',
    operation: 'GetTask',
  });
});

test('a malformed stream request that is accepted is not read on; a refusal within a stream is the answer', async () => {
  await using server = await agent((response) => {
    stream(response, { task: { id: 't1' } });
  });
  const accepted = await client(server.url).callMalformed('SendStreamingMessage', {}, 'no message');
  expect(accepted).toMatchObject({ reply: { kind: 'result' }, exchange: { endedBy: 'client' } });
  await using other = await agent((response) => {
    stream(response, notFound('UNSUPPORTED_OPERATION'));
    response.end();
  });
  const refused = await client(other.url).callMalformed('SendStreamingMessage', {}, 'no message');
  expect(refused).toMatchObject({ reply: { kind: 'error', error: { name: 'UnsupportedOperationError' } } });
});

test('silence is an answer of nobody, and no other way is tried', async () => {
  await using server = await agent((response) => response.destroy());
  const { reply } = await client(server.url, { tenant: 'acme' }).call('GetTask', { id: 't1' });
  expect(reply.kind).toBe('none');
  expect(seen).toHaveLength(1);
});

test('a raw request names the tenant where the server wants it', async () => {
  await using server = await agent((response, request) =>
    request.line.includes('/acme/') ? void response.writeHead(404).end('no such page') : echo(response, request),
  );
  const own = client(server.url, { tenant: 'acme' });
  const raw = () => own.raw({ method: 'GET', path: '/tasks?pageSize=x', body: null, violation: 'a word' });
  await raw();
  await own.call('GetTask', { id: 't1' });
  await raw();
  expect([lines()[0], lines().at(-1)]).toEqual(['GET /acme/tasks?pageSize=x', 'GET /tasks?pageSize=x&tenant=acme']);
});

test('a raw request is sent again as application/json where the server knows nothing else', async () => {
  await using server = await agent((response, request) =>
    request.headers['content-type'] === 'application/json'
      ? echo(response, request)
      : void response.writeHead(415).end(),
  );
  const { reply } = await client(server.url).raw({ body: '{', path: '/message:send', violation: 'cut JSON' });
  expect(reply.kind).toBe('result');
  expect(seen.map(({ headers }) => headers['content-type'])).toEqual(['application/a2a+json', 'application/json']);
  expect(guard.used).toBe(1);
});
