import { describe, expect, test } from 'vitest';
import { goodCard } from '../../testing/card-answers.ts';
import { cardExchange } from '../../testing/card-answers.ts';
import { judgeShape } from './shape.ts';

type Json = Readonly<Record<string, unknown>>;

/** Rows of a card that do not simply hold, with what is said of them; that most have no HTTP scheme is no word worth. */
const noted = (card: Json): Record<string, string> =>
  Object.fromEntries(
    Object.entries(judgeShape(card, cardExchange())).flatMap(([row, { kind }]) =>
      kind === 'holds' || (kind === 'skip' && row === 'agent-card/http-auth-scheme')
        ? []
        : [[row.replace('agent-card/', ''), kind]],
    ),
  );

const without = (card: Json, ...names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(card).filter(([name]) => !names.includes(name)));

const [ownInterface] = goodCard.supportedInterfaces;
const [ownSkill] = goodCard.skills;
const withSkill = (more: Json): Json => ({ ...goodCard, skills: [{ ...ownSkill, ...more }] });
const withScheme = (scheme: unknown): Json => ({ ...goodCard, securitySchemes: { own: scheme } });
const codeFlow = { authorizationUrl: 'https://a', tokenUrl: 'https://t', scopes: {} };

describe('unusual but legal', () => {
  test.for<[string, Json, Record<string, string>?]>([
    ['the good card', goodCard],
    [
      'extra members',
      { ...goodCard, url: 'http://x', preferredTransport: 'JSONRPC', 'x-vendor': { a: null }, my_own: 1 },
    ],
    ['a member of 0.3 beside', { ...goodCard, supportsAuthenticatedExtendedCard: true, security: [{ bearer: [] }] }],
    [
      'null for what is optional',
      { ...goodCard, provider: null, iconUrl: null, signatures: null },
      { 'provider-fields': 'skip' },
    ],
    [
      'no provider, no security',
      without(goodCard, 'provider', 'securitySchemes'),
      { 'provider-fields': 'skip', 'security-schemes': 'skip' },
    ],
    ['an empty map of schemes', { ...goodCard, securitySchemes: {} }, { 'security-schemes': 'skip' }],
    ['no capability at all', { ...goodCard, capabilities: {} }],
    ['capabilities of tomorrow', { ...goodCard, capabilities: { streaming: false, telepathy: true } }],
    [
      'an interface with a tenant and more',
      { ...goodCard, supportedInterfaces: [{ ...ownInterface, tenant: '', extra: 1 }] },
    ],
    ['an extension without anything', { ...goodCard, capabilities: { extensions: [{}] } }],
    [
      'a skill with everything',
      withSkill({ examples: [], inputModes: ['text/plain'], outputModes: [], securityRequirements: [] }),
    ],
    ['mutual TLS, which needs nothing', withScheme({ mtlsSecurityScheme: {} })],
    [
      'a scheme with more members',
      withScheme({ httpAuthSecurityScheme: { scheme: 'Basic', realm: 'x' }, 'x-note': 'y' }),
    ],
    ['OAuth with one flow', withScheme({ oauth2SecurityScheme: { flows: { authorizationCode: codeFlow } } })],
    ['an API key in a cookie', withScheme({ apiKeySecurityScheme: { location: 'cookie', name: 'key' } })],
    [
      'a requirement',
      { ...goodCard, securityRequirements: [{ schemes: { bearer: { list: ['a'] } } }, { schemes: { bearer: {} } }] },
    ],
  ])('%s', ([, card, expected = {}]) => {
    expect(noted(card)).toEqual(expected);
  });
});

describe('two readings: a warning at most', () => {
  test.for<[string, Json, Record<string, string>]>([
    ['no skill', { ...goodCard, skills: [] }, { 'required-arrays': 'ambiguous', 'skill-fields': 'skip' }],
    ['an empty description', { ...goodCard, description: '' }, { 'required-fields': 'ambiguous' }],
  ])('%s', ([, card, expected]) => {
    expect(noted(card)).toEqual(expected);
    const judgement = Object.values(judgeShape(card)).find(({ kind }) => kind === 'ambiguous');
    expect(judgement).toMatchObject({ readings: [expect.any(String), expect.any(String)] });
  });
});

describe('wrong', () => {
  const required = ['name', 'description', 'version', 'capabilities', 'defaultInputModes', 'defaultOutputModes'];
  test.for<[string, Json, Record<string, string>]>([
    ...required.flatMap((name): [string, Json, Record<string, string>][] => [
      [`no ${name}`, without(goodCard, name), { 'required-fields': 'violated' }],
      [`${name} is null`, { ...goodCard, [name]: null }, { 'required-fields': 'violated' }],
    ]),
    ['no skills at all', without(goodCard, 'skills'), { 'required-fields': 'violated', 'skill-fields': 'skip' }],
    ['empty input modes', { ...goodCard, defaultInputModes: [] }, { 'required-arrays': 'violated' }],
    ['empty interfaces', { ...goodCard, supportedInterfaces: [] }, { 'required-arrays': 'violated' }],
    ['empty tags', withSkill({ tags: [] }), { 'required-arrays': 'violated' }],
    [
      'empty tags and no skill',
      { ...goodCard, skills: [], defaultInputModes: [] },
      { 'required-arrays': 'violated', 'skill-fields': 'skip' },
    ],
    ['a name that is a number', { ...goodCard, name: 7 }, { 'field-types': 'violated' }],
    ['modes that are one string', { ...goodCard, defaultInputModes: 'text/plain' }, { 'field-types': 'violated' }],
    [
      'a capability that is a string',
      { ...goodCard, capabilities: { streaming: 'true' } },
      { 'field-types': 'violated' },
    ],
    ['capabilities as a list', { ...goodCard, capabilities: ['streaming'] }, { 'field-types': 'violated' }],
    [
      'skills as a map',
      { ...goodCard, skills: { echo: ownSkill } },
      { 'field-types': 'violated', 'skill-fields': 'skip' },
    ],
    [
      'a skill that is a string',
      { ...goodCard, skills: ['echo'] },
      { 'field-types': 'violated', 'skill-fields': 'skip' },
    ],
    ['an example that is an object', withSkill({ examples: [{ text: 'x' }] }), { 'field-types': 'violated' }],
    [
      'a provider that is a string',
      { ...goodCard, provider: 'Example' },
      { 'field-types': 'violated', 'provider-fields': 'skip' },
    ],
    ['an optional field with a proto name', { ...goodCard, icon_url: 'https://x' }, { 'field-names': 'violated' }],
    [
      'a required field with a proto name',
      { ...without(goodCard, 'defaultInputModes'), default_input_modes: ['text/plain'] },
      { 'field-names': 'violated' },
    ],
    [
      'a nested field with a proto name',
      { ...goodCard, capabilities: { push_notifications: true } },
      { 'field-names': 'violated' },
    ],
    ...['url', 'protocolBinding', 'protocolVersion'].map((name): [string, Json, Record<string, string>] => [
      `an interface without ${name}`,
      { ...goodCard, supportedInterfaces: [ownInterface, without(ownInterface, name)] },
      { 'interface-fields': 'violated' },
    ]),
    ...['id', 'name', 'description', 'tags'].map((name): [string, Json, Record<string, string>] => [
      `a skill without ${name}`,
      { ...goodCard, skills: [ownSkill, without(ownSkill, name)] },
      { 'skill-fields': 'violated' },
    ]),
    ['a skill with null tags', withSkill({ tags: null }), { 'skill-fields': 'violated' }],
    [
      'a provider without organization',
      { ...goodCard, provider: { url: 'https://x' } },
      { 'provider-fields': 'violated' },
    ],
    ['a provider without url', { ...goodCard, provider: { organization: 'x' } }, { 'provider-fields': 'violated' }],
    ['a scheme as in 0.3', withScheme({ type: 'http', scheme: 'bearer' }), { 'security-schemes': 'violated' }],
    [
      'a scheme of two kinds',
      withScheme({ mtlsSecurityScheme: {}, httpAuthSecurityScheme: { scheme: 'Bearer' } }),
      { 'security-schemes': 'violated' },
    ],
    [
      'a kind of a later version',
      withScheme({ passkeySecurityScheme: { description: 'x' } }),
      { 'security-schemes': 'ambiguous' },
    ],
    [
      'the internal form of a program',
      withScheme({ scheme: { $case: 'httpAuthSecurityScheme', value: { scheme: 'Bearer' } } }),
      { 'security-schemes': 'violated' },
    ],
    ['HTTP without a scheme', withScheme({ httpAuthSecurityScheme: {} }), { 'security-schemes': 'violated' }],
    [
      'an API key without a name',
      withScheme({ apiKeySecurityScheme: { location: 'header' } }),
      { 'security-schemes': 'violated' },
    ],
    [
      'an API key in the body',
      withScheme({ apiKeySecurityScheme: { location: 'body', name: 'key' } }),
      { 'security-schemes': 'violated' },
    ],
    ['OAuth without flows', withScheme({ oauth2SecurityScheme: {} }), { 'security-schemes': 'violated' }],
    [
      'OAuth without a token URL',
      withScheme({ oauth2SecurityScheme: { flows: { clientCredentials: { scopes: {} } } } }),
      { 'security-schemes': 'violated' },
    ],
    [
      'OAuth with two flows',
      withScheme({ oauth2SecurityScheme: { flows: { authorizationCode: codeFlow, clientCredentials: codeFlow } } }),
      { 'security-schemes': 'violated' },
    ],
    [
      'a scheme of HTTP that is registered nowhere',
      withScheme({ httpAuthSecurityScheme: { scheme: 'Gauntlet' } }),
      { 'http-auth-scheme': 'violated' },
    ],
    [
      'a token URL that is none',
      withScheme({ oauth2SecurityScheme: { flows: { password: { tokenUrl: 'ask us' } } } }),
      { 'security-schemes': 'violated' },
    ],
    [
      'a relative authorization URL',
      withScheme({ oauth2SecurityScheme: { flows: { implicit: { authorizationUrl: '/authorize' } } } }),
      { 'security-schemes': 'ambiguous' },
    ],
    [
      'metadata of OAuth over plain http',
      withScheme({
        oauth2SecurityScheme: { flows: { authorizationCode: codeFlow }, oauth2MetadataUrl: 'http://a/.well-known' },
      }),
      { 'security-schemes': 'ambiguous' },
    ],
    [
      'OpenID Connect without its URL',
      withScheme({ openIdConnectSecurityScheme: {} }),
      { 'security-schemes': 'violated' },
    ],
  ])('%s', ([, card, expected]) => {
    expect(noted(card)).toEqual(expected);
  });

  test('a violation names places, what was expected and what came', () => {
    const judgement = judgeShape(withSkill({ tags: null, id: 7 }), cardExchange());
    expect(judgement['agent-card/skill-fields']).toMatchObject({
      reason: expect.stringContaining('/skills/0/tags') as string,
      expected: 'an array, each element a string',
      evidence: [{}],
    });
    expect(judgement['agent-card/field-types']).toMatchObject({ actual: '/skills/0/id: 7' });
  });
});
