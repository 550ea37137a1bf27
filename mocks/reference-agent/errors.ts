import type { JsonObject } from './types.ts';

/**
 * Errors of the operation layer, independent of the binding: the JSON-RPC code is one column of §5.4's table and the
 * reason leads to the others.
 */

/** A field that failed validation: path in the request (`message.parts[0].text`) and what would be right. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** §3.3.2 and §9.5: what every error conveys. */
export interface ErrorContent {
  /** JSON-RPC code. */
  readonly code: number;
  readonly message: string;
  /** ProtoJSON `Any` objects, each with `@type`. */
  readonly details?: readonly JsonObject[];
  /** HTTP status where it is not 200 (authentication, size, media type). */
  readonly httpStatus?: number;
  readonly httpHeaders?: Readonly<Record<string, string>>;
}

export class OperationError extends Error {
  readonly content: ErrorContent;

  constructor(content: ErrorContent) {
    super(content.message);
    this.name = 'OperationError';
    this.content = content;
  }
}

const errorInfoType = 'type.googleapis.com/google.rpc.ErrorInfo';
const badRequestType = 'type.googleapis.com/google.rpc.BadRequest';
const protocolDomain = 'a2a-protocol.org';
/** Domain of the errors that the protocol does not define (authentication). */
const agentDomain = 'reference-agent';

const errorInfo = (reason: string, domain: string, metadata: Readonly<Record<string, string>>): JsonObject => ({
  '@type': errorInfoType,
  reason,
  domain,
  metadata,
});

const badRequest = (violations: readonly FieldViolation[]): JsonObject => ({
  '@type': badRequestType,
  fieldViolations: violations.map(({ field, description }) => ({ field, description })),
});

type HttpPart = Pick<ErrorContent, 'httpStatus' | 'httpHeaders'>;

const a2aError = (
  code: number,
  reason: string,
  message: string,
  metadata: Readonly<Record<string, string>>,
  http: HttpPart = {},
): OperationError =>
  new OperationError({
    code,
    message,
    details: [errorInfo(reason, protocolDomain, { ...metadata, timestamp: new Date().toISOString() })],
    ...http,
  });

export const taskNotFound = (taskId: string): OperationError =>
  a2aError(-32001, 'TASK_NOT_FOUND', 'Task not found', { taskId });

export const pushConfigNotFound = (taskId: string, configId: string): OperationError =>
  a2aError(-32001, 'TASK_NOT_FOUND', 'Push notification configuration not found', { taskId, configId });

export const taskNotCancelable = (taskId: string, state: string): OperationError =>
  a2aError(-32002, 'TASK_NOT_CANCELABLE', `Task cannot be canceled in state ${state}`, { taskId, state });

export const pushNotificationNotSupported = (): OperationError =>
  a2aError(-32003, 'PUSH_NOTIFICATION_NOT_SUPPORTED', 'This agent does not support push notifications', {});

export const unsupportedOperation = (
  message: string,
  metadata: Readonly<Record<string, string>> = {},
): OperationError => a2aError(-32004, 'UNSUPPORTED_OPERATION', message, metadata);

const contentType = (
  subject: string,
  field: string,
  supported: readonly string[],
  http: HttpPart = {},
): OperationError =>
  a2aError(
    -32005,
    'CONTENT_TYPE_NOT_SUPPORTED',
    `${subject} is not supported`,
    { field, supported: supported.join(', ') },
    http,
  );

/** A part of the message (§3.1.1). */
export const contentTypeNotSupported = (mediaType: string, field: string, supported: readonly string[]) =>
  contentType(`Media type '${mediaType}'`, field, supported);

/** The body itself. §3.3.2 speaks of the message's parts only, but no other error says it better. */
export const bodyTypeNotSupported = (header: string, value: string, supported: string): OperationError =>
  contentType(`${header} '${value}'`, header, [supported], {
    httpStatus: 415,
    httpHeaders: { 'Accept-Post': 'application/json' },
  });

export const extendedAgentCardNotConfigured = (): OperationError =>
  a2aError(-32007, 'EXTENDED_AGENT_CARD_NOT_CONFIGURED', 'No extended agent card is configured', {});

export const extensionSupportRequired = (uri: string): OperationError =>
  a2aError(-32008, 'EXTENSION_SUPPORT_REQUIRED', 'The client must declare support for a required extension', {
    extension: uri,
    header: 'A2A-Extensions',
  });

export const versionNotSupported = (requested: string, supported: string): OperationError =>
  a2aError(-32009, 'VERSION_NOT_SUPPORTED', `A2A version '${requested}' is not supported`, {
    requestedVersion: requested,
    supportedVersions: supported,
  });

export const parseError = (): OperationError => new OperationError({ code: -32700, message: 'Invalid JSON payload' });

export const invalidRequest = (violations: readonly FieldViolation[], http: HttpPart = {}): OperationError =>
  new OperationError({
    code: -32600,
    message: 'Request payload validation error',
    details: [badRequest(violations)],
    ...http,
  });

export const methodNotFound = (method: string, supported: readonly string[]): OperationError =>
  new OperationError({
    code: -32601,
    message: 'Method not found',
    details: [
      badRequest([{ field: 'method', description: `Unknown method '${method}'; known: ${supported.join(', ')}` }]),
    ],
  });

/** HTTP+JSON has paths and methods of HTTP in place of method names: 404 where there is nothing (RFC 9110 §15.5.5). */
export const routeNotFound = (path: string): OperationError =>
  new OperationError({
    code: -32601,
    message: 'There is no such resource',
    details: [errorInfo('ROUTE_NOT_FOUND', agentDomain, { path })],
    httpStatus: 404,
  });

/** HTTP 405 with what is allowed (RFC 9110 §15.5.6). */
export const methodNotAllowed = (method: string, allowed: string): OperationError =>
  new OperationError({
    code: -32601,
    message: `${method} is not allowed here`,
    details: [errorInfo('METHOD_NOT_ALLOWED', agentDomain, { method, allowed })],
    httpStatus: 405,
    httpHeaders: { Allow: allowed },
  });

/** HTTP 415 for a body of another type. Not ContentTypeNotSupportedError, whose HTTP status is 400 (§5.4). */
export const unsupportedMediaType = (header: string, value: string, supported: string): OperationError =>
  new OperationError({
    code: -32005,
    message: `${header} '${value}' is not supported`,
    details: [errorInfo('UNSUPPORTED_MEDIA_TYPE', agentDomain, { header, supported })],
    httpStatus: 415,
    httpHeaders: header === 'Content-Type' ? { 'Accept-Post': supported } : {},
  });

export const invalidParams = (violations: readonly FieldViolation[]): OperationError =>
  new OperationError({ code: -32602, message: 'Invalid parameters', details: [badRequest(violations)] });

export const internalError = (): OperationError => new OperationError({ code: -32603, message: 'Internal error' });

/** HTTP 401 with a challenge (§3.3.2, §7.4; RFC 9110 §11.6.1, RFC 6750 §3). -32000: outside A2A's own range. */
export const unauthenticated = (reason: 'missing' | 'invalid', scheme = 'Bearer'): OperationError =>
  new OperationError({
    code: -32000,
    message: reason === 'missing' ? 'Authentication required' : 'Invalid credentials',
    details: [errorInfo('UNAUTHENTICATED', agentDomain, { scheme })],
    httpStatus: 401,
    httpHeaders: {
      'WWW-Authenticate':
        reason === 'missing'
          ? `${scheme} realm="reference-agent"`
          : `${scheme} realm="reference-agent", error="invalid_token"`,
    },
  });

/** HTTP 403: authenticated, but without the permission (§3.3.2). */
export const permissionDenied = (scope: string): OperationError =>
  new OperationError({
    code: -32000,
    message: `Permission denied: scope '${scope}' is missing`,
    details: [errorInfo('PERMISSION_DENIED', agentDomain, { scope })],
    httpStatus: 403,
    httpHeaders: {
      'WWW-Authenticate': `Bearer realm="reference-agent", error="insufficient_scope", scope="${scope}"`,
    },
  });
