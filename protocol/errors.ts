/**
 * The error tables: nine A2A errors (§3.3.2, §5.4) and the five of JSON-RPC 2.0 (§9.5).
 * A patch release is invisible on the wire (§3.6), so where v1.0.0 and v1.0.1 differ both values are kept.
 */

/** The patch releases of 1.0; a run may be held to one of them (`--spec-patch`), by default to what either allows. */
export const patchReleases = ['1.0.0', '1.0.1'] as const;
export type PatchRelease = (typeof patchReleases)[number];

export type A2AErrorName =
  | 'TaskNotFoundError'
  | 'TaskNotCancelableError'
  | 'PushNotificationNotSupportedError'
  | 'UnsupportedOperationError'
  | 'ContentTypeNotSupportedError'
  | 'InvalidAgentResponseError'
  | 'ExtendedAgentCardNotConfiguredError'
  | 'ExtensionSupportRequiredError'
  | 'VersionNotSupportedError';

export type JsonRpcErrorName =
  'JSONParseError' | 'InvalidRequestError' | 'MethodNotFoundError' | 'InvalidParamsError' | 'InternalError';

export type ErrorName = A2AErrorName | JsonRpcErrorName;

/** `google.rpc.Code` names that the tables of §5.4 use. */
export type GrpcStatus = 'NOT_FOUND' | 'FAILED_PRECONDITION' | 'INVALID_ARGUMENT' | 'INTERNAL' | 'UNIMPLEMENTED';

export interface A2AErrorDefinition {
  readonly name: A2AErrorName;
  readonly jsonRpcCode: number;
  /** `reason` of `google.rpc.ErrorInfo`: the error's name in UPPER_SNAKE_CASE without the suffix (§9.5, §10.6, §11.6). */
  readonly reason: string;
  readonly grpc: Readonly<Record<PatchRelease, GrpcStatus>>;
  readonly http: Readonly<Record<PatchRelease, number>>;
}

const a2a = (
  name: A2AErrorName,
  jsonRpcCode: number,
  reason: string,
  grpc: [GrpcStatus, GrpcStatus],
  http: [number, number],
): A2AErrorDefinition => ({
  name,
  jsonRpcCode,
  reason,
  grpc: { '1.0.0': grpc[0], '1.0.1': grpc[1] },
  http: { '1.0.0': http[0], '1.0.1': http[1] },
});

/** §5.4; pairs are [v1.0.0, v1.0.1]. */
export const a2aErrors: Readonly<Record<A2AErrorName, A2AErrorDefinition>> = {
  TaskNotFoundError: a2a('TaskNotFoundError', -32001, 'TASK_NOT_FOUND', ['NOT_FOUND', 'NOT_FOUND'], [404, 404]),
  TaskNotCancelableError: a2a(
    'TaskNotCancelableError',
    -32002,
    'TASK_NOT_CANCELABLE',
    ['FAILED_PRECONDITION', 'FAILED_PRECONDITION'],
    [409, 400],
  ),
  PushNotificationNotSupportedError: a2a(
    'PushNotificationNotSupportedError',
    -32003,
    'PUSH_NOTIFICATION_NOT_SUPPORTED',
    ['UNIMPLEMENTED', 'FAILED_PRECONDITION'],
    [400, 400],
  ),
  UnsupportedOperationError: a2a(
    'UnsupportedOperationError',
    -32004,
    'UNSUPPORTED_OPERATION',
    ['UNIMPLEMENTED', 'FAILED_PRECONDITION'],
    [400, 400],
  ),
  ContentTypeNotSupportedError: a2a(
    'ContentTypeNotSupportedError',
    -32005,
    'CONTENT_TYPE_NOT_SUPPORTED',
    ['INVALID_ARGUMENT', 'INVALID_ARGUMENT'],
    [415, 400],
  ),
  InvalidAgentResponseError: a2a(
    'InvalidAgentResponseError',
    -32006,
    'INVALID_AGENT_RESPONSE',
    ['INTERNAL', 'INTERNAL'],
    [502, 500],
  ),
  ExtendedAgentCardNotConfiguredError: a2a(
    'ExtendedAgentCardNotConfiguredError',
    -32007,
    'EXTENDED_AGENT_CARD_NOT_CONFIGURED',
    ['FAILED_PRECONDITION', 'FAILED_PRECONDITION'],
    [400, 400],
  ),
  ExtensionSupportRequiredError: a2a(
    'ExtensionSupportRequiredError',
    -32008,
    'EXTENSION_SUPPORT_REQUIRED',
    ['FAILED_PRECONDITION', 'FAILED_PRECONDITION'],
    [400, 400],
  ),
  VersionNotSupportedError: a2a(
    'VersionNotSupportedError',
    -32009,
    'VERSION_NOT_SUPPORTED',
    ['UNIMPLEMENTED', 'FAILED_PRECONDITION'],
    [400, 400],
  ),
};

/** Standard JSON-RPC codes (§9.5). */
export const jsonRpcErrors: Readonly<Record<JsonRpcErrorName, number>> = {
  JSONParseError: -32700,
  InvalidRequestError: -32600,
  MethodNotFoundError: -32601,
  InvalidParamsError: -32602,
  InternalError: -32603,
};

/** `domain` of `google.rpc.ErrorInfo` for A2A errors (§9.5 example, §10.6, §11.6). */
export const errorInfoDomain = 'a2a-protocol.org';

export const errorInfoType = 'type.googleapis.com/google.rpc.ErrorInfo';

/** The error's name for a JSON-RPC code, or undefined for a code in neither table. */
export function errorNameOfJsonRpcCode(code: number): ErrorName | undefined {
  for (const error of Object.values(a2aErrors)) if (error.jsonRpcCode === code) return error.name;
  for (const [name, value] of Object.entries(jsonRpcErrors)) if (value === code) return name as JsonRpcErrorName;
  return undefined;
}

/** What is no error of A2A's own has the status that HTTP and the examples of §3.3.2 give it. */
const otherHttpStatuses: Readonly<Record<JsonRpcErrorName, number>> = {
  JSONParseError: 400,
  InvalidRequestError: 400,
  MethodNotFoundError: 404,
  InvalidParamsError: 400,
  InternalError: 500,
};

const isA2AError = (name: ErrorName): name is A2AErrorName => Object.hasOwn(a2aErrors, name);

/** What the patches say, the newest first; of a chosen one alone what it says. */
const saidBy = <Value>(
  table: Readonly<Record<PatchRelease, Value>>,
  patch: PatchRelease | undefined,
): readonly Value[] =>
  patch === undefined ? [...new Set(patchReleases.toReversed().map((release) => table[release]))] : [table[patch]];

/** The HTTP statuses of an error (§5.4): of any patch, the newest first, or of the one that is chosen. */
export const httpStatusesOf = (name: ErrorName, patch?: PatchRelease): readonly number[] =>
  isA2AError(name) ? saidBy(a2aErrors[name].http, patch) : [otherHttpStatuses[name]];

/** What is no error of A2A's own has the status that the examples of §3.3.2 and gRPC's own libraries give it. */
const otherGrpcStatuses: Readonly<Record<JsonRpcErrorName, GrpcStatus>> = {
  JSONParseError: 'INVALID_ARGUMENT',
  InvalidRequestError: 'INVALID_ARGUMENT',
  MethodNotFoundError: 'UNIMPLEMENTED',
  InvalidParamsError: 'INVALID_ARGUMENT',
  InternalError: 'INTERNAL',
};

/** The gRPC statuses of an error (§5.4): of any patch, the newest first, or of the one that is chosen. */
export const grpcStatusesOf = (name: ErrorName, patch?: PatchRelease): readonly GrpcStatus[] =>
  isA2AError(name) ? saidBy(a2aErrors[name].grpc, patch) : [otherGrpcStatuses[name]];

/** The JSON-RPC code of an error. */
export function jsonRpcCodeOf(name: ErrorName): number {
  return isA2AError(name) ? a2aErrors[name].jsonRpcCode : jsonRpcErrors[name];
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The `ErrorInfo` objects among the details of an error that are of A2A (§9.5, §11.6). */
export const errorInfosIn = (details: unknown): readonly Json[] =>
  (Array.isArray(details) ? (details as readonly unknown[]) : []).filter(
    (detail): detail is Json =>
      isObject(detail) && detail['@type'] === errorInfoType && detail['domain'] === errorInfoDomain,
  );

/** The A2A error that the ErrorInfo among the details of an error names; undefined for none. */
export function errorNamedBy(details: unknown): A2AErrorDefinition | undefined {
  const infos = errorInfosIn(details);
  return Object.values(a2aErrors).find(({ reason }) => infos.some((info) => info['reason'] === reason));
}
