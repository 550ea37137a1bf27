import type { SignatureRecipe } from '../reference-agent/card-signing.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import type { JsonObject } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';

const mutant = (id: string, description: string, breaks: string | readonly string[], fault: Fault): Mutant => ({
  id: `agent-card/${id}`,
  description,
  breaks: [breaks].flat(),
  killedBy: ['agent-card/signatures'],
  fault,
});

const signedBy = (...signatures: readonly SignatureRecipe[]): Fault => ({ signatures });

/** Some of a header's members. */
const without =
  (name: string) =>
  (header: JsonObject): object =>
    Object.fromEntries(Object.entries(header).filter(([key]) => key !== name));

const verifies = 'agent-card/signature-verifies';
const header = 'agent-card/signature-header';

/** §8.4. */
export const cardSignatureMutants: readonly Mutant[] = [
  mutant('changed-after-signing', 'The card is changed after it was signed', verifies, {
    signedCard: (card) => ({ ...card, description: `${card.description} Changed.` }),
  }),
  mutant('signed-by-another-key', 'The key set has another key under the id of the one that signs', verifies, {
    jwks: ({ keys }) => ({
      keys: (keys as readonly JsonObject[]).map((key) => ({
        ...key,
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      })),
    }),
  }),
  mutant('signed-unsorted', 'What is signed is the card as it is printed, its members not sorted', verifies, {
    ...signedBy({ payload: (_, card) => JSON.stringify(card) }),
  }),
  mutant('signed-escaped', 'What is signed has letters beyond ASCII escaped (a2a-python#1174)', verifies, {
    card: (card) => ({ ...card, description: 'Référence' }),
    ...signedBy({
      payload: (canonical) =>
        canonical.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    }),
  }),
  mutant('signed-without-schemes', 'What is signed lacks the security schemes of the card (a2a-js#663)', verifies, {
    ...signedBy({
      payload: (canonical) => {
        const { securitySchemes: _, ...rest } = JSON.parse(canonical) as JsonObject;
        return JSON.stringify(rest);
      },
    }),
  }),
  mutant('signed-with-defaults', 'What is signed keeps members that have their default value (a2a-js#605)', verifies, {
    card: (card) => ({
      ...card,
      capabilities: { ...card.capabilities, extensions: [{ uri: 'urn:example:optional', required: false }] },
    }),
    ...signedBy({
      payload: (canonical) =>
        canonical.replace('{"uri":"urn:example:optional"}', '{"required":false,"uri":"urn:example:optional"}'),
    }),
  }),
  mutant(
    'second-signature-broken',
    'Of two signatures one is over another card',
    verifies,
    signedBy({}, { payload: (canonical) => canonical.replace('Reference', 'Another') }),
  ),
  mutant(
    'signature-padded',
    'Signatures are base64 with padding and without the alphabet for URLs',
    'agent-card/signature-form',
    signedBy({
      entry: ({ signature, ...entry }) => ({
        ...entry,
        signature: Buffer.from(signature, 'base64url').toString('base64'),
      }),
    }),
  ),
  mutant('signature-header-plain', 'The protected header is the JSON itself', 'agent-card/signature-form', {
    ...signedBy({
      entry: (entry) => ({ ...entry, protected: Buffer.from(entry.protected, 'base64url').toString('utf8') }),
    }),
  }),
  mutant(
    'signature-without-kid',
    'The protected header does not name the key',
    header,
    signedBy({ header: without('kid') }),
  ),
  mutant(
    'signature-kid-unprotected',
    'The id of the key stands in the unprotected header',
    header,
    signedBy({ header: without('kid'), open: { kid: 'key-1' } }),
  ),
  mutant('signature-without-type', 'The protected header has no typ', 'agent-card/signature-type', {
    ...signedBy({ header: without('typ') }),
  }),
  mutant('signature-type-jwt', 'The typ of the protected header is JWT', 'agent-card/signature-type', {
    ...signedBy({ header: (own) => ({ ...own, typ: 'JWT' }) }),
  }),
  mutant('key-set-is-a-key-list', 'Behind jku is a list of keys, no JWK Set', 'agent-card/signature-key-set', {
    jwks: ({ keys }) => keys as object,
  }),
  mutant('key-set-without-key', 'The key set does not have the key of the signature', 'agent-card/signature-key-set', {
    jwks: () => ({ keys: [] }),
  }),
];
