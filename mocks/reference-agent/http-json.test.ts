import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningAgent } from './agent.ts';
import { startReferenceAgent } from './agent.ts';
import { requiredExtensionUri } from './settings.ts';
import type { RestClient, StatusJson } from './rest-test-client.ts';
import { restClient } from './rest-test-client.ts';
import type { HttpReply } from './test-client.ts';
import { message, statesOf } from './test-client.ts';
import type { AgentCard, ListTasksResponse, StreamResponse, Task } from './types.ts';

let agent: RunningAgent;
let client: RestClient;

beforeAll(async () => {
  agent = await startReferenceAgent({ stepMs: 1, maxBodyBytes: 100_000, bindings: ['HTTP+JSON'] });
  client = restClient(agent);
});
afterAll(() => agent.close());

const errorOf = ({ text }: HttpReply): StatusJson => (JSON.parse(text) as { error: StatusJson }).error;
const fieldsOf = (reply: HttpReply): (string | undefined)[] | undefined =>
  errorOf(reply).details?.[0]?.fieldViolations?.map(({ field }) => field);
const reasonOf = (reply: HttpReply): string | undefined => errorOf(reply).details?.[0]?.reason;
const bodyOf = <T>({ text }: HttpReply): T => JSON.parse(text) as T;

const sendBody = (text: string, more: object = {}): string => JSON.stringify({ message: message([{ text }]), ...more });
const waiting = async (): Promise<string> => (await client.send('input-required')).id;

describe('routes', () => {
  test('each operation has its own', async () => {
    const sent = await client.request('POST', '/message:send', sendBody('input-required'));
    expect([sent.status, sent.headers.get('content-type')]).toEqual([200, 'application/a2a+json']);
    const { task } = bodyOf<{ task: Task }>(sent);
    const streamed = await client.request('POST', '/message:stream', sendBody('completes'));
    expect([streamed.status, streamed.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const got = await client.request('GET', `/tasks/${task.id}`);
    expect(bodyOf<Task>(got)).toEqual(task);
    const listed = await client.request('GET', `/tasks?contextId=${task.contextId}`);
    expect(bodyOf<ListTasksResponse>(listed)).toMatchObject({ totalSize: 1, pageSize: 50, nextPageToken: '' });

    const configs = `/tasks/${task.id}/pushNotificationConfigs`;
    const created = await client.request('POST', configs, JSON.stringify({ url: 'https://example.com/hook' }));
    const config = bodyOf<{ id: string }>(created);
    expect(config).toEqual({ url: 'https://example.com/hook', id: config.id, taskId: task.id });
    expect(bodyOf(await client.request('GET', `${configs}/${config.id}`))).toEqual(config);
    expect(bodyOf(await client.request('GET', configs))).toEqual({ configs: [config] });
    const deleted = await client.request('DELETE', `${configs}/${config.id}`);
    expect([deleted.status, deleted.text]).toEqual([200, '{}']);
    expect((await client.request('GET', `${configs}/${config.id}`)).status).toBe(404);

    const canceled = await client.request('POST', `/tasks/${task.id}:cancel`);
    expect(bodyOf<Task>(canceled).status.state).toBe('TASK_STATE_CANCELED');
    const authorization = { Authorization: 'Bearer reference-token' };
    const card = await client.request('GET', '/extendedAgentCard', undefined, authorization);
    expect(bodyOf<AgentCard>(card).skills.map(({ id }) => id)).toContain('diagnostics');
    expect(card.headers.get('cache-control')).toMatch(/^private/);
  });

  test.for(['GET', 'POST'])('SubscribeToTask by %s', async (method) => {
    const id = await waiting();
    const response = await fetch(`${agent.httpJsonUrl}/tasks/${id}:subscribe`, {
      method,
      headers: { 'A2A-Version': '1.0' },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await client.cancel(id);
    const events = (await response.text()).split('\n\n').filter((frame) => frame.startsWith('data: '));
    const parsed = events.map((frame) => JSON.parse(frame.slice('data: '.length)) as StreamResponse);
    expect(statesOf(parsed)).toEqual(['TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_CANCELED']);
    expect(parsed.map((event) => Object.keys(event))).toEqual([['task'], ['statusUpdate']]);
  });

  test.for([
    ['POST', '/message:Send'],
    ['POST', '/message'],
    ['POST', '/v1/message:send/more'],
    ['GET', ''],
    ['GET', '/'],
    ['GET', '/tasks/'],
    ['GET', '/card'],
    ['GET', '/tasks/x/pushNotificationConfigs/y/z'],
  ] as const)('404 for %s %s', async ([method, path]) => {
    const reply = await client.request(method, path, method === 'POST' ? sendBody('completes') : undefined);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([404, 'application/a2a+json']);
    expect(errorOf(reply)).toMatchObject({
      code: 404,
      status: 'NOT_FOUND',
      details: [{ reason: 'ROUTE_NOT_FOUND', domain: 'reference-agent' }],
    });
  });

  test.for([
    ['GET', '/message:send', 'POST'],
    ['PUT', '/message:stream', 'POST'],
    ['DELETE', '/tasks', 'GET, HEAD'],
    ['POST', '/tasks/x', 'GET, HEAD'],
    ['GET', '/tasks/x:cancel', 'POST'],
    ['DELETE', '/tasks/x:subscribe', 'POST, GET'],
    ['HEAD', '/tasks/x:subscribe', 'POST, GET'],
    ['PUT', '/tasks/x/pushNotificationConfigs', 'POST, GET, HEAD'],
    ['POST', '/tasks/x/pushNotificationConfigs/y', 'GET, HEAD, DELETE'],
    ['OPTIONS', '/extendedAgentCard', 'GET, HEAD'],
  ] as const)('405 for %s %s, with what is allowed', async ([method, path, allowed]) => {
    const reply = await client.request(method, path);
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, allowed]);
  });

  test('HEAD says what GET would, without the body', async () => {
    const id = await waiting();
    const [head, get] = [await client.request('HEAD', `/tasks/${id}`), await client.request('GET', `/tasks/${id}`)];
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([
      200,
      '',
      get.headers.get('content-length'),
    ]);
  });

  test('without the binding there is nothing', async () => {
    await using other = await startReferenceAgent();
    expect((await restClient(other).request('GET', '/tasks')).status).toBe(404);
    const response = await fetch(agent.jsonRpcUrl, { method: 'POST', body: '{}' });
    expect(response.status).toBe(404);
  });
});

describe('path', () => {
  test.for(['a b', 'ä', 'a/b', '%', '?', 'a+b', '..%'])('the id %j arrives as it is', async (id) => {
    const reply = await client.request('GET', `/tasks/${encodeURIComponent(id)}`);
    expect(errorOf(reply).details?.[0]?.metadata?.['taskId']).toBe(id);
  });

  test('bytes that are no UTF-8', async () => {
    const reply = await client.request('GET', '/tasks/%ff');
    expect([reply.status, fieldsOf(reply)]).toEqual([400, ['id']]);
  });

  test('body and query may repeat what the path says, but not say otherwise', async () => {
    const id = await waiting();
    const cancel = (body: object) => client.request('POST', `/tasks/${id}:cancel`, JSON.stringify(body));
    const refused = await cancel({ id: 'other' });
    expect([refused.status, fieldsOf(refused)]).toEqual([400, ['id']]);
    expect(fieldsOf(await client.request('GET', `/tasks/${id}?id=other`))).toEqual(['id']);
    const configs = `/tasks/${id}/pushNotificationConfigs`;
    const create = (body: object) => client.request('POST', configs, JSON.stringify(body));
    expect(fieldsOf(await create({ task_id: 'other', url: 'https://example.com/' }))).toEqual(['taskId']);
    expect((await create({ taskId: '', url: 'https://example.com/' })).status).toBe(200);
    expect((await client.request('GET', `/tasks/${id}?id=${id}`)).status).toBe(200);
    expect((await cancel({ id, metadata: { reason: 'enough' } })).status).toBe(200);
  });
});

describe('query', () => {
  test.for([
    ['pageSize=0', ['pageSize']],
    ['pageSize=101', ['pageSize']],
    ['pageSize=', ['pageSize']],
    ['pageSize=1.5', ['pageSize']],
    ['pageSize=ten', ['pageSize']],
    ['pageSize=1&pageSize=2', ['pageSize']],
    ['pageSize=1&page_size=1', ['pageSize']],
    ['historyLength=-5', ['historyLength']],
    ['status=TASK_STATE_RUNNING', ['status']],
    ['status=99', ['status']],
    ['includeArtifacts=yes', ['includeArtifacts']],
    ['includeArtifacts=True', ['includeArtifacts']],
    ['statusTimestampAfter=yesterday', ['statusTimestampAfter']],
    ['statusTimestampAfter=2025-01-01T00:00:00%2B01:00', ['statusTimestampAfter']],
    ['pageToken=bad', ['pageToken']],
    ['pageSize=150&historyLength=-5&status=TASK_STATE_RUNNING', ['status', 'pageSize', 'historyLength']],
  ] as const)('ListTasks with %s: 400', async ([query, fields]) => {
    const reply = await client.request('GET', `/tasks?${query}`);
    expect([reply.status, errorOf(reply).status, fieldsOf(reply)]).toEqual([400, 'INVALID_ARGUMENT', fields]);
  });

  test.for([
    'pageSize=1',
    'page_size=1',
    'status=TASK_STATE_COMPLETED',
    'status=3',
    'status=TASK_STATE_UNSPECIFIED',
    'contextId=',
    'includeArtifacts=true',
    'includeArtifacts=false',
    'statusTimestampAfter=2025-11-09T10:30:00Z',
    'novelty=1&novelty=2',
    'tenant=',
  ])('ListTasks with %s: 200', async (query) => {
    const reply = await client.request('GET', `/tasks?${query}`);
    expect(reply.status).toBe(200);
  });

  test('values are decoded', async () => {
    const contextId = 'a&b = ü/?+%';
    const { id } = await client.send('completes', { contextId });
    const reply = await client.request('GET', `/tasks?contextId=${encodeURIComponent(contextId)}`);
    expect(bodyOf<ListTasksResponse>(reply).tasks.map((task) => task.id)).toEqual([id]);
  });

  test('filters, pages, artifacts and history', async () => {
    const contextId = 'pages';
    for (const text of ['a', 'b', 'c']) await client.send('completes', { contextId, messageId: text });
    const page = async (more: string): Promise<ListTasksResponse> =>
      bodyOf(await client.request('GET', `/tasks?contextId=${contextId}&pageSize=2${more}`));
    const first = await page('&historyLength=1&includeArtifacts=true');
    expect(first.tasks.map(({ history, artifacts }) => [history?.length, artifacts?.length])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    const second = await page(`&pageToken=${encodeURIComponent(first.nextPageToken)}`);
    expect([second.tasks.length, second.nextPageToken, second.totalSize]).toEqual([1, '', 3]);
    expect(second.tasks[0]).not.toHaveProperty('artifacts');
    expect((await page('&status=TASK_STATE_FAILED')).tasks).toEqual([]);
  });
});

describe('body', () => {
  test.for([
    ['no JSON', '{"message":'],
    ['empty', ''],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])],
  ] as const)('%s: 400', async ([, body]) => {
    const reply = await client.request('POST', '/message:send', body);
    expect(reply.status).toBe(400);
    expect(errorOf(reply)).toEqual({ code: 400, status: 'INVALID_ARGUMENT', message: 'Invalid JSON payload' });
  });

  test.for([
    ['null', 'null', 'SendMessageRequest'],
    ['array', '[]', 'SendMessageRequest'],
    ['no message', '{}', 'message'],
    ['no parts', JSON.stringify({ message: { messageId: 'm', role: 'ROLE_USER' } }), 'message.parts'],
    [
      'a number as historyLength',
      sendBody('x', { configuration: { historyLength: 'x' } }),
      'configuration.historyLength',
    ],
    ['nesting without end', `${'['.repeat(5000)}${']'.repeat(5000)}`, ''],
  ] as const)('%s: 400', async ([, body, field]) => {
    const reply = await client.request('POST', '/message:send', body);
    expect([reply.status, fieldsOf(reply)]).toEqual([400, [field]]);
  });

  test('CancelTask and SubscribeToTask need none', async () => {
    for (const body of [undefined, '', '{}']) {
      const id = await waiting();
      expect((await client.request('POST', `/tasks/${id}:cancel`, body)).status).toBe(200);
    }
    const refused = await client.request('POST', `/tasks/${await waiting()}:cancel`, 'null');
    expect(refused.status).toBe(400);
  });

  test.for([
    ['application/a2a+json', 200],
    ['application/json', 200],
    ['Application/A2A+JSON; charset=UTF-8', 200],
    [undefined, 200],
    ['text/plain', 415],
    ['application/a2a+json; charset=iso-8859-1', 415],
    ['application/x-www-form-urlencoded', 415],
  ] as const)('Content-Type %s: %i', async ([type, status]) => {
    const reply = await client.request('POST', '/message:send', sendBody('completes'), { 'Content-Type': type });
    expect(reply.status).toBe(status);
    if (status === 415) {
      expect(errorOf(reply)).toMatchObject({ code: 415, details: [{ reason: 'UNSUPPORTED_MEDIA_TYPE' }] });
      expect(reply.headers.get('accept-post')).toBe('application/a2a+json, application/json');
    }
  });

  test('over the limit: 413, and the next request is answered', async () => {
    const reply = await client.request('POST', '/message:send', sendBody('x'.repeat(200_000)));
    expect([reply.status, errorOf(reply).code]).toEqual([413, 413]);
    expect((await client.request('GET', '/tasks')).status).toBe(200);
  });
});

describe('errors', () => {
  test('exact error of a task that is not there', async () => {
    const reply = await client.request('GET', '/tasks/nowhere');
    expect([reply.status, reply.headers.get('content-type')]).toEqual([404, 'application/a2a+json']);
    expect(JSON.parse(reply.text)).toEqual({
      error: {
        code: 404,
        status: 'NOT_FOUND',
        message: 'Task not found',
        details: [
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

  test('the statuses of §5.4', async () => {
    const { id } = await client.send('completes');
    const video = { message: message([{ raw: 'AAAA', mediaType: 'video/mp4' }]) };
    const seen = [
      await client.request('POST', `/tasks/${id}:cancel`),
      await client.request('GET', `/tasks/${id}:subscribe`),
      await client.request('POST', '/message:send', JSON.stringify(video)),
      await client.request('GET', '/tasks', undefined, { 'A2A-Version': '0.5' }),
      await client.request('GET', `/tasks/${id}/pushNotificationConfigs/none`),
    ].map((reply) => [reasonOf(reply), reply.status, errorOf(reply).code, errorOf(reply).status]);
    expect(seen).toEqual([
      ['TASK_NOT_CANCELABLE', 400, 400, 'FAILED_PRECONDITION'],
      ['UNSUPPORTED_OPERATION', 400, 400, 'FAILED_PRECONDITION'],
      ['CONTENT_TYPE_NOT_SUPPORTED', 400, 400, 'INVALID_ARGUMENT'],
      ['VERSION_NOT_SUPPORTED', 400, 400, 'FAILED_PRECONDITION'],
      ['TASK_NOT_FOUND', 404, 404, 'NOT_FOUND'],
    ]);
  });

  test('of capabilities and of the extended card', async () => {
    await using minimal = await startReferenceAgent({ profile: 'minimal', bindings: ['HTTP+JSON'] });
    const other = restClient(minimal);
    const stream = await other.request('POST', '/message:stream', sendBody('completes'));
    const push = await other.request('GET', '/tasks/x/pushNotificationConfigs');
    const card = await other.request('GET', '/extendedAgentCard');
    expect([stream, push, card].map((reply) => [reply.status, reasonOf(reply)])).toEqual([
      [400, 'UNSUPPORTED_OPERATION'],
      [400, 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
      [400, 'UNSUPPORTED_OPERATION'],
    ]);
    await using bare = await startReferenceAgent({ profile: 'extended-unconfigured', bindings: ['HTTP+JSON'] });
    const unconfigured = await restClient(bare).request('GET', '/extendedAgentCard');
    expect([unconfigured.status, reasonOf(unconfigured)]).toEqual([400, 'EXTENDED_AGENT_CARD_NOT_CONFIGURED']);
  });
});

describe('service parameters', () => {
  test.for([
    ['1.0', '', true],
    ['1.0.7', '', true],
    [undefined, '', false],
    ['', '', false],
    ['0.3', '', false],
    [undefined, '?A2A-Version=1.0', true],
    [undefined, '?a2a-version=1.0&pageSize=1', true],
    ['0.5', '?A2A-Version=1.0', false],
  ] as const)('A2A-Version %s, query %j: %s', async ([version, query, accepted]) => {
    const reply = await client.request('GET', `/tasks${query}`, undefined, { 'A2A-Version': version });
    expect(reply.status).toBe(accepted ? 200 : 400);
    if (!accepted) expect(reasonOf(reply)).toBe('VERSION_NOT_SUPPORTED');
  });

  test('the version of a POST may be in the query too', async () => {
    const reply = await client.request('POST', '/message:send?A2A-Version=1.0', sendBody('completes'), {
      'A2A-Version': undefined,
    });
    expect(reply.status).toBe(200);
  });

  test('a required extension is demanded', async () => {
    await using other = await startReferenceAgent({ profile: 'required-extension', bindings: ['HTTP+JSON'] });
    const refused = await restClient(other).request('GET', '/tasks');
    expect([refused.status, reasonOf(refused)]).toEqual([400, 'EXTENSION_SUPPORT_REQUIRED']);
    const accepted = await restClient(other, { 'A2A-Extensions': `a:b, ${requiredExtensionUri}` }).request(
      'GET',
      '/tasks',
    );
    expect(accepted.status).toBe(200);
  });
});

describe('authentication', () => {
  test('missing, wrong and good credentials on every operation', async () => {
    await using other = await startReferenceAgent({ profile: 'bearer', bindings: ['HTTP+JSON'] });
    const routes = [
      ['POST', '/message:send'],
      ['POST', '/message:stream'],
      ['GET', '/tasks/x'],
      ['GET', '/tasks'],
      ['POST', '/tasks/x:cancel'],
      ['POST', '/tasks/x:subscribe'],
      ['GET', '/tasks/x:subscribe'],
      ['POST', '/tasks/x/pushNotificationConfigs'],
      ['GET', '/tasks/x/pushNotificationConfigs/y'],
      ['GET', '/tasks/x/pushNotificationConfigs'],
      ['DELETE', '/tasks/x/pushNotificationConfigs/y'],
      ['GET', '/extendedAgentCard'],
    ] as const;
    const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
      restClient(other).request(method, path, method === 'POST' ? '{' : undefined, headers);
    for (const [method, path] of routes) {
      const missing = await ask(method, path);
      expect([method, path, missing.status]).toEqual([method, path, 401]);
      expect(errorOf(missing)).toMatchObject({ code: 401, status: 'UNAUTHENTICATED' });
      expect(missing.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
      const wrong = await ask(method, path, { Authorization: 'Bearer wrong' });
      expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringContaining('invalid_token'),
      ]);
      expect((await ask(method, path, { Authorization: 'Bearer reference-token' })).status).not.toBe(401);
    }
  });

  test('a token without the scope: 403', async () => {
    const headers = { Authorization: 'Bearer limited-token' };
    const reply = await client.request('GET', '/extendedAgentCard', undefined, headers);
    expect([reply.status, errorOf(reply).status]).toEqual([403, 'PERMISSION_DENIED']);
  });

  test('tasks of others are not there', async () => {
    const other = restClient(agent, { Authorization: 'Bearer second-token' });
    const { id } = await client.send('completes');
    expect((await other.request('GET', `/tasks/${id}`)).status).toBe(404);
  });
});

describe('tenant', () => {
  test('in the path, in the query and in the body', async () => {
    await using other = await startReferenceAgent({ stepMs: 1, tenants: ['a/b ä'], bindings: ['HTTP+JSON'] });
    const own = restClient(other);
    const prefix = `/${encodeURIComponent('a/b ä')}`;
    const { task } = bodyOf<{ task: Task }>(
      await own.request('POST', `${prefix}/message:send`, sendBody('input-required')),
    );
    const good = [
      await own.request('POST', '/message:send', sendBody('completes', { tenant: 'a/b ä' })),
      await own.request('POST', `${prefix}/message:send`, sendBody('completes', { tenant: 'a/b ä' })),
      await own.request('GET', `${prefix}/tasks/${task.id}`),
      await own.request('GET', `/tasks/${task.id}?tenant=${encodeURIComponent('a/b ä')}`),
      await own.request('GET', `${prefix}/tasks?pageSize=1`),
      await own.request('POST', `${prefix}/tasks/${task.id}:cancel`),
      await own.request('GET', `${prefix}/tasks/${task.id}/pushNotificationConfigs`),
    ];
    expect(good.map(({ status }) => status)).toEqual(good.map(() => 200));
    const bad = [
      await own.request('GET', `/tasks/${task.id}`),
      await own.request('GET', `/other/tasks/${task.id}`),
      await own.request('POST', '/message:send', sendBody('completes')),
      await own.request('POST', `${prefix}/message:send`, sendBody('completes', { tenant: 'other' })),
      await own.request('GET', `${prefix}/tasks?tenant=other`),
    ];
    expect(bad.map((reply) => [reply.status, fieldsOf(reply)])).toEqual(bad.map(() => [400, ['tenant']]));
  });
});
