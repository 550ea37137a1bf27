import { AgentCard, generateAgentCardSignature } from '@a2a-js/sdk';
import { exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { goodCard } from '../../testing/card-answers.ts';
import { signaturesOf, verifySignature, type Verified } from '../shared/card-signatures.ts';

/** Cards signed by the official SDK for JavaScript, served as ProtoJSON. */

type Json = Readonly<Record<string, unknown>>;

async function signedBySdk(given: unknown, served: Json): Promise<Verified> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const sign = generateAgentCardSignature(privateKey, { alg: 'ES256', typ: 'JOSE', kid: 'k1' });
  const { signatures } = await sign(given as AgentCard);
  const card = { ...served, signatures };
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1' }];
  return await verifySignature(card, signaturesOf(card)[0]!, [{ keys, from: 'a file' }]);
}

test.for<[string, Json, 'text' | 'reading']>([
  ['a card with what it needs', goodCard, 'text'],
  [
    'default values and other alphabets',
    {
      ...goodCard,
      name: 'Агент é',
      provider: { organization: 'Ö', url: 'https://example.com' },
      capabilities: { streaming: false, extensions: [{ uri: 'urn:x', required: false, params: { a: [1.5] } }] },
    },
    'text',
  ],
  ['a REQUIRED member that is empty, which the SDK leaves out', { ...goodCard, skills: [] }, 'reading'],
])('%s', async ([, card, kind]) => {
  expect(await signedBySdk(card, card)).toMatchObject({ kind: 'verified', payload: { kind } });
});

test('the form of the SDK’s own loses the security schemes before it is signed (a2a-js#663)', async () => {
  expect(await signedBySdk(AgentCard.fromJSON(goodCard), goodCard)).toMatchObject({
    kind: 'verified',
    payload: { kind: 'wrong', what: 'the card without its security schemes' },
  });
});
