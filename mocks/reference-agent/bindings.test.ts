import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningAgent } from './agent.ts';
import { startReferenceAgent } from './agent.ts';
import { bindings } from './bindings.ts';
import { decodeMessage, encodeMessage } from './grpc/codec.ts';
import { methods } from './grpc/messages.ts';
import { grpcClient } from './grpc/testing/client.ts';
import { restClient } from './rest-test-client.ts';
import type { ReferenceAgentOptions } from './settings.ts';
import type { AnyClient } from './test-client.ts';
import { message, statesOf, testClient } from './test-client.ts';
import type { AgentCard, ListTasksResponse, OperationName, StreamResponse, Task } from './types.ts';
import { operationNames } from './types.ts';

/** §5.1: what one binding does the other does too, and with the same tasks. */

const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;
const timestamp = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g;

/** What two calls of the same kind have in common: ids in the order in which they appear, and no times. */
function comparable(value: unknown): unknown {
  const known = new Map<string, string>();
  const named = JSON.stringify(value ?? null)
    .replace(timestamp, 'time')
    .replace(uuid, (id) => known.get(id) ?? (known.set(id, `id-${known.size}`), `id-${known.size - 1}`));
  return JSON.parse(named) as unknown;
}

/** As gRPC would bring it: a message does not tell what is unset from what has its default value. */
const asMessage = (operation: OperationName, value: object | undefined): object | undefined =>
  value && decodeMessage(methods[operation].response, encodeMessage(methods[operation].response, value));

interface Both {
  readonly agent: RunningAgent;
  readonly rpc: AnyClient;
  readonly rest: AnyClient;
  readonly grpc: AnyClient;
}

async function startBoth(options: ReferenceAgentOptions = {}, headers: Record<string, string> = {}): Promise<Both> {
  const agent = await startReferenceAgent({ stepMs: 1, bindings, ...options });
  return {
    agent,
    rpc: testClient(agent, headers),
    rest: restClient(agent, headers),
    grpc: grpcClient(agent, headers),
  };
}

let both: Both;
beforeAll(async () => {
  both = await startBoth();
});
afterAll(() => both.agent.close());

const owner = { Authorization: 'Bearer reference-token' };
const send = (text: string, more: object = {}) => ({ message: { ...message([{ text }]), messageId: 'm' }, ...more });

/** A call and what it needs, made anew for each binding. */
type Prepared = readonly [params: object, headers?: Record<string, string>];
const waiting = async (client: AnyClient): Promise<string> => (await client.send('input-required')).id;
const completed = async (client: AnyClient): Promise<string> => (await client.send('completes')).id;
const url = 'https://example.com/hook';

const calls: Readonly<
  Record<OperationName, readonly [name: string, (client: AnyClient) => Promise<Prepared> | Prepared][]>
> = {
  SendMessage: [
    ['a task', () => [send('completes')]],
    ['a message', () => [send('replies-with-message')]],
    [
      'data and metadata',
      () => [{ ...send('x'), metadata: { a: null }, message: message([{ data: null }], { messageId: 'm' }) }],
    ],
    [
      'a follow-up',
      async (client) => [{ message: message([{ text: 'x' }], { messageId: 'm', taskId: await waiting(client) }) }],
    ],
    ['an unknown task', () => [{ message: message([{ text: 'x' }], { taskId: 'nowhere' }) }]],
    [
      'a task that has ended',
      async (client) => [{ message: message([{ text: 'x' }], { taskId: await completed(client) }) }],
    ],
    ['a foreign media type', () => [{ message: message([{ raw: 'AAAA', mediaType: 'video/mp4' }]) }]],
    ['no message', () => [{}]],
    ['wrong types', () => [{ message: { messageId: 1, role: 'user', parts: [] }, configuration: [] }]],
    ['another version', () => [send('x'), { 'A2A-Version': '2.0' }]],
    ['wrong credentials', () => [send('x'), { Authorization: 'Bearer wrong' }]],
  ],
  SendStreamingMessage: [
    ['no parts', () => [{ message: { messageId: 'm', role: 'ROLE_USER' } }]],
    ['an unknown task', () => [{ message: message([{ text: 'x' }], { taskId: 'nowhere' }) }]],
  ],
  GetTask: [
    ['a task', async (client) => [{ id: await completed(client), historyLength: 1 }]],
    ['an unknown task', () => [{ id: 'nowhere' }]],
    ['a negative historyLength', () => [{ id: 'nowhere', historyLength: -1 }]],
  ],
  ListTasks: [
    ['all of a context', () => [{ contextId: 'none of these' }]],
    ['wrong values', () => [{ pageSize: 0, status: 'WORKING', pageToken: 'x' }]],
    ['a bad token', () => [{ pageToken: 'x' }]],
  ],
  CancelTask: [
    ['a task', async (client) => [{ id: await waiting(client) }]],
    ['a task that has ended', async (client) => [{ id: await completed(client) }]],
    ['an unknown task', () => [{ id: 'nowhere' }]],
  ],
  SubscribeToTask: [
    ['a task that has ended', async (client) => [{ id: await completed(client) }]],
    ['an unknown task', () => [{ id: 'nowhere' }]],
  ],
  CreateTaskPushNotificationConfig: [
    ['a configuration', async (client) => [{ taskId: await waiting(client), url, token: 't' }]],
    ['no URL', async (client) => [{ taskId: await waiting(client) }]],
    ['a private address', async (client) => [{ taskId: await waiting(client), url: 'http://10.0.0.1/' }]],
    ['an unknown task', () => [{ taskId: 'nowhere', url }]],
  ],
  GetTaskPushNotificationConfig: [
    ['an unknown configuration', async (client) => [{ taskId: await waiting(client), id: 'none' }]],
  ],
  ListTaskPushNotificationConfigs: [
    ['none', async (client) => [{ taskId: await waiting(client) }]],
    ['a wrong page size', () => [{ taskId: 'nowhere', pageSize: -1 }]],
  ],
  DeleteTaskPushNotificationConfig: [
    ['an unknown configuration', async (client) => [{ taskId: await waiting(client), id: 'none' }]],
  ],
  GetExtendedAgentCard: [
    ['with credentials', () => [{}, owner]],
    ['without', () => [{}]],
    ['with those of somebody else', () => [{}, { Authorization: 'Bearer limited-token' }]],
  ],
};

const cases = operationNames.flatMap((operation) =>
  calls[operation].map(([name, prepare]) => ({ operation, name, prepare })),
);

/** What a message of protobuf cannot have never gets to the agent. */
const onlyInJson = ['wrong types', 'wrong values'];

describe('answers and errors', () => {
  test.for(cases)('$operation: $name', async ({ operation, name, prepare }) => {
    const answer = async (client: AnyClient): Promise<unknown> => {
      const [params, headers = {}] = await prepare(client);
      const { result, error } = await client.call(operation, params, { headers });
      return comparable({ result, error });
    };
    expect(await answer(both.rest)).toEqual(await answer(both.rpc));
    if (onlyInJson.includes(name)) return;
    const asOnGrpc = async (client: AnyClient): Promise<unknown> => {
      const [params, headers = {}] = await prepare(client);
      const { result, error } = await client.call<object>(operation, params, { headers });
      return comparable({ result: asMessage(operation, result), error });
    };
    expect(await asOnGrpc(both.grpc)).toEqual(await asOnGrpc(both.rpc));
  });

  test.for(['completes', 'streams-artifact-chunks', 'replies-with-message', 'fails'])(
    'the stream of %s',
    async (text) => {
      const events = async (client: AnyClient): Promise<unknown> => {
        using stream = await client.streamText(text, { messageId: 'm' });
        return comparable(await stream.rest());
      };
      expect(await events(both.rest)).toEqual(await events(both.rpc));
      const asOnGrpc = async (client: AnyClient): Promise<unknown> => {
        using stream = await client.streamText(text, { messageId: 'm' });
        return comparable((await stream.rest()).map((event) => asMessage('SendStreamingMessage', event)));
      };
      expect(await asOnGrpc(both.grpc)).toEqual(await asOnGrpc(both.rpc));
    },
  );

  test.for([
    ['minimal', {}],
    ['required-extension', {}],
    ['bearer', {}],
    ['bearer', owner],
    ['extended-unconfigured', {}],
  ] as const)('%s, with %j: every operation', async ([profile, headers]) => {
    const { agent, rpc, rest, grpc } = await startBoth({ profile }, headers);
    await using _ = agent;
    for (const operation of operationNames) {
      const answer = async (client: AnyClient): Promise<unknown> => {
        const params = { ...(operation.startsWith('Send') ? {} : { id: 'x', taskId: 'x' }), url };
        const { result, error } = await client.call<object>(operation, params);
        return comparable({ result: asMessage(operation, result), error });
      };
      const expected = await answer(rpc);
      expect([operation, await answer(rest)]).toEqual([operation, expected]);
      expect([operation, await answer(grpc)]).toEqual([operation, expected]);
    }
  });
});

describe('one agent', () => {
  test('the card declares all interfaces, in the order of preference', async () => {
    const card = (await (await fetch(both.agent.cardUrl)).json()) as AgentCard;
    expect(card.supportedInterfaces).toEqual([
      { url: both.agent.jsonRpcUrl, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      { url: both.agent.httpJsonUrl, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
      { url: both.agent.grpcUrl, protocolBinding: 'GRPC', protocolVersion: '1.0' },
    ]);
    await using other = await startReferenceAgent({ bindings: ['HTTP+JSON', 'JSONRPC'], tenants: ['t'] });
    const second = (await (await fetch(other.cardUrl)).json()) as AgentCard;
    expect(second.supportedInterfaces.map(({ protocolBinding, tenant }) => [protocolBinding, tenant])).toEqual([
      ['HTTP+JSON', 't'],
      ['JSONRPC', 't'],
    ]);
  });

  test('by default it speaks JSON-RPC only', async () => {
    await using plain = await startReferenceAgent();
    const card = (await (await fetch(plain.cardUrl)).json()) as AgentCard;
    expect(card.supportedInterfaces.map(({ protocolBinding }) => protocolBinding)).toEqual(['JSONRPC']);
  });

  test('tasks, configurations and page tokens of one binding are those of the other', async () => {
    const { rpc, rest } = both;
    const { id, contextId } = await rpc.send('input-required', { contextId: 'shared' });
    expect(await rest.get(id)).toEqual(await rpc.get(id));
    const done = await rest.send('go on', { taskId: id });
    expect([done.id, done.contextId, done.status.state]).toEqual([id, contextId, 'TASK_STATE_COMPLETED']);
    expect(await rpc.get(id)).toEqual(done);
    await rest.send('completes', { contextId });
    const list = async (client: AnyClient, pageToken?: string) =>
      (
        await client.call<ListTasksResponse>('ListTasks', {
          contextId,
          pageSize: 1,
          ...(pageToken ? { pageToken } : {}),
        })
      ).result;
    const first = await list(rpc);
    expect((await list(rest, first.nextPageToken)).tasks.map((task) => task.id)).toEqual([id]);

    const created = (await rest.call('CreateTaskPushNotificationConfig', { taskId: id, url })).result as { id: string };
    const ref = { taskId: id, id: created.id };
    expect((await rpc.call('GetTaskPushNotificationConfig', ref)).result).toEqual(created);
    await rpc.call('DeleteTaskPushNotificationConfig', ref);
    expect((await rest.call('GetTaskPushNotificationConfig', ref)).error.code).toBe(-32001);
  });

  test('a task is streamed to both, and canceled by either', async () => {
    const { rpc, rest } = both;
    const { id } = await rest.send('input-required');
    const streams = [await rpc.subscribe(id), await rest.subscribe(id)];
    const seen = streams.map((stream) => stream.rest());
    // A stream that has begun has been subscribed to.
    expect((await rest.cancel(id)).result.status.state).toBe('TASK_STATE_CANCELED');
    const [one, other] = (await Promise.all(seen)) as [StreamResponse[], StreamResponse[]];
    expect(one).toEqual(other);
    expect(statesOf(one)).toEqual(['TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_CANCELED']);
    expect((await rpc.cancel(id)).error.code).toBe(-32002);
    const { tasks } = (await rpc.call<{ tasks: Task[] }>('ListTasks', { pageSize: 1 })).result;
    expect(tasks[0]?.id).toBe(id);
  });
});
