import { paths } from '../reference-agent/card.ts';
import type { SignatureRecipe } from '../reference-agent/card-signing.ts';
import type { JsonObject } from '../reference-agent/types.ts';
import type { Variant } from './variant.ts';

const signed = (
  id: string,
  description: string,
  allowedBy: string,
  signatures: readonly SignatureRecipe[],
  more: Partial<Variant> = {},
): Variant => ({ id: `card/${id}`, description, allowedBy, fault: { signatures }, ...more });

const alsoIn =
  (more: object) =>
  (header: JsonObject): object => ({ ...header, ...more });

/** Of an extension that nobody has to know. */
const uri = 'urn:example:optional';

/** §8.4: cards that are signed in other ways than the reference agent's. */
export const cardSignatureVariants: readonly Variant[] = [
  signed('signed-rs256', 'RSASSA-PKCS1-v1_5', '§8.4.2: "ES256", "RS256" are examples', [{ alg: 'RS256' }]),
  signed('signed-eddsa', 'Ed25519', '§8.4.2: any algorithm of RFC 7518 and RFC 8037', [{ alg: 'EdDSA' }]),
  signed('signed-es384-ps256', 'P-384 and RSASSA-PSS, in one card', '§8.4.2, §8.4.3', [
    { alg: 'ES384' },
    { alg: 'PS256' },
  ]),
  signed(
    'signed-by-unknown-key',
    'Two signatures, the key of one of which is nowhere to be found',
    '§8.4.3: multiple signatures support key rotation; a client has the key in a store of its own',
    [{}, { published: false, header: ({ jku: _, ...header }) => header }],
  ),
  signed(
    'signed-by-retired-key',
    'Two signatures, of which one names a key that is no more in the set',
    '§8.4.3: multiple signatures support key rotation',
    [{}, { published: false }],
    { warns: ['agent-card/signature-key-set'] },
  ),
  signed(
    'signed-without-jku',
    'The key is named by its id alone',
    '§8.4.2: MAY include jku; §8.4.3: a trusted key store',
    [{ header: ({ jku: _, ...header }) => header }],
  ),
  signed(
    'signed-with-more-headers',
    'Further parameters stand in the protected and in the unprotected header',
    '§8.4.2, RFC 7515 §4.2, §4.3: public and private header parameters',
    [
      {
        header: alsoIn({ cty: 'application/json', iat: 1_760_000_000, 'urn:example': { a: [1] } }),
        open: { note: '' },
      },
    ],
  ),
  {
    id: 'card/signed-over-defaults',
    description: 'What is signed keeps the default values that the card is served with',
    allowedBy: '§8.4.2: which default values are removed is not said in so many words',
    warns: ['agent-card/signature-verifies'],
    fault: {
      card: (card) => ({ ...card, capabilities: { ...card.capabilities, extensions: [{ required: false, uri }] } }),
      signatures: [{ payload: (canonical) => canonical.replace(`"uri":"${uri}"`, `"required":false,"uri":"${uri}"`) }],
    },
  },
  {
    id: 'card/signed-with-defaults-served',
    description: 'The card is served with default values, and signed without them as §8.4.1 says',
    allowedBy: '§8.4.1',
    fault: {
      card: (card) => ({
        ...card,
        iconUrl: '',
        securityRequirements: [],
        capabilities: {
          ...card.capabilities,
          extensions: [{ required: false, description: '', uri }],
        },
        skills: card.skills.map((skill) => ({ ...skill, inputModes: [], outputModes: [] })),
      }),
    },
  },
  {
    id: 'card/pretty-printed',
    description:
      'The card is served with blanks between its members, which stand in another order than they were signed in',
    allowedBy: '§8.4.1: the canonical form is the same for all of them',
    fault: {
      cardResponse: (response) => {
        if (response.body === '') return response;
        const members = Object.entries(JSON.parse(response.body) as object).toReversed();
        return { ...response, body: `\n${JSON.stringify(Object.fromEntries(members), null, '\t')}\n` };
      },
    },
  },
  {
    id: 'card/keys-behind-a-login',
    description: 'Where the keys are, whoever is not known to the network is shown a page to sign in',
    allowedBy:
      '§8.4.3: keys are retrieved over secure channels, or come from a store; no section says who reaches them',
    warns: ['agent-card/signature-key-set'],
    fault: {
      http: (request, response, next) => {
        if (request.url !== paths.jwks) return next();
        response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
      },
    },
  },
  {
    id: 'card/many-keys',
    description: 'The key set holds keys of other kinds and without an id, and members that nobody knows',
    allowedBy: 'RFC 7517 §5: keys that are not understood are ignored; an id is optional',
    fault: {
      jwks: ({ keys }) => ({
        'x-set': 1,
        keys: [
          { kty: 'XYZ', kid: 'future' },
          {
            kty: 'EC',
            crv: 'P-256',
            x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
            y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
          },
          ...(keys as readonly object[]),
          { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kid: 'other' },
        ],
      }),
    },
  },
  {
    id: 'card/extended-differs',
    description:
      'The extended card has another name, other skills and capabilities, and is not signed as the public one is',
    allowedBy: '§3.1.11: it may contain details that the public card does not have; §8.4: cards MAY be signed',
    profile: 'bearer',
    fault: {
      card: (card, { extended }) =>
        extended
          ? {
              ...card,
              name: 'For you',
              version: '2.0.0',
              skills: card.skills.slice(-1),
              capabilities: { ...card.capabilities, extensions: [{ uri }] },
            }
          : card,
      signedCard: ({ signatures, ...card }, { extended }) => (extended ? card : { ...card, signatures }),
    },
  },
  {
    id: 'card/extended-over-grpc',
    description:
      'The signed extended card has REQUIRED members with their default value, which no binary message carries',
    allowedBy: '§8.4.1: REQUIRED members are always present in what is signed; proto3 has no presence for them',
    profile: 'bearer',
    options: { bindings: ['GRPC', 'HTTP+JSON'] },
    fault: {
      card: (card) => ({
        ...card,
        securitySchemes: {
          ...card.securitySchemes,
          oauth: {
            oauth2SecurityScheme: {
              flows: { clientCredentials: { tokenUrl: 'https://example.com/token', scopes: {} } },
            },
          },
        },
        capabilities: { ...card.capabilities, extensions: [{ uri, params: { ratio: 1.5, none: null } }] },
      }),
    },
  },
];
