import type { Exchange, Intent, StreamEvent, WireRequest } from '../../history/exchange.ts';
import type { InterfaceRef } from '../../target/target.ts';

/** One HTTP request to be made and recorded. */
export interface HttpSend {
  readonly request: WireRequest;
  readonly intent: Intent;
  readonly interface: InterfaceRef | null;
  readonly actor: string;
  /** To the whole answer, or to the head where `stream` is given. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Does not wait for its turn among the requests of the run: a burst comes at once. */
  readonly atOnce?: boolean;
  /** On a connection of its own kind, which shows no certificate of the user's. */
  readonly withoutCertificate?: boolean;
  /** Present: a `text/event-stream` answer is read event by event. Absent: the body is read whole. */
  readonly stream?: { readonly streamMs: number; readonly onEvent: (event: StreamEvent) => void };
  /** Decides the recorded outcome of a complete answer. */
  readonly classify: (exchange: Exchange) => 'ok' | 'error';
}

export interface StreamHead {
  readonly status: number;
  /** Whether the answer is a stream, and not a plain one. */
  readonly opened: boolean;
}

/** One gRPC call to be made and recorded. */
export interface GrpcSend extends Omit<HttpSend, 'request' | 'stream'> {
  /** `body` says what `data` is. */
  readonly request: WireRequest;
  /** The body as it is sent. */
  readonly data: Uint8Array;
  /** Name of the message that answers; undefined where the method is none of A2A. */
  readonly response: string | undefined;
  /** Present: messages are read one by one. Absent: the answer is read whole. */
  readonly stream?: HttpSend['stream'];
}

export interface HttpStream {
  /** Resolves when the head is there, or the exchange has already ended. */
  readonly head: Promise<StreamHead | undefined>;
  close(): void;
  /** Never rejects: failures are outcomes of the exchange. */
  readonly done: Promise<Exchange>;
}

/**
 * The port through which every byte to the target goes, and is recorded. Redirects are followed as HTTP says (at most 5; only 303
 * turns a POST into a GET; credentials only while the origin stays the same). The recorded request is the one that was answered.
 * A stream's outcome is what its first event says, however it ended; any other incomplete answer is `indefinite`.
 */
export interface HttpPort {
  send(send: HttpSend): Promise<Exchange>;
  open(send: HttpSend): HttpStream;
  /** One gRPC call, over HTTP/2: with prior knowledge for http URLs, by ALPN for https. Redirects are none. */
  grpc(send: GrpcSend): HttpStream;
  close(): Promise<void>;
}
