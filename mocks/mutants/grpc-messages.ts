import { gzipSync } from 'node:zlib';
import { encodeMessage } from '../reference-agent/grpc/codec.ts';
import { rpcStatus } from '../reference-agent/grpc/messages.ts';
import { bytesField } from '../reference-agent/grpc/wire-format.ts';
import type { Fault, GrpcReply, ReplyContext } from '../reference-agent/hooks.ts';
import type { Mutant } from './mutant.ts';

/** §10.4, §10.7 and gRPC over HTTP/2: messages, streams and statuses that are not as the service has them. */

const answersInvariant = 'invariants/grpc-answers';
const patterns = 'invariants/stream-patterns';

const mutant = (
  id: string,
  description: string,
  breaks: readonly string[],
  killedBy: readonly string[],
  fault: Mutant['fault'],
  more: Pick<Mutant, 'profile' | 'mayBreak'> = {},
): Mutant => ({
  id: `grpc/${id}`,
  description,
  breaks,
  killedBy,
  fault,
  ...more,
  options: { bindings: ['GRPC'] },
});

/** Changes what answers ListTasks where it went well. */
const listed =
  (change: (reply: GrpcReply) => GrpcReply | 'reset') =>
  (reply: GrpcReply, { method, errorCode }: ReplyContext): GrpcReply | 'reset' =>
    method === 'ListTasks' && errorCode === undefined && reply.status?.code === 0 ? change(reply) : reply;

/** Messages are compressed, for a client that has said it takes none. */
const compressed = (method: string): Fault => ({
  grpcCall: (stream, headers, next) => {
    if (!String(headers[':path']).endsWith(`/${method}`)) return next();
    const respond = stream.respond.bind(stream);
    stream.respond = (head, options) => respond({ ...head, 'grpc-encoding': 'gzip' }, options);
    const write = stream.write.bind(stream) as (chunk: Uint8Array) => boolean;
    stream.write = ((frame: Uint8Array) => {
      const packed = gzipSync(frame.subarray(5));
      const prefix = Buffer.from([1, 0, 0, 0, 0]);
      prefix.writeUInt32BE(packed.length, 1);
      return write(Buffer.concat([prefix, packed]));
    }) as typeof stream.write;
    next();
  },
});

interface Prefix {
  readonly flag: number;
  readonly length: number;
}

/** The body with another prefix; what has no whole one stays. */
const reframed =
  (change: (frame: Prefix & { readonly message: Buffer }) => Prefix): NonNullable<Fault['requestBody']> =>
  (chunks) => {
    const body = Buffer.concat(chunks);
    if (body.length < 5) return body;
    const message = body.subarray(5);
    const { flag, length } = change({ flag: body.readUInt8(0), length: body.readUInt32BE(1), message });
    const prefix = Buffer.from([flag, 0, 0, 0, 0]);
    prefix.writeUInt32BE(length, 1);
    return Buffer.concat([prefix, message]);
  };

/** A body whose prefix promises more than comes: the agent waits for the rest, and with it everybody. */
function waitsForTheRest(): Fault {
  let waiting = false;
  return {
    requestBody: (chunks) => {
      const body = Buffer.concat(chunks);
      if (body.length >= 5 && body.readUInt32BE(1) > body.length - 5 && body.readUInt8(0) === 0) waiting = true;
      return body;
    },
    grpcReply: (reply) => (waiting ? 'hang' : reply),
  };
}

export const grpcMessageMutants: readonly Mutant[] = [
  mutant(
    'two-answers',
    'ListTasks is answered with its message twice',
    ['grpc/messages', 'list/answered'],
    [answersInvariant],
    { grpcReply: listed((reply) => ({ ...reply, messages: [...reply.messages, ...reply.messages] })) },
  ),
  mutant(
    'no-answer',
    'ListTasks ends well, without a message',
    ['grpc/messages', 'list/answered'],
    [answersInvariant],
    { grpcReply: listed((reply) => ({ ...reply, messages: [] })) },
  ),
  mutant(
    'compressed-unasked',
    'Answers of ListTasks are compressed, which the client does not accept',
    ['grpc/messages', 'list/answered'],
    [answersInvariant],
    compressed('ListTasks'),
  ),
  mutant(
    'json-message',
    'ListTasks is answered with JSON in the place of a message',
    ['grpc/messages', 'list/answered'],
    [answersInvariant],
    { grpcReply: listed((reply) => ({ ...reply, messages: [Buffer.from('{"tasks":[]}')] })) },
  ),
  mutant(
    'no-status',
    'The call of ListTasks ends without trailers',
    ['grpc/status', 'list/answered'],
    [answersInvariant],
    { grpcReply: listed((reply) => ({ ...reply, status: undefined })) },
  ),
  mutant('stream-without-status', 'Streams end without trailers', ['grpc/status'], [answersInvariant], {
    grpcReply: (reply, { stream, errorCode }) =>
      stream && errorCode === undefined ? { ...reply, status: undefined } : reply,
  }),
  mutant(
    'status-of-stream-is-unknown',
    'A stream that has shown the end of its task ends with UNKNOWN',
    ['streaming/nothing-after-terminal', 'streaming/updates-only', 'streaming/message-only'],
    [patterns],
    {
      grpcReply: (reply, { stream, errorCode }) =>
        stream && errorCode === undefined
          ? { ...reply, status: { code: 2, message: 'stream ended', details: undefined } }
          : reply,
    },
  ),
  mutant(
    'errors-of-http',
    'Errors have an HTTP status of their own beside that of gRPC',
    ['grpc/content-type'],
    [answersInvariant],
    {
      grpcReply: (reply, { errorCode }) =>
        errorCode === -32001 ? { ...reply, headers: { ...reply.headers, ':status': '404' } } : reply,
    },
  ),
  mutant(
    'details-of-another-code',
    'The google.rpc.Status in the details of an error has another code than its call',
    ['grpc/status-details'],
    [answersInvariant],
    {
      grpcReply: (reply, { errorCode }) => {
        const { status } = reply;
        if (errorCode !== -32001 || !status || status.details instanceof Uint8Array) return reply;
        return { ...reply, status: { ...status, details: encodeMessage(rpcStatus, { ...status, code: 2 }) } };
      },
    },
  ),
  mutant(
    'task-wrapped',
    'GetTask is answered with the message of SendMessage around its task',
    ['grpc/messages'],
    [answersInvariant],
    {
      grpcReply: (reply, { method, errorCode }) =>
        method === 'GetTask' && errorCode === undefined
          ? { ...reply, messages: reply.messages.map((message) => bytesField(1, message)) }
          : reply,
    },
  ),
  mutant(
    'task-bare-in-stream',
    'A stream begins with a Task that is no StreamResponse',
    ['grpc/messages'],
    [answersInvariant],
    {
      grpcEvent: (message, { index, method }) =>
        index === 0 && method === 'SendStreamingMessage' ? bareTask(message) : message,
    },
    // What the bytes of an id are as a field is for chance to say.
    { mayBreak: ['schema/task'] },
  ),
  mutant(
    'event-after-terminal',
    'Another artifact follows the terminal event',
    ['streaming/nothing-after-terminal'],
    [patterns],
    {
      event: (event, { last }) => {
        if (!last || !('statusUpdate' in event)) return event;
        const { taskId, contextId } = event.statusUpdate;
        const artifact = { artifactId: 'late', parts: [{ text: 'too late' }] };
        return [event, { artifactUpdate: { taskId, contextId, artifact } }];
      },
    },
  ),
  mutant(
    'stream-begins-with-status',
    'A stream begins with the first update and not with the Task',
    ['streaming/task-first'],
    [patterns],
    { event: (event, { index, operation }) => (index === 0 && operation === 'SendStreamingMessage' ? null : event) },
  ),
  mutant(
    'cut-off-message-served',
    'A message that is shorter than its prefix says is taken as it is',
    ['grpc/framing'],
    ['grpc/framing'],
    { requestBody: reframed(({ flag, message }) => ({ flag, length: message.length })) },
  ),
  mutant(
    'compressed-flag-ignored',
    'A message that is called compressed is taken as it is',
    ['grpc/compression'],
    ['grpc/framing'],
    { requestBody: reframed(({ length }) => ({ flag: 0, length })) },
  ),
  mutant(
    'any-content-type-served',
    'A request of any content-type is taken for one of gRPC',
    ['grpc/request-content-type'],
    ['grpc/framing'],
    { grpcCall: (_, headers, next) => next({ ...headers, 'content-type': 'application/grpc' }) },
  ),
  mutant(
    'bad-message-hangs',
    'A call whose bytes are no message is never answered',
    ['robustness/bad-input-answered'],
    ['robustness/bad-input'],
    { grpcReply: (reply, { params, method }) => (method !== undefined && params === undefined ? 'hang' : reply) },
  ),
  mutant(
    'truncated-frame-kills',
    'After a message that is cut off nobody is answered any more',
    ['robustness/answers-after-bad-input'],
    ['robustness/bad-input'],
    waitsForTheRest,
  ),
];

/** The Task of a StreamResponse, as a message of its own. */
function bareTask(message: Uint8Array): Uint8Array {
  // A tag of one byte, and a length of one to three.
  const length = message.findIndex((byte, index) => index > 0 && byte < 0x80);
  return message.subarray(length + 1);
}
