import { type Exchange, type History, type Millis } from '../../history/exchange.ts';
import { onceForEach } from '../../history/once-for-each.ts';
import { isObject, parseJson, type JsonObject } from '../../invariants/json.ts';
import { eventsOf, isEventStream, isPlainCoding, isStream } from '../http/event-stream.ts';

/** One thing an agent sent where JSON-RPC wants a response object: a body, or an event of a stream. */
export interface RpcAnswer {
  readonly exchange: Exchange;
  readonly source: 'body' | 'event';
  /** 0 for a body and for the first event. */
  readonly index: number;
  /** When it had arrived. */
  readonly at: Millis;
  readonly text: string;
  /** Name of the SSE event; undefined where none was given, and for a body. */
  readonly event: string | undefined;
  /** Undefined where the text is no JSON text. */
  readonly json: unknown;
}

/** Members of which a response object has at least one; without any it is something else altogether. */
export const looksLikeResponse = (json: unknown): json is JsonObject =>
  isObject(json) && ['jsonrpc', 'result', 'error'].some((member) => Object.hasOwn(json, member));

/** A request to which JSON-RPC owes no answer: a notification (no id), or a batch of nothing but those. */
function owesNoAnswer(body: unknown): boolean {
  const calls: readonly unknown[] = Array.isArray(body) ? body : [body];
  return calls.length > 0 && calls.every((call) => isObject(call) && !Object.hasOwn(call, 'id'));
}

const isSpoken = ({ kind }: Exchange['intent']): boolean => kind === 'operation' || kind === 'malformed';

/**
 * Whether the exchange is one where a JSON-RPC answer is due: a POST on a JSON-RPC interface that was answered, in bytes
 * that were recorded as sent (a content coding that nobody asked for hides them).
 */
function isAnswered(exchange: Exchange): boolean {
  const { interface: spoken, intent, request } = exchange;
  return spoken?.binding === 'JSONRPC' && isSpoken(intent) && request.method === 'POST' && isPlainCoding(exchange);
}

/**
 * Answers with another status than 200 come from whatever is on the way (a proxy, a web server, an authentication layer)
 * unless they say themselves that they are JSON-RPC.
 */
function bodyAnswers(exchange: Exchange): RpcAnswer[] {
  const { response, endedBy, endedAt, request } = exchange;
  if (response === null || endedBy !== 'server' || response.truncated) return [];
  const { body: text, status } = response;
  const json = parseJson(text.replace(/^\uFEFF/, ''));
  const base = { exchange, source: 'body', at: endedAt, event: undefined } as const;
  if (status !== 200 && !(isObject(json) && Object.hasOwn(json, 'jsonrpc'))) return [];
  if (text === '' && owesNoAnswer(parseJson(request.body))) return [];
  // A batch is answered by an array of response objects (JSON-RPC 2.0 §6).
  if (Array.isArray(json) && Array.isArray(parseJson(request.body)))
    return json.map((member: unknown, index) => ({ ...base, index, text: JSON.stringify(member), json: member }));
  return [{ ...base, index: 0, text, json }];
}

const eventAnswers = (exchange: Exchange): RpcAnswer[] =>
  eventsOf(exchange)
    .map(({ at, data, event }, index): RpcAnswer => ({
      exchange,
      source: 'event',
      index,
      at,
      text: data,
      event: event === '' || event === 'message' ? undefined : event,
      json: parseJson(data),
    }))
    // Without data nothing is dispatched (SSE): a keep-alive, not an answer.
    .filter(({ text }) => text !== '');

/** Every JSON-RPC answer of an exchange. */
export const rpcAnswersIn = onceForEach((exchange: Exchange): readonly RpcAnswer[] => {
  if (!isAnswered(exchange)) return [];
  if (isStream(exchange)) return eventAnswers(exchange);
  // A stream where none was asked for is a wrong Content-Type; what is in it is not judged as well.
  return isEventStream(exchange) ? [] : bodyAnswers(exchange);
});

/** Every JSON-RPC answer of a history, in the order of its exchanges. */
export const rpcAnswers = ({ exchanges }: History): readonly RpcAnswer[] => exchanges.flatMap(rpcAnswersIn);

/** Exchanges with an answer, stream or body, that the JSON-RPC binding has rules for. */
export function answeredExchanges(history: History, answers: readonly RpcAnswer[]): readonly Exchange[] {
  const withAnswers = new Set(answers.map(({ exchange }) => exchange));
  return history.exchanges.filter(
    (exchange) => withAnswers.has(exchange) || (isAnswered(exchange) && isEventStream(exchange)),
  );
}

/** Whether an answer is an envelope that can be judged member by member. */
export type RpcEnvelope = RpcAnswer & { readonly json: JsonObject };
export const isEnvelope = (answer: RpcAnswer): answer is RpcEnvelope => looksLikeResponse(answer.json);
