import {
  CancelTaskRequest,
  GetTaskRequest,
  ListTasksRequest,
  SendMessageRequest,
  SubscribeToTaskRequest,
  Task,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk';
import { ClientFactory } from '@a2a-js/sdk/client';
import { expect, test } from 'vitest';
import { startReferenceAgent } from './agent.ts';
import { message } from './test-client.ts';

/** The official SDK's client, which reads by the proto: a second opinion on what the agent writes. */

const sendRequest = (text: string, more: object = {}): SendMessageRequest =>
  SendMessageRequest.fromJSON({ message: message([{ text }]), ...more });

test('the official client gets along with the agent', async () => {
  await using agent = await startReferenceAgent({ stepMs: 1 });
  const client = await new ClientFactory().createFromUrl(agent.url);

  const kinds: (string | undefined)[] = [];
  for await (const { payload } of client.sendMessageStream(sendRequest('streams-artifact-chunks'))) {
    kinds.push(payload?.$case);
  }
  expect(kinds).toEqual(['task', 'statusUpdate', ...Array<string>(3).fill('artifactUpdate'), 'statusUpdate']);

  const asked = Task.toJSON((await client.sendMessage(sendRequest('input-required'))) as Task) as { id: string };
  expect(asked).toMatchObject({ status: { state: 'TASK_STATE_INPUT_REQUIRED' } });
  const config = TaskPushNotificationConfig.fromJSON({ taskId: asked.id, url: 'https://example.com/hook' });
  expect((await client.createTaskPushNotificationConfig(config)).id).not.toBe('');

  const subscription = client.resubscribeTask(SubscribeToTaskRequest.fromJSON({ id: asked.id }));
  expect((await subscription.next()).value?.payload?.$case).toBe('task');
  const canceled = await client.cancelTask(CancelTaskRequest.fromJSON({ id: asked.id }));
  expect(Task.toJSON(canceled)).toMatchObject({ id: asked.id, status: { state: 'TASK_STATE_CANCELED' } });
  expect((await subscription.next()).value?.payload?.$case).toBe('statusUpdate');
  expect((await subscription.next()).done).toBe(true);

  const listed = await client.listTasks(ListTasksRequest.fromJSON({ pageSize: 1 }));
  expect([listed.tasks.map(({ id }) => id), listed.totalSize]).toEqual([[asked.id], 2]);
  await expect(client.getTask(GetTaskRequest.fromJSON({ id: 'nowhere' }))).rejects.toThrow('Task not found');
});
