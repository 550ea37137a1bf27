import type { Socket } from 'node:net';
import { Agent } from 'undici';
import { header } from '../../history/exchange.ts';
import type { Exchange, Headers, WireResponse } from '../../history/exchange.ts';
import type { HistoryRecorder } from '../../history/recorder.ts';
import { BodyCollector } from './body.ts';
import { createConnector, type TlsOptions } from './connector.ts';
import { isEventStreamType } from './event-stream.ts';
import { failureOf } from './failure.ts';
import { GrpcExchange } from '../grpc/grpc-exchange.ts';
import { createSessions } from '../grpc/sessions.ts';
import type { HttpPort, HttpSend } from './http-port.ts';
import { missingIn, OpenExchange, type ExchangeSetting } from './open-exchange.ts';
import { nextHop } from './redirect.ts';
import { createSlotsByInterface } from './slots.ts';
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

/** Added where the request has none of that name. */
const ownHeaders: Headers = [
  ['User-Agent', 'a2a-gauntlet'],
  // What is recorded has to be what was sent.
  ['Accept-Encoding', 'identity'],
];

interface Setting extends ExchangeSetting {
  readonly agent: Agent;
  readonly secrets: () => readonly string[];
  readonly mayReach: (url: string) => boolean;
}

/** One exchange over HTTP/1.1, redirects included. */
class UndiciExchange extends OpenExchange<HttpSend> {
  readonly #setting: Setting;
  readonly #chain: string[] = [];
  readonly #body: BodyCollector;
  #decoder: SseDecoder | undefined;
  #hop: { abort(): void } | undefined;

  constructor(setting: Setting, send: HttpSend) {
    const { request } = send;
    super(setting, send, { ...request, headers: [...request.headers, ...missingIn(request.headers, ownHeaders)] });
    this.#setting = setting;
    this.#body = new BodyCollector(setting.maxBodyBytes);
    void this.begin();
  }

  protected override start(): void {
    this.#chain.push(URL.canParse(this.request.url) ? new URL(this.request.url).href : this.request.url);
    this.#hop = sendHop(this.#setting.agent, this.request, {
      onHead: (status, headers) => this.#onHead(status, headers),
      onData: (chunk) => this.#onData(chunk),
      onEnd: () => this.finish('server'),
      onError: (error) => this.finishBroken(failureOf(error)),
    });
  }

  protected override stop(): void {
    this.#hop?.abort();
  }

  protected override bytesRead(): number {
    return this.#body.bytes;
  }

  protected override isStream(): boolean {
    return this.#decoder !== undefined;
  }

  protected override response(endedBy: Exchange['endedBy']): WireResponse | null {
    return this.answer === undefined ? null : { ...this.answer, ...this.#body.text(endedBy === 'server') };
  }

  #onHead(status: number, headers: Headers): void {
    this.answer = { status, headers, headAt: performance.now() };
    const next = nextHop(this.request, status, headers, this.#chain, this.#setting.secrets(), this.#setting.mayReach);
    if (next !== undefined && 'failure' in next) return this.finish('client', next.failure);
    if (next !== undefined) {
      this.#hop?.abort();
      this.answer = undefined;
      this.request = next.request;
      return this.start();
    }
    const { stream } = this.send;
    const opened = isEventStreamType(header(headers, 'content-type'));
    if (stream !== undefined && opened) {
      this.enterStream(stream);
      this.#decoder = createSseDecoder((event) => this.tell({ at: performance.now(), ...event }));
    }
    this.tellHead({ status, opened });
  }

  #onData(chunk: Uint8Array): void {
    const { kept, full } = this.#body.push(chunk);
    this.#decoder?.push(kept);
    if (full) this.finishTooLong();
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
    send: (send) => new UndiciExchange({ ...setting, ...of(send) }, { ...send, stream: undefined }).done,
    open: (send) => new UndiciExchange({ ...setting, ...of(send) }, send),
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
