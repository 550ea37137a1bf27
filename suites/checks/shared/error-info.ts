import type { ProbeContext } from '../../../core/engine/check.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { isObject } from '../../../core/invariants/json.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { a2aErrors, errorInfosIn, type A2AErrorName } from '../../../protocol/errors.ts';
import { excerpt } from '../../../protocol/schemas/problem.ts';
import { otherCause, worst } from './refusal.ts';
import { similarId } from './similar-id.ts';

/** A request whose error is known beforehand. */
export interface KnownError {
  readonly what: string;
  readonly expected: A2AErrorName;
  readonly answer: CallResult;
}

export interface KnownErrors {
  /** GetTask of the known task, before and after. */
  readonly known: readonly CallResult[];
  readonly cases: readonly KnownError[];
}

/** Three errors of A2A that any agent has. */
export async function askForErrors(context: ProbeContext): Promise<KnownErrors> {
  const { client, random } = context;
  const { id } = context.taskOf(await context.send('completes'));
  const get = (options = {}): Promise<CallResult> => client.call('GetTask', { id }, options);
  const before = await get();
  const cases: readonly KnownError[] = [
    {
      what: 'GetTask of an unknown task',
      expected: 'TaskNotFoundError',
      answer: await client.call('GetTask', { id: similarId(id, random) }),
    },
    {
      what: 'CancelTask of a task that has ended',
      expected: 'TaskNotCancelableError',
      answer: await client.call('CancelTask', { id }),
    },
    {
      what: 'A2A-Version: 99.0',
      expected: 'VersionNotSupportedError',
      answer: await get({ headers: { 'A2A-Version': '99.0' } }),
    },
  ];
  return { known: [before, await get()], cases };
}

/** What a binding knows of the errors that it carries. */
export interface ErrorReading {
  /** The details of an answer that has the status of the expected error; undefined where it has not. */
  detailsOf(one: KnownError): { readonly details: unknown } | undefined;
  /** Why an error without ErrorInfo is none of this row's affair, or one of two readings. */
  excuse(one: KnownError, evidence: readonly Exchange[]): Judgement | undefined;
}

/** Whether each error names itself by google.rpc.ErrorInfo (§10.6, §11.6): a status is shared by errors of several types. */
export const judgeErrorInfo = ({ known, cases }: KnownErrors, reading: ErrorReading): Judgement =>
  worst(cases.map((one) => judgeCase(one, known, reading)));

const hint = 'run again; see --timeout and --bearer';

/** Another error than the expected one is for other rows: here only what has the right status, and does not say its name. */
function judgeCase(one: KnownError, known: readonly CallResult[], reading: ErrorReading): Judgement {
  const { what, expected, answer } = one;
  const { reply, exchange } = answer;
  const evidence = [exchange, ...known.map((control) => control.exchange)];
  if (!known.every((control) => control.reply.kind === 'result'))
    return untested(`${what}: the control failed, GetTask`, 'see the exchange of the control', ...evidence);
  const cause = otherCause(answer);
  const found = reading.detailsOf(one);
  if (cause !== undefined || found === undefined)
    return untested(`${what}: ${cause ?? describeReply(reply)}`, hint, exchange);
  const { reason } = a2aErrors[expected];
  if (errorInfosIn(found.details).some((info) => info['reason'] === reason))
    return holds(`${what}: ErrorInfo ${reason}`, exchange);
  if (reply.kind === 'error' && reply.error.name !== undefined && reply.error.name !== expected)
    return untested(`${what}: another error: ${describeReply(reply)}`, 'see the rows of errors', exchange);
  const excuse = reading.excuse(one, evidence);
  if (excuse !== undefined) return excuse;
  const like = (Array.isArray(found.details) ? found.details : []).find(
    (detail) => isObject(detail) && ('reason' in detail || 'domain' in detail),
  );
  return violated(
    {
      reason: `${what}: the error does not name itself`,
      expected: `ErrorInfo with reason ${reason} and domain a2a-protocol.org`,
      actual: like === undefined ? `${describeReply(reply)}, without ErrorInfo` : excerpt(like),
    },
    ...evidence,
  );
}
