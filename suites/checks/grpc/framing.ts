import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { encodeFrame } from '../../../core/wire/grpc/frames.ts';
import { encodeMessage } from '../../../core/wire/grpc/protobuf.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause, worst } from '../shared/refusal.ts';

/** Milliseconds for an answer that a server may keep back until a message is whole, which it never is. */
const longestWaitMs = 1_000;

type Row = 'grpc/framing' | 'grpc/compression' | 'grpc/request-content-type';

interface Case {
  readonly row: Row;
  readonly violation: string;
  readonly expected: string;
  readonly bytes: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answered extends Pick<Case, 'row' | 'violation' | 'expected'> {
  readonly answer: CallResult;
}

interface Observation {
  /** ListTasks as it should be written, before and after: what is served. */
  readonly good: readonly CallResult[];
  readonly cases: readonly Answered[];
}

/** Each around a request that would be served: only a result tells that it was. */
function casesOf(): readonly Case[] {
  const list = encodeMessage('ListTasksRequest', { pageSize: 1 });
  const whole = encodeFrame(list);
  const framing = { row: 'grpc/framing', expected: 'an error, or a reset of the stream' } as const;
  return [
    { ...framing, violation: 'a message that ends before its length', bytes: encodeFrame(list, 0, list.length + 9) },
    { ...framing, violation: 'a message that ends within its prefix', bytes: whole.subarray(0, 3) },
    {
      row: 'grpc/compression',
      violation: 'a message that is called compressed, without grpc-encoding',
      expected: 'INTERNAL',
      bytes: encodeFrame(list, 1),
    },
    {
      row: 'grpc/compression',
      violation: 'a message compressed in a way that there is not',
      expected: 'UNIMPLEMENTED',
      bytes: encodeFrame(list, 1),
      headers: { 'grpc-encoding': 'gauntlet' },
    },
    {
      row: 'grpc/request-content-type',
      violation: 'a request of content-type text/plain',
      expected: 'HTTP 415',
      bytes: whole,
      headers: { 'content-type': 'text/plain' },
    },
  ];
}

/** gRPC over HTTP/2, which §10.1 names: what is no request of it is not served as one. None of these can start work. */
export const grpcFraming = defineCheck({
  id: 'grpc/framing',
  title: 'Messages that are cut off or wrongly compressed, and requests of another type',
  requirements: ['grpc/framing', 'grpc/compression', 'grpc/request-content-type'],
  bindings: ['GRPC'],
  needs: [],
  // What an agent does not survive is for robustness/bad-input to find first.
  exclusive: true,

  async probe({ client, deadlines }: ProbeContext): Promise<Observation> {
    const good = (): Promise<CallResult> => client.call('ListTasks', { pageSize: 1 });
    const before = await good();
    // Side by side: a server may wait for the rest of a message, need not be waited for, and should not be waited for twice.
    const cases = await Promise.all(
      casesOf().map(async ({ bytes, headers = {}, ...one }): Promise<Answered> => {
        const options = { headers, timeoutMs: Math.min(deadlines.graceMs, longestWaitMs) };
        const { violation } = one;
        return {
          ...one,
          answer: await client.raw({ body: null, bytes, violation, operation: 'ListTasks' }, options),
        };
      }),
    );
    return { good: [before, await good()], cases };
  },

  judge({ good, cases }) {
    const of = (row: Row): Judgement =>
      worst(cases.filter((one) => one.row === row).map((one) => judgeRefused(one, good)));
    return {
      'grpc/framing': of('grpc/framing'),
      'grpc/compression': of('grpc/compression'),
      'grpc/request-content-type': of('grpc/request-content-type'),
    };
  },
});

/** Libraries of gRPC have several ways to refuse, a reset among them. */
function judgeRefused({ violation, expected, answer }: Answered, good: readonly CallResult[]): Judgement {
  const { reply, exchange } = answer;
  const evidence = [exchange, ...good.map((control) => control.exchange)];
  if (!good.every((control) => control.reply.kind === 'result'))
    return untested(`${violation}: the control failed, ListTasks`, 'see the exchange of the control', ...evidence);
  if (reply.kind === 'result') {
    return violated({ reason: `${violation} is served as ListTasks is`, expected, actual: 'a result' }, ...evidence);
  }
  const reset = reply.kind === 'none' && reply.failure.kind === 'reset';
  const cause = reset ? undefined : otherCause(answer);
  if (cause !== undefined) return untested(`${violation}: ${cause}`, 'run again; see --timeout and --bearer', exchange);
  return holds(`${violation} is refused: ${describeReply(reply)}`, exchange);
}
