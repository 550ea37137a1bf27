import { base64url, exportJWK, FlattenedSign, generateKeyPair, generateSecret, type CryptoKey } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Exchange } from '../../../core/history/exchange.ts';
import type { CardKey } from '../../../core/target/card-keys.ts';
import { cardPayloads } from '../../../protocol/card-canonical.ts';
import { cardExchange, goodCard } from '../../testing/card-answers.ts';
import { keysFor, type KeySet } from '../shared/card-keys.ts';
import { signaturesOf, verifySignature } from '../shared/card-signatures.ts';
import { judgeSignatures, type Signatures } from '../shared/signature-judges.ts';

type Json = Readonly<Record<string, unknown>>;

let key: CardKey;
let privateKey: CryptoKey;
let other: CardKey;
let secret: Uint8Array;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  privateKey = pair.privateKey;
  key = { ...(await exportJWK(pair.publicKey)), kid: 'k1' };
  other = { ...(await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey)), kid: 'k1' };
  secret = (await exportJWK((await generateSecret('HS256', { extractable: true })) as CryptoKey))
    .k as unknown as Uint8Array;
});

const url = 'https://agent.example.com/jwks.json';
const plain = { alg: 'ES256', typ: 'JOSE', kid: 'k1' };
const named = { ...plain, jku: url };

async function entryOf(header: Json, text: string, open?: Json): Promise<Json> {
  const jws = new FlattenedSign(new TextEncoder().encode(text)).setProtectedHeader(header as { alg: string });
  const { payload: _, ...entry } = await (open === undefined ? jws : jws.setUnprotectedHeader(open)).sign(privateKey);
  return entry;
}

const textOf = (card: Json): string => cardPayloads(card)[0]!.text;

const keySet = (keys: readonly CardKey[], problem?: string, exchange: Exchange | null = cardExchange()): KeySet => ({
  url,
  exchange,
  found: problem === undefined ? { keys, from: `the key set at ${url}` } : undefined,
  problem,
});

/** What is said of each row about a card with these entries, without the rows that hold. */
async function noted(
  card: Json,
  entries: readonly unknown[],
  sets: readonly KeySet[] = [],
  given?: KeySet,
  exchange = cardExchange(),
) {
  const whole = { ...card, signatures: entries };
  const read = signaturesOf(whole);
  const all: Signatures['all'] = await Promise.all(
    read.map(async (signature) => ({
      signature,
      verified: await verifySignature(whole, signature, keysFor(signature, sets, given)),
    })),
  );
  const judged = judgeSignatures({ card: whole, exchange, all, keySets: sets, given });
  const rows = Object.entries(judged).flatMap(([row, { kind }]) =>
    kind === 'holds' ? [] : [[row.replace('agent-card/signature-', ''), kind]],
  );
  return { ...(Object.fromEntries(rows) as Record<string, string>) };
}

const unsigned = { form: 'skip', header: 'skip', type: 'skip', 'key-set': 'skip', verifies: 'skip' };

describe('right, or unusual and right', () => {
  test('no signature at all', async () => {
    expect(await noted(goodCard, [])).toEqual(unsigned);
  });

  test('a key behind jku', async () => {
    expect(await noted(goodCard, [await entryOf(named, textOf(goodCard))], [keySet([key])])).toEqual({});
  });

  test('a key of the user, among others', async () => {
    const given = keySet([{ kty: 'XYZ', kid: 'k0' }, other, key]);
    expect(await noted(goodCard, [await entryOf(plain, textOf(goodCard))], [], given)).toEqual({ 'key-set': 'skip' });
  });

  test('a key without an id, and one in the header itself', async () => {
    const { kid: _, ...nameless } = key;
    const entry = await entryOf(plain, textOf(goodCard));
    expect(await noted(goodCard, [entry], [], keySet([nameless]))).toEqual({ 'key-set': 'skip' });
    const carried = await entryOf({ ...plain, jwk: nameless }, textOf(goodCard));
    expect(await noted(goodCard, [carried])).toEqual({ 'key-set': 'skip' });
  });

  test('keys without an id that are others: untested', async () => {
    const { kid: _, ...nameless } = other;
    expect(await noted(goodCard, [await entryOf(plain, textOf(goodCard))], [], keySet([nameless]))).toMatchObject({
      verifies: 'untested',
    });
  });

  test('a key that is nowhere: untested', async () => {
    expect(await noted(goodCard, [await entryOf(plain, textOf(goodCard))])).toEqual({
      'key-set': 'skip',
      verifies: 'untested',
    });
  });

  test('an algorithm with a secret: untested, and verified where the user gives it', async () => {
    const header = base64url.encode(JSON.stringify({ ...plain, alg: 'HS256' }));
    const signature = base64url.encode('x'.repeat(32));
    expect(await noted(goodCard, [{ protected: header, signature }], [], keySet([key]))).toMatchObject({
      verifies: 'untested',
    });
    const symmetric = keySet([{ kty: 'oct', k: secret, kid: 'k1' }]);
    expect(await noted(goodCard, [{ protected: header, signature }], [], symmetric)).toMatchObject({
      verifies: 'violated',
    });
  });

  test('an extension of JWS that is not understood: untested', async () => {
    const header = base64url.encode(JSON.stringify({ ...plain, crit: ['urn:x'], 'urn:x': 1 }));
    const { signature } = await entryOf(plain, textOf(goodCard));
    expect(await noted(goodCard, [{ protected: header, signature }], [], keySet([key]))).toMatchObject({
      verifies: 'untested',
    });
  });

  test('further parameters in both headers, and another spelling of the type', async () => {
    const entry = await entryOf({ ...plain, typ: 'application/jose', iat: 1 }, textOf(goodCard), { note: {} });
    expect(await noted(goodCard, [entry], [], keySet([key]))).toEqual({ 'key-set': 'skip' });
  });
});

describe('other readings: a warning', () => {
  test('default values that were kept', async () => {
    const card = { ...goodCard, capabilities: { extensions: [] } };
    const text = textOf(card).replace('"capabilities":{}', '"capabilities":{"extensions":[]}');
    expect(await noted(card, [await entryOf(plain, text)], [], keySet([key]))).toEqual({
      'key-set': 'skip',
      verifies: 'ambiguous',
    });
  });

  test('a signature that does not verify beside one that does', async () => {
    const entries = [await entryOf(plain, textOf(goodCard)), await entryOf(plain, '{}')];
    expect(await noted(goodCard, entries, [], keySet([key]))).toMatchObject({ verifies: 'ambiguous' });
  });

  test('a card that came as a binary message, without what JSON may have had', async () => {
    const exchange = { ...cardExchange(), interface: { binding: 'GRPC', version: '1.0', url: 'http://127.0.0.1/' } };
    const entry = await entryOf(plain, textOf({ ...goodCard, 'x-vendor': true }));
    expect(await noted(goodCard, [entry], [], keySet([key]), exchange)).toMatchObject({ verifies: 'ambiguous' });
    expect(await noted(goodCard, [entry], [], keySet([key]))).toMatchObject({ verifies: 'violated' });
  });

  test.for<[string, number, string, string]>([
    ['nothing behind jku', 404, 'application/json', 'ambiguous'],
    ['a server that fails', 500, 'application/json', 'untested'],
    ['something else behind jku', 200, 'application/json', 'violated'],
    ['a page to sign in behind jku', 200, 'text/html; charset=utf-8', 'ambiguous'],
  ])('%s', async ([, status, type, expected]) => {
    const set = keySet([], `HTTP ${status}`, cardExchange({ status, headers: [['content-type', type]] }));
    expect(await noted(goodCard, [await entryOf(named, textOf(goodCard))], [set])).toEqual({
      'key-set': expected,
      verifies: 'untested',
    });
  });

  test('a key that is no more in its set', async () => {
    const set = keySet([{ ...key, kid: 'k2' }]);
    expect(await noted(goodCard, [await entryOf(named, textOf(goodCard))], [set])).toEqual({
      'key-set': 'ambiguous',
      verifies: 'untested',
    });
  });
});

describe('wrong', () => {
  test('another card', async () => {
    const entry = await entryOf(plain, textOf(goodCard));
    expect(await noted({ ...goodCard, version: '2' }, [entry], [], keySet([key]))).toMatchObject({
      verifies: 'violated',
    });
  });

  test('another key under the same id', async () => {
    expect(await noted(goodCard, [await entryOf(named, textOf(goodCard))], [keySet([other])])).toEqual({
      verifies: 'violated',
    });
  });

  test('letters that are escaped are named as what is signed', async () => {
    const card = { ...goodCard, name: 'Ägent' };
    const whole = { ...card, signatures: [await entryOf(plain, textOf(card).replace('Ä', '\\u00c4'))] };
    const [signature] = signaturesOf(whole);
    const verified = await verifySignature(whole, signature!, [{ keys: [key], from: 'a file' }]);
    expect(verified).toMatchObject({ kind: 'verified', payload: { kind: 'wrong' } });
  });

  test.for<[string, unknown, Record<string, string>]>([
    ['no object', 'abc', { form: 'violated' }],
    ['nothing in it', {}, { form: 'violated' }],
    [
      'a padded signature',
      { protected: base64url.encode('{"alg":"ES256","kid":"a","typ":"JOSE"}'), signature: 'YQ==' },
      { form: 'violated' },
    ],
    ['a header that is no JSON', { protected: base64url.encode('abc'), signature: 'YQ' }, { form: 'violated' }],
    [
      'a name in both headers',
      { protected: base64url.encode('{"alg":"ES256","kid":"a","typ":"JOSE"}'), signature: 'YQ', header: { kid: 'a' } },
      { form: 'violated' },
    ],
    [
      'no algorithm, no key, no type',
      { protected: base64url.encode('{}'), signature: 'YQ' },
      { header: 'violated', type: 'violated' },
    ],
    [
      'no signature by its own word',
      { protected: base64url.encode('{"alg":"none","kid":"a","typ":"JOSE"}'), signature: 'YQ' },
      { header: 'violated' },
    ],
    [
      'a jku that is relative',
      { protected: base64url.encode('{"alg":"ES256","kid":"a","typ":"JOSE","jku":"/jwks.json"}'), signature: 'YQ' },
      { 'key-set': 'violated' },
    ],
    [
      'a jku that is a number',
      { protected: base64url.encode('{"alg":"ES256","kid":"a","typ":"JOSE","jku":7}'), signature: 'YQ' },
      { 'key-set': 'violated' },
    ],
  ])('%s', async ([, entry, expected]) => {
    const { verifies, ...said } = await noted(goodCard, [entry]);
    expect(verifies).toBe('untested');
    expect(said).toEqual({ 'key-set': 'skip', ...expected });
  });
});
