import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { encodeFrame } from '../../../core/wire/grpc/frames.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause, worst } from '../shared/refusal.ts';

interface Case {
  readonly violation: string;
  readonly answer: CallResult;
}

interface Observation {
  /** GetTask of an unknown task, before and after. */
  readonly good: readonly CallResult[];
  readonly noMessages: readonly Case[];
  readonly unknownMethod: CallResult;
}

/** Field 2 (`id`) whose length reaches beyond the end; a tag that no field may have; a varint that never ends. */
const noMessages: readonly (readonly [violation: string, hex: string])[] = [
  ['a field that is cut off', '127f61'],
  ['a field with the number 0', '020161'],
  ['a number that does not end', '12ffffffffffffffffffff'],
];

/** §10.1: what is asked is a message of the proto, for a method of the service. None of these requests can start work. */
export const grpcMalformed = defineCheck({
  id: 'grpc/malformed',
  title: 'Requests whose bytes are no message, and a method that there is not',
  requirements: ['grpc/invalid-message', 'grpc/unknown-method'],
  bindings: ['GRPC'],
  needs: [],

  async probe({ client, id }: ProbeContext): Promise<Observation> {
    const good = (): Promise<CallResult> => client.call('GetTask', { id: id('unknown') });
    const before = await good();
    const cases: Case[] = [];
    for (const [violation, hex] of noMessages) {
      const bytes = encodeFrame(Buffer.from(hex, 'hex'));
      cases.push({ violation, answer: await client.raw({ body: null, bytes, violation, operation: 'GetTask' }) });
    }
    const unknownMethod = await client.raw({
      body: null,
      bytes: encodeFrame(new Uint8Array()),
      path: '/lf.a2a.v1.A2AService/GauntletNoSuchMethod',
      violation: 'a method that the service does not have',
    });
    return { good: [before, await good()], noMessages: cases, unknownMethod };
  },

  judge({ good, noMessages: cases, unknownMethod }) {
    return {
      'grpc/invalid-message': worst(cases.map((one) => judgeRejected(one, good))),
      'grpc/unknown-method': judgeUnknown(unknownMethod, good),
    };
  },
});

const hint = 'run again; see --timeout and --bearer';

const isAnswered = ({ reply }: CallResult): boolean => reply.kind === 'result' || reply.kind === 'error';

/** Any rejection will do: libraries of gRPC have several statuses for it. */
function judgeRejected({ violation, answer }: Case, good: readonly CallResult[]): Judgement {
  const { reply, exchange } = answer;
  const evidence = [exchange, ...good.map((control) => control.exchange)];
  if (!good.every(isAnswered))
    return untested(`${violation}: the control failed, GetTask`, 'see the exchange of the control', ...evidence);
  const cause = otherCause(answer);
  if (cause !== undefined || reply.kind === 'malformed')
    return untested(`${violation}: ${cause ?? describeReply(reply)}`, hint, exchange);
  // A message that is taken for an empty one names no task, and there is none such: it was read all the same.
  if (reply.kind === 'error') return holds(`${violation} is rejected: ${describeReply(reply)}`, exchange);
  return violated({ reason: `${violation} is accepted`, expected: 'an error', actual: 'a result' }, ...evidence);
}

function judgeUnknown(answer: CallResult, good: readonly CallResult[]): Judgement {
  const { reply, exchange } = answer;
  const evidence = [exchange, ...good.map((control) => control.exchange)];
  if (!good.every(isAnswered))
    return untested('the control failed, GetTask', 'see the exchange of the control', ...evidence);
  const cause = otherCause(answer);
  if (cause !== undefined) return untested(cause, hint, exchange);
  if (reply.kind === 'error' && reply.error.code === 'UNIMPLEMENTED') return holds(describeReply(reply), exchange);
  // What a proxy says that has no such route; clients of gRPC read it as UNIMPLEMENTED (http-grpc-status-mapping).
  if (reply.kind === 'malformed' && reply.status === 404) return holds(describeReply(reply), exchange);
  return violated(
    {
      reason: 'a method that there is not is answered in another way',
      expected: 'UNIMPLEMENTED',
      actual: describeReply(reply),
    },
    ...evidence,
  );
}
