import type { ErrorContent } from './errors.ts';

/** Errors on HTTP+JSON: the JSON representation of `google.rpc.Status` (§11.6), by the table of §5.4. */

interface Status {
  readonly http: number;
  /** Name of the gRPC status. */
  readonly name: string;
}

const invalidArgument: Status = { http: 400, name: 'INVALID_ARGUMENT' };
const failedPrecondition: Status = { http: 400, name: 'FAILED_PRECONDITION' };
const internal: Status = { http: 500, name: 'INTERNAL' };

/** The row of an error by its JSON-RPC code. */
const byCode: Readonly<Record<number, Status>> = {
  [-32001]: { http: 404, name: 'NOT_FOUND' },
  [-32002]: failedPrecondition,
  [-32003]: failedPrecondition,
  [-32004]: failedPrecondition,
  [-32005]: invalidArgument,
  [-32006]: internal,
  [-32007]: failedPrecondition,
  [-32008]: failedPrecondition,
  [-32009]: failedPrecondition,
  [-32600]: invalidArgument,
  [-32602]: invalidArgument,
  [-32603]: internal,
  [-32700]: invalidArgument,
};

/** Names for the statuses that an error brings along (`google.rpc.Code` says which belongs to which). */
const names: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  413: 'INVALID_ARGUMENT',
  415: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

export interface StatusBody {
  readonly error: {
    readonly code: number;
    readonly status: string;
    readonly message: string;
    readonly details?: readonly object[];
  };
}

export function statusOf({ code, message, details, httpStatus }: ErrorContent): StatusBody {
  const { http, name } =
    httpStatus === undefined
      ? (byCode[code] ?? internal)
      : { http: httpStatus, name: names[httpStatus] ?? byCode[code]?.name ?? 'UNKNOWN' };
  return { error: { code: http, status: name, message, ...(details ? { details } : {}) } };
}
