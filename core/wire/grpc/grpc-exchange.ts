import type { Exchange, Headers, WireFailure, WireResponse } from '../../history/exchange.ts';
import { failureOf } from '../http/failure.ts';
import type { GrpcSend } from '../http/http-port.ts';
import { missingIn, OpenExchange, startTimer, type ExchangeSetting } from '../http/open-exchange.ts';
import { FrameReader, readFrames, type Frame } from './frames.ts';
import { startCall } from './h2-call.ts';
import { decodeMessage } from './protobuf.ts';
import type { Sessions } from './sessions.ts';
import { statusJson, statusOf } from './status.ts';

export interface GrpcSetting extends ExchangeSetting {
  readonly sessions: Sessions;
}

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
export class GrpcExchange extends OpenExchange<GrpcSend> {
  readonly #setting: GrpcSetting;
  readonly #chunks: Uint8Array[] = [];
  readonly #frames = new FrameReader();
  #trailers: Headers | undefined;
  #bytes = 0;
  #truncated = false;
  #call: { abort(): void } | undefined;
  #headTimer: NodeJS.Timeout | undefined;

  constructor(setting: GrpcSetting, send: GrpcSend) {
    const { headers } = send.request;
    super(setting, send, {
      ...send.request,
      // HTTP/2 has no upper case.
      headers: [
        ...headers.map(([name, value]) => [name.toLowerCase(), value] as const),
        ...missingIn(headers, ownHeaders),
      ],
      bytes: base64(send.data),
    });
    this.#setting = setting;
    void this.begin();
  }

  protected override start(): void {
    this.#call = startCall(this.#setting.sessions, this.request, this.send.data, {
      onHead: (status, headers) => this.#onHead(status, headers),
      onData: (chunk) => this.#onData(chunk),
      onTrailers: (trailers) => {
        this.#trailers = trailers;
      },
      onEnd: () => this.finish('server'),
      onError: (error) => this.#onError(error),
    });
  }

  protected override stop(): void {
    clearTimeout(this.#headTimer);
    this.#call?.abort();
  }

  protected override bytesRead(): number {
    return this.#bytes;
  }

  /** Only a message tells a stream from a refusal. */
  protected override isStream(): boolean {
    return this.events.length > 0;
  }

  #onHead(status: number, headers: Headers): void {
    this.answer = { status, headers, headAt: performance.now() };
    const { stream, timeoutMs } = this.send;
    if (stream === undefined || statusOf({ headers }) !== undefined) return;
    this.enterStream(stream);
    // A refusal may have a head of its own: only a message, or silence after the head, tells a stream.
    this.#headTimer = startTimer(timeoutMs, () => this.#openHead());
  }

  #openHead(): void {
    clearTimeout(this.#headTimer);
    this.tellHead({ status: this.answer?.status ?? 0, opened: true });
  }

  #onData(chunk: Uint8Array): void {
    const room = this.#setting.maxBodyBytes - this.#bytes;
    this.#truncated = chunk.length > room;
    const kept = chunk.subarray(0, room);
    this.#bytes += kept.length;
    if (this.send.stream === undefined) this.#chunks.push(Buffer.from(kept));
    else for (const frame of this.#frames.push(kept)) this.#onMessage(frame);
    if (this.#truncated) this.finishTooLong();
  }

  #onMessage(frame: Frame): void {
    if (this.over) return;
    this.tell({
      at: performance.now(),
      data: textOf(frame, this.send.response),
      bytes: base64(frame.message),
      ...(frame.flag === 0 ? {} : { event: 'compressed' }),
    });
    this.#openHead();
  }

  #onError(error: unknown): void {
    // The status has come: how the stream is closed after it says nothing more.
    if (this.#trailers !== undefined || (this.answer && statusOf(this.answer))) return this.finish('server');
    this.finishBroken(failureOf(error));
  }

  protected override response(): WireResponse | null {
    if (this.answer === undefined) return null;
    const trailers = this.#trailers === undefined ? {} : { trailers: this.#trailers };
    const base = { ...this.answer, validUtf8: true, truncated: this.#truncated, ...trailers };
    const status = statusOf(base);
    const isError = status !== undefined && status.name !== 'OK';
    const said = isError ? JSON.stringify(statusJson(status)) : '';
    if (this.send.stream !== undefined) return { ...base, body: this.events.length === 0 ? said : '' };
    const body = Buffer.concat(this.#chunks);
    const { frames } = readFrames(body);
    const text = frames.length === 1 ? textOf(frames[0]!, this.send.response) : '';
    return { ...base, body: isError ? said : text, bytes: base64(body) };
  }

  /** An error after messages is part of the stream. */
  #addStatusEvent(): void {
    const status = this.answer && statusOf({ ...this.answer, ...(this.#trailers && { trailers: this.#trailers }) });
    if (this.events.length === 0 || status === undefined || status.name === 'OK') return;
    this.tell({ at: performance.now(), data: JSON.stringify(statusJson(status)), event: statusEvent });
  }

  protected override finish(endedBy: Exchange['endedBy'], reason?: WireFailure): void {
    if (!this.over && endedBy === 'server') this.#addStatusEvent();
    super.finish(endedBy, reason);
  }
}
