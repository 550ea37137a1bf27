import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startRegistry } from '../registry/registry.ts';
import { startReferenceAgent } from './agent.ts';
import type { ReferenceAgentOptions } from './settings.ts';
import { testClient } from './test-client.ts';
import type { Task } from './types.ts';

const folder = mkdtempSync(join(tmpdir(), 'a2a-gauntlet-resume-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFile = (): string => join(folder, `${(files += 1)}.sqlite`);

/** An agent on the file; its end leaves the tasks as a crash would, since work that is broken off stores nothing more. */
async function startOn(storeFile: string, options: ReferenceAgentOptions = {}) {
  const agent = await startReferenceAgent({ longRunningMs: 120, ...options, storeFile });
  return { agent, client: testClient(agent), [Symbol.asyncDispose]: () => agent.close() };
}

const textOf = ({ artifacts = [] }: Task): string =>
  artifacts.flatMap(({ parts }) => parts.map(({ text }) => text ?? '')).join('');

test('a task goes on where the process ended, no chunk twice', async () => {
  const file = newFile();
  let id: string;
  let artifactId: string | undefined;
  {
    await using before = await startOn(file);
    using stream = await before.client.streamText('long-running');
    const first = (await stream.next())!.result;
    id = 'task' in first ? first.task.id : '';
    let chunks = 0;
    while (chunks < 2) {
      const event = (await stream.next())!.result;
      if (!('artifactUpdate' in event)) continue;
      chunks += 1;
      artifactId = event.artifactUpdate.artifact.artifactId;
    }
  }
  await using after = await startOn(file);
  using stream = await after.client.subscribe(id);
  await stream.rest();
  const task = await after.client.get(id);
  expect(task.status.state).toBe('TASK_STATE_COMPLETED');
  expect(textOf(task)).toBe('part-1 part-2 part-3 part-4 part-5 ');
  expect(task.artifacts?.map((artifact) => artifact.artifactId)).toEqual([artifactId]);
  expect(task.history?.filter(({ role }) => role === 'ROLE_USER')).toHaveLength(1);
});

test('a task that waits for input goes on waiting, and a message lets it go on', async () => {
  const file = newFile();
  let task: Task;
  {
    await using before = await startOn(file);
    task = await before.client.send('input-required');
  }
  await using after = await startOn(file);
  expect((await after.client.get(task.id)).status).toEqual(task.status);
  const done = await after.client.send('here it is', { taskId: task.id });
  expect(done.status.state).toBe('TASK_STATE_COMPLETED');
});

test('an authorization request is still open', async () => {
  const file = newFile();
  let task: Task;
  let port: number;
  {
    await using before = await startOn(file);
    task = await before.client.send('auth-required');
    port = Number(new URL(before.agent.url).port);
  }
  await using after = await startOn(file, { port });
  const [grantUrl = ''] = /http\S+$/.exec(task.status.message?.parts[0]?.text ?? '') ?? [];
  expect((await fetch(grantUrl, { method: 'POST' })).status).toBe(204);
  using stream = await after.client.stream('SubscribeToTask', { id: task.id });
  await stream.rest().catch(() => []);
  expect((await after.client.get(task.id)).status.state).toBe('TASK_STATE_COMPLETED');
});

test('the same message again is answered with the task that it made, also by the next process', async () => {
  const file = newFile();
  let task: Task;
  {
    await using before = await startOn(file);
    task = await before.client.send('hello', { messageId: 'once' });
    expect((await before.client.send('hello', { messageId: 'once' })).id).toBe(task.id);
  }
  await using after = await startOn(file);
  expect((await after.client.send('hello', { messageId: 'once' })).id).toBe(task.id);
});

test('push configurations are still there', async () => {
  const file = newFile();
  let task: Task;
  {
    await using before = await startOn(file);
    task = await before.client.send('input-required');
    const config = { taskId: task.id, id: 'mine', url: 'http://127.0.0.1:9/' };
    await before.client.call('CreateTaskPushNotificationConfig', config);
  }
  await using after = await startOn(file);
  const { result } = await after.client.call('ListTaskPushNotificationConfigs', { taskId: task.id });
  expect(result).toMatchObject({ configs: [{ id: 'mine' }] });
});

test('artifact events carry their emission stamp, with microseconds', async () => {
  await using running = await startOn(newFile());
  using stream = await running.client.streamText('streams-artifact-chunks');
  const stamps = (await stream.rest()).flatMap((event) =>
    'artifactUpdate' in event ? [event.artifactUpdate.metadata?.['emittedAt']] : [],
  );
  expect(stamps).toHaveLength(3);
  for (const stamp of stamps) expect(stamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  expect(stamps).toEqual(stamps.toSorted());
});

test('the registry gets to know the agent, again after it was removed, and of its end', async () => {
  await using registry = await startRegistry({ heartbeatMs: 20, missedHeartbeats: 50 });
  const named = async (): Promise<readonly { readonly id: string; readonly url: string }[]> =>
    ((await (await fetch(`${registry.url}/agents?skill=echo`)).json()) as { agents: { id: string; url: string }[] })
      .agents;
  const publicUrl = 'http://127.0.0.1:1';
  await using running = await startOn(newFile(), { registryUrl: registry.url, heartbeatMs: 20, publicUrl });
  await expect.poll(named).toMatchObject([{ url: publicUrl }]);
  const [first] = await named();
  await fetch(`${registry.url}/agents/${first!.id}`, { method: 'DELETE' });
  await expect.poll(named).toMatchObject([{ url: publicUrl }]);
  await running.agent.close();
  expect(await named()).toEqual([]);
});
