import { a2aErrors, type ErrorName } from '../../../protocol/errors.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import type { CallResult, StreamHandle } from '../../../core/wire/binding-client.ts';
import { answerStatus, describeStatus } from '../../../core/wire/answer-status.ts';
import { codecOf } from '../../../core/wire/codecs.ts';
import { describeReply, mayBe } from '../../../core/wire/reply.ts';
import type { Operation } from '../../../protocol/operations.ts';

/** What a request that must be refused got, and what is known of why. */
export interface Refusal {
  /** What was asked, for the report: `GetTask of an unknown id`. */
  readonly what: string;
  readonly answer: CallResult;
  readonly expected: ErrorName;
  /** The same kind of call where it should succeed; `ok` says whether it did. */
  readonly control: Control;
  /** Errors that another reading of the text allows. */
  readonly tolerated?: readonly { readonly errors: readonly ErrorName[]; readonly readings: Readings }[];
  /** How an answer without any error is judged; by default it is violated. */
  readonly accepted?: (answer: CallResult) => Judgement | undefined;
}

export type Readings = readonly [string, string, ...string[]];

/** The positive control: without it no wrong answer proves anything. */
export interface Control {
  readonly what: string;
  readonly ok: boolean;
  readonly results: readonly CallResult[];
}

/** A control of calls that all have to give a result. */
export const control = (what: string, ...results: CallResult[]): Control => ({
  what,
  ok: results.length > 0 && results.every(({ reply }) => reply.kind === 'result'),
  results,
});

/** An error with its code in the binding of an exchange: `TaskNotFoundError (-32001)`, `TaskNotFoundError (404)`. */
export function errorLabel(name: ErrorName, exchange: Pick<Exchange, 'interface'>): string {
  const codes = codecOf(exchange)?.codesOf(name) ?? [];
  return codes.length === 0 ? name : `${name} (${codes.join(' or ')})`;
}

/** Answers (in terms of HTTP) of the way to the agent, not of the agent: overload, gateways, authentication. */
const otherCauses: ReadonlyMap<number, string> = new Map([
  [401, 'authentication'],
  [403, 'authorization'],
  [407, 'proxy authentication'],
  [429, 'rate limiting'],
  [499, 'a cancellation'],
  [502, 'a gateway'],
  [503, 'unavailability'],
  [504, 'a gateway timeout'],
]);

/** What a limit or an overload says of itself, in words or as a detail of google.rpc (§3.3.2, §13.4). */
const limits =
  /\b(?:too many|rate[ -]?limit|throttl|quota|limit (?:is )?(?:exceeded|reached)|overload|busy|try again)|rpc\.(?:RetryInfo|QuotaFailure)\b/i;

/**
 * Whether a system error says that it is about a limit: a load that the agent does not take now, not this request. An error of
 * the tables that speaks of the request is none, whatever its words.
 */
export function namesLimit({ reply }: CallResult): boolean {
  if (reply.kind !== 'error') return false;
  const { name, message, details } = reply.error;
  return (name === undefined || name === 'InternalError') && limits.test(`${message} ${JSON.stringify(details) ?? ''}`);
}

/** Operations after which the same request meets another state. */
const changing: ReadonlySet<Operation> = new Set([
  'SendMessage',
  'CancelTask',
  'CreateTaskPushNotificationConfig',
  'DeleteTaskPushNotificationConfig',
]);

/**
 * An error that may tell of what the same request had done when its answer was lost. Not one that came again and again: that is
 * how the request is answered.
 */
const mayTellOfFirst = ({ repeated, reply, exchange: { intent } }: CallResult): boolean =>
  repeated === true &&
  reply.kind === 'error' &&
  reply.error.name !== undefined &&
  reply.error.name !== 'InternalError' &&
  intent.kind === 'operation' &&
  changing.has(intent.operation);

/** Why an answer says nothing of the request's own fault: none came, or something else refused it. */
export function otherCause(answer: CallResult): string | undefined {
  const { reply, exchange } = answer;
  if (reply.kind === 'none') return describeReply(reply);
  if (namesLimit(answer)) return `a limit of the agent: ${describeReply(reply)}`;
  if (mayTellOfFirst(answer)) return `what was asked may have been done before, unanswered: ${describeReply(reply)}`;
  const cause = otherCauses.get(answerStatus(exchange));
  // An error of the table is the agent's own word, whatever its HTTP status; but -32603 is how a rate limit or an
  // unavailable service is told in JSON-RPC, too (§3.3.2, system errors).
  const own = reply.kind === 'error' && reply.error.name !== undefined && reply.error.name !== 'InternalError';
  if (cause === undefined || own) return undefined;
  return `${describeStatus(exchange)} looks like ${cause}`;
}

/** Statuses of what is not taken at all now, whoever asks. */
const notTaken: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Why a request was not taken up: silence, a limit, a gateway; what the agent refuses somebody is none of these. */
export function notTakenCause(answer: CallResult): string | undefined {
  const { reply, exchange } = answer;
  const isLimit = namesLimit(answer) || notTaken.has(answerStatus(exchange));
  return reply.kind === 'none' || isLimit ? otherCause(answer) : undefined;
}

/** Judges the answer to a request that the text wants refused with one error. */
export function judgeRefusal(refusal: Refusal): Judgement {
  const { what, answer, expected, control: proof, tolerated = [], accepted } = refusal;
  const { reply, exchange } = answer;
  const evidence = [exchange, ...proof.results.map((result) => result.exchange)];
  if (!proof.ok) {
    return untested(`the control failed: ${proof.what}`, 'see the exchange of the control', ...evidence);
  }
  if (reply.kind === 'error' && reply.error.name === expected)
    return holds(`${what}: ${errorLabel(expected, exchange)}`, exchange);
  const cause = otherCause(answer);
  if (cause !== undefined) return untested(`${what}: ${cause}`, 'run again; see --timeout and --bearer', ...evidence);
  const wrong = violated(
    {
      reason: reply.kind === 'result' ? `${what}: accepted` : `${what}: refused, but in another way`,
      expected: errorLabel(expected, exchange),
      actual: describeReply(reply),
    },
    ...evidence,
  );
  if (reply.kind === 'result') return accepted?.(answer) ?? wrong;
  if (isUnnamed(answer, expected)) {
    // Validation has no error of A2A's own, and needs no name.
    if (!(expected in a2aErrors)) return holds(`${what}: ${describeReply(reply)}`, exchange);
    return untested(
      `${what}: the answer has the code of ${expected} and does not name it: ${describeReply(reply)}`,
      'name errors by their ErrorInfo (§10.6, §11.6): see the rows …/error-info of the binding',
      ...evidence,
    );
  }
  const other = tolerated.find(({ errors }) => errors.some((name) => mayStandFor(answer, name)));
  return other ? ambiguous(`${what}: ${describeReply(reply)}`, other.readings, ...evidence) : wrong;
}

/**
 * Whether an answer has the code of an error and leaves open which one it is: a status of HTTP that several errors share, or a
 * page of a web server under it.
 */
function isUnnamed({ reply, exchange }: CallResult, expected: ErrorName): boolean {
  if (reply.kind === 'error') return reply.error.name === undefined && mayBe(reply.error, expected);
  const { status = 0 } = exchange.response ?? {};
  return reply.kind === 'malformed' && (codecOf(exchange)?.codesOf(expected) ?? []).includes(status);
}

/** Statuses of a web server for what it does not have. */
const noRoute: ReadonlySet<number> = new Set([404, 405, 501]);

/** Whether an answer is, or may be, an error; a route that is not there is a method that is not there. */
export function mayStandFor({ reply, exchange }: CallResult, name: ErrorName): boolean {
  if (reply.kind === 'error' && mayBe(reply.error, name)) return true;
  return (
    name === 'MethodNotFoundError' &&
    (reply.kind === 'malformed' || (reply.kind === 'error' && reply.error.name === undefined)) &&
    exchange.interface?.binding === 'HTTP+JSON' &&
    noRoute.has(exchange.response?.status ?? 0)
  );
}

/** Errors that deny the operation itself, which other rows speak of: they say nothing of the task that was named. */
export const noSuchOperation = (operation: string, section: string): NonNullable<Refusal['tolerated']> => [
  {
    errors: ['MethodNotFoundError'],
    readings: [`${section}: the error for this cause`, `§9.5: the agent has no ${operation} at all`],
  },
];

/** How many further instances a reason names. */
const namedAlike = 7;

/**
 * The worst of several judgements of one row; `untested` and `skip` give way to any measurement. What else is as bad is
 * named in the reason, so that one run tells all of it.
 */
export function worst(judgements: readonly Judgement[]): Judgement {
  const order: readonly Judgement['kind'][] = ['violated', 'ambiguous', 'holds', 'untested', 'skip'];
  const [first, ...others] = judgements.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  if (!first) return untested('no instance of it was seen', 'name more stimuli: --stimuli <file>');
  if (first.kind !== 'violated' && first.kind !== 'ambiguous') return first;
  const alike = others.filter(({ kind }) => kind === first.kind).map(({ reason }) => reason);
  const more = alike.length > namedAlike ? [`and ${alike.length - namedAlike} more`] : [];
  return { ...first, reason: [first.reason, ...alike.slice(0, namedAlike), ...more].join('; ') };
}

/**
 * The answer of a stream request that should be refused: the refusal (plain, or the first event of a stream), or the
 * first event where a stream was opened. Reads no further than that, and closes.
 */
export async function refusalOf(handle: StreamHandle, milliseconds: number): Promise<CallResult> {
  const first = await handle.next(() => true, milliseconds);
  handle.close();
  const { exchange, events, reply } = await handle.done;
  const shown = reply ?? first?.reply ?? events[0]?.reply;
  if (shown !== undefined) return { exchange, reply: shown };
  const failure = exchange.failure ?? { kind: 'other', message: 'a stream without any event' };
  return { exchange, reply: { kind: 'none', failure } };
}
