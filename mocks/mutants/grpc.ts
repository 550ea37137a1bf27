import type { Fault, GrpcReply, ReplyContext } from '../reference-agent/hooks.ts';
import type { Mutant } from './mutant.ts';

const answersInvariant = 'invariants/grpc-answers';

/** Faults of this binding alone, on an agent that speaks nothing else. */
const mutant = (
  id: string,
  description: string,
  breaks: readonly string[],
  killedBy: readonly string[],
  grpcReply: NonNullable<Fault['grpcReply']>,
): Mutant => ({
  id: `grpc/${id}`,
  description,
  breaks,
  killedBy,
  fault: { grpcReply },
  options: { bindings: ['GRPC'] },
});

/** Changes what answers a call of one operation that went well. */
const listed =
  (change: (reply: GrpcReply) => GrpcReply) =>
  (reply: GrpcReply, { method, errorCode }: ReplyContext): GrpcReply =>
    method === 'ListTasks' && errorCode === undefined ? change(reply) : reply;

const unimplemented = 12;
const notFound = 5;
const isA2A = (code: number | undefined): boolean => code !== undefined && code <= -32001 && code >= -32009;

/** §10: what only this binding can get wrong. */
export const grpcMutants: readonly Mutant[] = [
  mutant(
    'method-missing',
    'ListTasks is no method of the server',
    ['grpc/methods'],
    [answersInvariant],
    (reply, { method }) =>
      method === 'ListTasks'
        ? { ...reply, messages: [], status: { code: unimplemented, message: 'unknown method', details: undefined } }
        : reply,
  ),
  mutant(
    'other-content-type',
    'Answers of ListTasks have the content-type of JSON',
    ['grpc/content-type'],
    [answersInvariant],
    listed((reply) => ({ ...reply, headers: { ...reply.headers, 'content-type': 'application/json' } })),
  ),
  mutant(
    'status-of-http',
    'The status of ListTasks is a number of HTTP',
    ['grpc/status', 'list/answered'],
    [answersInvariant],
    listed((reply) => ({ ...reply, status: { code: 200, message: '', details: undefined } })),
  ),
  mutant(
    'message-cut-off',
    'The last byte of what ListTasks answers is left out',
    ['grpc/messages', 'list/answered'],
    [answersInvariant],
    listed((reply) => ({ ...reply, messages: reply.messages.map((message) => message.subarray(0, -1)) })),
  ),
  mutant(
    'details-are-no-status',
    'The details of what is invalid are no google.rpc.Status',
    ['grpc/status-details', 'errors/validation-details'],
    [answersInvariant],
    (reply, { errorCode }) =>
      errorCode === -32602 && reply.status !== undefined
        ? { ...reply, status: { ...reply.status, details: Uint8Array.of(0x0a, 0x7f, 0x61) } }
        : reply,
  ),
  mutant(
    'no-error-info',
    'Errors of A2A have a status and no details',
    ['grpc/error-info'],
    ['grpc/error-info'],
    (reply, { errorCode }) =>
      isA2A(errorCode) && reply.status !== undefined
        ? { ...reply, status: { ...reply.status, details: undefined } }
        : reply,
  ),
  mutant(
    'no-message-accepted',
    'Bytes that are no message are taken for a good request',
    ['grpc/invalid-message'],
    ['grpc/malformed'],
    (reply, { method, params, errorCode }) =>
      method === 'GetTask' && params === undefined && errorCode === undefined && reply.status?.code !== 0
        ? { ...reply, messages: [new Uint8Array()], status: { code: 0, message: '', details: undefined } }
        : reply,
  ),
  mutant(
    'unknown-method-not-found',
    'A method that there is not is answered with NOT_FOUND',
    ['grpc/unknown-method'],
    ['grpc/malformed'],
    (reply, { method }) =>
      method === undefined && reply.status?.code === unimplemented
        ? { ...reply, status: { ...reply.status, code: notFound } }
        : reply,
  ),
];
