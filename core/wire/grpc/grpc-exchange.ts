import type { Exchange, Headers, StreamEvent, WireFailure, WireRequest, WireResponse } from '../../history/exchange.ts';
import type { HistoryRecorder } from '../../history/recorder.ts';
import { failureOf } from '../http/failure.ts';
import type { GrpcSend, HttpStream, StreamHead } from '../http/http-port.ts';
import { unbounded, type SlotsByInterface } from '../http/slots.ts';
import { FrameReader, readFrames, type Frame } from './frames.ts';
import { startCall } from './h2-call.ts';
import { decodeMessage } from './protobuf.ts';
import type { Sessions } from './sessions.ts';
import { statusJson, statusOf } from './status.ts';

export interface GrpcSetting {
  readonly sessions: Sessions;
  readonly recorder: HistoryRecorder;
  readonly slots: SlotsByInterface;
  readonly maxBodyBytes: number;
}

/** Timers take no more. */
const longestTimerMs = 2 ** 31 - 1;

/** Name of the event that stands for the error at the end of a stream which has messages. */
export const statusEvent = 'grpc-status';

/** Added where the request has none of that name. */
const ownHeaders: Headers = [
  ['user-agent', 'a2a-gauntlet'],
  // What is recorded has to be what was sent.
  ['grpc-accept-encoding', 'identity'],
];

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The ProtoJSON text of a message; empty where the bytes are none. */
function textOf({ flag, message }: Frame, name: string | undefined): string {
  const decoded = flag !== 0 || name === undefined ? undefined : decodeMessage(name, message);
  return decoded === undefined || 'why' in decoded ? '' : JSON.stringify(decoded.value);
}

/** One gRPC call on its way: from the first byte of the request to its record. */
export class GrpcExchange implements HttpStream {
  readonly head: Promise<StreamHead | undefined>;
  readonly done: Promise<Exchange>;
  readonly #setting: GrpcSetting;
  readonly #send: GrpcSend;
  readonly #request: WireRequest;
  readonly #resolveHead: (head: StreamHead | undefined) => void;
  readonly #resolveDone: (exchange: Exchange) => void;
  readonly #events: StreamEvent[] = [];
  readonly #chunks: Uint8Array[] = [];
  readonly #frames = new FrameReader();
  /** Aborted where the exchange is given up while it still waits for its turn. */
  readonly #givenUp = new AbortController();
  #id = '';
  #startedAt = 0;
  #answer: { readonly status: number; readonly headers: Headers; readonly headAt: number } | undefined;
  #trailers: Headers | undefined;
  #bytes = 0;
  #truncated = false;
  #call: { abort(): void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #headTimer: NodeJS.Timeout | undefined;
  #release: (() => void) | undefined;
  #over = false;

  constructor(setting: GrpcSetting, send: GrpcSend) {
    this.#setting = setting;
    this.#send = send;
    const named = new Set(send.request.headers.map(([name]) => name.toLowerCase()));
    const added = ownHeaders.filter(([name]) => !named.has(name));
    this.#request = {
      ...send.request,
      // HTTP/2 has no upper case.
      headers: [...send.request.headers.map(([name, value]) => [name.toLowerCase(), value] as const), ...added],
      bytes: base64(send.data),
    };
    const head = Promise.withResolvers<StreamHead | undefined>();
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
      const came = this.#answer === undefined ? 'no answer' : `only a head and ${this.#bytes} bytes of the answer`;
      return `${came} within ${timeoutMs} ms`;
    });
    this.#call = startCall(this.#setting.sessions, this.#request, this.#send.data, {
      onHead: (status, headers) => this.#onHead(status, headers),
      onData: (chunk) => this.#onData(chunk),
      onTrailers: (trailers) => {
        this.#trailers = trailers;
      },
      onEnd: () => this.#finish('server'),
      onError: (error) => this.#onError(error),
    });
  }

  readonly #onAbort = (): void => this.close();

  #setTimer(ms: number, message: () => string): void {
    clearTimeout(this.#timer);
    const expire = (): void => this.#finish('deadline', { kind: 'timeout', message: message() });
    this.#timer = setTimeout(expire, Math.min(ms, longestTimerMs));
  }

  #onHead(status: number, headers: Headers): void {
    this.#answer = { status, headers, headAt: performance.now() };
    const { stream, timeoutMs } = this.#send;
    if (stream === undefined || statusOf({ headers }) !== undefined) return;
    this.#release?.();
    this.#setTimer(stream.streamMs, () => `the stream was still open after ${stream.streamMs} ms`);
    // A refusal may have a head of its own: only a message, or silence after the head, tells a stream.
    this.#headTimer = setTimeout(() => this.#openHead(), Math.min(timeoutMs, longestTimerMs));
  }

  #openHead(): void {
    clearTimeout(this.#headTimer);
    this.#resolveHead({ status: this.#answer?.status ?? 0, opened: true });
  }

  #onData(chunk: Uint8Array): void {
    const room = this.#setting.maxBodyBytes - this.#bytes;
    this.#truncated = chunk.length > room;
    const kept = chunk.subarray(0, room);
    this.#bytes += kept.length;
    if (this.#send.stream === undefined) this.#chunks.push(Buffer.from(kept));
    else for (const frame of this.#frames.push(kept)) this.#onMessage(frame);
    if (!this.#truncated) return;
    const message = `the answer is longer than ${this.#setting.maxBodyBytes} bytes; the harness stopped reading`;
    this.#finish('client', { kind: 'aborted', message });
  }

  #onMessage(frame: Frame): void {
    if (this.#over) return;
    this.#tell({
      at: performance.now(),
      data: textOf(frame, this.#send.response),
      bytes: base64(frame.message),
      ...(frame.flag === 0 ? {} : { event: 'compressed' }),
    });
    this.#openHead();
  }

  #tell(event: StreamEvent): void {
    this.#events.push(event);
    this.#send.stream?.onEvent(event);
  }

  #onError(error: unknown): void {
    // The status has come: how the stream is closed after it says nothing more.
    if (this.#trailers !== undefined || (this.#answer && statusOf(this.#answer))) return this.#finish('server');
    const failure = failureOf(error);
    if (failure.kind === 'timeout') return this.#finish('deadline', failure);
    const where = this.#answer === undefined ? '' : ` (after the head and ${this.#bytes} bytes of the body)`;
    this.#finish('broken', { ...failure, message: failure.message + where });
  }

  #response(): WireResponse | null {
    if (this.#answer === undefined) return null;
    const trailers = this.#trailers === undefined ? {} : { trailers: this.#trailers };
    const base = { ...this.#answer, validUtf8: true, truncated: this.#truncated, ...trailers };
    const status = statusOf(base);
    const isError = status !== undefined && status.name !== 'OK';
    const said = isError ? JSON.stringify(statusJson(status)) : '';
    if (this.#send.stream !== undefined) return { ...base, body: this.#events.length === 0 ? said : '' };
    const body = Buffer.concat(this.#chunks);
    const { frames } = readFrames(body);
    const text = frames.length === 1 ? textOf(frames[0]!, this.#send.response) : '';
    return { ...base, body: isError ? said : text, bytes: base64(body) };
  }

  /** An error after messages is part of the stream. */
  #addStatusEvent(): void {
    const status = this.#answer && statusOf({ ...this.#answer, ...(this.#trailers && { trailers: this.#trailers }) });
    if (this.#events.length === 0 || status === undefined || status.name === 'OK') return;
    this.#tell({ at: performance.now(), data: JSON.stringify(statusJson(status)), event: statusEvent });
  }

  #finish(endedBy: Exchange['endedBy'], reason?: WireFailure): void {
    if (this.#over) return;
    if (endedBy === 'server') this.#addStatusEvent();
    this.#over = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#headTimer);
    this.#send.signal?.removeEventListener('abort', this.#onAbort);
    this.#call?.abort();
    this.#release?.();

    // The harness may stop reading a stream without harm; any other answer that it did not let come is incomplete.
    const stopped = endedBy === 'client' && this.#events.length === 0;
    const failure = reason ?? (stopped ? ({ kind: 'aborted', message: 'stopped by the harness' } as const) : undefined);
    const answered: Exchange = {
      id: this.#id,
      actor: this.#send.actor,
      interface: this.#send.interface,
      intent: this.#send.intent,
      request: this.#request,
      response: this.#response(),
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
