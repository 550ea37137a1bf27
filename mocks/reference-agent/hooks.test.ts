import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { RunningAgent } from './agent.ts';
import { startReferenceAgent } from './agent.ts';
import type { Fault } from './hooks.ts';
import type { ReferenceAgentOptions } from './settings.ts';
import type { Reply, TestClient } from './test-client.ts';
import { message, statesOf, testClient } from './test-client.ts';
import type { AgentCard, StreamResponse, Task } from './types.ts';

/** Every hook has its effect: mutants rest on it. Policies have a test of their own. */

async function observe<T>(
  fault: Fault,
  look: (client: TestClient, agent: RunningAgent) => Promise<T>,
  options: ReferenceAgentOptions = {},
) {
  await using agent = await startReferenceAgent({ stepMs: 1, ...options, fault });
  return await look(testClient(agent), agent);
}

const raw = (client: TestClient, method = 'GetTask') =>
  client.post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { id: 'x' } }));

const getCard = async (_: TestClient, { cardUrl }: RunningAgent): Promise<AgentCard> =>
  (await (await fetch(cardUrl)).json()) as AgentCard;

describe('card', () => {
  test('card, before the signature', async () => {
    const seen: boolean[] = [];
    const fault: Fault = {
      card: (card, { extended, baseUrl }) => {
        seen.push(extended);
        return { ...card, name: baseUrl };
      },
    };
    const card = await observe(fault, getCard);
    expect(card.name).toMatch(/^http:/);
    expect(card.signatures).toHaveLength(1);
    expect(seen).toEqual([false, true]);
  });

  test('signedCard', async () => {
    const card = await observe({ signedCard: (signed) => ({ ...signed, signatures: [] }) }, getCard);
    expect(card.signatures).toEqual([]);
  });

  test('cardResponse', async () => {
    const fault: Fault = { cardResponse: (response) => ({ ...response, status: 203, headers: {}, body: '{}' }) };
    const response = await observe(fault, (_, { cardUrl }) => fetch(cardUrl));
    expect([response.status, response.headers.get('etag')]).toEqual([203, null]);
  });
});

describe('HTTP', () => {
  test('intercept answers, cuts, or lets pass', async () => {
    const fault: Fault = {
      intercept: ({ path, query }) => {
        if (query.has('cut')) return 'reset';
        return path === '/own' ? { status: 201, headers: {}, body: 'own' } : undefined;
      },
    };
    await observe(fault, async (client, { url }) => {
      expect((await fetch(`${url}/own`)).status).toBe(201);
      await expect(fetch(`${url}/?cut`)).rejects.toThrow();
      expect((await raw(client)).status).toBe(200);
    });
  });

  test('httpResponse knows the method and the error', async () => {
    const fault: Fault = {
      httpResponse: (response, { method, errorCode }) => ({ ...response, status: 500, body: `${method} ${errorCode}` }),
    };
    await observe(fault, async (client) => {
      expect(await raw(client)).toMatchObject({ status: 500, text: 'GetTask -32001' });
      expect(await raw(client, 'ListTasks')).toMatchObject({ text: 'ListTasks undefined' });
      expect(await client.post('{')).toMatchObject({ text: 'undefined -32700' });
      expect(await client.post('{"jsonrpc":"2.0","method":"ListTasks"}')).toMatchObject({
        text: 'ListTasks undefined',
      });
    });
  });

  test('http stands before everything: answers, changes the response, or lets pass', async () => {
    const fault: Fault = {
      http: (request, response, next) => {
        if (request.url === '/own') response.writeHead(201).end('own');
        else {
          response.shouldKeepAlive = false;
          next();
        }
      },
    };
    await observe(fault, async (client, { url }) => {
      expect((await fetch(`${url}/own`)).status).toBe(201);
      expect((await raw(client)).headers.get('connection')).toBe('close');
    });
  });

  test('reply: object, raw text, hang, reset', async () => {
    const fault: Fault = {
      reply: (envelope, { method }) => {
        if (method === 'ListTasks') return 'not JSON';
        if (method === 'CancelTask') return 'reset';
        return method === 'SubscribeToTask' ? 'hang' : { ...envelope, id: 'mine' };
      },
    };
    await observe(fault, async (client, agent) => {
      expect(JSON.parse((await raw(client)).text)).toMatchObject({ id: 'mine' });
      expect((await raw(client, 'ListTasks')).text).toBe('not JSON');
      await expect(raw(client, 'CancelTask')).rejects.toThrow();
      const hanging = raw(client, 'SubscribeToTask').then(
        () => 'answered',
        () => 'cut off',
      );
      expect(await Promise.race([hanging, client.send('completes').then(() => 'still waiting')])).toBe('still waiting');
      await agent.close();
      expect(await hanging).toBe('cut off');
    });
  });
});

describe('operations', () => {
  test('refuse knows the task and its open streams, and may take its time', async () => {
    const seen: unknown[] = [];
    const fault: Fault = {
      refuse: async ({ operation, task, openStreams }) => {
        await Promise.resolve();
        seen.push([operation, task?.status.state, openStreams]);
        return operation === 'CancelTask' ? { code: -32004, message: 'never' } : undefined;
      },
    };
    await observe(fault, async (client) => {
      const { id } = await client.send('input-required');
      using stream = await client.subscribe(id);
      await stream.next();
      expect((await client.cancel(id)).error).toMatchObject({ code: -32004, message: 'never' });
    });
    const waiting = 'TASK_STATE_INPUT_REQUIRED';
    expect(seen).toEqual([
      ['SendMessage', undefined, 0],
      ['SubscribeToTask', waiting, 0],
      ['CancelTask', waiting, 1],
    ]);
  });

  test('ready gives the means to act without being asked', async () => {
    const setStatus = Promise.withResolvers<(taskId: string) => boolean>();
    const fault: Fault = {
      ready: (control) => setStatus.resolve((id) => control.setStatus(id, 'TASK_STATE_FAILED', 'given up')),
    };
    await observe(fault, async (client) => {
      const { id } = await client.send('input-required');
      const fail = await setStatus.promise;
      expect([fail(id), fail(id)]).toEqual([true, false]);
      expect((await client.get(id)).status).toMatchObject({ state: 'TASK_STATE_FAILED' });
    });
  });

  test('behaviour: another one than was asked for', async () => {
    const fault: Fault = { behaviour: (name) => (name === 'completes' ? 'rejects' : name) };
    const state = await observe(fault, async (client) => (await client.send('completes')).status.state);
    expect(state).toBe('TASK_STATE_REJECTED');
  });

  test('work is begun when it is let', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const fault: Fault = { work: (run) => promise.then(run) };
    await observe(fault, async (client) => {
      const { id } = await client.send('completes', { configuration: { returnImmediately: true } });
      expect((await client.get(id)).status.state).toBe('TASK_STATE_SUBMITTED');
      using stream = await client.subscribe(id);
      resolve();
      expect(statesOf(await stream.rest()).at(-1)).toBe('TASK_STATE_COMPLETED');
    });
  });
});

describe('streams', () => {
  const firstOf = async (client: TestClient): Promise<Reply<StreamResponse> | undefined> => {
    using stream = await client.streamText('completes');
    return await stream.next();
  };

  test('event knows the task as it is with it', async () => {
    const fault: Fault = { event: (event, { task, last }) => (last && task ? [event, { task }] : event) };
    await observe(fault, async (client) => {
      using stream = await client.streamText('completes');
      const events = await stream.rest();
      expect(events.at(-1)).toMatchObject({ task: { status: { state: 'TASK_STATE_COMPLETED' } } });
      expect(events.at(-2)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    });
  });

  test('streamHead', async () => {
    const fault: Fault = { streamHead: (head) => ({ ...head, headers: { 'Content-Type': 'application/json' } }) };
    const type = await observe(fault, async (client) => {
      using stream = await client.streamText('completes');
      return stream.headers.get('content-type');
    });
    expect(type).toBe('application/json');
  });

  test('streamEnvelope and payload', async () => {
    const fault: Fault = {
      payload: (payload, { stream }) => ({ ...payload, stream }),
      streamEnvelope: (envelope, { index }) => ({ ...envelope, index }),
    };
    const reply = await observe(fault, firstOf);
    expect(reply).toMatchObject({ index: 0, result: { stream: true } });
    const unary = await observe(fault, (client) => client.call('ListTasks'));
    expect(unary.result).toMatchObject({ stream: false, tasks: [] });
  });

  test('streamFrame', async () => {
    const fault: Fault = {
      streamFrame: (frame) => frame.replace('data: ', 'id: 1\r\ndata:').replace('\n\n', '\r\n\r\n'),
    };
    expect(Object.keys((await observe(fault, firstOf))?.result ?? {})).toEqual(['task']);
  });

  test('event: another one, none, several', async () => {
    const fault: Fault = {
      event: (event, { index, last, state, operation, taskId, subscription }) => {
        if (index === 1) return null;
        return last ? [event, { done: [state, operation, typeof taskId, subscription] }] : event;
      },
    };
    const events = await observe(fault, async (client) => {
      using stream = await client.streamText('completes');
      return await stream.rest();
    });
    expect(events.map((event) => Object.keys(event)[0])).toEqual(['task', 'artifactUpdate', 'statusUpdate', 'done']);
    expect(events.at(-1)).toEqual({ done: ['TASK_STATE_COMPLETED', 'SendStreamingMessage', 'string', 0] });
  });

  test('streamEnd: reset', async () => {
    await observe({ streamEnd: () => 'reset' }, async (client) => {
      using stream = await client.streamText('completes');
      await expect(stream.rest()).rejects.toThrow();
    });
  });
});

describe('operations', () => {
  test('task, in answers, streams and lists', async () => {
    const fault: Fault = { task: (task, { operation, stream }) => ({ ...task, metadata: { operation, stream } }) };
    await observe(fault, async (client) => {
      expect((await client.send('completes')).metadata).toEqual({ operation: 'SendMessage', stream: false });
      using stream = await client.streamText('completes');
      expect((await stream.next())?.result).toMatchObject({ task: { metadata: { stream: true } } });
      const { result } = await client.call<{ tasks: Task[] }>('ListTasks');
      expect(result.tasks[0]?.metadata).toEqual({ operation: 'ListTasks', stream: false });
    });
  });

  test('message', async () => {
    const fault: Fault = { message: (answer) => ({ ...answer, role: 'ROLE_USER' }) };
    await observe(fault, async (client) => {
      const params = { message: message([{ text: 'replies-with-message' }]) };
      expect((await client.call('SendMessage', params)).result).toMatchObject({ message: { role: 'ROLE_USER' } });
      using stream = await client.stream('SendStreamingMessage', params);
      expect((await stream.next())?.result).toMatchObject({ message: { role: 'ROLE_USER' } });
    });
  });

  test('result and error', async () => {
    const fault: Fault = {
      result: (result, { operation }) => ({ ...result, operation }),
      error: (error, { operation }) => (operation === 'CancelTask' ? { result: null } : { ...error, code: -1 }),
    };
    await observe(fault, async (client) => {
      expect((await client.call('ListTasks')).result).toMatchObject({ operation: 'ListTasks', tasks: [] });
      expect((await client.call('GetTask', { id: 'x' })).error.code).toBe(-1);
      expect(await client.cancel('x')).toEqual({ jsonrpc: '2.0', id: 1, result: null });
    });
  });

  test('violations: holes in a message do not break the agent', async () => {
    await observe({ violations: () => [] }, async (client) => {
      for (const params of [{}, { message: {} }, { message: { parts: [{ text: 5 }, null, { text: 'x' }] } }]) {
        const { result } = await client.call<{ task: Task }>('SendMessage', params);
        expect(result.task.status.state).toBe('TASK_STATE_COMPLETED');
      }
    });
    const fault: Fault = { violations: (found) => found.filter(({ field }) => field !== 'message.role') };
    await observe(fault, async (client) => {
      const { error } = await client.call('SendMessage', { message: {} });
      expect(error.data[0]?.fieldViolations?.map(({ field }) => field)).toEqual(['message.messageId', 'message.parts']);
    });
  });

  test('transition: another state, and none', async () => {
    const fault: Fault = {
      transition: (_, to) => {
        if (to === 'TASK_STATE_COMPLETED') return 'TASK_STATE_FAILED';
        return to === 'TASK_STATE_CANCELED' ? 'ignore' : undefined;
      },
    };
    await observe(fault, async (client) => {
      expect((await client.send('completes')).status.state).toBe('TASK_STATE_FAILED');
      const { id } = await client.send('input-required');
      expect((await client.cancel(id)).result.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    });
  });

  test('status and update', async () => {
    const fault: Fault = {
      status: ({ message: _, ...status }) => status,
      update: (update) => ('artifactUpdate' in update ? null : update),
    };
    await observe(fault, async (client) => {
      using stream = await client.streamText('completes');
      const events = await stream.rest();
      expect(statesOf(events)).toHaveLength(events.length);
      const task = await client.send('completes');
      expect(task.status).not.toHaveProperty('message');
      expect(task).not.toHaveProperty('artifacts');
    });
  });

  test('listQuery', async () => {
    await observe({ listQuery: (query) => ({ ...query, state: undefined }) }, async (client) => {
      await client.send('completes');
      const { result } = await client.call<{ tasks: Task[] }>('ListTasks', { status: 'TASK_STATE_WORKING' });
      expect(result.tasks).toHaveLength(1);
    });
  });

  test('taskId and contextId', async () => {
    const fault: Fault = { taskId: () => 'always', contextId: (_, { message: { contextId } }) => `not ${contextId}` };
    const task = await observe(fault, (client) => client.send('completes', { contextId: 'mine' }));
    expect(task).toMatchObject({ id: 'always', contextId: 'not mine' });
  });

  test('pushRequest', async () => {
    const received = Promise.withResolvers<{ authorization: string | undefined; body: string }>();
    const receiver = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        response.end();
        received.resolve({ authorization: request.headers.authorization, body });
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const fault: Fault = {
      pushRequest: (request) => (request.body.includes('COMPLETED') ? { ...request, headers: {}, body: 'x' } : null),
    };
    const delivery = await observe(fault, async (client) => {
      const authentication = { scheme: 'Bearer', credentials: 'secret' };
      await client.send('completes', { configuration: { taskPushNotificationConfig: { url, authentication } } });
      return await received.promise;
    });
    expect(delivery).toEqual({ authorization: undefined, body: 'x' });
    receiver.close();
  });
});
