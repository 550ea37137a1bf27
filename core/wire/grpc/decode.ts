import { a2aErrors, type ErrorName } from '../../../protocol/errors.ts';
import type { GrpcStatusName } from '../../../protocol/grpc-status.ts';
import { responseMessages } from '../../../protocol/operation-messages.ts';
import { operations, type Operation } from '../../../protocol/operations.ts';
import type { Exchange, StreamEvent, WireFailure, WireResponse } from '../../history/exchange.ts';
import { isObject, parseJson, type JsonObject } from '../../invariants/json.ts';
import { hasForeignReason, namedByReason } from '../error-reason.ts';
import { asksForStream, mediaType } from '../http/event-stream.ts';
import type { ProtocolError, Reply } from '../reply.ts';
import { statusEvent } from './grpc-exchange.ts';
import { readFrames } from './frames.ts';
import { decodeMessage } from './protobuf.ts';
import { statusJson, statusOf, type CallStatus } from './status.ts';
import { grpcStatusNames } from '../../../protocol/grpc-status.ts';

/** `/package.Service/Method` (§10.1). */
export const methodPath = (operation: Operation): string => `/lf.a2a.v1.A2AService/${operations[operation].method}`;

/** The operation that a URL names, whatever stands before the service. */
export function operationAt(url: string): Operation | undefined {
  const path = URL.parse(url)?.pathname ?? '';
  return Object.values(operations).find(({ name }) => path.endsWith(methodPath(name)))?.name;
}

/** Name of the message that answers an operation, as the codec takes it. */
export const responseName = (operation: Operation): string => responseMessages[operation] ?? 'google.protobuf.Empty';

const incomplete: WireFailure = { kind: 'aborted', message: 'stopped by the harness before anything was said' };

/** `application/grpc`, with the name of an encoding behind it or not. */
export const isGrpcType = (exchange: Exchange): boolean =>
  /^application\/grpc(?:\+.+|)$/.test(mediaType(exchange) ?? '');

const definitions = Object.values(a2aErrors);

const namedByStatus: Readonly<Partial<Record<GrpcStatusName, ErrorName>>> = {
  OUT_OF_RANGE: 'InvalidParamsError',
  UNKNOWN: 'InternalError',
  INTERNAL: 'InternalError',
  DATA_LOSS: 'InternalError',
};

/** What has no error of A2A's own, and may have the status of one. */
const others: Readonly<Partial<Record<GrpcStatusName, readonly ErrorName[]>>> = {
  INVALID_ARGUMENT: ['InvalidParamsError', 'InvalidRequestError', 'JSONParseError'],
  UNIMPLEMENTED: ['MethodNotFoundError'],
};

/** What an error may be that does not name itself: several errors of the table share a status (§5.4). */
function byStatus(name: GrpcStatusName | undefined, otherReason: boolean): Pick<ProtocolError, 'name' | 'possible'> {
  if (name === undefined) return { name: undefined };
  const certain = namedByStatus[name];
  if (certain !== undefined) return { name: certain };
  const inTable = definitions.filter(({ grpc }) => Object.values<string>(grpc).includes(name)).map((one) => one.name);
  const possible = [...(otherReason ? [] : inTable), ...(others[name] ?? [])];
  return { name: undefined, ...(possible.length === 0 ? {} : { possible }) };
}

/** The error that a `google.rpc.Status` (ProtoJSON) and the status of its call say. */
export function errorOf(json: JsonObject, status: GrpcStatusName | undefined): ProtocolError {
  const { details, message, code } = json;
  const name = namedByReason(details);
  return {
    ...(name === undefined ? byStatus(status, hasForeignReason(details)) : { name }),
    code: status ?? (typeof code === 'number' || typeof code === 'string' ? code : 'no code'),
    message: typeof message === 'string' ? message : '',
    details,
  };
}

/** The text of `grpc-message` counts before that of the details. */
const errorOfCall = (status: CallStatus): ProtocolError => {
  const json = statusJson(status);
  return errorOf({ ...json, message: status.message ?? json['message'] }, status.name);
};

/** What one message of a stream says, or the error after them. */
export function decodeEvent(
  { data, event, bytes }: Pick<StreamEvent, 'data' | 'event' | 'bytes'>,
  status = 200,
): Reply {
  const json = parseJson(data);
  if (event === statusEvent && isObject(json)) {
    const code = json['code'];
    return { kind: 'error', error: errorOf(json, typeof code === 'number' ? grpcStatusNames[code] : undefined) };
  }
  if (isObject(json)) return { kind: 'result', value: json };
  if (event === 'compressed')
    return { kind: 'malformed', why: 'a compressed message, although none was asked for', status };
  const decoded = bytes === undefined ? undefined : decodeMessage('StreamResponse', Buffer.from(bytes, 'base64'));
  return { kind: 'malformed', why: decoded !== undefined && 'why' in decoded ? decoded.why : 'no message', status };
}

/** Why a call that ended well has no message that can be read. */
function whyNoMessage({ bytes = '' }: WireResponse, operation: Operation | undefined): string {
  const { frames, rest } = readFrames(Buffer.from(bytes, 'base64'));
  if (rest > 0) return `${rest} bytes that are part of no whole message`;
  const [first] = frames;
  if (first === undefined) return 'status OK without a message';
  if (frames.length > 1) return `${frames.length} messages where there is one answer`;
  if (first.flag !== 0) return 'a compressed message, although none was asked for';
  const decoded = operation === undefined ? undefined : decodeMessage(responseName(operation), first.message);
  return decoded !== undefined && 'why' in decoded ? decoded.why : 'a message of an unknown method';
}

/** What a finished call says; a stream says what its first message says. */
export function decodeReply(exchange: Exchange): Reply {
  const { response, events, failure, endedBy, request } = exchange;
  const [first] = events;
  if (first !== undefined) return decodeEvent(first, response?.status);
  if (failure !== undefined) return { kind: 'none', failure };
  if (response === null || endedBy !== 'server') return { kind: 'none', failure: incomplete };
  const malformed = (why: string): Reply => ({ kind: 'malformed', why, status: response.status });
  const status = statusOf(response);
  if (status === undefined) return malformed(`no grpc-status (content-type: ${mediaType(exchange) ?? 'none'})`);
  if (status.name === undefined) return malformed(`grpc-status ${JSON.stringify(status.text)} is no status of gRPC`);
  if (status.name !== 'OK') return { kind: 'error', error: errorOfCall(status) };
  if (asksForStream(exchange)) return malformed('a stream that ended without any message');
  const json = parseJson(response.body);
  return isObject(json) ? { kind: 'result', value: json } : malformed(whyNoMessage(response, operationAt(request.url)));
}
