import { isStreaming, operations } from '../../../protocol/operations.ts';
import type { Deadlines } from '../../engine/check.ts';
import type { Exchange, Headers, Intent, WireRequest } from '../../history/exchange.ts';
import { isObject } from '../../invariants/json.ts';
import type { InterfaceRef } from '../../target/target.ts';
import type {
  BindingClient,
  CallOptions,
  CallResult,
  ReceivedEvent,
  StreamHandle,
  StreamOptions,
} from '../binding-client.ts';
import type { HttpPort, HttpSend, HttpStream } from '../http/http-port.ts';
import type { TaskBudget } from '../task-budget.ts';
import { classify, decodeEvent, decodeReply, isEventStream, isStreamed, speaks } from './decode.ts';
import { createIdSource } from './ids.ts';

export interface JsonRpcClientOptions {
  readonly port: HttpPort;
  readonly interface: InterfaceRef;
  /** The user's: added to, or (by case-insensitive name) instead of, the client's own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly deadlines: Deadlines;
  /** Ids of the requests; default: integers and strings in turn. */
  readonly nextId?: () => string | number;
  /** Counts what may create tasks. */
  readonly guard: TaskBudget;
}

const json = 'application/json';
const jsonOrStream = 'application/json, text/event-stream';

/** Later fields replace earlier ones of the same case-insensitive name; null takes one away. */
function mergeHeaders(...layers: readonly Readonly<Record<string, string | null>>[]): Headers {
  const merged = new Map<string, readonly [string, string | null]>();
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) merged.set(name.toLowerCase(), [name, value]);
  }
  return [...merged.values()].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

function withQuery(url: string, query: CallOptions['query']): string {
  if (query === undefined) return url;
  const extended = new URL(url);
  for (const [name, value] of Object.entries(query)) extended.searchParams.append(name, value);
  return extended.href;
}

/** A stream while it is read; `next` goes on after the event that it gave last. */
class OpenStream implements StreamHandle {
  readonly events: ReceivedEvent[] = [];
  readonly done: StreamHandle['done'];
  readonly #stream: HttpStream;
  readonly #watchers = new Set<() => void>();
  #opened = false;
  #ended = false;
  #seen = 0;

  constructor(open: (onEvent: (event: ReceivedEvent) => void) => HttpStream) {
    this.#stream = open((event) => {
      this.events.push(event);
      this.#wake();
    });
    this.done = this.#stream.done.then((exchange) => {
      this.#ended = true;
      this.#wake();
      const { events } = this;
      return isStreamed(exchange) ? { exchange, events } : { exchange, events, reply: decodeReply(exchange) };
    });
  }

  get opened(): boolean {
    return this.#opened;
  }

  /** Resolves with the head of the answer, or with the failure to get one. */
  async headed(): Promise<void> {
    const head = await this.#stream.head;
    this.#opened = isEventStream(head?.contentType);
  }

  close(): void {
    this.#stream.close();
  }

  next(until: (event: ReceivedEvent) => boolean, deadlineMs: number): Promise<ReceivedEvent | undefined> {
    const found = Promise.withResolvers<ReceivedEvent | undefined>();
    let checked = this.#seen;
    const look = (): void => {
      try {
        for (; checked < this.events.length; checked += 1) {
          const event = this.events[checked]!;
          if (!until(event)) continue;
          this.#seen = checked + 1;
          return found.resolve(event);
        }
        if (this.#ended) found.resolve(undefined);
      } catch (error) {
        found.reject(error);
      }
    };
    const timer = setTimeout(() => found.resolve(undefined), deadlineMs);
    this.#watchers.add(look);
    look();
    return found.promise.finally(() => {
      clearTimeout(timer);
      this.#watchers.delete(look);
    });
  }

  #wake(): void {
    for (const look of [...this.#watchers]) look();
  }
}

/** Speaks one JSON-RPC interface (§9): POST, one request a call, `text/event-stream` for streams. */
export function createJsonRpcClient(options: JsonRpcClientOptions): BindingClient {
  const { port, interface: ref, deadlines, guard } = options;
  const nextId = options.nextId ?? createIdSource();

  const own = (accept: string): Record<string, string> => ({
    'Content-Type': json,
    Accept: accept,
    'A2A-Version': '1.0',
  });

  /** The proto: clients put the interface's tenant into every request. */
  const withTenant = (params: unknown): unknown =>
    ref.tenant === undefined || ref.tenant === '' || !isObject(params) || 'tenant' in params
      ? params
      : { tenant: ref.tenant, ...params };

  const encode = (method: string, params: unknown): string =>
    JSON.stringify({ jsonrpc: '2.0', id: nextId(), method, params });

  const prepare = (
    intent: Intent,
    request: { readonly method?: string; readonly body: string | null; readonly accept: string },
    { headers = {}, query, actor = 'main', timeoutMs = deadlines.operationMs, signal }: CallOptions,
  ): HttpSend => {
    const wire: WireRequest = {
      method: request.method ?? 'POST',
      url: withQuery(ref.url, query),
      headers: mergeHeaders(own(request.accept), options.headers ?? {}, headers),
      body: request.body,
    };
    return { request: wire, intent, interface: ref, actor, timeoutMs, classify, ...(signal ? { signal } : {}) };
  };

  const finished = (exchange: Exchange): CallResult => {
    const reply = decodeReply(exchange);
    if (reply.kind === 'result') guard.learn(reply.value);
    return { exchange, reply };
  };

  const open = (send: HttpSend, streamMs = deadlines.taskMs + 2 * deadlines.graceMs): OpenStream =>
    new OpenStream((onEvent) =>
      port.open({
        ...send,
        stream: {
          streamMs,
          onEvent: (event) => {
            if (!speaks(event)) return;
            const reply = decodeEvent(event);
            if (reply.kind === 'result') guard.learn(reply.value);
            onEvent({ at: event.at, reply });
          },
        },
      }),
    );

  /** A refusal may come as an event stream too; one that was wrongly accepted is not read on. */
  const refusal = async (send: HttpSend): Promise<CallResult> => {
    const stream = open(send);
    await stream.headed();
    const first = await stream.next(() => true, send.timeoutMs);
    if (first?.reply.kind === 'error') await stream.next(() => false, deadlines.graceMs);
    stream.close();
    return finished((await stream.done).exchange);
  };

  return {
    interface: ref,

    async call(operation, params, callOptions = {}) {
      guard.spend({ operation, params });
      const sent = withTenant(params) as typeof params;
      const body = encode(operations[operation].method, sent);
      const intent: Intent = { kind: 'operation', operation, params: sent };
      return finished(await port.send(prepare(intent, { body, accept: json }, callOptions)));
    },

    async stream(operation, params, callOptions: CallOptions & StreamOptions = {}) {
      guard.spend({ operation, params });
      const sent = withTenant(params) as typeof params;
      const body = encode(operations[operation].method, sent);
      const intent: Intent = { kind: 'operation', operation, params: sent };
      const stream = open(prepare(intent, { body, accept: jsonOrStream }, callOptions), callOptions.streamMs);
      await stream.headed();
      return stream;
    },

    async raw({ body, violation, operation, method }, callOptions = {}) {
      guard.spend({ ...(operation === undefined ? {} : { operation }), body });
      const intent: Intent = { kind: 'malformed', violation, ...(operation === undefined ? {} : { operation }) };
      const streamed = operation !== undefined && isStreaming(operation);
      const request = { body, accept: streamed ? jsonOrStream : json, ...(method === undefined ? {} : { method }) };
      const send = prepare(intent, request, callOptions);
      return streamed ? refusal(send) : finished(await port.send(send));
    },

    async callMalformed(operation, params, violation, callOptions = {}) {
      guard.spend({ operation, params });
      const body = encode(operations[operation].method, withTenant(params));
      const intent: Intent = { kind: 'malformed', violation, operation };
      const streamed = isStreaming(operation);
      const send = prepare(intent, { body, accept: streamed ? jsonOrStream : json }, callOptions);
      return streamed ? refusal(send) : finished(await port.send(send));
    },
  };
}
