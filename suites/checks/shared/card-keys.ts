import type { ProbeContext } from '../../../core/engine/check.ts';
import type { Exchange } from '../../../core/history/exchange.ts';
import { keysIn } from '../../../core/target/card-keys.ts';
import { isObject } from '../agent-card/fetch-card.ts';
import type { FoundKeys, ReadSignature } from './card-signatures.ts';

type Context = Pick<ProbeContext, 'http' | 'cardKeys' | 'deadlines' | 'signal'>;

/** What was found at a place of keys. */
export interface KeySet {
  readonly url: string;
  /** Null where it was not asked, for the reason in `problem`. */
  readonly exchange: Exchange | null;
  /** Undefined where no JWK Set came; `problem` then says what did. */
  readonly found: FoundKeys | undefined;
  readonly problem: string | undefined;
}

/** Places of a single card that are asked; more would be a load on others. */
const mostPlaces = 5;

async function fetchKeySet(url: string, { http, deadlines, signal }: Context): Promise<KeySet> {
  const exchange = await http.send({
    request: { method: 'GET', url, headers: [['Accept', 'application/jwk-set+json, application/json']], body: null },
    intent: { kind: 'fetch', what: 'keys of card signatures' },
    interface: null,
    actor: 'main',
    timeoutMs: deadlines.operationMs,
    signal,
    classify: (answered) => (readKeySet(answered) === undefined ? 'error' : 'ok'),
  });
  const keys = readKeySet(exchange);
  const { response, failure } = exchange;
  const problem = failure?.message ?? (response?.status === 200 ? 'no JWK Set' : `HTTP ${response?.status}`);
  return keys === undefined
    ? { url, exchange, found: undefined, problem }
    : { url, exchange, found: { keys, from: `the key set at ${url}` }, problem: undefined };
}

function readKeySet({ response, failure }: Pick<Exchange, 'response' | 'failure'>): FoundKeys['keys'] | undefined {
  if (failure !== undefined || response === null || response.status < 200 || response.status > 299) return undefined;
  try {
    return keysIn(JSON.parse(response.body.replace(/^\uFEFF/, '')));
  } catch {
    return undefined;
  }
}

/** The keys that the user gave; their own place is asked once a check. */
export async function givenKeys(context: Context): Promise<KeySet | undefined> {
  const { given } = context.cardKeys;
  if (given === null) return undefined;
  if (given.kind === 'url') return await fetchKeySet(given.url, context);
  return { url: given.from, exchange: null, found: { keys: given.keys, from: given.from }, problem: undefined };
}

/** The place of the key set that a signature names; undefined where it names none. */
export const jkuOf = ({ header }: ReadSignature): string | undefined => {
  const jku = header?.['jku'];
  return typeof jku === 'string' && jku !== '' ? jku : undefined;
};

/** The key sets that the signatures name, each asked once where this run may ask there. */
export async function namedKeySets(signatures: readonly ReadSignature[], context: Context): Promise<readonly KeySet[]> {
  const urls = [...new Set(signatures.flatMap((signature) => jkuOf(signature) ?? []))];
  return await Promise.all(
    urls.map((url, index): KeySet | Promise<KeySet> => {
      const refusal = index < mostPlaces ? context.cardKeys.refuse(url) : 'the card names too many places of keys';
      return refusal === null
        ? fetchKeySet(url, context)
        : { url, exchange: null, found: undefined, problem: `not asked: ${refusal}` };
    }),
  );
}

/** The keys for one signature: the user's, those behind its `jku`, and one that it carries itself (RFC 7515 §4.1.3). */
export function keysFor(
  signature: ReadSignature,
  sets: readonly KeySet[],
  given: KeySet | undefined,
): readonly FoundKeys[] {
  const jku = jkuOf(signature);
  const own = signature.header?.['jwk'];
  return [
    ...(given?.found === undefined ? [] : [given.found]),
    ...sets.flatMap(({ url, found }) => (url === jku && found !== undefined ? [found] : [])),
    ...(isObject(own) ? [{ keys: [{ ...own, kid: signature.header?.['kid'] }], from: 'its own header' }] : []),
  ];
}
