import type { Exchange, StreamEvent, WireResponse } from '../../history/exchange.ts';
import { isObject } from '../../invariants/json.ts';
import { header } from '../../history/exchange.ts';
import { isDelivered, operationOf } from '../http/event-stream.ts';
import { readReply } from '../http/read-reply.ts';
import { nameOfType, readJsonText } from '../json-text.ts';
import type { Reply } from '../reply.ts';
import { errorOf, readErrorBody } from './error-body.ts';

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

export const mediaTypeOf = ({ headers }: Pick<WireResponse, 'headers'>): string | undefined =>
  header(headers, 'content-type')?.split(';')[0]?.trim().toLowerCase();

/** What a text says under a status: the message of the proto, or an error (§11.4, §11.6); leniently, whatever the status. */
function decodeText(text: string, status: number, type: string | undefined): Reply {
  const malformed = (why: string): Reply => ({ kind: 'malformed', why, status });
  const parsed = readJsonText(text);
  if ('why' in parsed) return malformed(parsed.why);
  const { value } = parsed;
  if (!isObject(value)) return malformed(`no JSON object but ${nameOfType(value)}`);
  if ('jsonrpc' in value) return malformed('a JSON-RPC response');
  const error = readErrorBody(value, type);
  // No message of the proto that is answered has a member `error`; the other forms are errors by their status alone.
  if (error !== undefined && (error.form === 'status' || !isSuccess(status))) {
    return { kind: 'error', error: errorOf(error, status) };
  }
  return isSuccess(status) ? { kind: 'result', value } : malformed('a JSON object that is no google.rpc.Status');
}

/** What one event of a stream says: a StreamResponse, or an error. */
export const decodeEvent = (event: Pick<StreamEvent, 'data'>, status = 200): Reply =>
  decodeText(event.data, status, undefined);

const payloads = ['task', 'message', 'statusUpdate', 'artifactUpdate'] as const;

/** Whether a value has one of the members of a StreamResponse. */
export const isPayload = (value: unknown): boolean =>
  isObject(value) && payloads.some((member) => Object.hasOwn(value, member));

/** One without data is a keep-alive, and so is one of a name of its own that holds no StreamResponse and no error. */
export function speaks(event: Pick<StreamEvent, 'data' | 'event'>): boolean {
  if (event.data === '' || isDelivered(event)) return event.data !== '';
  const parsed = readJsonText(event.data);
  return 'value' in parsed && (isPayload(parsed.value) || readErrorBody(parsed.value, undefined)?.form === 'status');
}

/** What a finished exchange says; a stream says what its first event says. */
export const decodeReply = (exchange: Exchange): Reply =>
  readReply(exchange, { speaks, decodeEvent }, (response) => {
    const { body, status } = response;
    // google.protobuf.Empty: `{}`, or no content.
    const isEmpty = operationOf(exchange) === 'DeleteTaskPushNotificationConfig' && body.trim() === '';
    return isEmpty && isSuccess(status)
      ? { kind: 'result', value: {} }
      : decodeText(body, status, mediaTypeOf(response));
  });
