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
  /** Present: a `text/event-stream` answer is read event by event. Absent: the body is read whole. */
  readonly stream?: { readonly streamMs: number; readonly onEvent: (event: StreamEvent) => void };
  /** Decides the recorded outcome of a complete answer. */
  readonly classify: (exchange: Exchange) => 'ok' | 'error';
}

export interface HttpStream {
  /** Resolves when the head is there, or the exchange has already ended. */
  readonly head: Promise<{ readonly status: number; readonly contentType: string | undefined } | undefined>;
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
  close(): Promise<void>;
}
