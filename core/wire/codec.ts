import type { ErrorName, PatchRelease } from '../../protocol/errors.ts';
import type { Binding, Operation } from '../../protocol/operations.ts';
import type { Exchange, Millis, StreamEvent } from '../history/exchange.ts';
import type { Reply } from './reply.ts';

/** What an answer says, member by member as received: nothing is repaired, for invariants to judge. */
export type Said =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly code: unknown; readonly message: unknown; readonly details: unknown }
  /** Sent where an answer is due, and neither. */
  | { readonly kind: 'other' };

/** One thing an agent sent where the binding wants a result or an error: a plain answer, or an event of a stream. */
export interface Answer {
  readonly exchange: Exchange;
  readonly source: 'body' | 'event';
  /** 0 for a body and for the first event. */
  readonly index: number;
  /** When it had arrived. */
  readonly at: Millis;
  readonly said: Said;
}

/** An operation and its request message, as a request says them. */
export interface AskedFor {
  readonly operation: Operation;
  readonly params: unknown;
}

/**
 * How one binding writes requests and answers: pure, over recorded exchanges. Whoever reads a history asks the codec of the
 * exchange's interface (`codecs.ts`) and knows no binding.
 */
export interface Codec {
  readonly binding: Binding;
  /** What a finished exchange says, leniently; a stream says what its first event says. */
  decodeReply(exchange: Exchange): Reply;
  /** What one event of a stream says. */
  decodeEvent(event: Pick<StreamEvent, 'data'>, status?: number): Reply;
  /** Whether an event says something of the operation: a keep-alive does not. */
  speaks(event: Pick<StreamEvent, 'data' | 'event'>): boolean;
  /** Everything that an exchange says; nothing where what came is no answer of the binding, but of something on the way. */
  answers(exchange: Exchange): readonly Answer[];
  /** What a request says, whether or not it was meant to; undefined where it can be read as none. */
  askedFor(exchange: Exchange): AskedFor | undefined;
  /** What is wrong with the way in which an operation was written down: the harness's own faults. */
  faultsOfRequest(exchange: Exchange): readonly string[];
  /** The codes of an error in this binding (§5.4, §9.5): in any patch, or in the one that is chosen. */
  codesOf(name: ErrorName, patch?: PatchRelease): readonly (number | string)[];
}

/** The outcome of an exchange that was answered. */
export const classifyBy =
  (codec: Codec) =>
  (exchange: Exchange): 'ok' | 'error' =>
    codec.decodeReply(exchange).kind === 'result' ? 'ok' : 'error';
