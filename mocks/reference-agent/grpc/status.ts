import type { ErrorContent } from '../errors.ts';
import type { GrpcStatus } from '../hooks.ts';
import { statusOf } from '../http-json-errors.ts';
import { protoName } from '../proto-json.ts';
import { encodeMessage } from './codec.ts';
import { rpcStatus } from './messages.ts';

/** Errors on gRPC: a status with `google.rpc.Status` in its details (§10.6), by the table of §5.4. */

/** `google.rpc.Code`; the number of each is its place. */
export const codeNames = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;
export type CodeName = (typeof codeNames)[number];

export const plainStatus = (name: CodeName, message: string): GrpcStatus => ({
  code: codeNames.indexOf(name),
  message,
  details: undefined,
});

export const ok: GrpcStatus = plainStatus('OK', '');

/** A call that fails before it is one of an operation: framing, unknown methods, what is no message. */
export class StatusError extends Error {
  readonly status: GrpcStatus;

  constructor(name: CodeName, message: string) {
    super(message);
    this.name = 'StatusError';
    this.status = plainStatus(name, message);
  }
}

/** Fields are named as in JSON everywhere else; BadRequest names them as the proto does. */
function withProtoNames(detail: object): object {
  const { fieldViolations } = detail as { readonly fieldViolations?: unknown };
  if (!Array.isArray(fieldViolations)) return detail;
  const renamed = (fieldViolations as readonly { readonly field?: unknown }[]).map((violation) =>
    typeof violation.field === 'string' ? { ...violation, field: protoName(violation.field) } : violation,
  );
  return { ...detail, fieldViolations: renamed };
}

/** The same row of the table as on HTTP+JSON, where the name of the gRPC status stands in the body. */
export function grpcStatusOf(content: ErrorContent): GrpcStatus {
  const { status, message, details } = statusOf(content).error;
  const code = codeNames.findIndex((name) => name === status);
  return { code: code < 0 ? codeNames.indexOf('UNKNOWN') : code, message, details: details?.map(withProtoNames) };
}

/** What HTTP/2 cannot carry in a header, and `%`, as bytes of UTF-8 in percent encoding. */
const percentEncoded = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) =>
      byte < 0x20 || byte > 0x7e || byte === 0x25
        ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('');

/** The trailers of a status; binary metadata is base64 without padding. */
export function trailersOf({ code, message, details }: GrpcStatus): Record<string, string> {
  const bytes =
    details instanceof Uint8Array || details === undefined
      ? details
      : encodeMessage(rpcStatus, { code, message, details });
  return {
    'grpc-status': String(code),
    ...(message === '' ? {} : { 'grpc-message': percentEncoded(message) }),
    ...(bytes === undefined
      ? {}
      : { 'grpc-status-details-bin': Buffer.from(bytes).toString('base64').replace(/=+$/, '') }),
  };
}
