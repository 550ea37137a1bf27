import { responseMessages } from '../../protocol/operation-messages.ts';
import { isStreaming, operations, type Operation } from '../../protocol/operations.ts';
import { header, type Exchange, type History } from '../history/exchange.ts';
import type { Capabilities } from '../target/target.ts';
import { codecs } from '../wire/codecs.ts';
import { decodeReply, isGrpcType, responseName } from '../wire/grpc/decode.ts';
import { statusEvent } from '../wire/grpc/grpc-exchange.ts';
import { readFrames } from '../wire/grpc/frames.ts';
import { decodeMessage } from '../wire/grpc/protobuf.ts';
import { statusJson, statusOf } from '../wire/grpc/status.ts';
import { mediaType, operationOf } from '../wire/http/event-stream.ts';
import { defineInvariant } from './invariant.ts';
import { judgeInstances, type Defect, type Instance } from './tally.ts';

const hint = 'the interface answered nothing over gRPC; see --timeout and --bearer';

const codec = codecs.get('GRPC')!;

/** Exchanges that were answered in the terms of gRPC, or nearly. */
const answered = ({ exchanges }: History): readonly Exchange[] =>
  exchanges.filter((exchange) => codec.answers(exchange).length > 0);

const instances = (
  exchanges: readonly Exchange[],
  defectOf: (exchange: Exchange) => Defect | undefined,
): readonly Instance[] => exchanges.map((exchange) => ({ exchanges: [exchange], defect: defectOf(exchange) }));

function otherType(exchange: Exchange): Defect | undefined {
  const { status } = exchange.response!;
  if (status === 200 && isGrpcType(exchange)) return undefined;
  return {
    expected: 'HTTP 200, content-type application/grpc',
    actual: `HTTP ${status}, content-type ${mediaType(exchange) ?? 'absent'}`,
  };
}

/** Of calls that the server ended: one that was left by the client has no end. */
function noStatus({ response }: Exchange): Defect | undefined {
  const expected = 'grpc-status with a number from 0 to 16';
  const status = statusOf(response!);
  if (status === undefined) return { expected, actual: 'no grpc-status' };
  return status.name === undefined ? { expected, actual: `grpc-status ${JSON.stringify(status.text)}` } : undefined;
}

/** What is wrong with the bytes of one message. */
function wrongBytes(operation: Operation, message: Uint8Array): string | undefined {
  const name = responseName(operation);
  const decoded = decodeMessage(name, message);
  return 'why' in decoded ? decoded.why : decoded.faults[0] === undefined ? undefined : `${name}: ${decoded.faults[0]}`;
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'base64');

/** Every message of a stream, or what a call that ended well has for its one. */
function messageInstances(exchange: Exchange): readonly Instance[] {
  const operation = operationOf(exchange)!;
  const expected = `a message ${responseMessages[operation] ?? 'google.protobuf.Empty'}`;
  const instance = (actual: string | undefined): Instance => ({
    exchanges: [exchange],
    defect: actual === undefined ? undefined : { expected, actual },
  });
  const { events, response } = exchange;
  if (isStreaming(operation)) {
    return events.flatMap(({ bytes, event }, index) => {
      if (event === statusEvent || bytes === undefined) return [];
      const wrong = event === 'compressed' ? 'a compressed one, although none was asked for' : undefined;
      const actual = wrong ?? wrongBytes(operation, bytesOf(bytes));
      return [instance(actual === undefined ? undefined : `event ${index}: ${actual}`)];
    });
  }
  const reply = decodeReply(exchange);
  if (statusOf(response!)?.name !== 'OK') return [];
  if (reply.kind === 'malformed') return [instance(reply.why)];
  const [frame] = readFrames(bytesOf(response!.bytes ?? '')).frames;
  return frame === undefined ? [] : [instance(wrongBytes(operation, frame.message))];
}

const unset: Defect['readings'] = [
  '§10.6: the code of the error is that of google.rpc.Status',
  'proto3: 0 is a code that was not set, and grpc-status has it',
];

function wrongDetails({ response }: Exchange): Defect | undefined {
  const status = statusOf(response!)!;
  const expected = `a google.rpc.Status with code ${status.text}`;
  if (status.details !== undefined && 'why' in status.details) return { expected, actual: status.details.why };
  const { code = 0 } = statusJson(status);
  if (String(code) === status.text) return undefined;
  return { expected, actual: `code ${String(code)}`, ...(code === 0 ? { readings: unset } : {}) };
}

/** What every agent has to serve, and what the card declares; the refusal of the rest has rows of its own. */
const isDue = (operation: Operation, capabilities: Capabilities): boolean => {
  const { capability } = operations[operation];
  return capability === null || capabilities[capability];
};

const isNamed = (exchange: Exchange): boolean => {
  const reply = decodeReply(exchange);
  return reply.kind === 'error' && reply.error.name !== undefined;
};

const asksOwnVersion = ({ request }: Exchange): boolean =>
  /^1\.0(?:\.\d+)?$/.test(header(request.headers, 'a2a-version') ?? '');

/** One instance an operation: the server knows its method, or never did. */
function methodInstances(calls: readonly Exchange[], capabilities: Capabilities): readonly Instance[] {
  const served = calls.some((exchange) => exchange.outcome === 'ok');
  const byOperation = Map.groupBy(calls.filter(asksOwnVersion), (exchange) => operationOf(exchange)!);
  return [...byOperation].flatMap(([operation, own]): Instance[] => {
    if (!isDue(operation, capabilities)) return [];
    const isUnknown = (exchange: Exchange): boolean =>
      statusOf(exchange.response!)?.name === 'UNIMPLEMENTED' && !isNamed(exchange);
    const known = own.find((exchange) => !isUnknown(exchange));
    if (known !== undefined) return [{ exchanges: [known] }];
    // Without any call that is served nothing tells a method from a server that has none of them.
    if (!served) return [];
    return [{ exchanges: [own[0]!], defect: { expected: `${operation} is served`, actual: 'UNIMPLEMENTED' } }];
  });
}

/** §10: how answers come over gRPC. */
export const grpcAnswers = defineInvariant({
  id: 'invariants/grpc-answers',
  title: 'Answers of gRPC have its status, its type and messages of the proto',
  provenance: { kind: 'spec' },
  requirements: ['grpc/methods', 'grpc/content-type', 'grpc/status', 'grpc/messages', 'grpc/status-details'],
  judge(history, { target }) {
    // What is malformed on purpose may be answered by HTTP alone (415 for a content-type).
    const all = answered(history).filter(({ intent }) => intent.kind === 'operation');
    const ended = all.filter(({ endedBy }) => endedBy === 'server');
    const detailed = ended.filter(({ response }) => statusOf(response!)?.details !== undefined);
    return {
      'grpc/methods': judgeInstances(methodInstances(all, target.capabilities), {
        counted: 'operations',
        wrong: 'are methods that the server does not have',
        right: 'a method of the server',
        hint,
      }),
      'grpc/content-type': judgeInstances(instances(all, otherType), {
        counted: 'answers',
        wrong: 'have another HTTP status than 200 or another content-type than application/grpc',
        hint,
      }),
      'grpc/status': judgeInstances(instances(ended, noStatus), {
        counted: 'calls',
        wrong: 'end without a status of gRPC',
        hint,
      }),
      'grpc/messages': judgeInstances(all.flatMap(messageInstances), {
        counted: 'messages',
        wrong: 'are not the message of their operation',
        right: 'the message of its operation',
        hint,
      }),
      'grpc/status-details': judgeInstances(instances(detailed, wrongDetails), {
        counted: 'errors with details',
        wrong: 'have details that are no google.rpc.Status of their code',
        hint: 'no error of the run carried details: see grpc/error-info',
      }),
    };
  },
});
