import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningAgent } from './agent.ts';
import { startReferenceAgent } from './agent.ts';
import type { TestClient } from './test-client.ts';
import { message, testClient } from './test-client.ts';
import type { StreamResponse, Task, TaskPushNotificationConfig } from './types.ts';

interface Delivery {
  readonly path: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly event: StreamResponse;
}

/** A webhook receiver; `answer` decides the status of each delivery. */
async function startReceiver(answer: (delivery: Delivery, count: number) => number = () => 204) {
  const deliveries: Delivery[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const event = JSON.parse(Buffer.concat(chunks).toString()) as StreamResponse;
      const delivery = { path: request.url ?? '', headers: request.headers, event };
      deliveries.push(delivery);
      response.writeHead(answer(delivery, deliveries.length)).end();
      for (const check of waiting) check();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    deliveries,
    until: (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        const check = (): void => {
          if (!condition()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

let agent: RunningAgent;
let client: TestClient;

beforeAll(async () => {
  agent = await startReferenceAgent({ stepMs: 1, longRunningMs: 30, push: { backoffMs: 1 } });
  client = testClient(agent);
});
afterAll(() => agent.close());

const stateOf = ({ event }: Delivery): string | undefined =>
  'statusUpdate' in event ? event.statusUpdate.status.state : undefined;

const create = (params: object) => client.call<TaskPushNotificationConfig>('CreateTaskPushNotificationConfig', params);

describe('delivery', () => {
  test('every update, in order, with credentials and token', async () => {
    await using receiver = await startReceiver();
    const { result } = await client.call<{ task: Task }>('SendMessage', {
      message: message([{ text: 'streams-artifact-chunks' }]),
      configuration: {
        taskPushNotificationConfig: {
          url: receiver.url,
          token: 'my-token',
          authentication: { scheme: 'Bearer', credentials: 'secret' },
        },
      },
    });
    await receiver.until(() => receiver.deliveries.some((each) => stateOf(each) === 'TASK_STATE_COMPLETED'));
    expect(receiver.deliveries.map(({ event }) => Object.keys(event)[0])).toEqual([
      'statusUpdate',
      'artifactUpdate',
      'artifactUpdate',
      'artifactUpdate',
      'statusUpdate',
    ]);
    for (const { headers, event } of receiver.deliveries) {
      expect(headers).toMatchObject({
        'content-type': 'application/a2a+json',
        authorization: 'Bearer secret',
        'x-a2a-notification-token': 'my-token',
      });
      expect(Object.values(event)).toEqual([expect.objectContaining({ taskId: result.task.id })]);
    }
  });

  test('registered later: what happens from then on', async () => {
    await using receiver = await startReceiver();
    const { id } = await client.send('input-required');
    await create({ taskId: id, url: receiver.url });
    await client.send('here', { taskId: id });
    await receiver.until(() => receiver.deliveries.some((each) => stateOf(each) === 'TASK_STATE_COMPLETED'));
    expect(receiver.deliveries.map(stateOf)).toEqual(['TASK_STATE_WORKING', undefined, 'TASK_STATE_COMPLETED']);
  });

  test('a refused notification is tried again before the next one', async () => {
    await using receiver = await startReceiver((_, count) => (count <= 2 ? 503 : 204));
    const { id } = await client.send('input-required');
    await create({ taskId: id, url: receiver.url });
    await client.cancel(id);
    await receiver.until(() => receiver.deliveries.length === 3);
    expect(receiver.deliveries.map(stateOf)).toEqual(Array(3).fill('TASK_STATE_CANCELED'));
  });

  test('nothing comes after the deletion', async () => {
    await using deleted = await startReceiver();
    await using kept = await startReceiver();
    const { id } = await client.send('tck-multi-turn');
    await create({ taskId: id, id: 'gone', url: deleted.url });
    await create({ taskId: id, id: 'stays', url: kept.url });
    await client.call('DeleteTaskPushNotificationConfig', { taskId: id, id: 'gone' });
    await client.send('done', { taskId: id });
    await kept.until(() => kept.deliveries.some((each) => stateOf(each) === 'TASK_STATE_COMPLETED'));
    expect(deleted.deliveries).toEqual([]);
  });

  test('a dead webhook does not hold up the task', async () => {
    const { result } = await client.call<{ task: Task }>('SendMessage', {
      message: message([{ text: 'completes' }]),
      configuration: { taskPushNotificationConfig: { url: 'http://127.0.0.1:1/' } },
    });
    expect(result.task.status.state).toBe('TASK_STATE_COMPLETED');
  });
});

describe('configurations', () => {
  test('create, get, list, delete', async () => {
    const { id: taskId } = await client.send('input-required');
    const given = { taskId, url: 'https://example.com/hook', token: 't', authentication: { scheme: 'Basic' } };
    const first = (await create(given)).result;
    expect(first).toEqual({ ...given, id: expect.any(String) as string });
    const second = (await create({ ...given, id: 'mine' })).result;
    expect(second.id).toBe('mine');
    const ask = (method: string, id = 'mine') => client.call(`${method}TaskPushNotificationConfig`, { taskId, id });
    expect((await ask('Get')).result).toEqual(second);
    const listAll = async (more = {}) =>
      (await client.call<object>('ListTaskPushNotificationConfigs', { taskId, ...more })).result;
    expect(await listAll()).toEqual({ configs: [first, second] });
    const page = (await listAll({ pageSize: 1 })) as { nextPageToken: string };
    expect(page).toMatchObject({ configs: [first] });
    expect(await listAll({ pageSize: 1, pageToken: page.nextPageToken })).toEqual({ configs: [second] });
    expect((await ask('Delete')).result).toEqual({});
    expect((await ask('Delete')).result).toEqual({});
    expect((await ask('Get')).error).toMatchObject({ code: -32001, data: [{ reason: 'TASK_NOT_FOUND' }] });
    expect(await listAll()).toEqual({ configs: [first] });
  });

  test.for(['Create', 'Get', 'Delete', 'List'] as const)('%s for an unknown task', async (action) => {
    const method = action === 'List' ? 'ListTaskPushNotificationConfigs' : `${action}TaskPushNotificationConfig`;
    const params = {
      taskId: 'nowhere',
      ...(action === 'Create' ? { url: 'https://example.com/' } : {}),
      ...(action === 'List' ? {} : { id: 'x' }),
    };
    expect((await client.call(method, params)).error.code).toBe(-32001);
  });

  test.for([
    ['ftp://example.com/', 'url'],
    ['not a url', 'url'],
    ['http://10.1.2.3/', 'url'],
    ['http://169.254.169.254/latest/meta-data', 'url'],
    ['http://[fd00::1]/', 'url'],
    ['http://[::ffff:192.168.0.1]/', 'url'],
    ['http://0x0a.1.2.3/', 'url'],
    ['http://user:pass@example.com/', 'url'],
    ['', 'url'],
  ] as const)('url %s is refused', async ([url, field]) => {
    const { id: taskId } = await client.send('completes');
    expect((await create({ taskId, url })).error).toMatchObject({
      code: -32602,
      data: [{ fieldViolations: [{ field }] }],
    });
  });

  test('line breaks do not get into headers', async () => {
    const { id: taskId } = await client.send('completes');
    const authentication = { scheme: 'Bearer', credentials: 'x\r\nX-Evil: 1' };
    expect((await create({ taskId, url: 'https://example.com/', authentication })).error.code).toBe(-32602);
  });

  test('an inline configuration is validated before anything is done', async () => {
    const { error } = await client.call('SendMessage', {
      message: message([{ text: 'completes' }], { contextId: 'inline' }),
      configuration: { taskPushNotificationConfig: { url: 'http://192.168.1.1/' } },
    });
    expect(error.code).toBe(-32602);
    expect((await client.call<{ totalSize: number }>('ListTasks', { contextId: 'inline' })).result.totalSize).toBe(0);
  });
});
