import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningAgent } from './agent.ts';
import { startReferenceAgent } from './agent.ts';
import type { TestClient } from './test-client.ts';
import { statesOf, testClient, textOf } from './test-client.ts';
import type { Artifact, StreamResponse } from './types.ts';

let agent: RunningAgent;
let client: TestClient;

beforeAll(async () => {
  agent = await startReferenceAgent({ stepMs: 1 });
  client = testClient(agent);
});
afterAll(() => agent.close());

const submitted = 'TASK_STATE_SUBMITTED';
const working = 'TASK_STATE_WORKING';

/** What a client puts together from the events of a stream. */
function assemble(events: readonly StreamResponse[]): Map<string, string> {
  const texts = new Map<string, string>();
  const add = (artifact: Artifact, append: boolean): unknown =>
    texts.set(artifact.artifactId, (append ? (texts.get(artifact.artifactId) ?? '') : '') + textOf(artifact));
  for (const event of events) {
    if ('task' in event) for (const artifact of event.task.artifacts ?? []) add(artifact, false);
    if ('artifactUpdate' in event) add(event.artifactUpdate.artifact, event.artifactUpdate.append === true);
  }
  return texts;
}

describe('SendStreamingMessage', () => {
  test.for([
    ['tck-stream-basic', [submitted, working, 'TASK_STATE_COMPLETED'], 1],
    ['streams-artifact-chunks', [submitted, working, 'TASK_STATE_COMPLETED'], 3],
    ['fails', [submitted, working, 'TASK_STATE_FAILED'], 0],
    ['rejects', [submitted, 'TASK_STATE_REJECTED'], 0],
    ['tck-complete-task', [submitted, working, 'TASK_STATE_COMPLETED'], 1],
  ] as const)('%s: task, updates, end', async ([text, states, artifactEvents]) => {
    using stream = await client.streamText(text);
    expect(stream.status).toBe(200);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const events = await stream.rest();
    expect(statesOf(events)).toEqual(states);
    expect(events.filter((event) => 'artifactUpdate' in event)).toHaveLength(artifactEvents);
    expect(events.map((event) => Object.keys(event))).toEqual(
      events.map((_, index) => (index === 0 ? ['task'] : [expect.stringMatching(/^(status|artifact)Update$/)])),
    );
    expect(events.at(-1)).toHaveProperty('statusUpdate');
  });

  test('every event names task and context, and carries the id of the request', async () => {
    using stream = await client.stream(
      'SendStreamingMessage',
      { message: { messageId: 'm', role: 'ROLE_USER', contextId: 'mine', parts: [{ text: 'completes' }] } },
      { id: 'request-9' },
    );
    const first = await stream.next();
    expect(first).toMatchObject({ jsonrpc: '2.0', id: 'request-9', result: { task: { contextId: 'mine' } } });
    const taskId = first && 'task' in first.result ? first.result.task.id : undefined;
    for (let reply = await stream.next(); reply; reply = await stream.next()) {
      expect(reply).toMatchObject({ jsonrpc: '2.0', id: 'request-9' });
      expect(Object.values(reply.result)).toEqual([expect.objectContaining({ taskId, contextId: 'mine' })]);
    }
  });

  test('a direct message: exactly one event', async () => {
    using stream = await client.streamText('replies-with-message');
    const events = await stream.rest();
    expect(events.map((event) => Object.keys(event))).toEqual([['message']]);
    expect(events[0]).toMatchObject({
      message: { role: 'ROLE_AGENT', contextId: expect.any(String) as string },
    });
  });

  test('chunks: append and lastChunk, and their sum is the artifact', async () => {
    using stream = await client.streamText('streams-artifact-chunks');
    const events = await stream.rest();
    const flags = events.flatMap((event) =>
      'artifactUpdate' in event ? [[event.artifactUpdate.append, event.artifactUpdate.lastChunk]] : [],
    );
    expect(flags).toEqual([
      [undefined, undefined],
      [true, undefined],
      [true, true],
    ]);
    const first = events[0];
    const task = await client.get(first && 'task' in first ? first.task.id : '');
    expect([...assemble(events)]).toEqual(task.artifacts?.map((artifact) => [artifact.artifactId, textOf(artifact)]));
  });

  test('the history of the first event follows historyLength', async () => {
    using stream = await client.streamText('completes', { configuration: { historyLength: 0 } });
    const first = (await stream.next())?.result;
    expect(first && 'task' in first && first.task.history).toBeUndefined();
  });

  test('a follow-up streams the task from where it stands; the first stream goes on', async () => {
    using first = await client.streamText('input-required');
    const opening = (await first.next())?.result;
    const taskId = opening && 'task' in opening ? opening.task.id : '';
    const asked: StreamResponse[] = [];
    while (!statesOf(asked).includes('TASK_STATE_INPUT_REQUIRED')) {
      const reply = await first.next();
      if (reply) asked.push(reply.result);
    }
    using second = await client.streamText('here', { taskId });
    const events = await second.rest();
    expect(statesOf(events)).toEqual(['TASK_STATE_INPUT_REQUIRED', working, 'TASK_STATE_COMPLETED']);
    expect(await first.rest()).toEqual(events.slice(1));
  });
});

describe('SubscribeToTask', () => {
  test('begins with the task, ends with it, and adds up to it', async () => {
    /** Undefined where the task was over before the subscription came. */
    const subscribeInTheMiddle = async (longRunningMs: number): Promise<boolean> => {
      await using slow = await startReferenceAgent({ longRunningMs });
      const other = testClient(slow);
      using origin = await other.streamText('long-running');
      const first = (await origin.next())?.result;
      const id = first && 'task' in first ? first.task.id : '';
      // Let it make some progress, so that the snapshot is not the beginning.
      let progressed = false;
      while (!progressed) progressed = 'artifactUpdate' in ((await origin.next())?.result ?? {});
      using late = await other.subscribe(id);
      if (late.headers.get('content-type') !== 'text/event-stream') return false;
      const events = await late.rest();
      expect(events[0]).toMatchObject({ task: { id, status: { state: working } } });
      expect(statesOf(events).at(-1)).toBe('TASK_STATE_COMPLETED');
      const task = await other.get(id);
      expect([...assemble(events).values()]).toEqual(task.artifacts?.map(textOf));
      return true;
    };
    // A machine may be too busy to subscribe in time: then the task has to take longer.
    let longRunningMs = 100;
    while (!(await subscribeInTheMiddle(longRunningMs))) longRunningMs *= 3;
  });

  test('all streams get the same updates in the same order', async () => {
    const { id } = await client.send('tck-multi-turn');
    const streams = await Promise.all([1, 2, 3].map(() => client.subscribe(id)));
    const firsts = await Promise.all(streams.map((stream) => stream.next()));
    for (const first of firsts) {
      expect(first?.result).toMatchObject({ task: { id, status: { state: 'TASK_STATE_INPUT_REQUIRED' } } });
    }
    await client.send('more', { taskId: id });
    await client.send('done', { taskId: id });
    const [one = [], ...others] = await Promise.all(streams.map((stream) => stream.rest()));
    for (const other of others) expect(other).toEqual(one);
    expect(one.map((event) => Object.keys(event)[0])).toEqual([
      'statusUpdate',
      'statusUpdate',
      'statusUpdate',
      'artifactUpdate',
      'statusUpdate',
    ]);
  });

  test('a client that goes away affects neither the task nor the other streams', async () => {
    const { id } = await client.send('input-required');
    const leaving = await client.subscribe(id);
    using staying = await client.subscribe(id);
    await Promise.all([leaving.next(), staying.next()]);
    leaving.close();
    expect((await client.get(id)).status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    await client.send('here', { taskId: id });
    const events = await staying.rest();
    expect(statesOf(events)).toEqual([working, 'TASK_STATE_COMPLETED']);
    expect((await client.get(id)).status.state).toBe('TASK_STATE_COMPLETED');
  });

  test('a cancel ends the streams', async () => {
    const { id } = await client.send('tck-cancel', { configuration: { returnImmediately: true } });
    using one = await client.subscribe(id);
    using two = await client.subscribe(id);
    await Promise.all([one.next(), two.next()]);
    await client.cancel(id);
    for (const stream of [one, two]) expect(statesOf(await stream.rest())).toEqual(['TASK_STATE_CANCELED']);
  });

  test('an unknown task: an error, no stream', async () => {
    expect((await client.call('SubscribeToTask', { id: 'nowhere' })).error.code).toBe(-32001);
  });

  test.for(['completes', 'fails', 'rejects'])('a task that %s: an error, no stream', async (text) => {
    const { id } = await client.send(text);
    const { error } = await client.call('SubscribeToTask', { id });
    expect(error).toMatchObject({ code: -32004, data: [{ reason: 'UNSUPPORTED_OPERATION' }] });
  });
});

test('idle streams get comments', async () => {
  await using quiet = await startReferenceAgent({ keepAliveMs: 5 });
  const { id } = await testClient(quiet).send('tck-cancel', { configuration: { returnImmediately: true } });
  const controller = new AbortController();
  const response = await fetch(quiet.jsonRpcUrl, {
    method: 'POST',
    headers: { 'A2A-Version': '1.0', 'Content-Type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SubscribeToTask', params: { id } }),
    signal: controller.signal,
  });
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  while (!seen.includes('\n\n: keep-alive\n\n')) seen += (await reader.read()).value ?? '';
  controller.abort();
  expect(seen).toMatch(/^data: \{/);
});

test('closing the agent ends streams and waiting calls', async () => {
  const closing = await startReferenceAgent();
  const other = testClient(closing);
  const waiting = other.send('tck-cancel');
  waiting.catch(() => undefined);
  using stream = await other.streamText('tck-cancel');
  await stream.next();
  await stream.next();
  await closing.close();
  await expect(stream.rest()).rejects.toThrow();
  await expect(waiting).rejects.toThrow();
  await closing.close();
});
