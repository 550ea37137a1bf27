import { createHash } from 'node:crypto';
import { apiKeyNames, declaresCredentials } from './authentication.ts';
import type { Binding, HttpBindingName } from './bindings.ts';
import { supportedVersion } from './service-parameters.ts';
import type { CredentialScheme, Settings } from './settings.ts';
import type { AgentCard, AgentExtension, AgentSkill, JsonObject } from './types.ts';

/** Paths of the HTTP server. */
export const paths = {
  card: '/.well-known/agent-card.json',
  jwks: '/.well-known/jwks.json',
  jsonrpc: '/a2a/jsonrpc',
  /** The paths of §11.3 follow, with or without a tenant before them. */
  httpJson: '/a2a/rest',
  /** Followed by the id of an authorization request. */
  grants: '/authorizations/',
} as const;

/** Where each binding of the HTTP server is to be found. */
export const pathOf: Readonly<Record<HttpBindingName, string>> = {
  JSONRPC: paths.jsonrpc,
  'HTTP+JSON': paths.httpJson,
};

const echoSkill: AgentSkill = {
  id: 'echo',
  name: 'Echo',
  description: 'Returns what it was sent in an artifact.',
  tags: ['echo', 'demo'],
  examples: ['Hello, agent'],
};

const behaviourSkill: AgentSkill = {
  id: 'behaviours',
  name: 'Behaviours on request',
  description: 'Behaves as the first words of the message ask: completes, fails, streams, waits, asks for input.',
  tags: ['testing', 'task-lifecycle', 'streaming'],
  examples: ['completes', 'long-running', 'input-required', 'streams-artifact-chunks'],
};

const extendedSkill: AgentSkill = {
  id: 'diagnostics',
  name: 'Diagnostics',
  description: 'For authenticated clients: everything the public skills do, with the limits of this agent in the card.',
  tags: ['diagnostics', 'extended'],
};

const securitySchemes = ({ apiKeyLocation: location }: Settings): Readonly<Record<CredentialScheme, JsonObject>> => ({
  bearer: { httpAuthSecurityScheme: { scheme: 'Bearer' } },
  basic: { httpAuthSecurityScheme: { scheme: 'Basic' } },
  'api-key': { apiKeySecurityScheme: { location, name: apiKeyNames[location] } },
});

/** The schemes, and those of them that every request needs. Whoever is let in without a certificate needs none. */
function securityOf(settings: Settings): Pick<AgentCard, 'securitySchemes' | 'securityRequirements'> {
  const { clients } = settings.tls ?? {};
  const { scheme } = settings;
  const declared = {
    ...(declaresCredentials(settings) ? { [scheme]: securitySchemes(settings)[scheme] } : {}),
    ...(clients === undefined ? {} : { mtls: { mtlsSecurityScheme: {} } }),
  };
  const schemes = {
    ...(settings.requireAuthentication ? { [scheme]: {} } : {}),
    ...(clients?.certificate === 'required' ? { mtls: {} } : {}),
  };
  return {
    ...(Object.keys(declared).length > 0 ? { securitySchemes: declared } : {}),
    ...(Object.keys(schemes).length > 0 ? { securityRequirements: [{ schemes }] } : {}),
  };
}

function extensionsOf({ capabilities: { requiredExtension, optionalExtension } }: Settings): readonly AgentExtension[] {
  return [
    ...(requiredExtension === undefined
      ? []
      : [
          {
            uri: requiredExtension,
            description: 'Clients have to declare that they know this extension.',
            required: true,
          },
        ]),
    ...(optionalExtension === undefined
      ? []
      : [
          {
            uri: optionalExtension,
            description: 'Artifacts say in their metadata how many parts they were sent with.',
          },
        ]),
  ];
}

/** The public card, or the extended one of §3.1.11. Optional members are absent where they have nothing to say. */
export function buildCard(settings: Settings, urlOf: (binding: Binding) => string, extended: boolean): AgentCard {
  const { capabilities } = settings;
  const tenants = settings.tenants.length === 0 ? [undefined] : settings.tenants;
  const extensions = extensionsOf(settings);
  return {
    name: 'Reference Agent',
    description: extended
      ? 'A reference implementation of the A2A protocol, version 1.0. Details for authenticated clients.'
      : 'A reference implementation of the A2A protocol, version 1.0.',
    supportedInterfaces: tenants.flatMap((tenant) =>
      settings.bindings.map((binding) => ({
        url: urlOf(binding),
        protocolBinding: binding,
        ...(tenant === undefined ? {} : { tenant }),
        protocolVersion: supportedVersion,
      })),
    ),
    provider: { organization: 'a2a-gauntlet', url: 'https://example.com' },
    version: '1.0.0',
    documentationUrl: 'https://a2a-protocol.org/latest/specification',
    capabilities: {
      ...(capabilities.streaming === undefined ? {} : { streaming: capabilities.streaming }),
      ...(capabilities.pushNotifications === undefined ? {} : { pushNotifications: capabilities.pushNotifications }),
      ...(extensions.length === 0 ? {} : { extensions }),
      ...(capabilities.extendedCard === 'absent' ? {} : { extendedAgentCard: true }),
    },
    ...securityOf(settings),
    defaultInputModes: settings.inputModes,
    // What comes in may be echoed; data parts are made here.
    defaultOutputModes: [...new Set([...settings.inputModes, 'application/json'])],
    skills: [echoSkill, behaviourSkill, ...(extended ? [extendedSkill] : [])],
  };
}

/** Strong entity tag of a body (§8.6.1). */
export const entityTag = (body: string): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
