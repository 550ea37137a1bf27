import type { Exchange, Headers, StreamEvent, WireFailure, WireRequest, WireResponse } from '../../history/exchange.ts';
import type { HistoryRecorder } from '../../history/recorder.ts';
import type { HttpSend, HttpStream, StreamHead } from './http-port.ts';
import { unbounded, type SlotsByInterface } from './slots.ts';

/** What every exchange of a port needs. */
export interface ExchangeSetting {
  readonly recorder: HistoryRecorder;
  readonly slots: SlotsByInterface;
  readonly maxBodyBytes: number;
}

type EndedBy = Exchange['endedBy'];

/** Timers take no more. */
const longestTimerMs = 2 ** 31 - 1;

/** A timer of at most the length that timers take. */
export const startTimer = (ms: number, expire: () => void): NodeJS.Timeout =>
  setTimeout(expire, Math.min(ms, longestTimerMs));

/** The header fields of the harness that a request does not have already, whatever the case of their names. */
export function missingIn(headers: Headers, own: Headers): Headers {
  const named = new Set(headers.map(([name]) => name.toLowerCase()));
  return own.filter(([name]) => !named.has(name.toLowerCase()));
}

/**
 * One exchange on its way, whatever carries it: waits for its turn, keeps its deadlines, and is recorded once, at its end. Who
 * extends it calls `begin` when it is made.
 */
export abstract class OpenExchange<Send extends Omit<HttpSend, 'withoutCertificate'>> implements HttpStream {
  readonly head: Promise<StreamHead | undefined>;
  readonly done: Promise<Exchange>;
  protected readonly send: Send;
  protected readonly events: StreamEvent[] = [];
  protected request: WireRequest;
  protected answer: { readonly status: number; readonly headers: Headers; readonly headAt: number } | undefined;
  protected over = false;
  readonly #setting: ExchangeSetting;
  readonly #resolveHead: (head: StreamHead | undefined) => void;
  readonly #resolveDone: (exchange: Exchange) => void;
  /** Aborted where the exchange is given up while it still waits for its turn. */
  readonly #givenUp = new AbortController();
  #id = '';
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #release: (() => void) | undefined;

  constructor(setting: ExchangeSetting, send: Send, request: WireRequest) {
    this.#setting = setting;
    this.send = send;
    this.request = request;
    const head = Promise.withResolvers<StreamHead | undefined>();
    const done = Promise.withResolvers<Exchange>();
    this.head = head.promise;
    this.done = done.promise;
    this.#resolveHead = head.resolve;
    this.#resolveDone = done.resolve;
  }

  /** Puts the request on the wire. */
  protected abstract start(): void;
  /** Takes it from there, where it still is. */
  protected abstract stop(): void;
  /** Bytes of the answer's body so far. */
  protected abstract bytesRead(): number;
  /** What has come of the answer. */
  protected abstract response(endedBy: EndedBy): WireResponse | null;
  /** Whether the answer is a stream, which the harness may leave. */
  protected abstract isStream(): boolean;

  close(): void {
    if (this.#id === '') this.#givenUp.abort();
    else this.finish('client');
  }

  protected async begin(): Promise<void> {
    const { signal, timeoutMs, atOnce } = this.send;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted) this.#givenUp.abort();
    const release =
      atOnce === true ? unbounded : await this.#setting.slots(this.send.interface).acquire(this.#givenUp.signal);
    this.#release = release;
    this.#id = this.#setting.recorder.nextId();
    this.#startedAt = performance.now();
    if (release === undefined || this.#givenUp.signal.aborted) {
      return this.finish('client', { kind: 'aborted', message: 'given up before it was sent' });
    }
    this.#setDeadline(timeoutMs, () => {
      const came = this.answer === undefined ? 'no answer' : `only a head and ${this.bytesRead()} bytes of the answer`;
      return `${came} within ${timeoutMs} ms`;
    });
    this.start();
  }

  readonly #onAbort = (): void => this.close();

  #setDeadline(ms: number, message: () => string): void {
    clearTimeout(this.#timer);
    this.#timer = startTimer(ms, () => this.finish('deadline', { kind: 'timeout', message: message() }));
  }

  /** From now on the answer is a stream: it holds up nobody else, and has a deadline of its own. */
  protected enterStream({ streamMs }: NonNullable<HttpSend['stream']>): void {
    this.#release?.();
    this.#setDeadline(streamMs, () => `the stream was still open after ${streamMs} ms`);
  }

  protected tellHead(head: StreamHead): void {
    this.#resolveHead(head);
  }

  protected tell(event: StreamEvent): void {
    this.events.push(event);
    this.send.stream?.onEvent(event);
  }

  protected finishTooLong(): void {
    const message = `the answer is longer than ${this.#setting.maxBodyBytes} bytes; the harness stopped reading`;
    this.finish('client', { kind: 'aborted', message });
  }

  protected finishBroken(failure: WireFailure): void {
    if (failure.kind === 'timeout') return this.finish('deadline', failure);
    if (failure.kind === 'aborted') return this.finish('client', failure);
    const where = this.answer === undefined ? '' : ` (after the head and ${this.bytesRead()} bytes of the body)`;
    this.finish('broken', { ...failure, message: failure.message + where });
  }

  protected finish(endedBy: EndedBy, reason?: WireFailure): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.#timer);
    this.send.signal?.removeEventListener('abort', this.#onAbort);
    this.stop();
    this.#release?.();

    // The harness may stop reading a stream without harm; any other answer that it did not let come is incomplete.
    const stopped = endedBy === 'client' && !this.isStream();
    const failure = reason ?? (stopped ? ({ kind: 'aborted', message: 'stopped by the harness' } as const) : undefined);
    const { actor, interface: ref, intent, classify } = this.send;
    const answered: Exchange = {
      id: this.#id,
      actor,
      interface: ref,
      intent,
      request: this.request,
      response: this.response(endedBy),
      events: this.events,
      endedBy,
      startedAt: this.#startedAt,
      endedAt: performance.now(),
      clock: this.#setting.recorder.clock,
      outcome: 'indefinite',
      ...(failure === undefined ? {} : { failure }),
    };
    // A stream has said what became of the operation with its first event, however it ended.
    const definite = endedBy === 'server' || this.events.length > 0;
    const exchange = definite ? { ...answered, outcome: classify(answered) } : answered;
    this.#setting.recorder.record(exchange);
    this.#resolveHead(undefined);
    this.#resolveDone(exchange);
  }
}
