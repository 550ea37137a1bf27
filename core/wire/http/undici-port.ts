import type { Socket } from 'node:net';
import { Agent } from 'undici';
import { header } from '../../history/exchange.ts';
import type { Exchange, Headers, StreamEvent, WireFailure, WireRequest } from '../../history/exchange.ts';
import type { HistoryRecorder } from '../../history/recorder.ts';
import { BodyCollector } from './body.ts';
import { createConnector, type TlsOptions } from './connector.ts';
import { isEventStreamType } from './event-stream.ts';
import { failureOf } from './failure.ts';
import { GrpcExchange } from '../grpc/grpc-exchange.ts';
import { createSessions } from '../grpc/sessions.ts';
import type { HttpPort, HttpSend, HttpStream } from './http-port.ts';
import { nextHop } from './redirect.ts';
import { createSlotsByInterface, unbounded, type SlotsByInterface } from './slots.ts';
import { createSseDecoder, type SseDecoder } from './sse.ts';
import { sendHop } from './undici-hop.ts';

export interface HttpPortOptions {
  readonly recorder: HistoryRecorder;
  readonly tls?: TlsOptions;
  /** An answer (also a stream) is read up to this size; then the harness closes it. Default 32 MiB. */
  readonly maxBodyBytes?: number;
  /** Names of header fields, beside the well-known ones, that a redirect to another origin must not carry along. */
  readonly credentials?: readonly string[] | (() => readonly string[]);
  /** Whether a redirect to another origin may be followed there; default: always. */
  readonly mayReach?: (url: string) => boolean;
  /** Requests to one interface whose answer (of a stream: whose head) has not come yet; others wait for their turn. Default 10. */
  readonly maxInFlight?: number;
}

/** Idle connections are given up before any common server does, so that a request does not meet a closing one. */
const keepAliveMs = 1_000;

const maxHeaderBytes = 256 * 1024;

/** Timers take no more. */
const longestTimerMs = 2 ** 31 - 1;

/** Added where the request has none of that name. */
const ownHeaders: Headers = [
  ['User-Agent', 'a2a-gauntlet'],
  // What is recorded has to be what was sent.
  ['Accept-Encoding', 'identity'],
];

interface Setting {
  readonly agent: Agent;
  readonly recorder: HistoryRecorder;
  readonly slots: SlotsByInterface;
  readonly maxBodyBytes: number;
  readonly secrets: () => readonly string[];
  readonly mayReach: (url: string) => boolean;
}

type EndedBy = Exchange['endedBy'];
type Head = Awaited<HttpStream['head']>;

/** One exchange on its way: from the first byte of the request to its record. */
class OpenExchange implements HttpStream {
  readonly head: Promise<Head>;
  readonly done: Promise<Exchange>;
  readonly #setting: Setting;
  readonly #send: HttpSend;
  readonly #resolveHead: (head: Head) => void;
  readonly #resolveDone: (exchange: Exchange) => void;
  readonly #events: StreamEvent[] = [];
  readonly #chain: string[] = [];
  /** Aborted where the exchange is given up while it still waits for its turn. */
  readonly #givenUp = new AbortController();
  #id = '';
  #startedAt = 0;
  #request: WireRequest;
  #answer: { readonly status: number; readonly headers: Headers; readonly headAt: number } | undefined;
  #body: BodyCollector;
  #decoder: SseDecoder | undefined;
  #hop: { abort(): void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #release: (() => void) | undefined;
  #over = false;

  constructor(setting: Setting, send: HttpSend) {
    this.#setting = setting;
    this.#send = send;
    const { request } = send;
    const named = new Set(request.headers.map(([name]) => name.toLowerCase()));
    const added = ownHeaders.filter(([name]) => !named.has(name.toLowerCase()));
    this.#request = { ...request, headers: [...request.headers, ...added] };
    this.#body = new BodyCollector(setting.maxBodyBytes);
    const head = Promise.withResolvers<Head>();
    const done = Promise.withResolvers<Exchange>();
    this.head = head.promise;
    this.done = done.promise;
    this.#resolveHead = head.resolve;
    this.#resolveDone = done.resolve;
    void this.#begin();
  }

  close(): void {
    if (this.#id === '') this.#givenUp.abort();
    else this.#finish('client');
  }

  async #begin(): Promise<void> {
    const { signal, timeoutMs, atOnce } = this.#send;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted) this.#givenUp.abort();
    const release =
      atOnce === true ? unbounded : await this.#setting.slots(this.#send.interface).acquire(this.#givenUp.signal);
    this.#release = release;
    this.#id = this.#setting.recorder.nextId();
    this.#startedAt = performance.now();
    if (release === undefined || this.#givenUp.signal.aborted) {
      return this.#finish('client', { kind: 'aborted', message: 'given up before it was sent' });
    }
    this.#setTimer(timeoutMs, () => {
      const came = this.#answer === undefined ? 'no answer' : `only a head and ${this.#body.bytes} bytes of the answer`;
      return `${came} within ${timeoutMs} ms`;
    });
    this.#sendHop();
  }

  readonly #onAbort = (): void => this.close();

  #setTimer(ms: number, message: () => string): void {
    clearTimeout(this.#timer);
    const expire = (): void => this.#finish('deadline', { kind: 'timeout', message: message() });
    this.#timer = setTimeout(expire, Math.min(ms, longestTimerMs));
  }

  #sendHop(): void {
    this.#chain.push(URL.canParse(this.#request.url) ? new URL(this.#request.url).href : this.#request.url);
    this.#hop = sendHop(this.#setting.agent, this.#request, {
      onHead: (status, headers) => this.#onHead(status, headers),
      onData: (chunk) => this.#onData(chunk),
      onEnd: () => this.#finish('server'),
      onError: (error) => this.#onError(error),
    });
  }

  #onHead(status: number, headers: Headers): void {
    this.#answer = { status, headers, headAt: performance.now() };
    const next = nextHop(this.#request, status, headers, this.#chain, this.#setting.secrets(), this.#setting.mayReach);
    if (next !== undefined && 'failure' in next) return this.#finish('client', next.failure);
    if (next !== undefined) {
      this.#hop?.abort();
      this.#answer = undefined;
      this.#request = next.request;
      return this.#sendHop();
    }
    const { stream } = this.#send;
    const opened = isEventStreamType(header(headers, 'content-type'));
    if (stream !== undefined && opened) {
      this.#release?.();
      this.#setTimer(stream.streamMs, () => `the stream was still open after ${stream.streamMs} ms`);
      this.#decoder = createSseDecoder((event) => {
        const received = { at: performance.now(), ...event };
        this.#events.push(received);
        stream.onEvent(received);
      });
    }
    this.#resolveHead({ status, opened });
  }

  #onData(chunk: Uint8Array): void {
    const { kept, full } = this.#body.push(chunk);
    this.#decoder?.push(kept);
    if (!full) return;
    const message = `the answer is longer than ${this.#setting.maxBodyBytes} bytes; the harness stopped reading`;
    this.#finish('client', { kind: 'aborted', message });
  }

  #onError(error: unknown): void {
    const failure = failureOf(error);
    const read = this.#body.bytes;
    if (failure.kind === 'timeout') return this.#finish('deadline', failure);
    if (failure.kind === 'aborted') return this.#finish('client', failure);
    const where = this.#answer === undefined ? '' : ` (after the head and ${read} bytes of the body)`;
    this.#finish('broken', { ...failure, message: failure.message + where });
  }

  #finish(endedBy: EndedBy, reason?: WireFailure): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#send.signal?.removeEventListener('abort', this.#onAbort);
    this.#hop?.abort();
    this.#release?.();

    // The harness may stop reading a stream without harm; any other answer that it did not let come is incomplete.
    const stopped = endedBy === 'client' && this.#decoder === undefined;
    const failure = reason ?? (stopped ? ({ kind: 'aborted', message: 'stopped by the harness' } as const) : undefined);
    const answered: Exchange = {
      id: this.#id,
      actor: this.#send.actor,
      interface: this.#send.interface,
      intent: this.#send.intent,
      request: this.#request,
      response: this.#answer === undefined ? null : { ...this.#answer, ...this.#body.text(endedBy === 'server') },
      events: this.#events,
      endedBy,
      startedAt: this.#startedAt,
      endedAt: performance.now(),
      clock: this.#setting.recorder.clock,
      outcome: 'indefinite',
      ...(failure === undefined ? {} : { failure }),
    };
    // A stream has said what became of the operation with its first event, however it ended.
    const definite = endedBy === 'server' || this.#events.length > 0;
    const exchange = definite ? { ...answered, outcome: this.#send.classify(answered) } : answered;
    this.#setting.recorder.record(exchange);
    this.#resolveHead(undefined);
    this.#resolveDone(exchange);
  }
}

/**
 * An `HttpPort` over undici: HTTP/1.1, kept alive, no retries, no decompression; gRPC over `node:http2`. Every exchange goes to the
 * recorder.
 */
export function createHttpPort({
  recorder,
  tls = {},
  maxBodyBytes = 32 * 1024 * 1024,
  credentials = [],
  mayReach = () => true,
  maxInFlight = 10,
}: HttpPortOptions): HttpPort {
  const sockets = new Set<Socket>();
  const { client: _, ...anonymously } = tls;
  const connectionsWith = (options: TlsOptions) => ({
    agent: new Agent({
      connect: createConnector(sockets, options),
      pipelining: 1,
      connections: null,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      maxHeaderSize: maxHeaderBytes,
      allowH2: false,
    }),
    sessions: createSessions(sockets, options),
  });
  const own = connectionsWith(tls);
  const strangers = tls.client === undefined ? own : connectionsWith(anonymously);
  const setting = {
    recorder,
    slots: createSlotsByInterface(maxInFlight),
    maxBodyBytes,
    secrets: () => (typeof credentials === 'function' ? credentials() : credentials).map((name) => name.toLowerCase()),
    mayReach,
  };
  const of = ({ withoutCertificate = false }: Pick<HttpSend, 'withoutCertificate'>) =>
    withoutCertificate ? strangers : own;
  return {
    send: (send) => new OpenExchange({ ...setting, ...of(send) }, { ...send, stream: undefined }).done,
    open: (send) => new OpenExchange({ ...setting, ...of(send) }, send),
    grpc: (send) => new GrpcExchange({ ...setting, ...of(send) }, send),
    async close() {
      for (const { agent, sessions } of new Set([own, strangers])) {
        sessions.close();
        await agent.destroy();
      }
      for (const socket of sockets) socket.destroy();
    },
  };
}
