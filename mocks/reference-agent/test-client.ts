import { createParser } from 'eventsource-parser';
import { randomUUID } from 'node:crypto';
import type { RunningAgent } from './agent.ts';
import type { Artifact, Message, Part, StreamResponse, Task, TaskState } from './types.ts';

/** A plain client for the tests of this folder: fetch, no checks of its own. */

export interface Reply<T> {
  readonly jsonrpc: unknown;
  readonly id: unknown;
  /** Present in a success; a test that reads it in an error fails by itself. */
  readonly result: T;
  readonly error: { readonly code: number; readonly message: string; readonly data: readonly Detail[] };
}

export interface Detail {
  readonly '@type': string;
  readonly reason?: string;
  readonly domain?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly fieldViolations?: readonly { readonly field: string; readonly description: string }[];
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface TestStream extends Disposable {
  readonly status: number;
  readonly headers: Headers;
  /** The next event's envelope, undefined at the end of the stream. */
  next(): Promise<Reply<StreamResponse> | undefined>;
  /** All that is left, up to the end. */
  rest(): Promise<StreamResponse[]>;
  /** The client goes away. */
  close(): void;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Appended to the URL. */
  readonly query?: string;
  readonly id?: unknown;
}

export type SendOptions = Partial<Message> & { readonly configuration?: object };

export interface TestClient {
  /** Any body, with the headers of a good request unless others are given (undefined leaves one out). */
  post(body: string | Uint8Array, headers?: Record<string, string | undefined>, query?: string): Promise<HttpReply>;
  call<T>(method: string, params?: unknown, options?: CallOptions): Promise<Reply<T>>;
  /** SendMessage with one text part. */
  send(text: string, more?: SendOptions): Promise<Task>;
  stream(method: string, params: unknown, options?: CallOptions): Promise<TestStream>;
  /** SendStreamingMessage with one text part. */
  streamText(text: string, more?: SendOptions): Promise<TestStream>;
  subscribe(taskId: string): Promise<TestStream>;
  get(taskId: string): Promise<Task>;
  cancel(taskId: string): Promise<Reply<Task>>;
}

export const message = (parts: readonly Part[], more: Partial<Message> = {}): Message => ({
  messageId: randomUUID(),
  role: 'ROLE_USER',
  parts,
  ...more,
});

const sendParams = (text: string, { configuration, ...more }: SendOptions = {}): object => ({
  message: message([{ text }], more),
  ...(configuration ? { configuration } : {}),
});

const goodHeaders = { 'A2A-Version': '1.0', 'Content-Type': 'application/json' };

function readStream(response: Response, controller: AbortController): TestStream {
  const queue: Reply<StreamResponse>[] = [];
  const parser = createParser({ onEvent: ({ data }) => queue.push(JSON.parse(data) as Reply<StreamResponse>) });
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  const next = async (): Promise<Reply<StreamResponse> | undefined> => {
    while (queue.length === 0) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      parser.feed(value);
    }
    return queue.shift();
  };
  const close = (): void => controller.abort();
  return {
    status: response.status,
    headers: response.headers,
    next,
    async rest() {
      const events: StreamResponse[] = [];
      for (let reply = await next(); reply; reply = await next()) events.push(reply.result);
      return events;
    },
    close,
    [Symbol.dispose]: close,
  };
}

export function testClient(
  { jsonRpcUrl }: RunningAgent,
  ownHeaders: Readonly<Record<string, string>> = {},
): TestClient {
  const request = (
    body: string | Uint8Array,
    headers: Record<string, string | undefined>,
    query: string,
    signal?: AbortSignal,
  ) => {
    const merged = Object.entries({ ...goodHeaders, ...ownHeaders, ...headers });
    return fetch(`${jsonRpcUrl}${query}`, {
      method: 'POST',
      headers: merged.filter((entry): entry is [string, string] => entry[1] !== undefined),
      body: typeof body === 'string' ? Buffer.from(body) : Buffer.from(body),
      ...(signal ? { signal } : {}),
    });
  };
  const envelope = (method: string, params: unknown, id: unknown): string =>
    JSON.stringify({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });

  const client: TestClient = {
    async post(body, headers = {}, query = '') {
      const response = await request(body, headers, query);
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    async call<T>(method: string, params?: unknown, { headers = {}, query = '', id = 1 }: CallOptions = {}) {
      const response = await request(envelope(method, params, id), headers, query);
      return (await response.json()) as Reply<T>;
    },
    async send(text, more) {
      const { result } = await client.call<{ task: Task }>('SendMessage', sendParams(text, more));
      return result.task;
    },
    async stream(method, params, { headers = {}, query = '', id = 1 } = {}) {
      const controller = new AbortController();
      const response = await request(envelope(method, params, id), headers, query, controller.signal);
      return readStream(response, controller);
    },
    streamText: (text, more) => client.stream('SendStreamingMessage', sendParams(text, more)),
    subscribe: (id) => client.stream('SubscribeToTask', { id }),
    async get(id) {
      return (await client.call<Task>('GetTask', { id })).result;
    },
    cancel: (id) => client.call<Task>('CancelTask', { id }),
  };
  return client;
}

/** The states that a list of events goes through. */
export const statesOf = (events: readonly StreamResponse[]): TaskState[] =>
  events.flatMap((event) =>
    'task' in event ? [event.task.status.state] : 'statusUpdate' in event ? [event.statusUpdate.status.state] : [],
  );

export const textOf = (artifact: Artifact | undefined): string =>
  (artifact?.parts ?? []).map(({ text }) => text ?? '').join('');
