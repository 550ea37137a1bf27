/** A key as a JWK, judged and therefore not typed. */
export type CardKey = Readonly<Record<string, unknown>>;

/** Where the keys of card signatures come from (§8.4.3: by `jku`, or from a trusted key store). */
export interface CardKeySources {
  /** The user's own: what a file holds, or where they are to be fetched; null where none were given. */
  readonly given: CardKeyStore | null;
  /** Why a key set that a card names may not be fetched; null where it may. */
  refuse(url: string): string | null;
}

export type CardKeyStore =
  | { readonly kind: 'keys'; readonly keys: readonly CardKey[]; readonly from: string }
  | { readonly kind: 'url'; readonly url: string };

/** Of a run that fetches no keys. */
export const noCardKeys: CardKeySources = { given: null, refuse: () => 'this run fetches no keys' };

const isObject = (value: unknown): value is CardKey =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keys of a JWK Set (RFC 7517 §5), or of a single JWK; undefined for what is neither. */
export function keysIn(value: unknown): readonly CardKey[] | undefined {
  if (!isObject(value)) return undefined;
  const { keys } = value;
  // "Implementations SHOULD ignore JWKs within a JWK Set that … are missing required members": what is no object is none.
  if (Array.isArray(keys)) return (keys as unknown[]).filter(isObject);
  return typeof value['kty'] === 'string' ? [value] : undefined;
}
