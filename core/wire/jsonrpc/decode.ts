import { errorNameOfJsonRpcCode } from '../../../protocol/errors.ts';
import type { Exchange, StreamEvent } from '../../history/exchange.ts';
import { isObject } from '../../invariants/json.ts';
import { isDelivered } from '../http/event-stream.ts';
import { readReply } from '../http/read-reply.ts';
import { nameOfType, readJsonText } from '../json-text.ts';
import type { Reply } from '../reply.ts';

/**
 * What a JSON-RPC response says, leniently: whether it obeys the envelope (`jsonrpc`, `id`, result or error but not both) is
 * judged by the invariants. An error object wins over a result beside it; `error: null` counts as none.
 */
function decodeEnvelope(text: string, status: number): Reply {
  const malformed = (why: string): Reply => ({ kind: 'malformed', why, status });
  const parsed = readJsonText(text);
  if ('why' in parsed) return malformed(parsed.why);
  const envelope = parsed.value;
  if (!isObject(envelope)) return malformed(`no JSON-RPC response but ${nameOfType(envelope)}`);
  const { error } = envelope;
  if (isObject(error)) {
    const { code, message } = error;
    return {
      kind: 'error',
      error: {
        name: typeof code === 'number' ? errorNameOfJsonRpcCode(code) : undefined,
        code: typeof code === 'number' || typeof code === 'string' ? code : 'no code',
        message: typeof message === 'string' ? message : '',
        details: error.data,
      },
    };
  }
  if (error !== undefined && error !== null) return malformed(`the error is no object but ${nameOfType(error)}`);
  if ('result' in envelope) return { kind: 'result', value: envelope.result };
  return malformed('a JSON object with neither result nor error');
}

/** What one event of a stream says. */
export const decodeEvent = (event: Pick<StreamEvent, 'data'>, status = 200): Reply =>
  decodeEnvelope(event.data, status);

/**
 * Whether an event says something of the operation. One without data is a keep-alive, and so is one of a name of its own that
 * holds no JSON-RPC response: SSE delivers it to those alone who know the name (`envelope/stream-events` speaks of it).
 */
export const speaks = (event: Pick<StreamEvent, 'data' | 'event'>): boolean =>
  event.data !== '' && (isDelivered(event) || decodeEvent(event).kind !== 'malformed');

/** What a finished exchange says; a stream says what its first event says. */
export const decodeReply = (exchange: Exchange): Reply =>
  readReply(exchange, { speaks, decodeEvent }, ({ body, status }) => decodeEnvelope(body, status));
