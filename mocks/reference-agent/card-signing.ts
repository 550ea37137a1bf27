import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { canonicalCard } from './card-canonical.ts';
import type { AgentCardSignature, JsonObject } from './types.ts';

/** How one signature of the card is made; the clean agent has one, with every default. */
export interface SignatureRecipe {
  /** Default ES256. */
  readonly alg?: 'ES256' | 'ES384' | 'RS256' | 'PS256' | 'EdDSA';
  /** Whether the key stands in the key set; default true. */
  readonly published?: boolean;
  /** The protected header from the one that it would be. */
  readonly header?: (header: JsonObject) => object;
  /** The unprotected header. */
  readonly open?: JsonObject;
  /** The signed text from that of §8.4.1, for the card as it is served. */
  readonly payload?: (canonical: string, card: object) => string;
  /** The entry from the one that it would be. */
  readonly entry?: (entry: AgentCardSignature) => object;
}

/** Signs cards with keys of its own (§8.4). */
export interface CardSigner {
  sign(card: object): object;
  /** The key set behind the `jku` of the signatures. */
  readonly jwks: JsonObject;
}

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');

type Keys = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
type Algorithm = NonNullable<SignatureRecipe['alg']>;

function newKeys(alg: Algorithm): Keys {
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519');
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (alg === 'ES384') return generateKeyPairSync('ec', { namedCurve: 'P-384' });
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** RFC 7518 §3: digest, padding and the form of an elliptic curve's signature. */
function signed(alg: Algorithm, text: string, key: KeyObject): string {
  const data = Buffer.from(text, 'ascii');
  const digest = alg === 'EdDSA' ? null : alg === 'ES384' ? 'sha384' : 'sha256';
  // RSASSA-PSS has padding 6, with a salt as long as the digest (32).
  const how = alg === 'PS256' ? { key, padding: 6, saltLength: 32 } : { key, dsaEncoding: 'ieee-p1363' as const };
  return sign(digest, data, how).toString('base64url');
}

export function createCardSigner(jwksUrl: string, recipes: readonly SignatureRecipe[] = [{}]): CardSigner {
  const prepared = recipes.map((recipe) => {
    const alg = recipe.alg ?? 'ES256';
    return { recipe, alg, kid: randomUUID(), keys: newKeys(alg) };
  });
  return {
    sign(card) {
      const signatures = prepared.map(({ recipe, alg, kid, keys }) => {
        const header: JsonObject = { alg, typ: 'JOSE', kid, jku: jwksUrl };
        const head = encode(JSON.stringify(recipe.header?.(header) ?? header));
        const canonical = canonicalCard(card);
        const payload = encode(recipe.payload?.(canonical, card) ?? canonical);
        const signature = signed(alg, `${head}.${payload}`, keys.privateKey);
        const entry = { protected: head, signature, ...(recipe.open === undefined ? {} : { header: recipe.open }) };
        return recipe.entry?.(entry) ?? entry;
      });
      return { ...card, signatures };
    },
    jwks: {
      keys: prepared
        .filter(({ recipe }) => recipe.published !== false)
        .map(({ alg, kid, keys }) => ({
          ...(keys.publicKey.export({ format: 'jwk' }) as JsonObject),
          kid,
          alg,
          use: 'sig',
        })),
    },
  };
}
