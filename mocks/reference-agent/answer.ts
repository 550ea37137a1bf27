import type { OperationError } from './errors.ts';
import type { HttpQuestion, ReplyContext } from './hooks.ts';
import type { OutputStream } from './streams.ts';
import type { OperationName } from './types.ts';

/** What stands between the HTTP server and a binding that speaks over it. */

/** A request with its whole body. */
export interface HttpRequest {
  readonly question: HttpQuestion;
  readonly body: Uint8Array;
}

/** A body as the binding's hook has left it: JSON, raw text, or no answer at all. */
export type Reply = object | string | 'hang' | 'reset';

/** What is to be sent. */
export type Answer =
  | {
      readonly kind: 'message';
      readonly status: number;
      /** Besides `Content-Type: application/json` and `Cache-Control: no-store`, or in place of them. */
      readonly headers: Readonly<Record<string, string>>;
      readonly value: object;
      /** The value after the binding's hook. */
      readonly reply: () => Reply;
      readonly context: ReplyContext;
    }
  /** Nothing is to be said. */
  | { readonly kind: 'nothing'; readonly context: ReplyContext }
  | {
      readonly kind: 'stream';
      readonly stream: OutputStream;
      /** What goes into the `data` of one server-sent event, after the binding's hooks. */
      readonly data: (event: object, index: number) => object | string;
      readonly context: ReplyContext;
    };

export interface HttpBinding {
  /** An error of HTTP's making (the size of a body) in the binding's form. */
  refuse(error: OperationError, question: HttpQuestion): Answer;
  handle(request: HttpRequest): Promise<Answer>;
}

/** What caches may do with a result where it is not the same as with all others: the extended card is for one client (§8.6). */
export const cachingOf = (operation: OperationName): Readonly<Record<string, string>> =>
  operation === 'GetExtendedAgentCard' ? { 'Cache-Control': 'private, max-age=60', Vary: 'Authorization' } : {};
