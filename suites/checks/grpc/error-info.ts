import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { isObject } from '../../../core/invariants/json.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { a2aErrors, errorInfosIn, grpcStatusesOf, type A2AErrorName } from '../../../protocol/errors.ts';
import { excerpt } from '../../../protocol/schemas/problem.ts';
import { otherCause, worst } from '../shared/refusal.ts';
import { similarId } from '../shared/similar-id.ts';

/** A request whose error is known beforehand. */
interface Case {
  readonly what: string;
  readonly expected: A2AErrorName;
  readonly answer: CallResult;
}

interface Observation {
  /** GetTask of the known task, before and after. */
  readonly known: readonly CallResult[];
  readonly cases: readonly Case[];
}

/** §10.6: a status is shared by errors of several types, so that each names itself. */
export const grpcErrorInfo = defineCheck({
  id: 'grpc/error-info',
  title: 'Errors of A2A name themselves by google.rpc.ErrorInfo in the details of their status',
  requirements: ['grpc/error-info'],
  bindings: ['GRPC'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, random } = context;
    const { id } = context.taskOf(await context.send('completes'));
    const get = (options = {}): Promise<CallResult> => client.call('GetTask', { id }, options);
    const before = await get();
    const cases: readonly Case[] = [
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
  },

  judge({ known, cases }) {
    return { 'grpc/error-info': worst(cases.map((one) => judgeCase(one, known))) };
  },
});

const hint = 'run again; see --timeout and --bearer';

/** Another error than the expected one is for other rows: here only what has the right status, and does not say its name. */
function judgeCase({ what, expected, answer }: Case, known: readonly CallResult[]): Judgement {
  const { reply, exchange } = answer;
  const evidence = [exchange, ...known.map((control) => control.exchange)];
  if (!known.every((control) => control.reply.kind === 'result'))
    return untested(`${what}: the control failed, GetTask`, 'see the exchange of the control', ...evidence);
  const cause = otherCause(answer);
  const codes: readonly unknown[] = grpcStatusesOf(expected);
  if (cause !== undefined || reply.kind !== 'error' || !codes.includes(reply.error.code))
    return untested(`${what}: ${cause ?? describeReply(reply)}`, hint, exchange);
  const { details, name } = reply.error;
  const { reason } = a2aErrors[expected];
  if (errorInfosIn(details).some((info) => info['reason'] === reason))
    return holds(`${what}: ErrorInfo ${reason}`, exchange);
  if (name !== undefined && name !== expected)
    return untested(`${what}: another error: ${describeReply(reply)}`, 'see the rows of errors', exchange);
  // A server that lacks the method says so in the same way, and without details.
  if (reply.error.code === 'UNIMPLEMENTED')
    return untested(`${what}: ${describeReply(reply)}`, 'see grpc/methods', exchange);
  const like = (Array.isArray(details) ? details : []).find(
    (detail) => isObject(detail) && ('reason' in detail || 'domain' in detail),
  );
  return violated(
    {
      reason: `${what}: the error does not name itself`,
      expected: `details with ErrorInfo, reason ${reason}, domain a2a-protocol.org`,
      actual: like === undefined ? `${describeReply(reply)}, without ErrorInfo` : excerpt(like),
    },
    ...evidence,
  );
}
