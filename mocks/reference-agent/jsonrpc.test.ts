import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningAgent } from './agent.ts';
import { startReferenceAgent } from './agent.ts';
import type { Reply, TestClient } from './test-client.ts';
import { message, testClient } from './test-client.ts';
import type { Task } from './types.ts';

let agent: RunningAgent;
let client: TestClient;

beforeAll(async () => {
  agent = await startReferenceAgent({ stepMs: 1, maxBodyBytes: 100_000 });
  client = testClient(agent);
});
afterAll(() => agent.close());

const good = { jsonrpc: '2.0', id: 7, method: 'GetTask', params: { id: 'nowhere' } };
const withMessage = (changes: object): object => ({
  jsonrpc: '2.0',
  id: 7,
  method: 'SendMessage',
  params: { message: { ...message([{ text: 'hi' }]), ...changes } },
});

describe('envelope', () => {
  const cases: readonly [name: string, body: string, id: unknown, code: number][] = [
    ['no JSON', '{"jsonrpc":', null, -32700],
    ['empty body', '', null, -32700],
    ['array', JSON.stringify([good]), null, -32600],
    ['empty array', '[]', null, -32600],
    ['scalar', '1', null, -32600],
    ['null', 'null', null, -32600],
    ['no jsonrpc', JSON.stringify({ ...good, jsonrpc: undefined }), 7, -32600],
    ['jsonrpc 1.0', JSON.stringify({ ...good, jsonrpc: '1.0' }), 7, -32600],
    ['jsonrpc as a number', JSON.stringify({ ...good, jsonrpc: 2.0 }), 7, -32600],
    ['id as an object', JSON.stringify({ ...good, id: {} }), null, -32600],
    ['id as a boolean', JSON.stringify({ ...good, id: true }), null, -32600],
    ['no method', JSON.stringify({ ...good, method: undefined }), 7, -32600],
    ['method as a number', JSON.stringify({ ...good, method: 1 }), 7, -32600],
    ['params as a string', JSON.stringify({ ...good, params: 'id' }), 7, -32600],
    ['params null', JSON.stringify({ ...good, params: null }), 7, -32600],
    ['params by position', JSON.stringify({ ...good, params: ['nowhere'] }), 7, -32602],
    ['unknown method', JSON.stringify({ ...good, method: 'gettask' }), 7, -32601],
    ['method of 0.3', JSON.stringify({ ...good, method: 'tasks/get' }), 7, -32601],
    ['string id', JSON.stringify({ ...good, id: 'abc' }), 'abc', -32001],
    ['id null', JSON.stringify({ ...good, id: null }), null, -32001],
    ['id 0', JSON.stringify({ ...good, id: 0 }), 0, -32001],
    ['nesting without end', `${'['.repeat(5000)}${']'.repeat(5000)}`, null, -32600],
  ];

  test.for(cases)('%s', async ([, body, id, code]) => {
    const { status, headers, text } = await client.post(body);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    const reply = JSON.parse(text) as Reply<never>;
    expect(reply).toMatchObject({ jsonrpc: '2.0', id, error: { code, message: expect.any(String) as string } });
    expect(reply).not.toHaveProperty('result');
  });

  test('bytes that are no UTF-8', async () => {
    const { text } = await client.post(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]));
    expect(JSON.parse(text)).toMatchObject({ id: null, error: { code: -32700 } });
  });

  test.for(['12345678901234567891', '1.5', '1e400', '0.12345678901234567891'])(
    'id %s comes back as it is',
    async (id) => {
      const { text } = await client.post(`{"jsonrpc":"2.0","method":"GetTask","params":{"id":"x"},"id":${id}}`);
      expect(text).toContain(`"id":${id},`);
    },
  );

  test('exact error of a task that is not there', async () => {
    expect(await client.call('GetTask', { id: 'nowhere' })).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: {
        code: -32001,
        message: 'Task not found',
        data: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'TASK_NOT_FOUND',
            domain: 'a2a-protocol.org',
            metadata: { taskId: 'nowhere', timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string },
          },
        ],
      },
    });
  });

  test.for([
    ['a good one', { ...good, id: undefined }],
    ['an unknown method', { ...good, id: undefined, method: 'Nothing' }],
    ['a stream', { ...withMessage({}), id: undefined, method: 'SendStreamingMessage' }],
  ] as const)('notifications are not answered: %s', async ([, body]) => {
    expect(await client.post(JSON.stringify(body))).toMatchObject({ status: 204, text: '' });
  });

  test('nobody waits for what a notification starts', async () => {
    const body = { ...withMessage({ contextId: 'notified', parts: [{ text: 'tck-cancel' }] }), id: undefined };
    expect((await client.post(JSON.stringify(body))).status).toBe(204);
    const { result } = await client.call<{ tasks: Task[] }>('ListTasks', { contextId: 'notified' });
    expect(result.tasks.map(({ status }) => status.state)).toEqual(['TASK_STATE_WORKING']);
  });

  test('what is no request at all is no notification', async () => {
    expect(JSON.parse((await client.post('{}')).text)).toMatchObject({ id: null, error: { code: -32600 } });
  });
});

describe('params', () => {
  const cases: readonly [name: string, request: object, fields: readonly string[]][] = [
    ['no params', { ...good, params: undefined }, ['id']],
    ['empty task id', { ...good, params: { id: '' } }, ['id']],
    ['task id as a number', { ...good, params: { id: 5 } }, ['id']],
    ['negative historyLength', { ...good, params: { id: 'x', historyLength: -1 } }, ['historyLength']],
    ['fractional historyLength', { ...good, params: { id: 'x', historyLength: 1.5 } }, ['historyLength']],
    ['one field twice', { ...good, params: { id: 'x', historyLength: 1, history_length: 2 } }, ['historyLength']],
    ['no message', { ...good, method: 'SendMessage', params: {} }, ['message']],
    ['no messageId', withMessage({ messageId: undefined }), ['message.messageId']],
    ['empty messageId', withMessage({ messageId: '' }), ['message.messageId']],
    ['no role', withMessage({ role: undefined }), ['message.role']],
    ['role of 0.3', withMessage({ role: 'user' }), ['message.role']],
    ['role unspecified', withMessage({ role: 'ROLE_UNSPECIFIED' }), ['message.role']],
    ['role of the agent', withMessage({ role: 'ROLE_AGENT' }), ['message.role']],
    ['no parts', withMessage({ parts: undefined }), ['message.parts']],
    ['empty parts', withMessage({ parts: [] }), ['message.parts']],
    ['parts as an object', withMessage({ parts: { text: 'x' } }), ['message.parts']],
    ['empty part', withMessage({ parts: [{}] }), ['message.parts[0]']],
    ['null part', withMessage({ parts: [null] }), ['message.parts[0]']],
    ['two contents', withMessage({ parts: [{ text: 'a', url: 'https://x.example/' }] }), ['message.parts[0]']],
    ['text and null data', withMessage({ parts: [{ text: 'a', data: null }] }), ['message.parts[0]']],
    ['text as a number', withMessage({ parts: [{ text: 1 }] }), ['message.parts[0].text']],
    ['raw that is no base64', withMessage({ parts: [{ raw: '***' }] }), ['message.parts[0].raw']],
    ['relative url', withMessage({ parts: [{ url: 'file.txt' }] }), ['message.parts[0].url']],
    ['metadata as a list', withMessage({ metadata: [] }), ['message.metadata']],
    ['several at once', withMessage({ role: 5, parts: [] }), ['message.role', 'message.parts']],
    [
      'three wrong filters (§6.5)',
      { ...good, method: 'ListTasks', params: { pageSize: 150, historyLength: -5, status: 'TASK_STATE_RUNNING' } },
      ['status', 'pageSize', 'historyLength'],
    ],
    ['page size 0', { ...good, method: 'ListTasks', params: { pageSize: 0 } }, ['pageSize']],
    ['foreign page token', { ...good, method: 'ListTasks', params: { pageToken: 'abc' } }, ['pageToken']],
    [
      'timestamp with an offset',
      { ...good, method: 'ListTasks', params: { statusTimestampAfter: '2025-01-01T00:00:00+01:00' } },
      ['statusTimestampAfter'],
    ],
  ];

  test.for(cases)('%s', async ([, request, fields]) => {
    const reply = JSON.parse((await client.post(JSON.stringify(request))).text) as Reply<never>;
    expect(reply).toMatchObject({ id: 7, error: { code: -32602, message: 'Invalid parameters' } });
    expect(reply.error.data).toHaveLength(1);
    expect(reply.error.data[0]?.['@type']).toBe('type.googleapis.com/google.rpc.BadRequest');
    expect(reply.error.data[0]?.fieldViolations?.map(({ field }) => field)).toEqual(fields);
  });

  test('names of the proto, unknown fields, enum numbers, null for unset', async () => {
    const { result } = await client.call<{ task: Task }>('SendMessage', {
      unheardOf: { of: 1 },
      message: {
        message_id: 'm-1',
        context_id: 'ctx-snake',
        task_id: null,
        role: 1,
        parts: [{ text: 'hello', media_type: 'text/plain', novelty: true }],
      },
      configuration: { return_immediately: false, history_length: '1', accepted_output_modes: null },
    });
    expect(result.task).toMatchObject({ contextId: 'ctx-snake', status: { state: 'TASK_STATE_COMPLETED' } });
    expect(result.task.history).toEqual([
      {
        messageId: 'm-1',
        role: 'ROLE_USER',
        parts: [{ text: 'hello', mediaType: 'text/plain' }],
        contextId: 'ctx-snake',
        taskId: result.task.id,
      },
    ]);
  });

  test('parts come back unchanged, null data and characters beyond ASCII too', async () => {
    const parts = [
      { text: 'Grüße, 世界 \u{1f600} \u2028' },
      { text: '' },
      { data: null },
      { data: { deep: [1, 'two', false, null, { x: 1e300 }] }, metadata: { k: 'v' } },
      { raw: 'aGk=', filename: 'hi.bin' },
      { url: 'https://example.com/a.png', mediaType: 'image/png' },
    ];
    const { result } = await client.call<{ task: Task }>('SendMessage', { message: message(parts) });
    expect(result.task.artifacts?.[0]?.parts).toEqual(parts);
  });
});

describe('A2A-Version', () => {
  const cases: readonly [version: string | undefined, query: string, accepted: boolean][] = [
    ['1.0', '', true],
    ['1.0.1', '', true],
    ['1.0.99', '', true],
    [' 1.0 ', '', true],
    [undefined, '?A2A-Version=1.0', true],
    [undefined, '?a2a-version=1.0', true],
    ['0.3', '?A2A-Version=1.0', false],
    [undefined, '', false],
    [undefined, '?A2A-Version=', false],
    ['', '', false],
    ['0.3', '', false],
    ['1.1', '', false],
    ['2.0', '', false],
    ['1', '', false],
    ['01.0', '', false],
    ['1.0.x', '', false],
    ['banana', '', false],
    ['1.0, 1.0', '', false],
  ];

  test.for(cases)('header %s, query %s: accepted %s', async ([version, query, accepted]) => {
    const { status, text } = await client.post(JSON.stringify(good), { 'A2A-Version': version }, query);
    const { error } = JSON.parse(text) as Reply<never>;
    expect(status).toBe(200);
    expect(error.code).toBe(accepted ? -32001 : -32009);
    if (!accepted) {
      expect(error.data[0]).toMatchObject({
        reason: 'VERSION_NOT_SUPPORTED',
        domain: 'a2a-protocol.org',
        metadata: { supportedVersions: '1.0' },
      });
    }
  });

  test('is looked at before the method', async () => {
    const { text } = await client.post(JSON.stringify({ ...good, method: 'message/send' }), {
      'A2A-Version': undefined,
    });
    expect(JSON.parse(text)).toMatchObject({ error: { code: -32009 } });
  });
});

describe('HTTP', () => {
  test.for(['GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])('%s on the endpoint: 405', async (method) => {
    const response = await fetch(agent.jsonRpcUrl, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  test('unknown paths: 404', async () => {
    expect((await fetch(`${agent.url}/elsewhere`)).status).toBe(404);
    expect((await fetch(`${agent.url}/authorizations/none`, { method: 'POST' })).status).toBe(404);
  });

  test.for([
    ['text/plain', 415],
    ['application/json; charset=iso-8859-1', 415],
    ['application/json; charset=UTF-8', 200],
    ['Application/JSON', 200],
    [undefined, 200],
  ] as const)('Content-Type %s: %i', async ([type, status]) => {
    const reply = await client.post(JSON.stringify(good), { 'Content-Type': type });
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.text)).toMatchObject({ error: { code: status === 415 ? -32005 : -32001 } });
  });

  test('bodies over the limit: 413, and the next request is answered', async () => {
    const reply = await client.post(JSON.stringify(withMessage({ parts: [{ text: 'x'.repeat(200_000) }] })));
    expect(reply.status).toBe(413);
    expect(JSON.parse(reply.text)).toMatchObject({ id: null, error: { code: -32600 } });
    expect(await client.call('GetTask', { id: 'x' })).toMatchObject({ error: { code: -32001 } });
  });

  test('a client that goes away in the middle of its request does no harm', async () => {
    const controller = new AbortController();
    const body = new ReadableStream<Uint8Array>({ start: (stream) => stream.enqueue(Buffer.from('{"jsonrpc"')) });
    const pending = fetch(agent.jsonRpcUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      duplex: 'half',
      signal: controller.signal,
    } as RequestInit);
    controller.abort();
    await expect(pending).rejects.toThrow();
    expect(await client.call('GetTask', { id: 'x' })).toMatchObject({ error: { code: -32001 } });
  });
});
