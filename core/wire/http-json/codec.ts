import { httpStatusesOf } from '../../../protocol/errors.ts';
import { header, type Exchange, type StreamEvent } from '../../history/exchange.ts';
import { onceForEach } from '../../history/once-for-each.ts';
import { isObject, parseJson } from '../../invariants/json.ts';
import type { Answer, Codec, Said } from '../codec.ts';
import { eventsOf, isEventStream, isPlainCoding, isStream } from '../http/event-stream.ts';
import { decodeEvent, decodeReply, isPayload, mediaTypeOf, speaks } from './decode.ts';
import { readErrorBody } from './error-body.ts';
import { readRequest } from './request-mapping.ts';

/** An event stands under no status of its own; what has none of the payloads is no StreamResponse at all. */
function saidInEvent(event: StreamEvent): Said {
  const json = parseJson(event.data);
  if (!isObject(json)) return { kind: 'other' };
  const error = readErrorBody(json, undefined);
  if (error?.form === 'status') return { kind: 'error', ...errorParts(error) };
  return isPayload(json) ? { kind: 'result', value: json } : { kind: 'other' };
}

const errorParts = ({ code, message, details }: { code: unknown; message: unknown; details: unknown }) => ({
  code,
  message,
  details,
});

const eventAnswers = (exchange: Exchange): readonly Answer[] =>
  eventsOf(exchange)
    .filter(speaks)
    .map((event, index): Answer => ({ exchange, source: 'event', index, at: event.at, said: saidInEvent(event) }));

/**
 * A success is an answer whatever it holds; with another status only what says that it is an error of the API: the rest comes
 * from whatever is on the way (a proxy, a web server, an authentication layer).
 */
function bodyAnswer(exchange: Exchange): readonly Answer[] {
  const { response, endedBy, endedAt } = exchange;
  if (response === null || endedBy !== 'server' || response.truncated) return [];
  const { status, body } = response;
  const answer = (said: Said): readonly Answer[] => [{ exchange, source: 'body', index: 0, at: endedAt, said }];
  const reply = decodeReply(exchange);
  if (reply.kind === 'result') return answer({ kind: 'result', value: reply.value });
  if (reply.kind === 'error') {
    const error = readErrorBody(parseJson(body.replace(/^\uFEFF/, '')), mediaTypeOf(response))!;
    return answer({ kind: 'error', ...errorParts(error), code: status });
  }
  return status >= 200 && status < 300 ? answer({ kind: 'other' }) : [];
}

function answers(exchange: Exchange): readonly Answer[] {
  const { interface: spoken, intent } = exchange;
  if (spoken?.binding !== 'HTTP+JSON' || intent.kind === 'fetch' || !isPlainCoding(exchange)) return [];
  if (isStream(exchange)) return eventAnswers(exchange);
  return isEventStream(exchange) ? [] : bodyAnswer(exchange);
}

function faultsOfRequest(exchange: Exchange): readonly string[] {
  const { request, intent, interface: spoken } = exchange;
  if (intent.kind !== 'operation' || spoken === null) return [];
  const asked = readRequest(request, spoken.url);
  const faults: string[] = [];
  // Of a redirected request nothing can be said: its URL is the one that was answered.
  if (asked !== undefined && asked.operation !== intent.operation)
    faults.push(`${request.method} ${request.url} is not ${intent.operation}`);
  const type = header(request.headers, 'content-type') ?? '';
  if (request.body !== null && !/^application\/(?:a2a\+)?json\b/.test(type)) faults.push('Content-Type is no JSON');
  return faults;
}

/** §11. */
export const httpJsonCodec: Codec = {
  binding: 'HTTP+JSON',
  decodeReply,
  decodeEvent,
  speaks,
  answers: onceForEach(answers),
  askedFor: ({ request, interface: spoken }) => (spoken === null ? undefined : readRequest(request, spoken.url)),
  faultsOfRequest,
  codesOf: httpStatusesOf,
};
