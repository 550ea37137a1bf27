import type { ErrorName } from '../../protocol/errors.ts';
import type { WireFailure } from '../history/exchange.ts';

/** An error of the protocol, independent of the binding. */
export interface ProtocolError {
  /** The table's name of the error; undefined for a code in no table, and for one that several errors share. */
  readonly name: ErrorName | undefined;
  /** Where several errors share the code and the answer names none of them: those it may be. */
  readonly possible?: readonly ErrorName[];
  /** JSON-RPC code, HTTP status or gRPC code as received. */
  readonly code: number | string;
  readonly message: string;
  /** Details as received (`error.data` on JSON-RPC); undefined where absent. */
  readonly details: unknown;
}

/** What an exchange (or one event of a stream) says, decoded purely from the wire. */
export type Reply =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: ProtocolError }
  /** Answered, but not by the rules of the binding (no JSON, no envelope, HTTP error page). */
  | { readonly kind: 'malformed'; readonly why: string; readonly status: number }
  /** No complete answer: the operation may have happened. */
  | { readonly kind: 'none'; readonly failure: WireFailure };

const anonymous = ({ possible = [] }: ProtocolError): string =>
  possible.length === 0 ? 'an unlisted error' : 'an error that it does not name';

/** Whether an error is, or may be, the named one. */
export const mayBe = ({ name, possible = [] }: ProtocolError, wanted: ErrorName): boolean =>
  name === wanted || possible.includes(wanted);

/** One line for a report: `result`, `TaskNotFoundError (-32001): …`, `no answer: timeout …`. */
export function describeReply(reply: Reply): string {
  switch (reply.kind) {
    case 'result':
      return 'a result';
    case 'error':
      return `${reply.error.name ?? anonymous(reply.error)} (${reply.error.code}): ${reply.error.message}`;
    case 'malformed':
      return `no valid answer (HTTP ${reply.status}): ${reply.why}`;
    case 'none':
      return `no answer: ${reply.failure.kind} (${reply.failure.message})`;
  }
}
