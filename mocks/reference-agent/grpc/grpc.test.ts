import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningAgent } from '../agent.ts';
import { startReferenceAgent } from '../agent.ts';
import type { ReferenceAgentOptions } from '../settings.ts';
import { message, statesOf, testClient, textOf } from '../test-client.ts';
import type { AgentCard, Task } from '../types.ts';
import { decodeMessage } from './codec.ts';
import { methods } from './messages.ts';
import type { GrpcClient } from './testing/client.ts';
import { detailsOf, grpcClient } from './testing/client.ts';

/** The gRPC binding (§10), by a client of `@grpc/grpc-js`. */

const start = (options: ReferenceAgentOptions = {}): Promise<RunningAgent> =>
  startReferenceAgent({ stepMs: 1, bindings: ['GRPC', 'JSONRPC'], ...options });

let agent: RunningAgent;
let client: GrpcClient;
beforeAll(async () => {
  agent = await start();
  client = grpcClient(agent);
});
afterAll(async () => {
  client.close();
  await agent.close();
});

const errorOf = async (method: string, request: object | Uint8Array, metadata = {}, own = client) => {
  const { error } = await own.request(method, request, { metadata });
  return error && [status[error.code], detailsOf(error)?.details?.[0]?.reason];
};

describe('the card', () => {
  test('names the interface by an absolute URL on a port of its own', async () => {
    const card = (await (await fetch(agent.cardUrl)).json()) as AgentCard;
    expect(card.supportedInterfaces[0]).toEqual({
      url: agent.grpcUrl,
      protocolBinding: 'GRPC',
      protocolVersion: '1.0',
    });
    expect(agent.grpcUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(agent.grpcUrl).not.toBe(agent.url);
  });

  test('behind a proxy names its URL', async () => {
    await using own = await start({ publicUrl: 'https://agent.example', publicGrpcUrl: 'https://grpc.agent.example' });
    const { supportedInterfaces } = (await (await fetch(own.cardUrl)).json()) as AgentCard;
    expect(supportedInterfaces.map(({ url }) => url)).toEqual([
      'https://grpc.agent.example',
      'https://agent.example/a2a/jsonrpc',
    ]);
  });

  test('an agent that does not speak it has no such server', async () => {
    await using plain = await startReferenceAgent();
    expect(plain.grpcUrl).toBeUndefined();
  });

  test('a port that is taken is told, and nothing is left behind', async () => {
    const grpcPort = Number(new URL(agent.grpcUrl ?? '').port);
    await expect(start({ grpcPort })).rejects.toThrow('EADDRINUSE');
  });
});

describe('unary calls', () => {
  test('send, get, cancel, list', async () => {
    const { id, contextId, status: first } = await client.send('input-required');
    expect(first.state).toBe('TASK_STATE_INPUT_REQUIRED');
    expect((await client.get(id)).contextId).toBe(contextId);
    expect((await client.cancel(id)).result.status.state).toBe('TASK_STATE_CANCELED');
    const list = await client.call<{ tasks: Task[]; totalSize: number }>('ListTasks', { contextId });
    expect([list.result.tasks.map((task) => task.id), list.result.totalSize]).toEqual([[id], 1]);
    expect(await testClient(agent).get(id)).toEqual(await client.get(id));
  });

  test('echoes text, bytes, URLs and data', async () => {
    const parts = [{ text: 'ü' }, { raw: 'AP8=' }, { url: 'https://example.com/x' }, { data: { a: [null, 1.5, {}] } }];
    const { result } = await client.call<{ task: Task }>('SendMessage', { message: message(parts) });
    expect(result.task.artifacts?.flatMap((artifact) => artifact.parts)).toMatchObject(parts);
  });

  test('answers with a message', async () => {
    const { message: bytes } = await client.request('SendMessage', {
      message: message([{ text: 'replies-with-message' }]),
    });
    const answer = decodeMessage(methods.SendMessage.response, bytes ?? Buffer.alloc(0));
    expect(answer).toMatchObject({ message: { role: 'ROLE_AGENT' } });
    expect(answer).not.toHaveProperty('task');
  });

  test('push configurations', async () => {
    const { id: taskId } = await client.send('input-required');
    const config = { taskId, url: 'https://example.com/hook', authentication: { scheme: 'Bearer', credentials: 'x' } };
    const { result: created } = await client.call<{ id: string }>('CreateTaskPushNotificationConfig', config);
    expect(created).toMatchObject(config);
    const ref = { taskId, id: created.id };
    expect((await client.call('GetTaskPushNotificationConfig', ref)).result).toEqual(created);
    expect((await client.call('ListTaskPushNotificationConfigs', { taskId })).result).toEqual({ configs: [created] });
    expect((await client.request('DeleteTaskPushNotificationConfig', ref)).message).toHaveLength(0);
    expect((await client.call('ListTaskPushNotificationConfigs', { taskId })).result).toEqual({});
  });

  test('the extended card', async () => {
    const metadata = { Authorization: 'Bearer reference-token' };
    const { result } = await client.call<AgentCard>('GetExtendedAgentCard', {}, { headers: metadata });
    expect(result.skills.map(({ id }) => id)).toContain('diagnostics');
    expect(result.securitySchemes).toEqual({ bearer: { httpAuthSecurityScheme: { scheme: 'Bearer' } } });
    expect(result.capabilities).toMatchObject({ streaming: true, pushNotifications: true, extendedAgentCard: true });
  });
});

describe('streams', () => {
  test('a task from its beginning to its end', async () => {
    using stream = await client.streamText('streams-artifact-chunks');
    const events = await stream.rest();
    expect(statesOf(events)).toEqual(['TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING', 'TASK_STATE_COMPLETED']);
    const chunks = events.flatMap((event) => ('artifactUpdate' in event ? [event.artifactUpdate] : []));
    expect(chunks.map(({ append = false, lastChunk = false }) => [append, lastChunk])).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
    expect(textOf(chunks[0]?.artifact)).not.toBe('');
  });

  test('a single message', async () => {
    using stream = await client.streamText('replies-with-message');
    expect(await stream.rest()).toMatchObject([{ message: { role: 'ROLE_AGENT' } }]);
  });

  test('a subscription, ended by a cancel on another binding', async () => {
    const { id } = await client.send('input-required');
    using stream = await client.subscribe(id);
    expect((await stream.next())?.result).toMatchObject({ task: { id } });
    await testClient(agent).cancel(id);
    expect(statesOf(await stream.rest())).toEqual(['TASK_STATE_CANCELED']);
  });

  test('a client that goes away ends its stream, and nothing else', async () => {
    const seen: number[] = [];
    const closed = Promise.withResolvers<void>();
    await using own = await start({
      fault: {
        refuse: ({ operation, openStreams }) => {
          if (operation === 'GetTask' && seen.push(openStreams) && openStreams === 1) closed.resolve();
          return undefined;
        },
      },
    });
    const caller = grpcClient(own);
    const { id } = await caller.send('input-required');
    const [stays, goes] = [await caller.subscribe(id), await caller.subscribe(id)];
    await Promise.all([stays.next(), goes.next()]);
    goes.close();
    // Asked until the agent has noticed.
    while (seen.at(-1) !== 1) expect((await caller.get(id)).status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    await closed.promise;
    await caller.cancel(id);
    expect(statesOf(await stays.rest())).toEqual(['TASK_STATE_CANCELED']);
    caller.close();
  });
});

describe('errors', () => {
  test('status and details', async () => {
    const { error, message: none } = await client.request('GetTask', { id: 'nowhere' });
    expect([none, error?.code, error?.details]).toEqual([undefined, status.NOT_FOUND, 'Task not found']);
    expect(error && detailsOf(error)).toEqual({
      code: 5,
      message: 'Task not found',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'TASK_NOT_FOUND',
          domain: 'a2a-protocol.org',
          metadata: { taskId: 'nowhere', timestamp: expect.any(String) as string },
        },
      ],
    });
  });

  test('violations name the fields as the proto does', async () => {
    const { error } = await client.request('SendMessage', { message: { role: 'ROLE_USER', parts: [{ text: 'x' }] } });
    expect(error?.code).toBe(status.INVALID_ARGUMENT);
    expect(error && detailsOf(error)?.details).toEqual([
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: 'message.message_id', description: 'Required' }],
      },
    ]);
  });

  test('the statuses of §5.4', async () => {
    const { id } = await client.send('completes');
    expect(await errorOf('CancelTask', { id })).toEqual(['FAILED_PRECONDITION', 'TASK_NOT_CANCELABLE']);
    expect(await errorOf('GetTask', { id }, { 'a2a-version': '2.0' })).toEqual([
      'FAILED_PRECONDITION',
      'VERSION_NOT_SUPPORTED',
    ]);
    expect(await errorOf('SendMessage', { message: message([{ raw: 'AAAA', mediaType: 'video/mp4' }]) })).toEqual([
      'INVALID_ARGUMENT',
      'CONTENT_TYPE_NOT_SUPPORTED',
    ]);
    const { error } = await client.call('SubscribeToTask', { id });
    expect([error.code, error.data[0]?.reason]).toEqual([-32004, 'UNSUPPORTED_OPERATION']);
  });

  test.for([
    ['minimal', 'ListTaskPushNotificationConfigs', 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
    ['minimal', 'GetExtendedAgentCard', 'UNSUPPORTED_OPERATION'],
    ['required-extension', 'ListTasks', 'EXTENSION_SUPPORT_REQUIRED'],
  ] as const)('%s: %s', async ([profile, method, reason]) => {
    await using own = await start({ profile });
    const caller = grpcClient(own);
    expect(await errorOf(method, {}, {}, caller)).toEqual(['FAILED_PRECONDITION', reason]);
    if (profile === 'required-extension') {
      const metadata = { 'a2a-extensions': 'https://example.com/other,https://example.com/extensions/required/v1' };
      expect(await errorOf(method, {}, metadata, caller)).toBeUndefined();
    }
    caller.close();
  });

  test('without and with wrong credentials, and without the permission', async () => {
    await using own = await start({ profile: 'bearer' });
    const caller = grpcClient(own);
    // Before the request is looked at.
    const { error } = await caller.request('GetTask', Buffer.from([0xff]));
    expect([error?.code, error?.metadata.get('www-authenticate')]).toEqual([
      status.UNAUTHENTICATED,
      ['Bearer realm="reference-agent"'],
    ]);
    const wrong = { authorization: 'Bearer wrong' };
    expect(await errorOf('ListTasks', {}, wrong, caller)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    const limited = { authorization: 'Bearer limited-token' };
    expect(await errorOf('ListTasks', {}, limited, caller)).toBeUndefined();
    expect(await errorOf('GetExtendedAgentCard', {}, limited, caller)).toEqual([
      'PERMISSION_DENIED',
      'PERMISSION_DENIED',
    ]);
    caller.close();
  });

  test('the tenant', async () => {
    await using own = await start({ tenants: ['t'] });
    const caller = grpcClient(own);
    expect(await errorOf('ListTasks', {}, {}, caller)).toEqual(['INVALID_ARGUMENT', undefined]);
    expect(await errorOf('ListTasks', { tenant: 't' }, {}, caller)).toBeUndefined();
    caller.close();
  });

  test('what is no call', async () => {
    expect(await errorOf('GetEverything', Buffer.alloc(0))).toEqual(['UNIMPLEMENTED', undefined]);
    expect(await errorOf('GetTask', Buffer.from([0x0a]))).toEqual(['INTERNAL', undefined]);
    await using own = await start({ maxBodyBytes: 100 });
    const caller = grpcClient(own);
    expect(await errorOf('GetTask', { id: 'x'.repeat(200) }, {}, caller)).toEqual(['RESOURCE_EXHAUSTED', undefined]);
    caller.close();
  });
});
