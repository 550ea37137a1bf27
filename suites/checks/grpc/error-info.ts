import { defineCheck } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { untested } from '../../../core/findings/judgement.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { grpcStatusesOf } from '../../../protocol/errors.ts';
import { askForErrors, judgeErrorInfo, type ErrorReading } from '../shared/error-info.ts';

const reading: ErrorReading = {
  detailsOf({ expected, answer: { reply } }) {
    const codes: readonly unknown[] = grpcStatusesOf(expected);
    return reply.kind === 'error' && codes.includes(reply.error.code) ? { details: reply.error.details } : undefined;
  },
  // A server that lacks the method says so in the same way, and without details.
  excuse: ({ what, answer: { reply, exchange } }) =>
    reply.kind === 'error' && reply.error.code === 'UNIMPLEMENTED'
      ? untested(`${what}: ${describeReply(reply)}`, 'see grpc/methods', exchange)
      : undefined,
};

/** §10.6: a status is shared by errors of several types, so that each names itself. */
export const grpcErrorInfo = defineCheck({
  id: 'grpc/error-info',
  title: 'Errors of A2A name themselves by google.rpc.ErrorInfo in the details of their status',
  requirements: ['grpc/error-info'],
  bindings: ['GRPC'],
  needs: [needsStimulus('completes')],
  probe: askForErrors,
  judge: (observation) => ({ 'grpc/error-info': judgeErrorInfo(observation, reading) }),
});
