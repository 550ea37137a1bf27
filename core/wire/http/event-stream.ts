import { isStreaming, type Operation } from '../../../protocol/operations.ts';
import { header, type Exchange, type StreamEvent } from '../../history/exchange.ts';
import { createSseDecoder } from './sse.ts';

/** Whether a Content-Type is that of server-sent events. */
export const isEventStreamType = (contentType: string | undefined): boolean =>
  contentType !== undefined && /^\s*text\/event-stream\s*(?:;|$)/i.test(contentType);

/** Media type of an answer in lower case, without parameters; undefined where the header is missing. */
export const mediaType = ({ response }: Exchange): string | undefined =>
  response === null ? undefined : header(response.headers, 'content-type')?.split(';')[0]?.trim().toLowerCase();

export const isEventStream = (exchange: Exchange): boolean => mediaType(exchange) === 'text/event-stream';

export const operationOf = ({ intent }: Exchange): Operation | undefined =>
  'operation' in intent ? intent.operation : undefined;

export const asksForStream = (exchange: Exchange): boolean => {
  const operation = operationOf(exchange);
  return operation !== undefined && isStreaming(operation);
};

/** Whether an exchange was answered by an event stream that was read as one. */
export const isStreamed = (exchange: Exchange): boolean => {
  const { response, events } = exchange;
  if (response === null || operationOf(exchange) === undefined) return false;
  return events.length > 0 || (asksForStream(exchange) && isEventStreamType(header(response.headers, 'content-type')));
};

/** Text that is a server-sent event stream whatever its Content-Type says. */
const looksLikeEvents = (text: string): boolean =>
  /^\uFEFF?(?::.*\r?\n|\r?\n|(?:id|event|retry):.*\r?\n)*data: ?\{/.test(text);

/** A stream, by its type or, where that is wrong, by what it holds. */
export const isStream = (exchange: Exchange): boolean =>
  asksForStream(exchange) &&
  exchange.response !== null &&
  (isEventStream(exchange) || (exchange.response.status === 200 && looksLikeEvents(exchange.response.body)));

/** The events of a stream; of one that was read as a whole, out of its text. */
export function eventsOf({ events, response, endedAt }: Exchange): readonly StreamEvent[] {
  if (events.length > 0 || response === null) return events;
  const found: StreamEvent[] = [];
  createSseDecoder((event) => found.push({ at: endedAt, ...event })).push(new TextEncoder().encode(response.body));
  return found;
}

/** Names under which SSE delivers the messages of a stream, and the one that SDKs give to errors. */
const messageNames: readonly string[] = ['', 'message', 'error'];

/** Whether SSE delivers an event to whoever listens to the stream. Without data nothing is dispatched: a keep-alive. */
export const isDelivered = ({ data, event }: Pick<StreamEvent, 'data' | 'event'>): boolean =>
  data !== '' && messageNames.includes(event ?? '');

/** Whether the bytes of an answer were recorded as sent: a content coding that nobody asked for hides them. */
export const isPlainCoding = ({ response }: Exchange): boolean =>
  response !== null && (header(response.headers, 'content-encoding') ?? 'identity').toLowerCase() === 'identity';
