import { describe, expect, test } from 'vitest';
import type { RunningAgent } from './agent.ts';
import { startReferenceAgent } from './agent.ts';
import { type Binding, bindings, httpBindings } from './bindings.ts';
import { unsupportedOperation } from './errors.ts';
import type { GrpcClient } from './grpc/testing/client.ts';
import { grpcClient } from './grpc/testing/client.ts';
import type { Fault } from './hooks.ts';
import type { RestClient, StatusJson } from './rest-test-client.ts';
import { restClient } from './rest-test-client.ts';
import type { TestClient } from './test-client.ts';
import { message, testClient } from './test-client.ts';

/** Hooks on HTTP+JSON, and on one binding of two. */

async function observe<T>(
  fault: Fault,
  look: (clients: {
    readonly rpc: TestClient;
    readonly rest: RestClient;
    readonly grpc: GrpcClient;
    readonly agent: RunningAgent;
  }) => Promise<T>,
): Promise<T> {
  await using agent = await startReferenceAgent({ stepMs: 1, bindings, fault });
  const grpc = grpcClient(agent);
  try {
    return await look({ rpc: testClient(agent), rest: restClient(agent), grpc, agent });
  } finally {
    grpc.close();
  }
}

const sendBody = (text: string): string => JSON.stringify({ message: message([{ text }]) });

describe('HTTP+JSON', () => {
  test('restReply: object, raw text, hang, reset; not on JSON-RPC', async () => {
    const fault: Fault = {
      restReply: (body, { method, errorCode }) => {
        if (method === 'ListTasks') return 'not JSON';
        if (method === 'CancelTask') return 'reset';
        return method === 'GetExtendedAgentCard' ? 'hang' : { ...body, errorCode };
      },
    };
    await observe(fault, async ({ rpc, rest, agent }) => {
      expect(JSON.parse((await rest.request('GET', '/tasks/x')).text)).toMatchObject({ errorCode: -32001 });
      expect(JSON.parse((await rest.request('POST', '/message:send', '{')).text)).toMatchObject({ errorCode: -32700 });
      expect(JSON.parse((await rest.request('GET', '/nowhere')).text)).toMatchObject({ errorCode: -32601 });
      expect((await rest.request('GET', '/tasks')).text).toBe('not JSON');
      await expect(rest.request('POST', '/tasks/x:cancel')).rejects.toThrow();
      const hanging = rest.request('GET', '/extendedAgentCard').then(
        () => 'answered',
        () => 'cut off',
      );
      expect(await Promise.race([hanging, rpc.send('completes').then(() => 'still waiting')])).toBe('still waiting');
      expect(await rpc.call('GetTask', { id: 'x' })).not.toHaveProperty('errorCode');
      await agent.close();
      expect(await hanging).toBe('cut off');
    });
  });

  test('restEvent and payload', async () => {
    const fault: Fault = {
      payload: (payload, { stream }) => ({ ...payload, stream }),
      restEvent: (data, { index, method }) => ({ ...data, index, method }),
    };
    await observe(fault, async ({ rpc, rest }) => {
      using stream = await rest.streamText('completes');
      expect((await stream.next())?.result).toMatchObject({ index: 0, method: 'SendStreamingMessage', stream: true });
      expect((await stream.next())?.result).toMatchObject({ index: 1 });
      expect((await rest.call('ListTasks')).result).toMatchObject({ stream: false, tasks: [expect.anything()] });
      using other = await rpc.streamText('completes');
      expect((await other.next())?.result).not.toHaveProperty('index');
    });
  });

  test('httpResponse knows binding, operation and params', async () => {
    const fault: Fault = {
      httpResponse: (response, { binding, method, params }) => ({
        ...response,
        body: JSON.stringify([binding, method, params]),
      }),
    };
    await observe(fault, async ({ rpc, rest }) => {
      const seen = [
        await rest.request('GET', '/t/tasks/a%20b?historyLength=1'),
        await rest.request('GET', '/tasks?includeArtifacts=true&status=2'),
        await rest.request('POST', '/tasks/x:cancel', '{"metadata":{}}'),
        await rest.request('GET', '/nowhere'),
        await rpc.post('{"jsonrpc":"2.0","id":1,"method":"ListTasks"}'),
      ].map(({ text }) => JSON.parse(text) as unknown);
      expect(seen).toEqual([
        ['HTTP+JSON', 'GetTask', { historyLength: '1', tenant: 't', id: 'a b' }],
        ['HTTP+JSON', 'ListTasks', { includeArtifacts: true, status: 2 }],
        ['HTTP+JSON', 'CancelTask', { metadata: {}, id: 'x' }],
        ['HTTP+JSON', null, null],
        ['JSONRPC', 'ListTasks', null],
      ]);
    });
  });

  test('streamHead and streamFrame', async () => {
    const fault: Fault = {
      streamHead: (head, { binding }) => ({ ...head, headers: { ...head.headers, 'X-Binding': binding } }),
      streamFrame: (frame, { binding, index }) => `: ${binding} ${index}\n${frame}`,
    };
    await observe(fault, async ({ rest }) => {
      const reply = await rest.request('POST', '/message:stream', sendBody('replies-with-message'));
      expect(reply.headers.get('x-binding')).toBe('HTTP+JSON');
      expect(reply.text).toMatch(/^: HTTP\+JSON 0\ndata: \{"message":\{.*\}\}\n\n$/);
    });
  });

  test('an error brings its status: of its code, or its own', async () => {
    const fault: Fault = {
      error: (error, { operation }) =>
        operation === 'GetTask'
          ? { code: -32002, message: 'cannot' }
          : { ...error, httpStatus: 503, httpHeaders: { 'Retry-After': '1' } },
      refuse: ({ operation }) => (operation === 'ListTasks' ? { code: -32603, message: 'no' } : undefined),
    };
    await observe(fault, async ({ rest }) => {
      const get = await rest.request('GET', '/tasks/x');
      expect([get.status, JSON.parse(get.text)]).toEqual([
        400,
        { error: { code: 400, status: 'FAILED_PRECONDITION', message: 'cannot' } },
      ]);
      const list = await rest.request('GET', '/tasks');
      const { error } = JSON.parse(list.text) as { error: StatusJson };
      expect([list.status, error.code, error.status, list.headers.get('retry-after')]).toEqual([
        503,
        503,
        'UNAVAILABLE',
        '1',
      ]);
    });
  });

  test('an error may be turned into success, with nothing in it', async () => {
    await observe({ error: () => ({ result: null }) }, async ({ rest }) => {
      expect(await rest.request('GET', '/tasks/x')).toMatchObject({ status: 200, text: '{}' });
    });
  });

  test('streamEnd: reset', async () => {
    await observe({ streamEnd: () => 'reset' }, async ({ rest }) => {
      using stream = await rest.streamText('completes');
      await expect(stream.rest()).rejects.toThrow();
    });
  });
});

describe('one binding of two', () => {
  test('hooks of a call know the binding', async () => {
    const seen: [string, Binding][] = [];
    const saw = (hook: string, binding: Binding): void => void seen.push([hook, binding]);
    const fault: Fault = {
      refuse: ({ binding }) => (saw('refuse', binding), undefined),
      violations: (found, { binding }) => (saw('violations', binding), found),
      task: (task, { binding }) => (saw('task', binding), task),
      message: (answer, { binding }) => (saw('message', binding), answer),
      result: (result, { binding }) => (saw('result', binding), result),
      error: (error, { binding }) => (saw('error', binding), error),
      payload: (payload, { binding }) => (saw('payload', binding), payload),
      event: (event, { binding }) => (saw('event', binding), event),
      streamEnd: ({ binding }) => (saw('streamEnd', binding), 'close'),
    };
    await observe(fault, async ({ rpc, rest, grpc }) => {
      for (const client of [rpc, rest, grpc]) {
        await client.send('completes');
        await client.call('SendMessage', { message: message([{ text: 'replies-with-message' }]) });
        await client.call('GetTask', { id: 'x', historyLength: -1 });
        using stream = await client.streamText('completes');
        await stream.rest();
      }
    });
    const hooks = ['refuse', 'violations', 'task', 'message', 'result', 'error', 'payload', 'event', 'streamEnd'];
    for (const binding of bindings) {
      const called = new Set(seen.filter(([, where]) => where === binding).map(([hook]) => hook));
      expect([binding, [...called].sort()]).toEqual([binding, hooks.sort()]);
    }
  });

  test.for(httpBindings)('a fault only on %s', async (binding) => {
    const fault: Fault = {
      only: [binding],
      refuse: ({ operation }) => (operation === 'CancelTask' ? unsupportedOperation('never').content : undefined),
      result: (result) => ({ ...result, broken: true }),
      event: (event) => ({ ...event, broken: true }),
      streamHead: (head) => ({ ...head, status: 203 }),
      httpResponse: (response) => ({ ...response, headers: { ...response.headers, 'X-Broken': 'yes' } }),
      policy: { acceptSendToTerminal: true, versionIgnored: true, ownershipIgnored: true },
    };
    await observe(fault, async ({ rpc, rest }) => {
      const { id } = await rpc.send('completes');
      const mine = testMine(id);
      expect(await mine(binding === 'JSONRPC' ? rpc : rest)).toEqual([true, true, 203, -32004, 'ok', 'ok']);
      expect(await mine(binding === 'JSONRPC' ? rest : rpc)).toEqual([false, false, 200, -32002, -32004, -32009]);
      const list = await rest.request('GET', '/tasks');
      expect(list.headers.get('x-broken')).toBe(binding === 'HTTP+JSON' ? 'yes' : null);
    });
  });
});

test('a fault only on gRPC', async () => {
  const fault: Fault = {
    only: ['GRPC'],
    refuse: ({ operation }) => (operation === 'CancelTask' ? unsupportedOperation('never').content : undefined),
    result: (result) => ({ ...result, contextId: 'broken' }),
    event: (event) => [event, event],
    policy: { versionIgnored: true },
  };
  await observe(fault, async ({ rpc, rest, grpc }) => {
    const { id } = await rpc.send('completes');
    const look = async (client: TestClient | RestClient | GrpcClient) => {
      using stream = await client.streamText('replies-with-message');
      return [
        (await client.get(id)).contextId === 'broken',
        (await stream.rest()).length,
        (await client.cancel(id)).error.code,
        (await client.call('GetTask', { id }, { headers: { 'A2A-Version': '7.0' } })).error?.code ?? 'ok',
      ];
    };
    expect(await look(grpc)).toEqual([true, 2, -32004, 'ok']);
    for (const client of [rpc, rest]) expect(await look(client)).toEqual([false, 1, -32002, -32009]);
  });
});

/** What a client sees of a fault, hook by hook. */
const testMine = (id: string) => async (client: TestClient | RestClient) => {
  const outcome = async (method: string, params: object, headers = {}) =>
    (await client.call(method, params, { headers })).error?.code ?? 'ok';
  using stream = await client.streamText('completes');
  const [event] = await stream.rest();
  return [
    'broken' in (await client.get(id)),
    'broken' in (event ?? {}),
    stream.status,
    await outcome('CancelTask', { id }),
    await outcome('SendMessage', { message: message([{ text: 'x' }], { taskId: id }) }),
    await outcome('GetTask', { id }, { 'A2A-Version': '7.0' }),
  ];
};
