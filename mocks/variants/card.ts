import type { Fault, HttpAnswer } from '../reference-agent/hooks.ts';
import type { AgentCard, AgentInterface } from '../reference-agent/types.ts';
import type { Variant } from './variant.ts';

const interfaces = (change: (own: AgentInterface) => readonly object[]): Fault => ({
  card: (card) => ({ ...card, supportedInterfaces: card.supportedInterfaces.flatMap(change) }),
});

const cardHeaders = (change: (headers: HttpAnswer['headers']) => HttpAnswer['headers']): Fault => ({
  cardResponse: (response) => ({ ...response, headers: change(response.headers) }),
});

/** One of each kind, none demanded of anybody. */
const securitySchemes = {
  bearer: { httpAuthSecurityScheme: { scheme: 'bearer', bearerFormat: 'JWT', description: '' } },
  basic: { httpAuthSecurityScheme: { scheme: 'Basic' } },
  key: { apiKeySecurityScheme: { location: 'cookie', name: 'api_key' } },
  oauth: {
    oauth2SecurityScheme: {
      flows: {
        authorizationCode: {
          authorizationUrl: 'https://example.com/authorize',
          tokenUrl: 'https://example.com/token',
          scopes: {},
          pkceRequired: true,
        },
      },
      oauth2MetadataUrl: 'https://example.com/.well-known/oauth-authorization-server',
    },
  },
  oidc: { openIdConnectSecurityScheme: { openIdConnectUrl: 'https://example.com/.well-known/openid-configuration' } },
  mtls: { mtlsSecurityScheme: {} },
};

/** Optional members without a value, as a serializer with that option writes them. */
const defaults = {
  documentationUrl: '',
  iconUrl: '',
  securitySchemes: {},
  securityRequirements: [],
};

const bare = ({ name, supportedInterfaces, version, defaultInputModes, skills }: AgentCard): object => ({
  name,
  description: 'x',
  supportedInterfaces,
  version,
  capabilities: {},
  defaultInputModes,
  defaultOutputModes: defaultInputModes,
  skills: skills.slice(0, 1).map(({ id, tags }) => ({ id, name: id, description: id, tags })),
});

/** Of `period` fetches of the card the last one meets a server that does not have it (yet). */
function awayEvery(period: number, status: number): Fault {
  let fetches = 0;
  return {
    cardResponse: (response) =>
      (fetches += 1) % period === 0
        ? { status, headers: { 'Content-Type': 'text/plain' }, body: 'default backend' }
        : response,
  };
}

export const cardVariants: readonly Variant[] = [
  {
    id: 'card/later-scheme',
    description: 'Beside the scheme that it demands the card offers one of a kind that there is not yet',
    allowedBy: '§5.7: what is not recognized is ignored; one card is for all versions that an agent speaks',
    warns: ['agent-card/security-schemes', 'agent-card/extended-complete'],
    profile: 'bearer',
    fault: {
      card: (card) => ({
        ...card,
        securitySchemes: { ...card.securitySchemes, later: { passkeySecurityScheme: { description: 'A passkey' } } },
      }),
    },
  },
  {
    id: 'card/media-type',
    description: 'The card is served as application/a2a+json with a charset',
    allowedBy: '§14.3: the resource returns an AgentCard object; no media type is named',
    fault: cardHeaders((headers) => ({ ...headers, 'Content-Type': 'application/a2a+json; charset=utf-8' })),
  },
  {
    id: 'card/no-caching',
    description: 'The card is served without Cache-Control, ETag and Last-Modified',
    allowedBy: '§8.6.1: SHOULD include Cache-Control and ETag',
    warns: ['agent-card/cache-control', 'agent-card/etag'],
    fault: cardHeaders(({ 'Content-Type': type = 'application/json' }) => ({ 'Content-Type': type })),
  },
  {
    id: 'card/weak-tag',
    description: 'The entity tag is weak, and the card may be kept for no time at all',
    allowedBy: '§8.6.1: an ETag, and a max-age appropriate for the agent; RFC 9110 §8.8.3, RFC 9111 §5.2.2.1',
    fault: cardHeaders((headers) => ({
      'content-type': headers['Content-Type'] ?? 'application/json',
      etag: `W/${headers['ETag']}`,
      'cache-control': 'private, MAX-AGE=0, must-revalidate',
    })),
  },
  {
    id: 'card/not-found-now-and-then',
    description: 'Behind one address one of three servers is starting, and does not have the card yet (HTTP 404)',
    allowedBy: '§8.1: an Agent Card is available; no section promises that one request is enough',
    warns: ['agent-card/available'],
    fault: () => awayEvery(2, 404),
  },
  {
    id: 'card/broken-now-and-then',
    description: 'Every third fetch of the card fails with HTTP 500',
    allowedBy: '§3.3.2: system errors and temporary unavailability',
    fault: () => awayEvery(3, 500),
  },
  {
    id: 'card/relative-url',
    description: 'The URL of the interface is relative to where the card was found',
    allowedBy:
      'a2a.proto AgentInterface.url: absolute in production; RFC 3986 §5.1.3: the base is where it was retrieved',
    warns: ['agent-card/interface-url'],
    fault: interfaces((own) => [{ ...own, url: new URL(own.url).pathname }]),
  },
  {
    id: 'card/new-each-time',
    description: 'The card has a member with the time, and another entity tag each time',
    allowedBy: '§8.6.1: the tag is derived from the version or the content, and the content is new',
    fault: {
      cardResponse: (response) => {
        if (response.body === '') return response;
        const generatedAt = performance.now().toString(36);
        const body = JSON.stringify({ ...(JSON.parse(response.body) as object), 'x-generated': generatedAt });
        return { ...response, headers: { ...response.headers, ETag: `"${generatedAt}"` }, body };
      },
    },
  },
  {
    id: 'card/patch-version',
    description: 'The version of the interface has a patch number',
    allowedBy: '§3.6: patch numbers SHOULD NOT be used, and are not considered',
    warns: ['agent-card/protocol-version'],
    fault: interfaces((own) => [{ ...own, protocolVersion: '1.0.1' }]),
  },
  {
    id: 'card/binding-without-uri',
    description: 'A binding of its own is named by a word',
    allowedBy: '§5.8: custom bindings SHOULD be identified by a URI',
    warns: ['agent-card/custom-binding-uri'],
    fault: interfaces((own) => [own, { ...own, protocolBinding: 'WEBSOCKET', url: 'wss://agent.example.com/a2a' }]),
  },
  {
    id: 'card/no-skills',
    description: 'The list of skills is empty',
    allowedBy: '§8.4.1 shows such a card',
    warns: ['agent-card/required-arrays'],
    fault: { card: (card) => ({ ...card, skills: [] }) },
  },
  {
    id: 'card/url-with-query',
    description: 'The URL of the interface has a query',
    allowedBy: 'a2a.proto AgentInterface.url: any valid absolute URL',
    fault: interfaces((own) => [{ ...own, url: `${own.url}?agent=reference&lang=de` }]),
  },
  {
    id: 'card/url-with-slash',
    description: 'The URL of the interface ends with a slash',
    allowedBy: 'a2a.proto AgentInterface.url: any valid absolute URL',
    fault: interfaces((own) => [{ ...own, url: `${own.url}/` }]),
  },
  {
    id: 'card/url-spelt-oddly',
    description: 'The scheme in capitals, dots in the path, a fragment',
    allowedBy: 'RFC 3986 §6.2.2: the same URL',
    fault: interfaces((own) => [
      { ...own, url: `${own.url.replace('http://', 'HTTP://').replace('/a2a/', '/x/../a2a/./')}#rpc` },
    ]),
  },
  {
    id: 'card/other-host-name',
    description: 'The interface is declared at another name of the host than the card was fetched from',
    allowedBy: '§8.3.1: the URL of the interface is its own',
    fault: interfaces((own) => [{ ...own, url: own.url.replace('127.0.0.1', 'localhost') }]),
  },
  {
    id: 'card/several-interfaces',
    description: 'A binding of its own comes first, then gRPC and HTTP+JSON, JSON-RPC last',
    allowedBy: '§5.8, §8.3.1: all supported combinations, in the agent’s order of preference',
    options: { bindings: ['HTTP+JSON', 'JSONRPC'] },
    fault: interfaces((own) =>
      own.protocolBinding === 'HTTP+JSON'
        ? [
            {
              ...own,
              protocolBinding: 'https://example.com/bindings/websocket/v1',
              url: 'wss://agent.example.com/a2a',
            },
            { ...own, protocolBinding: 'GRPC', url: 'https://grpc.example.com' },
            own,
          ]
        : [own],
    ),
  },
  {
    id: 'card/interface-twice',
    description: 'The same interface is listed twice',
    allowedBy: '§8.3.1: URLs MAY be reused',
    fault: interfaces((own) => [own, own]),
  },
  {
    id: 'card/two-urls',
    description: 'The same agent is declared at two URLs',
    allowedBy: '§8.3.1: all supported combinations',
    fault: interfaces((own) => [own, { ...own, url: `${own.url}/` }]),
  },
  {
    id: 'card/defaults-written-out',
    description: 'Optional members without a value are there: "", [], {}, false, null',
    allowedBy: '§5.5, §5.7: ProtoJSON; null is an absent field',
    fault: {
      signedCard: (card) => ({
        ...defaults,
        ...card,
        provider: null,
        supportedInterfaces: card.supportedInterfaces.map((own) => ({ ...own, tenant: '' })),
        capabilities: { ...card.capabilities, extensions: [] },
        skills: card.skills.map((skill) => ({
          ...skill,
          examples: [],
          inputModes: [],
          outputModes: null,
          securityRequirements: [],
        })),
        signatures: [],
      }),
    },
  },
  {
    id: 'card/unknown-members',
    description: 'Members that no version knows, and those of 0.3, stand in every object',
    allowedBy: '§5.7: unrecognised fields are for forward compatibility',
    fault: {
      card: (card) => ({
        ...card,
        kind: 'agent-card',
        'x-vendor': { nested: true },
        preferredTransport: 'JSONRPC',
        supportsAuthenticatedExtendedCard: true,
        capabilities: { ...card.capabilities, stateTransitionHistory: true },
        supportedInterfaces: card.supportedInterfaces.map((own) => ({ ...own, region: 'eu', weight: 5 })),
        skills: card.skills.map((skill) => ({ ...skill, price: { per_call: 0.01 } })),
      }),
    },
  },
  {
    id: 'card/optional-authentication',
    description: 'Schemes of every kind are declared, and none is demanded',
    allowedBy: 'a2a.proto AgentCard.security_requirements: not REQUIRED; an empty one lets everybody in',
    fault: { card: (card) => ({ ...card, securitySchemes, securityRequirements: [{ schemes: {} }, {}] }) },
  },
  {
    id: 'card/bare',
    description: 'Only the required members are there; there are no capabilities',
    allowedBy: '§4.4.1: all else is optional',
    profile: 'minimal',
    share: 0.5,
    fault: { card: bare },
  },
  {
    id: 'card/any-input',
    description: 'Modes are ranges and media types with parameters',
    allowedBy: 'a2a.proto AgentCard.default_input_modes: media types; RFC 9110 §12.5.1',
    fault: {
      policy: { contentTypeIgnored: true },
      card: (card) => ({
        ...card,
        defaultInputModes: ['*/*'],
        defaultOutputModes: ['text/plain; charset=utf-8', 'application/vnd.example.v1+json', 'image/*'],
      }),
    },
  },
  {
    id: 'card/optional-extensions',
    description: 'Extensions are declared, none of them required',
    allowedBy: '§4.6.1',
    fault: {
      card: (card) => ({
        ...card,
        capabilities: {
          ...card.capabilities,
          extensions: [
            { uri: 'https://example.com/extensions/citations/v1', required: false, params: { deep: [{ a_b: null }] } },
            { uri: 'urn:example:geo', description: '' },
          ],
        },
      }),
    },
  },
  {
    id: 'card/two-signatures',
    description: 'The card has two signatures, with an unprotected header',
    allowedBy: '§8.4.3: multiple signatures MAY be present',
    fault: {
      signedCard: (card) => ({
        ...card,
        signatures: (card.signatures ?? []).flatMap((one) => [one, { ...one, header: { note: 'rotated' } }]),
      }),
    },
  },
];

export const profileVariants: readonly Variant[] = [
  {
    id: 'profiles/minimal',
    description: 'No streaming, no push notifications, no extended card',
    allowedBy: '§3.3.4: capabilities are optional',
    profile: 'minimal',
    share: 0.5,
  },
  {
    id: 'profiles/extended-unconfigured',
    description: 'An extended card is declared and none is configured',
    allowedBy: '§3.3.4: ExtendedAgentCardNotConfiguredError is for that',
    profile: 'extended-unconfigured',
  },
  {
    id: 'profiles/required-extension',
    description: 'An extension is required of every request',
    allowedBy: '§3.3.4, §4.6.3',
    profile: 'required-extension',
  },
  {
    id: 'profiles/bearer',
    description: 'Every operation demands a bearer token',
    allowedBy: '§7.4',
    profile: 'bearer',
  },
  {
    id: 'profiles/bearer-by-proxy',
    description: 'A proxy demands the token: 401 and 403 come as plain text, without JSON-RPC',
    allowedBy: '§3.3.2: HTTP 401 Unauthorized is an example of an authentication error',
    profile: 'bearer',
    fault: {
      httpResponse: ({ status, headers, body }) =>
        status === 401 || status === 403
          ? { status, headers: { ...headers, 'Content-Type': 'text/plain' }, body: 'Unauthorized\n' }
          : { status, headers, body },
    },
  },
  {
    id: 'profiles/text-only',
    description: 'Only text/plain is taken',
    allowedBy: '§3.1.1: ContentTypeNotSupportedError is for the rest',
    profile: 'text-only',
  },
  {
    id: 'profiles/tenant',
    description: 'The interface has a tenant, demanded of every request',
    allowedBy: '§8.3.2: clients set the tenant of the interface in every request',
    options: { tenants: ['acme/north'] },
  },
];
