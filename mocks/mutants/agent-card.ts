import type { AgentCard } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';

/** A mutant whose card is changed before it is signed. */
const changedCard = (
  id: string,
  description: string,
  breaks: string,
  killer: string,
  change: (card: AgentCard, baseUrl: string) => object,
): Mutant => ({
  id: `agent-card/${id}`,
  description,
  breaks: [breaks],
  killedBy: [killer],
  fault: { card: (card, { baseUrl }) => change(card, baseUrl) },
});

/** Every interface of the card changed in the same way. */
const eachInterface =
  (change: (entry: AgentCard['supportedInterfaces'][number]) => object) =>
  (card: AgentCard): object => ({ ...card, supportedInterfaces: card.supportedInterfaces.map(change) });

const withoutHeader = (name: string): Mutant['fault'] => ({
  cardResponse: (response) => ({
    ...response,
    headers: Object.fromEntries(Object.entries(response.headers).filter(([key]) => key !== name)),
  }),
});

const shape = 'agent-card/shape';
const declared = 'agent-card/interfaces-declared';
const skillsAndModes = 'agent-card/skills-and-modes';

export const agentCardMutants: readonly Mutant[] = [
  {
    id: 'agent-card/served-once',
    description: 'The card is returned to the first client that asks, and then never again',
    breaks: ['agent-card/available'],
    killedBy: ['agent-card/available'],
    fault: () => {
      let served = false;
      return {
        cardResponse: (response) => {
          if (!served) {
            served = true;
            return response;
          }
          return { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not Found\n' };
        },
      };
    },
  },
  changedCard(
    'no-description',
    'The card has no description',
    'agent-card/required-fields',
    shape,
    ({ description: _, ...card }) => card,
  ),
  changedCard(
    'null-modes',
    'Required lists of the card are null where they are empty (a2a-go#372)',
    'agent-card/required-fields',
    shape,
    (card) => ({ ...card, defaultInputModes: null, defaultOutputModes: null }),
  ),
  changedCard('no-output-modes', 'The list of output modes is empty', 'agent-card/required-arrays', shape, (card) => ({
    ...card,
    defaultOutputModes: [],
  })),
  changedCard('empty-tags', 'The tags of the skills are empty', 'agent-card/required-arrays', shape, (card) => ({
    ...card,
    skills: card.skills.map((skill) => ({ ...skill, tags: [] })),
  })),
  changedCard('version-number', 'The version of the agent is a number', 'agent-card/field-types', shape, (card) => ({
    ...card,
    version: 1,
  })),
  changedCard(
    'required-as-string',
    'Whether an extension is required is said by a string',
    'agent-card/field-types',
    shape,
    (card) => ({
      ...card,
      capabilities: {
        ...card.capabilities,
        extensions: [{ uri: 'https://example.com/extensions/optional/v1', required: 'false' }],
      },
    }),
  ),
  changedCard(
    'snake-case',
    'A field of the card has its proto name',
    'agent-card/field-names',
    shape,
    ({ documentationUrl, ...card }) => ({ ...card, documentation_url: documentationUrl }),
  ),
  changedCard(
    'interface-without-version',
    'The interface does not say its protocol version',
    'agent-card/interface-fields',
    shape,
    eachInterface(({ protocolVersion: _, ...entry }) => entry),
  ),
  changedCard('skill-without-description', 'A skill has no description', 'agent-card/skill-fields', shape, (card) => ({
    ...card,
    skills: card.skills.map(({ description: _, ...skill }) => skill),
  })),
  changedCard('null-tags', 'The tags of a skill are null (a2a-go#372)', 'agent-card/skill-fields', shape, (card) => ({
    ...card,
    skills: card.skills.map((skill) => ({ ...skill, tags: null })),
  })),
  changedCard(
    'provider-without-organization',
    'The provider has no organization',
    'agent-card/provider-fields',
    shape,
    (card) => ({ ...card, provider: { url: 'https://example.com' } }),
  ),
  changedCard(
    'flat-security-scheme',
    'A security scheme has the form of version 0.3',
    'agent-card/security-schemes',
    shape,
    (card) => ({ ...card, securitySchemes: { bearer: { type: 'http', scheme: 'Bearer' } } }),
  ),
  changedCard(
    'key-in-body',
    'An API key is said to go into the body',
    'agent-card/security-schemes',
    shape,
    (card) => ({
      ...card,
      securitySchemes: { ...card.securitySchemes, key: { apiKeySecurityScheme: { location: 'body', name: 'key' } } },
    }),
  ),
  changedCard(
    'scheme-of-its-own',
    'A scheme of HTTP authentication is registered nowhere',
    'agent-card/http-auth-scheme',
    shape,
    (card) => ({
      ...card,
      securitySchemes: { ...card.securitySchemes, own: { httpAuthSecurityScheme: { scheme: 'Gauntlet' } } },
    }),
  ),
  changedCard(
    'flow-without-url',
    'A password flow has words for a token URL',
    'agent-card/security-schemes',
    shape,
    (card) => ({
      ...card,
      securitySchemes: {
        ...card.securitySchemes,
        old: { oauth2SecurityScheme: { flows: { password: { tokenUrl: 'ask the operator', scopes: {} } } } },
      },
    }),
  ),
  changedCard(
    'relative-url',
    'The URL of the interface is relative',
    'agent-card/interface-url',
    declared,
    eachInterface((entry) => ({ ...entry, url: new URL(entry.url).pathname })),
  ),
  changedCard(
    'wrong-port',
    'A second interface is declared where no JSON-RPC is spoken',
    'agent-card/interfaces-answer',
    'agent-card/interfaces-answer',
    (card, baseUrl) => ({
      ...card,
      supportedInterfaces: [
        ...card.supportedInterfaces,
        { url: `${baseUrl}/a2a/old`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      ],
    }),
  ),
  changedCard(
    'no-tls-at-https',
    'A second interface is declared with https where no TLS is spoken',
    'agent-card/interfaces-answer',
    'agent-card/interfaces-answer',
    (card, baseUrl) => ({
      ...card,
      supportedInterfaces: [
        ...card.supportedInterfaces,
        {
          url: `${baseUrl.replace('http:', 'https:')}/a2a/jsonrpc`,
          protocolBinding: 'JSONRPC',
          protocolVersion: '1.0',
        },
      ],
    }),
  ),
  changedCard(
    'patch-version',
    'The protocol version has a patch number',
    'agent-card/protocol-version',
    declared,
    eachInterface((entry) => ({ ...entry, protocolVersion: '1.0.1' })),
  ),
  changedCard(
    'custom-binding-name',
    'A custom binding is identified by a word',
    'agent-card/custom-binding-uri',
    declared,
    (card, baseUrl) => ({
      ...card,
      supportedInterfaces: [
        ...card.supportedInterfaces,
        { url: baseUrl.replace('http:', 'ws:'), protocolBinding: 'WebSocket', protocolVersion: '1.0' },
      ],
    }),
  ),
  changedCard(
    'unspecified-address',
    'A second interface has the address that the server listens on (rossoctl/examples#139)',
    'agent-card/interface-url',
    declared,
    (card, baseUrl) => ({
      ...card,
      supportedInterfaces: [
        ...card.supportedInterfaces,
        {
          url: baseUrl.replace('127.0.0.1', '0.0.0.0'),
          protocolBinding: 'https://example.com/binding',
          protocolVersion: '1.0',
        },
      ],
    }),
  ),
  changedCard('bare-modes', 'Modes are words, not media types', 'agent-card/media-types', skillsAndModes, (card) => ({
    ...card,
    defaultInputModes: ['text'],
    defaultOutputModes: ['text', 'data'],
  })),
  changedCard('skills-share-id', 'All skills have one id', 'agent-card/skill-ids', skillsAndModes, (card) =>
    // One alone shares it with nobody.
    card.skills.length < 2 ? card : { ...card, skills: card.skills.map((skill) => ({ ...skill, id: 'skill' })) },
  ),
  changedCard(
    'undeclared-scheme',
    'A skill requires a scheme that the card does not declare',
    'agent-card/security-requirements',
    'agent-card/security-requirements',
    (card) => ({
      ...card,
      skills: card.skills.map((skill) => ({ ...skill, securityRequirements: [{ schemes: { oidc: {} } }] })),
    }),
  ),
  changedCard(
    'requirement-of-v03',
    'A requirement has the form of version 0.3, and so requires nothing',
    'agent-card/security-requirements',
    'agent-card/security-requirements',
    (card) => ({ ...card, securityRequirements: [{ bearer: [] }] }),
  ),
  {
    id: 'agent-card/no-cache-control',
    description: 'The card is served without Cache-Control',
    breaks: ['agent-card/cache-control'],
    killedBy: ['agent-card/caching'],
    fault: withoutHeader('Cache-Control'),
  },
  {
    id: 'agent-card/no-etag',
    description: 'The card is served without an ETag',
    breaks: ['agent-card/etag'],
    killedBy: ['agent-card/caching'],
    fault: withoutHeader('ETag'),
  },
  {
    id: 'agent-card/etag-of-the-moment',
    description: 'The ETag of the card changes with every answer',
    breaks: ['agent-card/etag'],
    killedBy: ['agent-card/caching'],
    fault: () => {
      let answers = 0;
      return {
        cardResponse: (response) => ({
          ...response,
          headers: { ...response.headers, ETag: `"answer-${(answers += 1)}"` },
        }),
      };
    },
  },
];
