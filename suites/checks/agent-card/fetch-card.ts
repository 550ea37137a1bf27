import { Unelicited, type TargetProbeContext } from '../../../core/engine/check.ts';
import type { Exchange } from '../../../core/history/exchange.ts';

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The card as one more GET of its place gave it. */
export interface CardFetch {
  readonly exchange: Exchange;
  /** Undefined where no JSON object came; `problem` then says what did. */
  readonly card: Json | undefined;
  readonly problem: string | undefined;
}

type FetchContext = Pick<TargetProbeContext, 'target' | 'http' | 'deadlines' | 'signal'>;

/** Fetches the card from where discovery found it; never rejects for what the target does. */
export async function fetchCard({ target, http, deadlines, signal }: FetchContext): Promise<CardFetch> {
  const exchange = await http.send({
    request: { method: 'GET', url: target.cardUrl, headers: [['Accept', 'application/json']], body: null },
    intent: { kind: 'fetch', what: 'agent card' },
    interface: null,
    actor: 'main',
    timeoutMs: deadlines.operationMs,
    signal,
    classify: (answered) => (readCardAnswer(answered).card === undefined ? 'error' : 'ok'),
  });
  return { exchange, ...readCardAnswer(exchange) };
}

/** What an answer holds; pure. */
export function readCardAnswer(exchange: Pick<Exchange, 'response' | 'failure'>): Omit<CardFetch, 'exchange'> {
  const { response, failure } = exchange;
  const none = (problem: string) => ({ card: undefined, problem });
  if (failure !== undefined || response === null) return none(failure?.message ?? 'no answer');
  if (response.status < 200 || response.status > 299) return none(`HTTP ${response.status}`);
  if (!response.validUtf8) return none('bytes that are not UTF-8 (RFC 8259 §8.1)');
  let value: unknown;
  try {
    value = JSON.parse(response.body.replace(/^\uFEFF/, ''));
  } catch {
    return none('a body that is no JSON');
  }
  return isObject(value) ? { card: value, problem: undefined } : none('JSON that is no object');
}

/** The card as it is served now. @throws {Unelicited} where it is not served any more, which another check judges */
export async function fetchCardAgain(
  context: FetchContext,
): Promise<{ readonly exchange: Exchange; readonly card: Json }> {
  const { exchange, card, problem } = await fetchCard(context);
  if (card !== undefined) return { exchange, card };
  throw new Unelicited(`the card could not be fetched again: ${problem}`, 'see agent-card/available', [exchange]);
}

/** The entries of a list of the card that are objects, with the place of each. */
export const objectsIn = (list: unknown): readonly { readonly index: number; readonly value: Json }[] =>
  Array.isArray(list) ? (list as unknown[]).flatMap((value, index) => (isObject(value) ? [{ index, value }] : [])) : [];
