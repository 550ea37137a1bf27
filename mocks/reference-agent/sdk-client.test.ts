import {
  type AgentCard,
  CancelTaskRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTasksRequest,
  SendMessageRequest,
  SubscribeToTaskRequest,
  Task,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk';
import { type Client, ClientFactory, ClientFactoryOptions } from '@a2a-js/sdk/client';
import { GrpcTransportFactory } from '@a2a-js/sdk/client/grpc';
import { describe, expect, test } from 'vitest';
import type { RunningAgent } from './agent.ts';
import { startReferenceAgent } from './agent.ts';
import type { Binding } from './bindings.ts';
import { bindings } from './bindings.ts';
import type { ReferenceAgentOptions } from './settings.ts';
import { message } from './test-client.ts';

/** The official SDK's client, which reads by the proto: a second opinion on what the agent writes. */

const sendRequest = (text: string, more: object = {}): SendMessageRequest =>
  SendMessageRequest.fromJSON({ message: message([{ text }]), ...more });

const start = (options: ReferenceAgentOptions = {}): Promise<RunningAgent> =>
  startReferenceAgent({ stepMs: 1, bindings, ...options });

/** The SDK hands the URL of the card to gRPC as it is, which knows authorities only. */
class GrpcByUrl extends GrpcTransportFactory {
  override create(url: string, card: AgentCard): ReturnType<GrpcTransportFactory['create']> {
    return super.create(new URL(url).host, card);
  }
}

async function clientOn(binding: Binding, { url }: RunningAgent): Promise<Client> {
  const options = ClientFactoryOptions.createFrom(ClientFactoryOptions.default, {
    transports: [new GrpcByUrl()],
    preferredTransports: [binding],
  });
  const client = await new ClientFactory(options).createFromUrl(url);
  expect(client.transport.protocolName).toBe(binding);
  return client;
}

describe.for(bindings)('the official client on %s', (binding) => {
  test('sends, streams, subscribes, cancels, lists', async () => {
    await using agent = await start();
    const client = await clientOn(binding, agent);

    const kinds: (string | undefined)[] = [];
    for await (const { payload } of client.sendMessageStream(sendRequest('streams-artifact-chunks'))) {
      kinds.push(payload?.$case);
    }
    expect(kinds).toEqual(['task', 'statusUpdate', ...Array<string>(3).fill('artifactUpdate'), 'statusUpdate']);

    const asked = Task.toJSON((await client.sendMessage(sendRequest('input-required'))) as Task) as { id: string };
    expect(asked).toMatchObject({ status: { state: 'TASK_STATE_INPUT_REQUIRED' } });

    const subscription = client.resubscribeTask(SubscribeToTaskRequest.fromJSON({ id: asked.id }));
    expect((await subscription.next()).value?.payload?.$case).toBe('task');
    const canceled = await client.cancelTask(CancelTaskRequest.fromJSON({ id: asked.id }));
    expect(Task.toJSON(canceled)).toMatchObject({ id: asked.id, status: { state: 'TASK_STATE_CANCELED' } });
    expect((await subscription.next()).value?.payload?.$case).toBe('statusUpdate');
    expect((await subscription.next()).done).toBe(true);

    const listed = await client.listTasks(ListTasksRequest.fromJSON({ pageSize: 1 }));
    expect([listed.tasks.map(({ id }) => id), listed.totalSize]).toEqual([[asked.id], 2]);
    const rest = await client.listTasks(ListTasksRequest.fromJSON({ pageSize: 1, pageToken: listed.nextPageToken }));
    expect([rest.tasks.length, rest.nextPageToken]).toEqual([1, '']);
    const some = { status: 'TASK_STATE_CANCELED', includeArtifacts: true, historyLength: 0 };
    expect((await client.listTasks(ListTasksRequest.fromJSON(some))).tasks.map(({ id }) => id)).toEqual([asked.id]);
    const short = await client.getTask(GetTaskRequest.fromJSON({ id: asked.id, historyLength: 1 }));
    expect(short.history).toHaveLength(1);
  });

  test('configures push notifications', async () => {
    await using agent = await start();
    const client = await clientOn(binding, agent);
    const { id: taskId } = (await client.sendMessage(sendRequest('input-required'))) as Task;
    const config = { taskId, url: 'https://example.com/hook', authentication: { scheme: 'Bearer', credentials: 'x' } };
    const created = await client.createTaskPushNotificationConfig(TaskPushNotificationConfig.fromJSON(config));
    const { id } = created;
    expect(id).not.toBe('');
    const ref = { taskId, id };
    expect(await client.getTaskPushNotificationConfig(GetTaskPushNotificationConfigRequest.fromJSON(ref))).toEqual(
      created,
    );
    const list = () =>
      client.listTaskPushNotificationConfig(ListTaskPushNotificationConfigsRequest.fromJSON({ taskId }));
    expect((await list()).configs).toEqual([created]);
    await client.deleteTaskPushNotificationConfig(DeleteTaskPushNotificationConfigRequest.fromJSON(ref));
    expect((await list()).configs).toEqual([]);
  });

  test('gets the extended card', async () => {
    await using agent = await start();
    const client = await clientOn(binding, agent);
    const card = await client.getAgentCard({ serviceParameters: { Authorization: 'Bearer reference-token' } });
    expect(card.skills.map(({ id }) => id)).toContain('diagnostics');
    expect(card.supportedInterfaces.map(({ protocolBinding }) => protocolBinding)).toEqual(bindings);
  });

  test('names the tenant of the interface', async () => {
    await using agent = await start({ tenants: ['department a/b'] });
    const client = await clientOn(binding, agent);
    const { id } = (await client.sendMessage(sendRequest('completes'))) as Task;
    expect((await client.getTask(GetTaskRequest.fromJSON({ id }))).id).toBe(id);
    expect((await client.listTasks(ListTasksRequest.fromJSON({}))).totalSize).toBe(1);
  });

  test('knows the errors', async () => {
    await using agent = await start();
    const client = await clientOn(binding, agent);
    const { id } = (await client.sendMessage(sendRequest('completes'))) as Task;
    await expect(client.getTask(GetTaskRequest.fromJSON({ id: 'nowhere' }))).rejects.toMatchObject({
      name: 'TaskNotFoundError',
      message: expect.stringContaining('Task not found') as string,
    });
    await expect(client.cancelTask(CancelTaskRequest.fromJSON({ id }))).rejects.toMatchObject({
      name: 'TaskNotCancelableError',
    });
    await expect(client.resubscribeTask(SubscribeToTaskRequest.fromJSON({ id })).next()).rejects.toMatchObject({
      name: 'UnsupportedOperationError',
    });
  });
});
