import type { ProbeContext } from '../../../core/engine/check.ts';
import { ambiguous, holds, skip, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { header, type Exchange } from '../../../core/history/exchange.ts';
import type { Json } from '../agent-card/fetch-card.ts';
import { givenKeys, jkuOf, keysFor, namedKeySets, type KeySet } from './card-keys.ts';
import { signaturesOf, verifySignature, type ReadSignature, type Verified } from './card-signatures.ts';
import { worst } from './refusal.ts';

/** What was seen of the signatures of one card. */
export interface Signatures {
  readonly card: Json;
  /** The answer that the card came with. */
  readonly exchange: Exchange;
  readonly all: readonly { readonly signature: ReadSignature; readonly verified: Verified }[];
  readonly keySets: readonly KeySet[];
  readonly given: KeySet | undefined;
}

/** A card with more signatures than these is judged by the first ones. */
const mostSignatures = 16;

/** Reads the signatures of a card, fetches the keys that they name and tries them. */
export async function observeSignatures(
  card: Json,
  exchange: Exchange,
  context: Pick<ProbeContext, 'http' | 'cardKeys' | 'deadlines' | 'signal'>,
): Promise<Signatures> {
  const read = signaturesOf(card).slice(0, mostSignatures);
  const given = read.length === 0 ? undefined : await givenKeys(context);
  const keySets = await namedKeySets(read, context);
  const all = await Promise.all(
    read.map(async (signature) => ({
      signature,
      verified: await verifySignature(card, signature, keysFor(signature, keySets, given)),
    })),
  );
  return { card, exchange, all, keySets, given };
}

const unsigned = (): Judgement => skip('the card is not signed, which is optional (§8.4)');

const place = ({ index }: ReadSignature): string => `signatures[${index}]`;

/** One judgement over the problems of each signature, where there is any. */
function judgeEach(
  { all, exchange }: Signatures,
  problemsOf: (signature: ReadSignature) => readonly string[],
  words: { readonly wrong: string; readonly expected: string; readonly right: string },
): Judgement {
  if (all.length === 0) return unsigned();
  const found = all.flatMap(({ signature }) => problemsOf(signature).map((said) => `${place(signature)}: ${said}`));
  if (found.length === 0) return holds(words.right, exchange);
  return violated({ reason: words.wrong, expected: words.expected, actual: found.join('; ') }, exchange);
}

/** §8.4.2, §4.4.7: the three members of a JWS in JSON. */
export const judgeForm = (seen: Signatures): Judgement =>
  judgeEach(seen, ({ problems }) => problems, {
    wrong: 'a signature is no JWS in the form of RFC 7515',
    expected: 'protected: base64url of a JSON object; signature: base64url; header: a JSON object, if any',
    right: 'every signature is a JWS in JSON',
  });

const shown = (value: unknown): string => (value === undefined ? 'not there' : JSON.stringify(value));

/** §8.4.2: the protected header MUST include alg and kid. */
export const judgeHeader = (seen: Signatures): Judgement =>
  judgeEach(
    seen,
    ({ header }) => {
      // What cannot be read is judged by its form.
      if (header === undefined) return [];
      const { alg, kid } = header;
      return [
        ...(typeof alg === 'string' && alg !== '' && alg.toLowerCase() !== 'none' ? [] : [`alg is ${shown(alg)}`]),
        ...(typeof kid === 'string' ? [] : [`kid is ${shown(kid)}`]),
      ];
    },
    {
      wrong: 'a protected header does not say with which algorithm and key the card is signed',
      expected: 'alg and kid in the protected header, both strings',
      right: 'every protected header has alg and kid',
    },
  );

/** §8.4.2: typ "SHOULD be set to JOSE". Media types are compared without case, and with or without application/. */
export const judgeType = (seen: Signatures): Judgement =>
  judgeEach(
    seen,
    ({ header }) =>
      header === undefined || (typeof header['typ'] === 'string' && /^(?:application\/)?jose$/i.test(header['typ']))
        ? []
        : [`typ is ${shown(header['typ'])}`],
    { wrong: 'a protected header does not have the type JOSE', expected: 'typ: "JOSE"', right: 'typ is JOSE' },
  );

function judgeKeySet({ url, exchange, found, problem = '' }: KeySet, signatures: readonly ReadSignature[]): Judgement {
  if (exchange === null) return untested(`${url}: ${problem}`, 'give the keys: --card-keys <file or URL>');
  const status = exchange.response?.status;
  if (found !== undefined) {
    const missing = signatures.filter(
      ({ header }) => header?.['kid'] !== undefined && !found.keys.some(({ kid }) => kid === header['kid']),
    );
    if (missing.length === 0) return holds(`${found.from} has the key of each signature that names it`, exchange);
    return ambiguous(
      `${found.from} has no key ${missing.map(({ header }) => shown(header?.['kid'])).join(', ')}`,
      [
        'RFC 7515 §4.1.2: one of the keys behind jku is the one that was signed with',
        '§8.4.3: keys are rotated, and a client may have the old one in a store of its own',
      ],
      exchange,
    );
  }
  const isPage = /^text\/html\b/i.test(header(exchange.response?.headers ?? [], 'Content-Type') ?? '');
  if (status === 200 && !isPage) {
    return violated(
      { reason: `${url} is named as a JWK Set and is none`, expected: 'a JSON object with keys', actual: problem },
      exchange,
    );
  }
  if (status === 404 || status === 410 || (status === 200 && isPage)) {
    return ambiguous(
      `${url} is named as a JWK Set, and there is ${isPage ? 'a page' : 'nothing'}: ${problem}`,
      [
        'RFC 7515 §4.1.2: jku refers to a resource for a set of keys',
        'the place may be another in the network of the clients that it is for',
      ],
      exchange,
    );
  }
  return untested(`${url}: ${problem}`, 'give the keys: --card-keys <file or URL>', exchange);
}

const isUrl = (value: unknown): boolean => typeof value === 'string' && URL.canParse(value);

/** §8.4.2, RFC 7515 §4.1.2: `jku` leads to a set with the key. */
export function judgeKeySets({ all, keySets, exchange }: Signatures): Judgement {
  if (all.length === 0) return unsigned();
  const odd = all.filter(({ signature: { header } }) => header?.['jku'] !== undefined && !isUrl(header['jku']));
  if (odd.length > 0) {
    const actual = odd.map(({ signature }) => `${place(signature)}: ${shown(signature.header?.['jku'])}`).join('; ');
    return violated({ reason: 'a jku is no URL', expected: 'a URL', actual }, exchange);
  }
  if (keySets.length === 0) return skip('no signature names a jku, which is optional (§8.4.2)');
  const read = all.map(({ signature }) => signature);
  return worst(
    keySets.map((set) =>
      judgeKeySet(
        set,
        read.filter((signature) => jkuOf(signature) === set.url),
      ),
    ),
  );
}

function judgeOne(
  { signature, verified }: Signatures['all'][number],
  others: boolean,
  places: readonly KeySet[],
  evidence: readonly Exchange[],
): Judgement {
  const where = place(signature);
  if (verified.kind === 'unknown') {
    const failed = places.flatMap(({ url, problem }) => (problem === undefined ? [] : [`; ${url}: ${problem}`]));
    return untested(`${where}: ${verified.reason}${failed.join('')}`, verified.hint, ...evidence);
  }
  const by = `${String(signature.header?.['alg'])} and ${verified.from}`;
  const wrong = (actual: string): Judgement =>
    violated(
      {
        reason: `${where} does not verify by ${by}`,
        expected: 'a signature over the card without its signatures and default values, in the form of RFC 8785',
        actual,
      },
      ...evidence,
    );
  if (verified.kind === 'verified') {
    const { kind, what } = verified.payload;
    if (kind === 'text') return holds(`${where} verifies by ${by}`, ...evidence);
    if (kind === 'wrong') return wrong(`what is signed is ${what}`);
    return ambiguous(
      `${where} verifies by ${by}, but over ${what}`,
      [
        '§8.4.1: members with default values are omitted, unless they are REQUIRED or optional and set',
        '§8.4.2, §8.4.3: default values are removed, which ones is not said; serializers of ProtoJSON differ',
      ],
      ...evidence,
    );
  }
  if (!others && evidence[0]?.interface?.binding === 'GRPC') {
    return ambiguous(
      `${where} does not verify by ${by} over a card that came as a binary message`,
      [
        '§8.4.2: the signature is over the canonical form of this card',
        '§5.7: members that a2a.proto does not know are ignored: a binary message cannot carry what JSON may have had signed',
      ],
      ...evidence,
    );
  }
  if (!others) {
    return wrong('it verifies over no reading of the canonical form: the card was changed, or another key used');
  }
  return ambiguous(
    `${where} does not verify by ${by}, while another signature does`,
    [
      '§8.4.2: each signature is over the canonical form of this card',
      '§8.4.3: one that verifies is what clients need; another may be for verifiers with rules of their own',
    ],
    ...evidence,
  );
}

/** §8.4.1–§8.4.3: what is signed is this card. */
export function judgeVerified({ all, keySets, given, exchange }: Signatures): Judgement {
  if (all.length === 0) return unsigned();
  const places = [...keySets, ...(given === undefined ? [] : [given])];
  const evidence = [exchange, ...places.flatMap((set) => set.exchange ?? [])];
  const stands = all.some(({ verified }) => verified.kind === 'verified' && verified.payload.kind !== 'wrong');
  return worst(all.map((one) => judgeOne(one, stands, places, evidence)));
}

/** The rows of §8.4 about one card; whose card it is, is for the check to say. */
export const signatureRows = [
  'agent-card/signature-form',
  'agent-card/signature-header',
  'agent-card/signature-type',
  'agent-card/signature-key-set',
  'agent-card/signature-verifies',
] as const;

export const judgeSignatures = (seen: Signatures): Readonly<Record<(typeof signatureRows)[number], Judgement>> => ({
  'agent-card/signature-form': judgeForm(seen),
  'agent-card/signature-header': judgeHeader(seen),
  'agent-card/signature-type': judgeType(seen),
  'agent-card/signature-key-set': judgeKeySets(seen),
  'agent-card/signature-verifies': judgeVerified(seen),
});
