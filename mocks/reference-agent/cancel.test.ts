import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningAgent } from './agent.ts';
import { startReferenceAgent } from './agent.ts';
import type { TestClient } from './test-client.ts';
import { statesOf, testClient } from './test-client.ts';
import { isTerminal } from './types.ts';

let agent: RunningAgent;
let client: TestClient;

beforeAll(async () => {
  agent = await startReferenceAgent({ stepMs: 0, longRunningMs: 600_000 });
  client = testClient(agent);
});
afterAll(() => agent.close());

const immediately = { configuration: { returnImmediately: true } };

test.for(['tck-cancel', 'long-running', 'input-required', 'auth-required'])('%s can be canceled', async (text) => {
  const { id, contextId } = await client.send(
    text,
    ['input-required', 'auth-required'].includes(text) ? {} : immediately,
  );
  const { result } = await client.cancel(id);
  expect(result).toMatchObject({ id, contextId, status: { state: 'TASK_STATE_CANCELED' } });
  expect((await client.get(id)).status).toEqual(result.status);
});

test.for(['completes', 'fails', 'rejects'])('a task that %s cannot', async (text) => {
  const { id, status } = await client.send(text);
  const { error } = await client.cancel(id);
  expect(error).toMatchObject({
    code: -32002,
    data: [{ reason: 'TASK_NOT_CANCELABLE', domain: 'a2a-protocol.org', metadata: { taskId: id } }],
  });
  expect((await client.get(id)).status).toEqual(status);
});

test('an unknown task', async () => {
  expect((await client.cancel('nowhere')).error.code).toBe(-32001);
});

test('a second cancel changes nothing (§3.3.1)', async () => {
  const { id } = await client.send('tck-cancel', immediately);
  const { result } = await client.cancel(id);
  expect((await client.cancel(id)).error.code).toBe(-32002);
  expect((await client.get(id)).status).toEqual(result.status);
});

test('of many cancels at once one succeeds', async () => {
  const { id } = await client.send('tck-cancel', immediately);
  const replies = await Promise.all(Array.from({ length: 12 }, () => client.cancel(id)));
  expect(replies.filter(({ error }) => error === undefined)).toHaveLength(1);
  expect(new Set(replies.flatMap(({ error }) => error?.code ?? []))).toEqual(new Set([-32002]));
});

test('cancel against completion: one terminal state, and everybody sees the same', async () => {
  await Promise.all(
    Array.from({ length: 40 }, async (_, round) => {
      using stream = await client.streamText('completes');
      const first = (await stream.next())?.result;
      const id = first && 'task' in first ? first.task.id : '';
      // Every round leaves the agent a little more of its work before the cancel arrives.
      for (let step = 0; step < round % 4; step += 1) await stream.next();
      const { result, error } = await client.cancel(id);
      const states = statesOf(await stream.rest()).filter(isTerminal);
      const final = (await client.get(id)).status.state;
      expect(final).toBe(error ? 'TASK_STATE_COMPLETED' : 'TASK_STATE_CANCELED');
      if (!error) expect(result.status.state).toBe('TASK_STATE_CANCELED');
      if (states.length > 0) expect(states).toEqual([final]);
    }),
  );
});

test('nothing happens to a task after its cancel', async () => {
  /** False where the task was over before the cancel came. */
  const cancelInTime = async (longRunningMs: number): Promise<boolean> => {
    await using quick = await startReferenceAgent({ longRunningMs });
    const other = testClient(quick);
    const { id } = await other.send('long-running', immediately);
    const { result, error } = await other.cancel(id);
    if (error) return false;
    // Another task of the same length has ended: the canceled one had its time, too.
    await other.send('long-running');
    expect(await other.get(id)).toEqual(result);
    return true;
  };
  // A machine may be too busy to cancel in time: then the task has to take longer.
  let longRunningMs = 20;
  while (!(await cancelInTime(longRunningMs))) longRunningMs *= 3;
});
