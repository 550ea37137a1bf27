import { encodeMessage } from '../reference-agent/grpc/codec.ts';
import { rpcStatus } from '../reference-agent/grpc/messages.ts';
import { bytesField, readFields, varintField, type WireField } from '../reference-agent/grpc/wire-format.ts';
import type { Fault, GrpcReply, GrpcStatus, ReplyContext } from '../reference-agent/hooks.ts';
import type { Variant } from './variant.ts';

/** Agents on gRPC that write messages and errors in another way than the reference agent, and as rightly. */

const grpc = (
  id: string,
  description: string,
  allowedBy: string,
  more: Omit<Variant, 'id' | 'description' | 'allowedBy'> = {},
): Variant => ({
  id: `grpc/${id}`,
  description,
  allowedBy,
  ...more,
  options: { bindings: ['GRPC'], ...more.options },
});

/** Errors on their way out. */
const inErrors = (change: (status: GrpcStatus, context: ReplyContext) => Partial<GrpcStatus>): Fault => ({
  grpcReply: (reply, context) =>
    reply.status === undefined || reply.status.code === 0
      ? reply
      : { ...reply, status: { ...reply.status, ...change(reply.status, context) } },
});

/** Every message on its way out, of calls and of streams. */
const inMessages = (change: (message: Uint8Array) => Uint8Array): Fault => ({
  grpcReply: (reply: GrpcReply) => ({ ...reply, messages: reply.messages.map(change) }),
  grpcEvent: change,
});

const isA2A = (code: number | undefined): boolean => code !== undefined && code <= -32001 && code >= -32009;

/** `google.rpc.Code` of v1.0.0 where v1.0.1 has changed it (§5.4). */
const codesOf100: Readonly<Record<number, number>> = { [-32003]: 12, [-32004]: 12, [-32009]: 12 };

/** An `Any` of a type, whose bytes are nobody else's affair. */
const any = (type: string, value: Uint8Array): Buffer =>
  Buffer.concat([bytesField(1, Buffer.from(type)), bytesField(2, value)]);

const localized = any(
  'type.googleapis.com/google.rpc.LocalizedMessage',
  Buffer.concat([bytesField(1, Buffer.from('de')), bytesField(2, Buffer.from('Das geht so nicht'))]),
);
const foreign = any('example.com/types.Trace', Buffer.from('080712036162631a00', 'hex'));

/** The status with further details before and after its own. */
function withFurtherDetails({ code, message, details }: GrpcStatus): Partial<GrpcStatus> {
  if (details instanceof Uint8Array) return {};
  const own = (details ?? []).map((detail) => encodeMessage(rpcStatus, { code, message, details: [detail] }));
  // The third field of each is its one detail.
  const anys = own.flatMap((bytes) =>
    readFields(bytes).flatMap((field) => (field.number === 3 ? [field.value as Buffer] : [])),
  );
  const all = [localized, ...anys, foreign].map((detail) => bytesField(3, detail));
  return { details: Buffer.concat([varintField(1, code), bytesField(2, Buffer.from(message)), ...all]) };
}

function written(field: WireField): Buffer {
  if (field.wireType === 0) return varintField(field.number, field.value);
  if (field.wireType === 2) return bytesField(field.number, field.value);
  throw new Error('the messages of A2A have no such field but within a Struct');
}

/** Another order of fields means nothing; those of one number keep theirs. */
const reversed = (message: Uint8Array): Buffer =>
  Buffer.concat(
    readFields(message)
      .toSorted((a, b) => b.number - a.number)
      .map(written),
  );

/** A number, a text and a group that no message has. */
const unknownFields = Buffer.concat([
  varintField(1900, 7),
  bytesField(1901, Buffer.from('future')),
  Buffer.from([0xb3, 0x77, 0x08, 0x01, 0xb4, 0x77]),
]);

export const grpcVariants: readonly Variant[] = [
  grpc('alone', 'No other binding than gRPC is declared', '§5.2: agents choose what they support'),
  grpc('preferred', 'The card has gRPC before JSON-RPC', '§8.3.1: ordered by preference', {
    options: { bindings: ['GRPC', 'JSONRPC'] },
  }),
  grpc('with-a-tenant', 'The interface has a tenant', 'a2a.proto AgentInterface.tenant', {
    options: { tenants: ['acme'] },
  }),
  grpc('minimal', 'No capability is declared', '§3.3.4', { profile: 'minimal', share: 0.5 }),
  grpc('bearer', 'Every operation needs a token; the challenge is a trailer', '§3.3.2, §7.4', { profile: 'bearer' }),
  grpc(
    'challenge-in-words',
    'The challenge of UNAUTHENTICATED is in its message alone',
    '§3.3.2: challenge information is not said to be in any place',
    {
      profile: 'bearer',
      fault: {
        grpcReply: (reply) =>
          reply.status?.code === 16
            ? { ...reply, trailers: {}, status: { ...reply.status, message: 'A Bearer token is needed' } }
            : reply,
      },
    },
  ),
  grpc(
    'statuses-of-1.0.0',
    'Three errors have the status UNIMPLEMENTED',
    '§3.6: patch versions do not affect compatibility; §5.4 of v1.0.0',
    { fault: inErrors(({ code }, { errorCode = 0 }) => ({ code: codesOf100[errorCode] ?? code })) },
  ),
  grpc(
    'further-details',
    'Errors have localized messages and details of unknown types before and after what the text asks for',
    '§10.6: details are google.protobuf.Any messages of any type',
    { fault: inErrors(withFurtherDetails) },
  ),
  grpc(
    'only-own-details',
    'Errors that are none of A2A’s own have no details, and some no status of A2A’s table',
    '§3.3.2, §10.6: details are optional; §10.6 names INVALID_ARGUMENT in an example',
    {
      warns: ['errors/validation-details'],
      fault: inErrors(({ code }, { errorCode }) =>
        isA2A(errorCode) ? {} : { details: undefined, code: code === 3 ? 11 : code },
      ),
    },
  ),
  grpc(
    'odd-texts',
    'Messages of errors have line breaks, percent signs and letters of all planes',
    'gRPC over HTTP/2: Percent-Encoded',
    { fault: inErrors(({ message }) => ({ message: `100 % „${message}“\n\t𝄞 %41` })) },
  ),
  grpc(
    'text-in-details-alone',
    'There is no grpc-message: the text is in the google.rpc.Status',
    '§10.6: the error message is mapped to status.message; gRPC over HTTP/2: Status-Message is optional',
    {
      fault: {
        grpcReply: (reply) => {
          const { status } = reply;
          if (!status || status.code === 0 || status.details instanceof Uint8Array) return reply;
          const details = encodeMessage(rpcStatus, status);
          return { ...reply, status: { ...status, message: '', details } };
        },
      },
    },
  ),
  grpc('padded-details', 'Binary trailers have their padding', 'gRPC over HTTP/2: padding MUST be accepted', {
    fault: {
      grpcReply: (reply) => {
        const { status } = reply;
        if (!status?.details || status.code === 0) return reply;
        const bytes = status.details instanceof Uint8Array ? status.details : encodeMessage(rpcStatus, status);
        const padded = Buffer.from(bytes).toString('base64');
        return { ...reply, trailers: { ...reply.trailers, 'grpc-status-details-bin': padded } };
      },
    },
  }),
  grpc('fields-in-another-order', 'The fields of messages come in falling order', 'Protocol Buffers: any order', {
    fault: inMessages(reversed),
  }),
  grpc('unknown-fields', 'Messages have fields that nobody knows, a group among them', '§5.7, proto3: are ignored', {
    fault: inMessages((message) => Buffer.concat([message, unknownFields])),
  }),
  grpc(
    'proxy-for-unknown-methods',
    'A method that there is not is answered by a proxy with 404 and a page',
    'gRPC: HTTP statuses of what is on the way are read as statuses of gRPC (404: UNIMPLEMENTED)',
    {
      fault: {
        grpcCall: (stream, headers, next) => {
          if (/^\/lf\.a2a\.v1\.A2AService\/(?!Gauntlet)/.test(String(headers[':path']))) return next();
          stream.resume();
          stream.respond({ ':status': 404, 'content-type': 'text/html' });
          stream.end('<h1>404</h1>');
        },
      },
    },
  ),
  grpc(
    'final-task',
    'A Task follows the terminal update before a stream closes',
    '§11.7: MAY optionally resend a final Task snapshot before closing',
    {
      fault: {
        event: (event, { last, task }) => (last && task && 'statusUpdate' in event ? [event, { task }] : event),
      },
    },
  ),
  grpc(
    'closed-when-interrupted',
    'Streams close at INPUT_REQUIRED and AUTH_REQUIRED',
    '§11.7: until a terminal or interrupted state, at which point the stream closes',
    {
      warns: ['streaming/auth-required-open'],
      fault: { policy: { streamsEndWhenInterrupted: true, interruptedSubscriptionsEnd: true } },
    },
  ),
];
