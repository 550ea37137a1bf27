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
  /** Instead of those of a good request; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Appended to the URL, with its `?`. */
  readonly query?: string;
  readonly id?: unknown;
}

export type SendOptions = Partial<Message> & { readonly configuration?: object };

/** What can be done on any binding. */
export interface AnyClient {
  /** The method is that of JSON-RPC, and the reply has its form, whatever the binding. */
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

export interface TestClient extends AnyClient {
  /** Any body, with the headers of a good request unless others are given (undefined leaves one out). */
  post(body: string | Uint8Array, headers?: Record<string, string | undefined>, query?: string): Promise<HttpReply>;
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

/** The headers that are given; undefined leaves one out. */
export const headersOf = (...given: readonly Readonly<Record<string, string | undefined>>[]): [string, string][] =>
  Object.entries(Object.assign({}, ...given) as Record<string, string | undefined>).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );

const goodHeaders = { 'A2A-Version': '1.0', 'Content-Type': 'application/json' };

export function readStream(
  response: Response,
  controller: AbortController,
  read: (data: string) => Reply<StreamResponse>,
): TestStream {
  const queue: Reply<StreamResponse>[] = [];
  const parser = createParser({ onEvent: ({ data }) => queue.push(read(data)) });
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

/** What rests on calls and streams alone. */
export const anyClient = ({ call, stream }: Pick<AnyClient, 'call' | 'stream'>): AnyClient => ({
  call,
  stream,
  async send(text, more) {
    const { result } = await call<{ task: Task }>('SendMessage', sendParams(text, more));
    return result.task;
  },
  streamText: (text, more) => stream('SendStreamingMessage', sendParams(text, more)),
  subscribe: (id) => stream('SubscribeToTask', { id }),
  async get(id) {
    return (await call<Task>('GetTask', { id })).result;
  },
  cancel: (id) => call<Task>('CancelTask', { id }),
});

export function testClient(
  { jsonRpcUrl }: RunningAgent,
  ownHeaders: Readonly<Record<string, string>> = {},
): TestClient {
  const request = (
    body: string | Uint8Array,
    headers: Readonly<Record<string, string | undefined>>,
    query: string,
    signal?: AbortSignal,
  ) =>
    fetch(`${jsonRpcUrl}${query}`, {
      method: 'POST',
      headers: headersOf(goodHeaders, ownHeaders, headers),
      body: typeof body === 'string' ? Buffer.from(body) : Buffer.from(body),
      ...(signal ? { signal } : {}),
    });
  const envelope = (method: string, params: unknown, id: unknown): string =>
    JSON.stringify({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });

  return {
    ...anyClient({
      async call<T>(method: string, params?: unknown, { headers = {}, query = '', id = 1 }: CallOptions = {}) {
        const response = await request(envelope(method, params, id), headers, query);
        return (await response.json()) as Reply<T>;
      },
      async stream(method, params, { headers = {}, query = '', id = 1 } = {}) {
        const controller = new AbortController();
        const response = await request(envelope(method, params, id), headers, query, controller.signal);
        return readStream(response, controller, (data) => JSON.parse(data) as Reply<StreamResponse>);
      },
    }),
    async post(body, headers = {}, query = '') {
      const response = await request(body, headers, query);
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
  };
}

/** The states that a list of events goes through. */
export const statesOf = (events: readonly StreamResponse[]): TaskState[] =>
  events.flatMap((event) =>
    'task' in event ? [event.task.status.state] : 'statusUpdate' in event ? [event.statusUpdate.status.state] : [],
  );

export const textOf = (artifact: Artifact | undefined): string =>
  (artifact?.parts ?? []).map(({ text }) => text ?? '').join('');
