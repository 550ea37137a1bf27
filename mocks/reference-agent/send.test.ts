import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningAgent } from './agent.ts';
import { startReferenceAgent } from './agent.ts';
import type { TestClient } from './test-client.ts';
import { message, testClient, textOf } from './test-client.ts';
import type { Message, Task, TaskState } from './types.ts';

let agent: RunningAgent;
let client: TestClient;

beforeAll(async () => {
  agent = await startReferenceAgent({ stepMs: 1, longRunningMs: 30 });
  client = testClient(agent);
});
afterAll(() => agent.close());

type Elicited = [prefix: string, state: TaskState, artifactText: string | undefined];

const kit: readonly Elicited[] = [
  ['tck-complete-task', 'TASK_STATE_COMPLETED', 'Hello from TCK'],
  ['tck-artifact-text', 'TASK_STATE_COMPLETED', 'Generated text content'],
  ['tck-stream-001', 'TASK_STATE_COMPLETED', 'Stream hello from TCK'],
  ['tck-stream-003', 'TASK_STATE_COMPLETED', 'Stream task lifecycle'],
  ['tck-stream-basic', 'TASK_STATE_COMPLETED', 'Streamed content'],
  ['tck-stream-ordering-001', 'TASK_STATE_COMPLETED', 'Ordered output'],
  ['tck-stream-artifact-text', 'TASK_STATE_COMPLETED', 'Streamed text content'],
  ['tck-stream-artifact-chunked', 'TASK_STATE_COMPLETED', 'chunk-1 chunk-2 chunk-3 '],
  ['tck-stream-chunked', 'TASK_STATE_COMPLETED', 'chunk-1 chunk-2 chunk-3 '],
  ['tck-long-running', 'TASK_STATE_COMPLETED', 'part-1 part-2 part-3 part-4 part-5 '],
  ['test-resubscribe-message-id', 'TASK_STATE_COMPLETED', 'part-1 part-2 part-3 part-4 part-5 '],
  ['tck-input-required', 'TASK_STATE_INPUT_REQUIRED', undefined],
  ['tck-multi-turn', 'TASK_STATE_INPUT_REQUIRED', undefined],
  ['tck-auth-required', 'TASK_STATE_AUTH_REQUIRED', undefined],
  ['tck-reject-task', 'TASK_STATE_REJECTED', undefined],
  ['tck-task-failure', 'TASK_STATE_FAILED', undefined],
];

describe('behaviours', () => {
  const stimuli: readonly Elicited[] = [
    ['completes', 'TASK_STATE_COMPLETED', 'Completed: completes, please'],
    ['streams-artifact-chunks', 'TASK_STATE_COMPLETED', 'chunk-1 chunk-2 chunk-3 '],
    ['long-running', 'TASK_STATE_COMPLETED', 'part-1 part-2 part-3 part-4 part-5 '],
    ['input-required', 'TASK_STATE_INPUT_REQUIRED', undefined],
    ['auth-required', 'TASK_STATE_AUTH_REQUIRED', undefined],
    ['fails', 'TASK_STATE_FAILED', undefined],
    ['rejects', 'TASK_STATE_REJECTED', undefined],
    ['anything else', 'TASK_STATE_COMPLETED', 'anything else, please'],
    ['completestest', 'TASK_STATE_COMPLETED', 'completestest, please'],
  ];

  test.for([...stimuli, ...kit])('text %s → %s', async ([prefix, state, artifactText]) => {
    const task = await client.send(`${prefix}, please`);
    expect(task.status.state).toBe(state);
    expect(task.status.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(task.artifacts === undefined ? undefined : textOf(task.artifacts[0])).toBe(artifactText);
    expect(await client.get(task.id)).toEqual(task);
  });

  test.for(kit)('messageId %s → %s', async ([prefix, state, artifactText]) => {
    const task = await client.send('no hint in here', { messageId: `${prefix}-0123abcd` });
    expect(task.status.state).toBe(state);
    expect(task.artifacts === undefined ? undefined : textOf(task.artifacts[0])).toBe(artifactText);
  });

  test.for(['replies-with-message', 'tck-message-response'])('%s: a message, no task', async (text) => {
    const { result } = await client.call<{ message: Message }>('SendMessage', {
      message: message([{ text }], { contextId: 'direct' }),
    });
    expect(Object.keys(result)).toEqual(['message']);
    expect(result.message).toMatchObject({ role: 'ROLE_AGENT', contextId: 'direct' });
    expect(result.message).not.toHaveProperty('taskId');
  });

  test.for([
    [
      'file-part',
      { raw: expect.stringMatching(/^[\w+/=]+$/) as string, filename: 'output.txt', mediaType: 'text/plain' },
    ],
    ['tck-artifact-file', { raw: expect.any(String) as string, filename: 'output.txt', mediaType: 'text/plain' }],
    [
      'tck-artifact-file-url',
      { url: 'https://example.com/output.txt', filename: 'output.txt', mediaType: 'text/plain' },
    ],
    [
      'tck-stream-artifact-file',
      { raw: expect.any(String) as string, filename: 'output.txt', mediaType: 'text/plain' },
    ],
    ['data-part', { data: { key: 'value', count: 42 }, mediaType: 'application/json' }],
    ['tck-artifact-data', { data: { key: 'value', count: 42 }, mediaType: 'application/json' }],
  ] as const)('%s', async ([text, part]) => {
    const { artifacts } = await client.send(text);
    expect(artifacts).toEqual([
      { artifactId: expect.any(String) as string, name: expect.any(String) as string, parts: [part] },
    ]);
  });

  test('the longest name wins', async () => {
    const task = await client.send('tck-artifact-file-url');
    expect(task.artifacts?.[0]?.parts[0]).toHaveProperty('url');
  });
});

describe('waiting', () => {
  test('returnImmediately answers while the task is at work', async () => {
    const task = await client.send('tck-cancel', { configuration: { returnImmediately: true } });
    expect(task.status.state).toBe('TASK_STATE_WORKING');
    expect((await client.cancel(task.id)).result.status.state).toBe('TASK_STATE_CANCELED');
  });

  test('a blocking send returns as soon as the task is canceled by somebody else', async () => {
    const sent = client.send('tck-cancel', { contextId: 'blocked' });
    const listed = async (): Promise<string> => {
      const { result } = await client.call<{ tasks: Task[] }>('ListTasks', { contextId: 'blocked' });
      return result.tasks[0]?.id ?? listed();
    };
    await client.cancel(await listed());
    expect((await sent).status.state).toBe('TASK_STATE_CANCELED');
  });
});

describe('contexts and tasks', () => {
  test('a context is made where there is none, and kept where there is one', async () => {
    const [first, second] = await Promise.all([client.send('one'), client.send('two')]);
    expect(first.contextId).not.toBe(second.contextId);
    const third = await client.send('three', { contextId: first.contextId });
    expect(third.contextId).toBe(first.contextId);
    expect(third.id).not.toBe(first.id);
  });

  test('a follow-up needs the task only, and continues it', async () => {
    const asked = await client.send('input-required');
    const done = await client.send('here you are', { taskId: asked.id });
    expect(done).toMatchObject({
      id: asked.id,
      contextId: asked.contextId,
      status: { state: 'TASK_STATE_COMPLETED' },
    });
    expect(done.history?.map(({ role, contextId, taskId }) => [role, contextId, taskId])).toEqual([
      ['ROLE_USER', asked.contextId, asked.id],
      ['ROLE_AGENT', asked.contextId, asked.id],
      ['ROLE_USER', asked.contextId, asked.id],
    ]);
  });

  test('multi-turn asks twice; "done" ends it earlier', async () => {
    const { id, contextId } = await client.send('tck-multi-turn');
    const more = { taskId: id, contextId };
    expect((await client.send('first', more)).status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    expect((await client.send('second', more)).status.state).toBe('TASK_STATE_COMPLETED');
    const other = await client.send('tck-multi-turn');
    expect((await client.send('done', { taskId: other.id })).status.state).toBe('TASK_STATE_COMPLETED');
  });

  test('a follow-up can ask for one more question by its messageId', async () => {
    const { id } = await client.send('input-required');
    const asked = await client.send('more', { taskId: id, messageId: 'tck-input-required-2' });
    expect(asked.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    const done = await client.send('enough', { taskId: id, messageId: 'tck-complete-task-1' });
    expect(done.status.state).toBe('TASK_STATE_COMPLETED');
  });

  test('a message to a task at work is noted', async () => {
    const { id } = await client.send('tck-cancel', { configuration: { returnImmediately: true } });
    const noted = await client.send('by the way', { taskId: id, configuration: { returnImmediately: true } });
    expect(noted.status.state).toBe('TASK_STATE_WORKING');
    expect(noted.history?.map(({ parts }) => parts[0]?.text)).toContain('by the way');
    await client.cancel(id);
  });

  test.for([
    ['unknown task', { taskId: 'nowhere' }, -32001],
    ['unknown task with a context', { taskId: 'nowhere', contextId: 'c' }, -32001],
  ] as const)('%s', async ([, more, code]) => {
    const reply = await client.call('SendMessage', { message: message([{ text: 'x' }], more) });
    expect(reply.error.code).toBe(code);
  });

  test('a context that is not the one of the task is refused', async () => {
    const { id } = await client.send('input-required');
    const reply = await client.call('SendMessage', {
      message: message([{ text: 'x' }], { taskId: id, contextId: 'another' }),
    });
    expect(reply.error).toMatchObject({ code: -32602, data: [{ fieldViolations: [{ field: 'message.contextId' }] }] });
    expect((await client.get(id)).status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  });

  test.for(['completes', 'fails', 'rejects'])('a task that %s takes no more messages', async (text) => {
    const task = await client.send(text);
    for (const method of ['SendMessage', 'SendStreamingMessage']) {
      const reply = await client.call(method, { message: message([{ text: 'more' }], { taskId: task.id }) });
      expect(reply.error).toMatchObject({ code: -32004, data: [{ reason: 'UNSUPPORTED_OPERATION' }] });
    }
    expect(await client.get(task.id)).toEqual(task);
  });

  test('referenced tasks are looked up', async () => {
    const first = await client.send('one');
    const second = await client.send('two', { referenceTaskIds: [first.id, 'unknown'] });
    expect(second.artifacts?.[0]?.metadata).toEqual({
      referencedTasks: [{ id: first.id, state: 'TASK_STATE_COMPLETED' }],
    });
  });

  test('the same messageId twice: two tasks', async () => {
    const [first, second] = await Promise.all([
      client.send('x', { messageId: 'same' }),
      client.send('x', { messageId: 'same' }),
    ]);
    expect(first.id).not.toBe(second.id);
  });
});

describe('authorization (§7.6)', () => {
  const placeOf = (task: Task): string => /https?:\S+/.exec(task.status.message?.parts[0]?.text ?? '')?.[0] ?? '';

  test('the credential comes out of band, and the task goes on', async () => {
    const task = await client.send('auth-required');
    using stream = await client.subscribe(task.id);
    expect((await stream.next())?.result).toMatchObject({ task: { status: { state: 'TASK_STATE_AUTH_REQUIRED' } } });
    expect((await fetch(placeOf(task), { method: 'POST' })).status).toBe(204);
    const events = await stream.rest();
    expect(events.at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    expect(textOf((await client.get(task.id)).artifacts?.[0])).toBe('done with your authorization');
    expect((await fetch(placeOf(task), { method: 'POST' })).status).toBe(404);
  });

  test('a message is no credential, but the task takes it', async () => {
    const task = await client.send('auth-required');
    const done = await client.send('go on without it', { taskId: task.id });
    expect(done.status.state).toBe('TASK_STATE_COMPLETED');
    expect(textOf(done.artifacts?.[0])).toBe('done without the protected action');
    expect((await fetch(placeOf(task), { method: 'POST' })).status).toBe(404);
  });
});

describe('history length (§3.2.4)', () => {
  test('of GetTask and of the send itself', async () => {
    const asked = await client.send('tck-multi-turn first', { configuration: { historyLength: 0 } });
    expect(asked).not.toHaveProperty('history');
    await client.send('second', { taskId: asked.id });
    const done = await client.send('third', { taskId: asked.id, configuration: { historyLength: 2 } });
    const texts = ({ history }: Task): (string | undefined)[] => (history ?? []).map(({ parts }) => parts[0]?.text);
    const all = texts(await client.get(asked.id));
    expect(all).toHaveLength(5);
    expect(texts(done)).toEqual(all.slice(-2));
    const ask = async (historyLength: number): Promise<Task> =>
      (await client.call<Task>('GetTask', { id: asked.id, historyLength })).result;
    expect(await ask(0)).not.toHaveProperty('history');
    expect(texts(await ask(3))).toEqual(all.slice(-3));
    expect(texts(await ask(99))).toEqual(all);
  });
});

describe('media types', () => {
  test.for([
    ['text/markdown text', { text: '# x', mediaType: 'text/markdown' }, -32005],
    ['video', { raw: 'AAAA', mediaType: 'video/mp4' }, -32005],
    ['nonsense', { text: 'x', mediaType: 'nonsense' }, -32005],
    ['text with parameters', { text: 'x', mediaType: 'Text/Plain; charset=utf-8' }, undefined],
    ['png', { raw: 'AAAA', mediaType: 'image/png' }, undefined],
    ['json', { data: 1 }, undefined],
    ['raw without a type', { raw: 'AAAA' }, undefined],
  ] as const)('%s', async ([, part, code]) => {
    const { result, error } = await client.call<{ task: Task }>('SendMessage', { message: message([part]) });
    if (code === undefined) expect(result.task.status.state).toBe('TASK_STATE_COMPLETED');
    else expect(error).toMatchObject({ code, data: [{ reason: 'CONTENT_TYPE_NOT_SUPPORTED' }] });
  });

  test.for([
    [['application/json'], { data: 'hello', mediaType: 'application/json' }],
    [['text/*', 'application/json'], { text: 'hello' }],
    [['*/*'], { text: 'hello' }],
    [['video/mp4'], { text: 'hello' }],
  ] as const)('accepted output modes %j', async ([acceptedOutputModes, part]) => {
    const task = await client.send('hello', { configuration: { acceptedOutputModes } });
    expect(task.artifacts?.[0]?.parts).toEqual([part]);
  });
});
