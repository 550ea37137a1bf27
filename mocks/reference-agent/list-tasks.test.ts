import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningAgent } from './agent.ts';
import { startReferenceAgent } from './agent.ts';
import type { TestClient } from './test-client.ts';
import { testClient } from './test-client.ts';
import type { ListTasksResponse, Task } from './types.ts';

let agent: RunningAgent;
let client: TestClient;

beforeAll(async () => {
  agent = await startReferenceAgent({ stepMs: 0 });
  client = testClient(agent);
});
afterAll(() => agent.close());

const list = async (params?: object): Promise<ListTasksResponse> =>
  (await client.call<ListTasksResponse>('ListTasks', params)).result;

const ids = ({ tasks }: ListTasksResponse): string[] => tasks.map(({ id }) => id);

/** Tasks in a context of their own, in the order of their making. */
async function makeTasks(count: number, text = 'completes'): Promise<{ contextId: string; made: Task[] }> {
  const contextId = randomUUID();
  const made: Task[] = [];
  for (let index = 0; index < count; index += 1) made.push(await client.send(text, { contextId }));
  return { contextId, made };
}

test('all members are present in an empty answer', async () => {
  expect(await list({ contextId: 'nobody' })).toEqual({ tasks: [], nextPageToken: '', pageSize: 50, totalSize: 0 });
});

test('newest first; artifacts only if asked for, and then always', async () => {
  const { contextId, made } = await makeTasks(3);
  const { id: bare } = await client.send('input-required', { contextId });
  const plain = await list({ contextId });
  expect(ids(plain)).toEqual([bare, ...made.map(({ id }) => id).reverse()]);
  expect(plain.tasks.filter((task) => 'artifacts' in task)).toEqual([]);
  const rich = await list({ contextId, includeArtifacts: true });
  expect(rich.tasks.map(({ artifacts }) => artifacts?.length)).toEqual([0, 1, 1, 1]);
});

test('a task whose status changes comes to the front', async () => {
  const { contextId, made } = await makeTasks(3, 'input-required');
  const [oldest, middle, newest] = made.map(({ id }) => id);
  await client.cancel(oldest ?? '');
  expect(ids(await list({ contextId }))).toEqual([oldest, newest, middle]);
});

describe('filters', () => {
  test('state', async () => {
    const { contextId, made } = await makeTasks(1, 'input-required');
    await client.send('fails', { contextId });
    expect(ids(await list({ contextId, status: 'TASK_STATE_INPUT_REQUIRED' }))).toEqual(made.map(({ id }) => id));
    expect(await list({ contextId, status: 'TASK_STATE_CANCELED' })).toMatchObject({ tasks: [], totalSize: 0 });
    expect((await list({ contextId, status: 'TASK_STATE_UNSPECIFIED' })).totalSize).toBe(2);
  });

  test('timestamp, inclusive', async () => {
    const { contextId, made } = await makeTasks(3);
    const newest = made.at(-1)?.status.timestamp ?? '';
    const found = await list({ contextId, statusTimestampAfter: newest });
    expect(ids(found)).toContain(made.at(-1)?.id);
    expect(found.tasks.every(({ status }) => (status.timestamp ?? '') >= newest)).toBe(true);
    expect((await list({ contextId, statusTimestampAfter: '2000-01-01T00:00:00Z' })).totalSize).toBe(3);
    expect((await list({ contextId, statusTimestampAfter: newest.replace('Z', '000001Z') })).totalSize).toBe(0);
  });

  test('history length', async () => {
    const { contextId } = await makeTasks(1);
    expect((await list({ contextId, historyLength: 0 })).tasks[0]).not.toHaveProperty('history');
    expect((await list({ contextId, historyLength: 1 })).tasks[0]?.history).toHaveLength(1);
  });
});

describe('pages', () => {
  const walk = async (params: object, between: () => Promise<void> = async () => undefined): Promise<string[][]> => {
    const pages: string[][] = [];
    for (let pageToken = ''; ;) {
      const page: ListTasksResponse = await list({ ...params, pageToken });
      pages.push(ids(page));
      if (page.nextPageToken === '') return pages;
      pageToken = page.nextPageToken;
      await between();
    }
  };

  test.for([
    [1, 5],
    [2, 3],
    [5, 1],
    [100, 1],
  ] as const)('of %i: %i pages, every task once', async ([pageSize, pages]) => {
    const { contextId, made } = await makeTasks(5);
    const walked = await walk({ contextId, pageSize });
    expect(walked).toHaveLength(pages);
    expect(walked.flat()).toEqual(made.map(({ id }) => id).reverse());
    expect(await list({ contextId, pageSize })).toMatchObject({ pageSize, totalSize: 5 });
  });

  test('unchanged tasks come exactly once while others are made and change', async () => {
    const { contextId, made } = await makeTasks(8);
    const { made: open } = await makeTasks(0);
    const changing = await client.send('tck-multi-turn', { contextId });
    const walked = await walk({ contextId, pageSize: 3 }, async () => {
      open.push(await client.send('completes', { contextId }));
      await client.send('more', { taskId: changing.id }).catch(() => undefined);
    });
    const seen = walked.flat();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => made.some((task) => task.id === id))).toEqual(made.map(({ id }) => id).reverse());
  });

  test('a token belongs to its filter', async () => {
    const { contextId } = await makeTasks(3);
    const { nextPageToken: pageToken } = await list({ contextId, pageSize: 1 });
    expect(pageToken).not.toBe('');
    for (const params of [
      { pageToken },
      { contextId: 'other', pageToken },
      { contextId, pageToken: `${pageToken}x` },
    ]) {
      expect((await client.call('ListTasks', params)).error).toMatchObject({
        code: -32602,
        data: [{ fieldViolations: [{ field: 'pageToken' }] }],
      });
    }
  });
});
