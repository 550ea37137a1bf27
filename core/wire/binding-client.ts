import type { Operation, StreamingOperation, UnaryOperation } from '../../protocol/operations.ts';
import type { Exchange, Headers } from '../history/exchange.ts';
import { Unelicited, type Deadlines } from '../engine/check.ts';
import type { InterfaceRef } from '../target/target.ts';
import type { HttpPort } from './http/http-port.ts';
import type { Reply } from './reply.ts';
import type { TaskBudget } from './task-budget.ts';

export type Params = Readonly<Record<string, unknown>>;

export interface CallOptions {
  /** Added to, or (by case-insensitive name) instead of, the client's own headers; a null value removes one. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Appended to the URL's query. */
  readonly query?: Readonly<Record<string, string>>;
  readonly actor?: string;
  /** Milliseconds to the whole answer (unary) or to the head (stream); default: the run's operation timeout. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Does not wait for its turn among the requests of the run, of which a guest sends few at a time. */
  readonly atOnce?: boolean;
  /** Over a connection on which the user's certificate is not shown (mTLS): as a stranger. */
  readonly withoutCertificate?: boolean;
  /** Not asked again where a system error came: each request with wrong credentials is one more attempt to get in. */
  readonly once?: boolean;
}

export interface CallResult {
  readonly exchange: Exchange;
  readonly reply: Reply;
  /** The same was asked before, and failed for a reason of the agent's own: it may have been done then, and now once more. */
  readonly repeated?: true;
}

/** One decoded event of a stream. */
export interface ReceivedEvent {
  readonly at: number;
  readonly reply: Reply;
}

/**
 * A stream that is being read. Events arrive while `done` is pending. A refusal before the stream starts (a plain
 * answer) shows as a stream of no events whose `done` carries the refusal in `reply`.
 */
export interface StreamHandle {
  /** Whether the answer is a stream; false for a plain answer, and for none. */
  readonly opened: boolean;
  /** Decoded events so far, in order; grows until `done` settles. */
  readonly events: readonly ReceivedEvent[];
  /**
   * Resolves with the event that satisfies `until`, or undefined when the stream ended or `deadlineMs` passed first. Looks at the
   * events after the one that an earlier call gave, those that already came included.
   */
  next(until: (event: ReceivedEvent) => boolean, deadlineMs: number): Promise<ReceivedEvent | undefined>;
  /** Stops reading: the connection is closed by the client. */
  close(): void;
  /** Resolves (never rejects) when server, client, deadline or network ended it. */
  readonly done: Promise<StreamResult>;
}

export interface StreamResult {
  readonly exchange: Exchange;
  readonly events: readonly ReceivedEvent[];
  /** The plain answer where no stream was started; undefined for a real stream. */
  readonly reply?: Reply;
}

/** Thrown for params that the encoding of a binding has no way to say, such as a word in place of a number on gRPC. */
export class Inexpressible extends Unelicited {
  constructor(binding: string, reason: string) {
    super(`${binding} cannot say it: ${reason}`, 'the bindings of JSON show it');
    this.name = 'Inexpressible';
  }
}

/** A request sent as it is, around the binding's own encoding. */
export interface RawRequest {
  readonly body: string | null;
  /** The whole body, of gRPC with the prefixes of messages: sent instead of `body`, for what is no text. */
  readonly bytes?: Uint8Array;
  /** The one way in which the request is wrong, for the record (`missing jsonrpc member`). */
  readonly violation: string;
  /** What it is meant for; absent where it is meant for no operation. */
  readonly operation?: Operation;
  /** Of HTTP; default POST. */
  readonly method?: string;
  /** Appended to the path of the interface's URL, as it is; default: nothing, and of gRPC the method of `operation`. */
  readonly path?: string;
}

/** What every client of an interface is made of, whatever its binding. */
export interface BindingClientOptions {
  readonly port: HttpPort;
  readonly interface: InterfaceRef;
  /** The user's: added to, or (by case-insensitive name) instead of, the client's own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly deadlines: Deadlines;
  /** Counts what may create tasks. */
  readonly guard: TaskBudget;
}

/** One interface of the target, spoken to over its binding. Every exchange is recorded; nothing here judges. */
export interface BindingClient {
  readonly interface: InterfaceRef;
  call(operation: UnaryOperation, params: Params, options?: CallOptions): Promise<CallResult>;
  /** Opens a stream; the promise resolves once the head (or a failure) is there. */
  stream(operation: StreamingOperation, params: Params, options?: CallOptions & StreamOptions): Promise<StreamHandle>;
  raw(request: RawRequest, options?: CallOptions): Promise<CallResult>;
  /**
   * Like `call`, but the params break the protocol in the named way; recorded as malformed.
   * @throws {Inexpressible} for what the binding cannot encode: it is not sent
   */
  callMalformed(operation: Operation, params: unknown, violation: string, options?: CallOptions): Promise<CallResult>;
}

export interface StreamOptions {
  /** Milliseconds until the harness stops reading a stream that has not ended (`endedBy: 'deadline'`). */
  readonly streamMs?: number;
}

export type { Headers };
