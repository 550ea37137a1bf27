import { isStreaming } from '../../../protocol/operations.ts';
import { errorNameOfJsonRpcCode } from '../../../protocol/errors.ts';
import { header } from '../../history/exchange.ts';
import type { Exchange, StreamEvent, WireFailure } from '../../history/exchange.ts';
import { isObject } from '../../invariants/json.ts';
import type { Reply } from '../reply.ts';

const nameOfType = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
};

/** The JSON of a body or of an event; a byte order mark is overlooked here (RFC 8259 §8.1 lets a reader do so). */
export function parseJson(text: string): { readonly value: unknown } | { readonly why: string } {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (body.trim() === '') return { why: 'the body is empty' };
  try {
    return { value: JSON.parse(body) as unknown };
  } catch (error) {
    const shown = body.length > 80 ? `${body.slice(0, 80)}…` : body;
    return { why: `no JSON (${error instanceof Error ? error.message : String(error)}): ${JSON.stringify(shown)}` };
  }
}

/**
 * What a JSON-RPC response says, leniently: whether it obeys the envelope (`jsonrpc`, `id`, result or error but not both) is
 * judged by the invariants. An error object wins over a result beside it; `error: null` counts as none.
 */
function decodeEnvelope(text: string, status: number): Reply {
  const malformed = (why: string): Reply => ({ kind: 'malformed', why, status });
  const parsed = parseJson(text);
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

const incomplete: WireFailure = { kind: 'aborted', message: 'stopped by the harness before anything was said' };

export const isEventStream = (contentType: string | undefined): boolean =>
  contentType !== undefined && /^\s*text\/event-stream\s*(?:;|$)/i.test(contentType);

/** Whether an exchange was answered by an event stream that was read as one. */
export const isStreamed = ({ response, intent, events }: Exchange): boolean => {
  if (response === null || !('operation' in intent) || intent.operation === undefined) return false;
  return (
    events.length > 0 || (isStreaming(intent.operation) && isEventStream(header(response.headers, 'content-type')))
  );
};

/** What a finished exchange says; a stream says what its first event says. */
export function decodeReply(exchange: Exchange): Reply {
  const { response, events, failure } = exchange;
  const first = events.find(speaks);
  if (first !== undefined) return decodeEvent(first, response?.status);
  if (failure !== undefined) return { kind: 'none', failure };
  if (response === null || exchange.endedBy !== 'server') return { kind: 'none', failure: incomplete };
  const { status, headers, body } = response;
  if (isStreamed(exchange)) return { kind: 'malformed', why: 'an event stream that ended without any event', status };
  const reply = decodeEnvelope(body, status);
  if (reply.kind !== 'malformed') return reply;
  const coding = header(headers, 'content-encoding');
  if (coding !== undefined && coding !== 'identity') {
    return { ...reply, why: `encoded as ${coding} although only identity was accepted` };
  }
  const type = header(headers, 'content-type');
  return { ...reply, why: `${reply.why} (Content-Type: ${type ?? 'none'})` };
}

/** What one event of a stream says. */
export const decodeEvent = (event: Pick<StreamEvent, 'data'>, status = 200): Reply =>
  decodeEnvelope(event.data, status);

/** Names under which SSE delivers the messages of a stream, and the one that SDKs give to errors. */
const messageNames: readonly string[] = ['', 'message', 'error'];

/**
 * Whether an event says something of the operation. One without data is a keep-alive, and so is one of a name of its own that
 * holds no JSON-RPC response: SSE delivers it to those alone who know the name (`envelope/stream-events` speaks of it).
 */
export const speaks = (event: Pick<StreamEvent, 'data' | 'event'>): boolean =>
  event.data !== '' && (messageNames.includes(event.event ?? '') || decodeEvent(event).kind !== 'malformed');

/** The outcome of an exchange that was answered. */
export const classify = (exchange: Exchange): 'ok' | 'error' =>
  decodeReply(exchange).kind === 'result' ? 'ok' : 'error';
