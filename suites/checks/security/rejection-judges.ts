import { ambiguous, holds, skip, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { header } from '../../../core/history/exchange.ts';
import { answerStatus, describeStatus } from '../../../core/wire/answer-status.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isConfirmed } from '../push/configuration.ts';
import { otherCause } from '../shared/refusal.ts';

/** Judges of what an agent says to whom it does not know (§3.3.2, §7.4). */

/** A request without valid credentials, and what it got. */
export interface Stranger {
  /** `GetTask without credentials` */
  readonly what: string;
  readonly answer: CallResult;
  /** The same call as the user of the run. */
  readonly control: CallResult;
  /** Of the user's and none of the card's credentials (header fields, a certificate): the agent may know its caller by them. */
  readonly others: readonly string[];
  /** Where it was served with those: the same without them. */
  readonly bare: CallResult | null;
}

export const isDeletion = ({ exchange: { intent } }: CallResult): boolean =>
  intent.kind === 'operation' && intent.operation === 'DeleteTaskPushNotificationConfig';

/** Did what it was asked; a deletion may be confirmed without any body, but not by a page. */
export const wasServed = (answer: CallResult): boolean =>
  answer.reply.kind === 'result' ||
  (isDeletion(answer) && isConfirmed(answer) && answer.exchange.response?.body === '');

/** Statuses that speak of the caller: authentication, authorization, that of a proxy. */
const ofCaller: ReadonlySet<number> = new Set([401, 403, 407]);

const speaksOfCaller = ({ exchange }: CallResult): boolean => ofCaller.has(answerStatus(exchange));

/** A client certificate was not shown, and the TLS connection not made: nothing of the binding was reached. */
export const refusedInHandshake = ({ reply }: CallResult): boolean =>
  reply.kind === 'none' && reply.failure.kind === 'tls';

/** Why an answer says nothing of the credentials: none came, a limit, a gateway. */
export function unrelated(answer: CallResult): string | undefined {
  const { reply, exchange } = answer;
  if (wasServed(answer) || speaksOfCaller(answer) || refusedInHandshake(answer)) return undefined;
  const status = answerStatus(exchange);
  if (reply.kind === 'none' || status === 429 || status >= 500) return describeReply(reply);
  return otherCause(answer);
}

const hint = 'run again; see --timeout, --bearer and --header';

const looked = [
  '§3.3.2: it was rejected, whatever the error says',
  '§7.4, §13.1: this error is about the task: the request was looked at before anybody asked who sent it',
] as const;

const errorOf = ({ reply }: CallResult): string | undefined => (reply.kind === 'error' ? reply.error.name : undefined);

/** Errors that only somebody who has looked at the task can give. */
const aboutTask: ReadonlySet<string | undefined> = new Set(['TaskNotCancelableError', 'UnsupportedOperationError']);

/**
 * @param proven the user of the run was served before and after
 * @param credentials whether it carried some that have to have been looked at
 */
export function judgeStranger(
  { what, answer, control, others, bare }: Stranger,
  proven: boolean,
  credentials = false,
): Judgement {
  const { reply, exchange } = answer;
  if (wasServed(answer)) {
    if (others.length > 0 && (bare === null || !wasServed(bare))) {
      return untested(
        `${what} is served, but it carried what else the user sends: ${others.join(', ')}`,
        'leave it out, where it is no credential: --header, --cert',
        exchange,
      );
    }
    return violated(
      {
        reason: `${what} is served`,
        expected: 'a rejection (HTTP 401, gRPC UNAUTHENTICATED, or an error of the binding)',
        actual: 'a result',
      },
      ...(bare === null ? [] : [bare.exchange]),
      exchange,
      control.exchange,
    );
  }
  if (!proven)
    return untested(
      `${what}: the control failed, the same with the credentials of the run`,
      hint,
      exchange,
      control.exchange,
    );
  const cause = unrelated(answer);
  if (cause !== undefined) return untested(`${what}: ${cause}`, hint, exchange);
  if (credentials && refusedInHandshake(answer)) {
    return untested(
      `${what} is rejected in the handshake of TLS, for want of a certificate: the credentials were not looked at`,
      'where a certificate alone is enough, nothing else is looked at',
      exchange,
    );
  }
  if (aboutTask.has(errorOf(answer))) return ambiguous(`${what}: ${describeReply(reply)}`, looked, exchange);
  return holds(`${what} is rejected: ${describeReply(reply)}`, exchange);
}

const rejectedNone = (what: string, ...evidence: CallResult['exchange'][]): Judgement =>
  untested(
    `${what} was not rejected`,
    'see errors/authentication-missing and errors/authentication-invalid',
    ...evidence,
  );

const beforeBinding = skip('rejected in the handshake of TLS, before anything of the binding');

const wasRejected = (answer: CallResult): boolean => !wasServed(answer) && unrelated(answer) === undefined;

/** §7.4: the code is one of the binding's own for authentication; JSON-RPC has none, so any that is in no table will do. */
export function judgeCode({ what, answer }: Stranger): Judgement {
  const { reply, exchange } = answer;
  if (!wasRejected(answer)) return rejectedNone(what, exchange);
  if (refusedInHandshake(answer)) return beforeBinding;
  const custom = exchange.interface?.binding === 'JSONRPC' && reply.kind === 'error' && reply.error.name === undefined;
  if (speaksOfCaller(answer) || custom)
    return holds(`${what}: ${describeStatus(exchange)}, ${describeReply(reply)}`, exchange);
  return violated(
    {
      reason: `${what} is rejected as if for another cause`,
      expected: 'HTTP 401 or 403, gRPC UNAUTHENTICATED or PERMISSION_DENIED, an error code of its own on JSON-RPC',
      actual: `${describeStatus(exchange)}; ${describeReply(reply)}`,
    },
    exchange,
  );
}

/** §3.3.2, §7.4: how to authenticate. */
export function judgeChallenge({ what, answer }: Stranger): Judgement {
  const { exchange, reply } = answer;
  if (!wasRejected(answer)) return rejectedNone(what, exchange);
  if (refusedInHandshake(answer)) return beforeBinding;
  const { headers = [], trailers = [] } = exchange.response ?? {};
  const challenge = header([...headers, ...trailers], 'WWW-Authenticate');
  if (challenge) return holds(`WWW-Authenticate: ${challenge}`, exchange);
  // §3.3.2 does not say where: the words of the error will do.
  const scheme = /\b(?:bearer|basic|digest|api[ _-]?key|oauth ?2?|openid)\b/i.exec(exchange.response?.body ?? '')?.[0];
  if (scheme !== undefined) return holds(`the error names a scheme: ${scheme}`, exchange);
  return violated(
    {
      reason: `${what}: the rejection does not say how to authenticate`,
      expected: 'a challenge that names the scheme (WWW-Authenticate, or the error itself)',
      actual: `${describeStatus(exchange)} without WWW-Authenticate; ${describeReply(reply)}`,
    },
    exchange,
  );
}
