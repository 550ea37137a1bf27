import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { isObject, parseJson } from '../../../core/invariants/json.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { readErrorBody } from '../../../core/wire/http-json/error-body.ts';
import { mediaType } from '../../../core/wire/http/event-stream.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { a2aErrors, errorInfosIn, httpStatusesOf, type A2AErrorName } from '../../../protocol/errors.ts';
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

/** §11.6: a status is shared by errors of several types, so that each names itself. */
export const errorInfo = defineCheck({
  id: 'http-json/error-info',
  title: 'Errors of A2A name themselves by google.rpc.ErrorInfo',
  requirements: ['http-json/error-info'],
  bindings: ['HTTP+JSON'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, random } = context;
    const { id } = context.taskOf(await context.send('completes'));
    const unknown = similarId(id, random);
    const get = (options = {}): Promise<CallResult> => client.call('GetTask', { id }, options);
    const before = await get();
    const cases: readonly Case[] = [
      {
        what: 'GetTask of an unknown task',
        expected: 'TaskNotFoundError',
        answer: await client.call('GetTask', { id: unknown }),
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
    return { 'http-json/error-info': worst(cases.map((one) => judgeCase(one, known))) };
  },
});

const hint = 'run again; see --timeout and --bearer';

/** Another error than the expected one is for other rows: here only what has the right status, and does not say its name. */
function judgeCase({ what, expected, answer }: Case, known: readonly CallResult[]): Judgement {
  const { reply, exchange } = answer;
  const { response } = exchange;
  const evidence = [exchange, ...known.map((control) => control.exchange)];
  if (!known.every((control) => control.reply.kind === 'result'))
    return untested(`${what}: the control failed, GetTask`, 'see the exchange of the control', ...evidence);
  const error = response && readErrorBody(parseJson(response.body.replace(/^\uFEFF/, '')), mediaType(exchange));
  const cause = otherCause(answer);
  if (cause !== undefined || !response || !error || !httpStatusesOf(expected).includes(response.status))
    return untested(`${what}: ${cause ?? describeReply(reply)}`, hint, exchange);
  const { reason } = a2aErrors[expected];
  const infos = errorInfosIn(error.details);
  if (infos.some((info) => info['reason'] === reason)) return holds(`${what}: ErrorInfo ${reason}`, exchange);
  if (reply.kind === 'error' && reply.error.name !== undefined && reply.error.name !== expected)
    return untested(`${what}: another error: ${describeReply(reply)}`, 'see the rows of errors', exchange);
  const details = Array.isArray(error.details) ? error.details : [];
  const like = details.find((detail) => isObject(detail) && ('reason' in detail || 'domain' in detail));
  const actual = like === undefined ? 'no ErrorInfo' : excerpt(like);
  if (error.form === 'problem') {
    return ambiguous(
      `${what}: the error is written as problem+json, without ErrorInfo`,
      ['§11.6: A2A errors MUST carry google.rpc.ErrorInfo', '§6.4 and §6.5 show errors as application/problem+json'],
      ...evidence,
    );
  }
  return violated(
    {
      reason: `${what}: the error does not name itself`,
      expected: `ErrorInfo with reason ${reason} and domain a2a-protocol.org`,
      actual,
    },
    ...evidence,
  );
}
