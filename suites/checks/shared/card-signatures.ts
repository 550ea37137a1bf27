import { base64url, errors as joseErrors, flattenedVerify, importJWK, type JWK } from 'jose';
import { cardPayloads, type CardPayload } from '../../../protocol/card-canonical.ts';
import { isObject, type Json } from '../agent-card/fetch-card.ts';

/** One entry of `signatures`, as far as it can be read. */
export interface ReadSignature {
  readonly index: number;
  readonly entry: Json;
  /** What is wrong with its form (§8.4.2, RFC 7515), in words. */
  readonly problems: readonly string[];
  /** The protected header; undefined where there is none to be read. */
  readonly header: Json | undefined;
}

/** Keys that a signature may have been made with, and where they were found. */
export interface FoundKeys {
  readonly keys: readonly Json[];
  /** `the key set at …`, for the report. */
  readonly from: string;
}

/** What became of one signature. */
export type Verified =
  | { readonly kind: 'verified'; readonly payload: CardPayload; readonly from: string }
  /** It was made with another key than the one that it names, or over something else. */
  | { readonly kind: 'refuted'; readonly from: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly hint: string };

const keysHint = 'give the keys: --card-keys <file or URL of a JWK Set>';

/** RFC 7515 §2: base64 with the URL-safe alphabet and without padding. */
const isBase64url = (text: string): boolean => /^[\w-]+$/.test(text) && text.length % 4 !== 1;

function headerIn(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(base64url.decode(text)));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readSignature(entry: unknown, index: number): ReadSignature {
  if (!isObject(entry)) return { index, entry: {}, problems: ['it is no object'], header: undefined };
  const { protected: head, signature, header: open } = entry;
  const problems: string[] = [];
  const checkText = (name: string, value: unknown): void => {
    if (typeof value !== 'string' || value === '') problems.push(`${name} is not there`);
    else if (!isBase64url(value)) problems.push(`${name} is no base64url without padding (RFC 7515 §2)`);
  };
  checkText('protected', head);
  checkText('signature', signature);
  const header = typeof head === 'string' ? headerIn(head) : undefined;
  if (typeof head === 'string' && isBase64url(head) && header === undefined)
    problems.push('protected holds no JSON object');
  if (open !== undefined && open !== null && !isObject(open)) problems.push('header is no JSON object');
  const twice = isObject(open) && header ? Object.keys(open).filter((name) => Object.hasOwn(header, name)) : [];
  if (twice.length > 0) problems.push(`${twice.join(', ')} stands in protected and in header (RFC 7515 §7.2.1)`);
  return { index, entry, problems, header };
}

/** The entries of `signatures`; none where the card has no such list. */
export const signaturesOf = (card: Json): readonly ReadSignature[] =>
  Array.isArray(card['signatures']) ? (card['signatures'] as unknown[]).map(readSignature) : [];

/** The keys that a header may mean: those of its id, or where none has it those without any; all where it names none. */
function meant({ kid }: Json, keys: readonly Json[]): readonly Json[] {
  if (kid === undefined) return keys;
  const named = keys.filter((key) => key['kid'] === kid);
  return named.length > 0 ? named : keys.filter((key) => key['kid'] === undefined);
}

/** Undefined where the key is of another kind than the algorithm, or no key. */
async function usable(key: Json, alg: string): ReturnType<typeof importJWK> {
  const { use: _, key_ops: __, ext: ___, d: ____, ...open } = key;
  return await importJWK({ ...open, alg } as JWK, alg);
}

type Jws = Parameters<typeof flattenedVerify>[0];

async function verifies(jws: Jws, payload: string, key: Awaited<ReturnType<typeof importJWK>>): Promise<boolean> {
  try {
    await flattenedVerify({ ...jws, payload: base64url.encode(payload) }, key);
    return true;
  } catch (error) {
    if (error instanceof joseErrors.JWSSignatureVerificationFailed) return false;
    throw error;
  }
}

/** Looks for the text and the key that one signature of a card is by; never rejects. */
export async function verifySignature(card: Json, read: ReadSignature, found: readonly FoundKeys[]): Promise<Verified> {
  const { entry, header, problems } = read;
  const unknown = (reason: string, hint: string): Verified => ({ kind: 'unknown', reason, hint });
  const alg = header?.['alg'];
  if (header === undefined || typeof alg !== 'string' || typeof entry['signature'] !== 'string') {
    return unknown(`it cannot be read: ${problems[0] ?? 'it names no algorithm'}`, 'see agent-card/signature-form');
  }
  const jws = {
    protected: entry['protected'] as string,
    signature: entry['signature'],
    ...(isObject(entry['header']) ? { header: entry['header'] } : {}),
  } as unknown as Jws;
  const payloads = cardPayloads(card);
  if (payloads.length === 0)
    return unknown('the card has no canonical form: it holds a lone surrogate', 'see RFC 8785');
  const candidates = found.flatMap(({ keys, from }) => meant(header, keys).map((key) => ({ key, from })));
  if (candidates.length === 0) {
    const looked = found.map(({ from }) => from);
    const id = `key ${JSON.stringify(header['kid'])}`;
    return unknown(looked.length === 0 ? `${id} is not known` : `${id} is not in ${looked.join(', ')}`, keysHint);
  }
  let reason = '';
  let tried: string | undefined;
  for (const { key, from } of candidates) {
    try {
      const imported = await usable(key, alg);
      for (const payload of payloads) {
        if (await verifies(jws, payload.text, imported)) return { kind: 'verified', payload, from };
      }
      // One of another id, or of none, need not be the key that is meant.
      if (key['kid'] === header['kid'] && header['kid'] !== undefined) tried ??= from;
    } catch (error) {
      reason ||= error instanceof Error ? error.message : String(error);
    }
  }
  // A key that could not be tried may have been the one.
  if (tried !== undefined && reason === '') return { kind: 'refuted', from: tried };
  const name = `key ${JSON.stringify(header['kid'])}`;
  return unknown(
    reason === ''
      ? `it does not verify by keys without an id, and ${name} is not among them`
      : `${alg} with ${name} cannot be tried here: ${reason}`,
    keysHint,
  );
}
