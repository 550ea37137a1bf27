import type { Operation } from '../../protocol/operations.ts';
import type { InterfaceRef } from '../target/target.ts';

/** Header fields as on the wire: order kept, repeated names kept, names as received. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** Milliseconds on a monotonic clock (`performance.now()`); comparable only under one `clock`. */
export type Millis = number;

export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** Text as sent; null for none. Of a binary binding: what it says, as ProtoJSON. */
  readonly body: string | null;
  /** The bytes as sent, in base64, where they are no text: of a binary binding (gRPC: with the prefix of each message), or wrong on purpose. */
  readonly bytes?: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Headers;
  /**
   * Whole text as received, decoded as UTF-8 (also of a stream); cut at `bodyLimit` characters. Of gRPC: the message as ProtoJSON,
   * and of an error its google.rpc.Status; empty for a stream, and for bytes that are no message.
   */
  readonly body: string;
  /** Of a binary binding: the bytes of a plain answer as received, in base64. */
  readonly bytes?: string;
  /** Fields after the body (RFC 9110 §6.5); gRPC has its status there. */
  readonly trailers?: Headers;
  /** False where the bytes were not valid UTF-8. */
  readonly validUtf8: boolean;
  readonly truncated: boolean;
  /** When the head arrived. */
  readonly headAt: Millis;
}

/** One event of a stream (an SSE event or a gRPC message), with its arrival. */
export interface StreamEvent {
  readonly at: Millis;
  /**
   * Payload text: the joined `data:` lines of an SSE event; a gRPC message as ProtoJSON, empty where the bytes are none.
   */
  readonly data: string;
  /** Of a binary binding: the bytes of the message, in base64. */
  readonly bytes?: string;
  readonly id?: string;
  /** Name of an SSE event; `grpc-status` of the error that ended a gRPC stream after its messages. */
  readonly event?: string;
}

/** Why there is no complete answer. */
export interface WireFailure {
  readonly kind: 'timeout' | 'refused' | 'reset' | 'dns' | 'tls' | 'redirect' | 'aborted' | 'protocol' | 'other';
  readonly message: string;
}

/** What the harness wanted to say with a request: decides what judges may expect of the answer. */
export type Intent =
  /** A well-formed operation; the answer must obey the protocol in full. */
  | { readonly kind: 'operation'; readonly operation: Operation; readonly params: Readonly<Record<string, unknown>> }
  /** Malformed on purpose, in one named way; the answer's envelope must still obey the protocol. */
  | { readonly kind: 'malformed'; readonly violation: string; readonly operation?: Operation }
  /** A plain HTTP fetch: card or other resource. */
  | { readonly kind: 'fetch'; readonly what: string }
  /** Not of the harness: a notification that the agent sent to a webhook, named by the URL that was registered. */
  | { readonly kind: 'delivery'; readonly webhook: string };

/**
 * One operation on one interface, as on the wire. `outcome` is `ok` for a result, `error` for an answer that is an
 * error of the binding, `indefinite` where no complete answer came (the operation *may* have happened).
 */
export interface Exchange {
  /** Unique in a run: `x1`, `x2`, … in order of the request. */
  readonly id: string;
  /** Who speaks: one client connection identity; checks that need two clients name two actors. */
  readonly actor: string;
  readonly interface: InterfaceRef | null;
  readonly intent: Intent;
  readonly request: WireRequest;
  readonly response: WireResponse | null;
  /** Events of a stream; empty for a plain answer. */
  readonly events: readonly StreamEvent[];
  /** Who ended it: the server (clean end), the harness (`client`), a broken connection, or nobody in time. */
  readonly endedBy: 'server' | 'client' | 'broken' | 'deadline';
  readonly startedAt: Millis;
  readonly endedAt: Millis;
  readonly clock: string;
  readonly outcome: 'ok' | 'error' | 'indefinite';
  readonly failure?: WireFailure;
}

/**
 * A notification as the webhook receiver got it (§4.3.3): the agent is the client, the harness answers. `interface` is that of the
 * check that registered the webhook.
 */
export type WebhookDelivery = Exchange & { readonly intent: Extract<Intent, { readonly kind: 'delivery' }> };

/** Something that was broken on purpose, on the clock of the exchanges. */
export interface InjectedFault {
  /** `latency`, `kill`, … */
  readonly fault: string;
  /** What of the environment it was done to: `agent`, `registry`, or a link. */
  readonly target: string;
  readonly description: string;
  readonly plannedAt: Millis;
  /** When it had taken effect. */
  readonly injectedAt: Millis;
  /** When it began to be taken back (a killed process then still has to start); null where that failed. */
  readonly undoneAt: Millis | null;
  readonly clock: string;
}

/** Ordered exchanges of all actors (by `startedAt`), the notifications to webhooks, and what was broken meanwhile. */
export interface History {
  readonly exchanges: readonly Exchange[];
  /** By `startedAt`; absent where no webhook got anything. */
  readonly deliveries?: readonly WebhookDelivery[];
  /** By `injectedAt`; absent where nothing was broken. */
  readonly faults?: readonly InjectedFault[];
}

/** The first value of a header, by case-insensitive name. */
export function header(headers: Headers, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([key]) => key.toLowerCase() === wanted)?.[1];
}
