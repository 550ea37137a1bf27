import type { ErrorContent } from '../reference-agent/errors.ts';
import type { JsonObject } from '../reference-agent/types.ts';

/** Errors of an agent, read back into the terms in which faults change them. */

/** JSON-RPC codes by the reason of ErrorInfo (§5.4). */
const codes: Readonly<Record<string, number>> = {
  TASK_NOT_FOUND: -32001,
  TASK_NOT_CANCELABLE: -32002,
  PUSH_NOTIFICATION_NOT_SUPPORTED: -32003,
  UNSUPPORTED_OPERATION: -32004,
  CONTENT_TYPE_NOT_SUPPORTED: -32005,
  INVALID_AGENT_RESPONSE: -32006,
  EXTENDED_AGENT_CARD_NOT_CONFIGURED: -32007,
  EXTENSION_SUPPORT_REQUIRED: -32008,
  VERSION_NOT_SUPPORTED: -32009,
};

/** Where no reason is given: by the status of HTTP or the name of that of gRPC. */
const codesOfStatus: Readonly<Record<string, number>> = {
  400: -32602,
  404: -32601,
  405: -32601,
  415: -32005,
  500: -32603,
  INVALID_ARGUMENT: -32602,
  UNIMPLEMENTED: -32601,
  INTERNAL: -32603,
};

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const detailsIn = (value: unknown): readonly JsonObject[] | undefined =>
  Array.isArray(value) ? value.filter(isObject) : undefined;

/** The error by its details, else by its status; -32000 where neither says which one it is. */
export function errorOf(
  status: string | number,
  message: unknown,
  details: readonly JsonObject[] | undefined,
): ErrorContent {
  const reason = details?.map((detail) => detail['reason']).find((each) => typeof each === 'string');
  return {
    code: (reason === undefined ? undefined : codes[reason]) ?? codesOfStatus[status] ?? -32000,
    message: typeof message === 'string' ? message : '',
    ...(details === undefined ? {} : { details }),
  };
}
