import { a2aErrors, jsonRpcErrors } from '../../protocol/errors.ts';
import { header, type Exchange } from '../history/exchange.ts';
import { isObject, parseJson, type JsonObject } from './json.ts';
import type { RpcEnvelope } from '../wire/jsonrpc/rpc-answers.ts';

/** What JSON-RPC 2.0 §5 wants as `id` of one answer. */
export type ExpectedId =
  /** The id of the request; null is right too where the agent could not detect it. */
  | { readonly kind: 'echo'; readonly id: string | number | null; readonly nullAllowed: boolean }
  /** The request's id could not be read, or so the agent says: it answers a parse error under another id. */
  | { readonly kind: 'null' }
  /** The text gives no rule: notifications, batches, ids of a wrong type. */
  | { readonly kind: 'free' };

/** Statuses of those who answer before the body is read: authentication, limits, overload, gateways. */
const beforeBody: ReadonlySet<number> = new Set([401, 403, 407, 408, 413, 415, 429, 431, 502, 503, 504]);

const detectionErrors: ReadonlySet<unknown> = new Set([
  jsonRpcErrors.JSONParseError,
  jsonRpcErrors.InvalidRequestError,
]);

const listed: ReadonlySet<unknown> = new Set([
  ...Object.values(a2aErrors).map(({ jsonRpcCode }) => jsonRpcCode),
  ...Object.values(jsonRpcErrors),
]);

const headerErrors: ReadonlySet<unknown> = new Set([
  a2aErrors.VersionNotSupportedError.jsonRpcCode,
  a2aErrors.ExtensionSupportRequiredError.jsonRpcCode,
]);

/**
 * Errors of a layer that need not read the body: of the header fields of A2A (§3.6.2, §3.3.4), and with a code of its own, as
 * authentication and limits have it (§3.3.2: "JSON-RPC custom error"), whatever the HTTP status.
 */
const isOfHeaders = (code: unknown): boolean => headerErrors.has(code) || (Number.isInteger(code) && !listed.has(code));

const isRequestObject = (body: JsonObject): boolean => body['jsonrpc'] === '2.0' && typeof body['method'] === 'string';

/**
 * Whether an error may stand for "could not detect the id" (JSON-RPC 2.0 §5: parse error, invalid request). Bad input
 * that is meant for no operation (depth, size, odd bytes) may be refused before its id is read.
 */
function mayNotDetect({ intent, request, response }: Exchange, body: JsonObject, error: unknown): boolean {
  if (!isObject(error)) return false;
  return (
    (intent.kind === 'malformed' && intent.operation === undefined) ||
    detectionErrors.has(error['code']) ||
    isOfHeaders(error['code']) ||
    beforeBody.has(response?.status ?? 0) ||
    !isRequestObject(body) ||
    header(request.headers, 'content-type')?.split(';')[0]?.trim().toLowerCase() !== 'application/json'
  );
}

export function expectedId({ exchange, json }: RpcEnvelope): ExpectedId {
  const body = parseJson(exchange.request.body);
  if (body === undefined) {
    // A lenient agent may find the id in the broken text: then either answer is right.
    return /\bid["']?\s*:/.test(exchange.request.body ?? '') ? { kind: 'free' } : { kind: 'null' };
  }
  if (!isObject(body)) return Array.isArray(body) && body.length > 0 ? { kind: 'free' } : { kind: 'null' };
  const id = body['id'];
  // Who could not parse could not read the id; one that was read for all that is right too.
  const unparsed = isObject(json['error']) && json['error']['code'] === jsonRpcErrors.JSONParseError;
  if (unparsed && json['id'] !== id) return { kind: 'null' };
  if (typeof id !== 'string' && typeof id !== 'number' && id !== null) return { kind: 'free' };
  return { kind: 'echo', id, nullAllowed: mayNotDetect(exchange, body, json['error']) };
}
