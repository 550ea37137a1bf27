import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startReferenceAgent } from './agent.ts';
import { canonicalCard } from './card-canonical.ts';
import { optionalExtensionUri, requiredExtensionUri } from './settings.ts';
import { message, testClient } from './test-client.ts';
import type { AgentCard, Task } from './types.ts';

const cardOf = async ({ cardUrl }: { cardUrl: string }): Promise<AgentCard> =>
  (await (await fetch(cardUrl)).json()) as AgentCard;

const pushCalls: readonly [method: string, params: object][] = [
  ['CreateTaskPushNotificationConfig', { taskId: 'x', url: 'https://example.com/' }],
  ['GetTaskPushNotificationConfig', { taskId: 'x', id: 'y' }],
  ['ListTaskPushNotificationConfigs', { taskId: 'x' }],
  ['DeleteTaskPushNotificationConfig', { taskId: 'x', id: 'y' }],
];

const send = { message: message([{ text: 'completes' }]) };

describe('full', () => {
  test('the card and its caching (§8.6)', async () => {
    await using agent = await startReferenceAgent();
    const response = await fetch(agent.cardUrl);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toMatch(/max-age=\d+/);
    const etag = response.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    const body = await response.text();
    expect(JSON.parse(body)).toMatchObject({
      name: expect.any(String) as string,
      supportedInterfaces: [{ url: agent.jsonRpcUrl, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
      capabilities: { streaming: true, pushNotifications: true, extendedAgentCard: true },
    });
    const again = (headers: Record<string, string>) => fetch(agent.cardUrl, { headers });
    expect(await (await again({})).text()).toBe(body);
    for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const cached = await again({ 'If-None-Match': header });
      expect([cached.status, await cached.text(), cached.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await again({ 'If-None-Match': '"other"' })).status).toBe(200);
    const modified = response.headers.get('last-modified') ?? '';
    expect((await again({ 'If-Modified-Since': modified })).status).toBe(304);
    expect((await again({ 'If-None-Match': '"other"', 'If-Modified-Since': modified })).status).toBe(200);
    const head = await fetch(agent.cardUrl, { method: 'HEAD' });
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
    expect((await fetch(agent.cardUrl, { method: 'POST' })).status).toBe(405);
  });

  test('the signature holds (§8.4.3)', async () => {
    await using agent = await startReferenceAgent();
    const { signatures = [], ...card } = await cardOf(agent);
    const { protected: head = '', signature = '' } = signatures[0] ?? {};
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, string>;
    expect(header).toMatchObject({ alg: 'ES256', typ: 'JOSE', kid: expect.any(String) as string });
    const jwks = (await (await fetch(header['jku'] ?? '')).json()) as { keys: (JsonWebKey & { kid: string })[] };
    const key = jwks.keys.find(({ kid }) => kid === header['kid']) ?? {};
    const payload = Buffer.from(canonicalCard(card)).toString('base64url');
    const verified = verify(
      'sha256',
      Buffer.from(`${head}.${payload}`),
      { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    expect(verified).toBe(true);
  });

  test('the canonical form of §8.4.1', () => {
    const card = {
      name: 'Example é\n',
      description: '',
      provider: null,
      documentationUrl: '',
      capabilities: {
        streaming: false,
        extensions: [{ uri: 'urn:x', required: false, description: '', params: { b: '', a: [1, null] } }],
      },
      securitySchemes: { tls: { mtlsSecurityScheme: { description: '' } } },
      securityRequirements: [],
      skills: [],
      'x-own': false,
      signatures: [{}],
    };
    expect(canonicalCard(card)).toBe(
      '{"capabilities":{"extensions":[{"params":{"a":[1,null],"b":""},"uri":"urn:x"}],"streaming":false},"description":"",' +
        '"documentationUrl":"","name":"Example é\\n","securitySchemes":{"tls":{"mtlsSecurityScheme":{}}},"skills":[],"x-own":false}',
    );
  });

  test('the extended card is for those who may see it (§13.3)', async () => {
    await using agent = await startReferenceAgent();
    const client = testClient(agent);
    const ask = async (authorization?: string) => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'GetExtendedAgentCard' });
      const reply = await client.post(body, { Authorization: authorization });
      return { ...reply, json: JSON.parse(reply.text) as { id: number; result?: AgentCard; error?: { code: number } } };
    };
    for (const authorization of [undefined, 'Bearer wrong', 'Basic cmVmZXJlbmNl']) {
      const refused = await ask(authorization);
      expect([refused.status, refused.json.id, refused.json.error?.code]).toEqual([401, 5, -32000]);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
    }
    expect((await ask('Bearer limited-token')).status).toBe(403);
    const given = await ask('bearer reference-token');
    expect(given.headers.get('cache-control')).toBe('private, max-age=60');
    const card = await cardOf(agent);
    expect(given.json.result?.skills.length).toBe(card.skills.length + 1);
    expect(given.json.result?.supportedInterfaces).toEqual(card.supportedInterfaces);
  });

  test('without credentials everything else works; with wrong ones nothing does', async () => {
    await using agent = await startReferenceAgent();
    expect((await testClient(agent).send('completes')).status.state).toBe('TASK_STATE_COMPLETED');
    const wrong = await testClient(agent).post(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ListTasks' }), {
      Authorization: 'Bearer wrong',
    });
    expect(wrong.status).toBe(401);
  });
});

test('minimal', async () => {
  await using agent = await startReferenceAgent({ profile: 'minimal', stepMs: 1 });
  const client = testClient(agent);
  const card = await cardOf(agent);
  expect(card.capabilities).toEqual({ streaming: false });
  expect(card).not.toHaveProperty('signatures');
  expect(card).not.toHaveProperty('securitySchemes');
  for (const [method, params] of [
    ['SendStreamingMessage', send],
    ['SendStreamingMessage', {}],
    ['SubscribeToTask', { id: 'x' }],
    ['GetExtendedAgentCard', {}],
  ] as const) {
    expect((await client.call(method, params)).error).toMatchObject({
      code: -32004,
      data: [{ reason: 'UNSUPPORTED_OPERATION' }],
    });
  }
  for (const [method, params] of pushCalls) expect((await client.call(method, params)).error.code).toBe(-32003);
  const inline = { ...send, configuration: { taskPushNotificationConfig: { url: 'https://example.com/' } } };
  expect((await client.call('SendMessage', inline)).error).toMatchObject({
    code: -32003,
    data: [{ reason: 'PUSH_NOTIFICATION_NOT_SUPPORTED' }],
  });
  expect((await client.send('completes')).status.state).toBe('TASK_STATE_COMPLETED');
});

test('extended-unconfigured', async () => {
  await using agent = await startReferenceAgent({ profile: 'extended-unconfigured' });
  expect((await cardOf(agent)).capabilities.extendedAgentCard).toBe(true);
  expect((await testClient(agent).call('GetExtendedAgentCard')).error).toMatchObject({
    code: -32007,
    data: [{ reason: 'EXTENDED_AGENT_CARD_NOT_CONFIGURED' }],
  });
});

test('required-extension', async () => {
  await using agent = await startReferenceAgent({ profile: 'required-extension', stepMs: 1 });
  const client = testClient(agent);
  expect((await cardOf(agent)).capabilities.extensions).toEqual([
    { uri: requiredExtensionUri, description: expect.any(String) as string, required: true },
    { uri: optionalExtensionUri, description: expect.any(String) as string },
  ]);
  for (const extensions of [undefined, '', 'https://example.com/other', requiredExtensionUri.replace('v1', 'v2')]) {
    const headers: Record<string, string> = extensions === undefined ? {} : { 'A2A-Extensions': extensions };
    expect((await client.call('SendMessage', send, { headers })).error).toMatchObject({
      code: -32008,
      data: [{ reason: 'EXTENSION_SUPPORT_REQUIRED', metadata: { extension: requiredExtensionUri } }],
    });
  }
  for (const extensions of [requiredExtensionUri, `https://example.com/other , ${requiredExtensionUri}`]) {
    const { result } = await client.call<{ task: Task }>('SendMessage', send, {
      headers: { 'A2A-Extensions': extensions },
    });
    expect(result.task.status.state).toBe('TASK_STATE_COMPLETED');
  }
});

test('the optional extension is for those who ask for it in its own version (§4.6.3)', async () => {
  await using agent = await startReferenceAgent({ stepMs: 1 });
  const client = testClient(agent);
  for (const [asked, named] of [
    [undefined, undefined],
    [optionalExtensionUri, [optionalExtensionUri]],
    [`urn:other, ${optionalExtensionUri}`, [optionalExtensionUri]],
    [optionalExtensionUri.replace('v1', 'v2'), undefined],
  ] as const) {
    const headers: Record<string, string> = asked === undefined ? {} : { 'A2A-Extensions': asked };
    const { result } = await client.call<{ task: Task }>('SendMessage', send, { headers });
    expect(result.task.artifacts?.[0]?.extensions).toEqual(named);
    expect(result.task.artifacts?.[0]?.metadata).toEqual(named && { [optionalExtensionUri]: { parts: 1 } });
  }
});

describe('bearer', () => {
  test('every operation wants credentials, whatever else is wrong', async () => {
    await using agent = await startReferenceAgent({ profile: 'bearer', stepMs: 1 });
    const client = testClient(agent);
    expect(await cardOf(agent)).toMatchObject({
      securitySchemes: { bearer: { httpAuthSecurityScheme: { scheme: 'Bearer' } } },
      securityRequirements: [{ schemes: { bearer: {} } }],
    });
    const bodies = ['SendMessage', 'SendStreamingMessage', 'GetTask', 'ListTasks', 'Nothing'].map((method) =>
      JSON.stringify({ jsonrpc: '2.0', id: 3, method }),
    );
    for (const body of [...bodies, '{', '[]']) {
      const { status, headers, text } = await client.post(body, { 'A2A-Version': undefined });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer realm="reference-agent"');
      expect(JSON.parse(text)).toMatchObject({ id: bodies.includes(body) ? 3 : null, error: { code: -32000 } });
    }
    const wrong = await client.post(bodies[0] ?? '', { Authorization: 'Bearer nonsense' });
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"');
    const known = testClient(agent, { Authorization: 'Bearer reference-token' });
    expect((await known.send('completes')).status.state).toBe('TASK_STATE_COMPLETED');
  });

  test('tasks are seen by their owner only (§13.1)', async () => {
    await using agent = await startReferenceAgent({ profile: 'bearer', stepMs: 1 });
    const owner = testClient(agent, { Authorization: 'Bearer reference-token' });
    const stranger = testClient(agent, { Authorization: 'Bearer second-token' });
    const task = await owner.send('input-required');
    const calls: readonly [string, object][] = [
      ['GetTask', { id: task.id }],
      ['CancelTask', { id: task.id }],
      ['SubscribeToTask', { id: task.id }],
      ['SendMessage', { message: message([{ text: 'x' }], { taskId: task.id }) }],
      ...pushCalls.map(([method, params]): [string, object] => [method, { ...params, taskId: task.id }]),
    ];
    for (const [method, params] of calls) {
      const { error } = await stranger.call(method, params);
      expect(error).toMatchObject({ code: -32001, message: 'Task not found', data: [{ reason: 'TASK_NOT_FOUND' }] });
    }
    const listed = async (client: typeof owner) => (await client.call<{ tasks: Task[] }>('ListTasks')).result.tasks;
    expect(await listed(stranger)).toEqual([]);
    expect(await listed(owner)).toHaveLength(1);
    expect(await owner.get(task.id)).toEqual(task);
  });
});

test('text-only', async () => {
  await using agent = await startReferenceAgent({ profile: 'text-only', stepMs: 1 });
  const client = testClient(agent);
  expect((await cardOf(agent)).defaultInputModes).toEqual(['text/plain']);
  for (const part of [
    { data: {} },
    { data: null },
    { raw: 'AAAA' },
    { raw: 'AAAA', mediaType: 'image/png' },
    { url: 'https://example.com/x' },
  ]) {
    const { error } = await client.call('SendMessage', { message: message([{ text: 'x' }, part]) });
    expect(error).toMatchObject({ code: -32005, data: [{ metadata: { field: 'message.parts[1].mediaType' } }] });
  }
  expect((await client.send('completes')).status.state).toBe('TASK_STATE_COMPLETED');
});

test('profiles add up', async () => {
  await using agent = await startReferenceAgent({ profile: ['minimal', 'bearer', 'text-only'] });
  expect(await cardOf(agent)).toMatchObject({
    capabilities: { streaming: false },
    securityRequirements: [{ schemes: { bearer: {} } }],
    defaultInputModes: ['text/plain'],
  });
});

test('a tenant, where the card names one', async () => {
  await using agent = await startReferenceAgent({ tenants: ['acme'], stepMs: 1 });
  const client = testClient(agent);
  expect((await cardOf(agent)).supportedInterfaces[0]?.tenant).toBe('acme');
  for (const tenant of [undefined, 'other']) {
    expect((await client.call('GetTask', { id: 'x', tenant })).error).toMatchObject({
      code: -32602,
      data: [{ fieldViolations: [{ field: 'tenant' }] }],
    });
  }
  expect((await client.call('GetTask', { id: 'x', tenant: 'acme' })).error.code).toBe(-32001);
});

test('agents share nothing', async () => {
  await using one = await startReferenceAgent({ stepMs: 1 });
  await using two = await startReferenceAgent({ stepMs: 1 });
  const { id } = await testClient(one).send('completes');
  expect((await testClient(two).call('GetTask', { id })).error.code).toBe(-32001);
});

test('a port that is taken is an error', async () => {
  await using agent = await startReferenceAgent();
  await expect(startReferenceAgent({ port: Number(new URL(agent.url).port) })).rejects.toThrow(/EADDRINUSE/);
});
