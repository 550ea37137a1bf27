import type { Json, JsonObject } from './types.ts';

/** What §8.4.1 needs to know of a message: the members that stay with a default value, and those that hold messages. */
interface Shape {
  /** REQUIRED, or with the keyword `optional`. */
  readonly kept?: readonly string[];
  readonly messages?: Readonly<Record<string, keyof typeof shapes>>;
  /** Members whose every value is a message of that kind. */
  readonly maps?: Readonly<Record<string, keyof typeof shapes>>;
  /** google.protobuf.Struct: JSON of the agent's own. */
  readonly structs?: readonly string[];
}

/** Members that are left out with a default value, in whatever message they stand. */
const droppable: ReadonlySet<string> = new Set([
  ...['provider', 'securitySchemes', 'securityRequirements', 'tenant', 'extensions', 'description', 'uri', 'required'],
  ...['examples', 'inputModes', 'outputModes', 'schemes', 'list', 'bearerFormat', 'oauth2MetadataUrl', 'refreshUrl'],
  ...['authorizationUrl', 'tokenUrl', 'scopes', 'pkceRequired'],
]);

const flow = ['tokenUrl', 'scopes'];

const shapes = {
  AgentCard: {
    kept: [
      ...['name', 'description', 'supportedInterfaces', 'version', 'capabilities', 'defaultInputModes'],
      ...['defaultOutputModes', 'skills', 'documentationUrl', 'iconUrl'],
    ],
    messages: {
      supportedInterfaces: 'AgentInterface',
      provider: 'AgentProvider',
      capabilities: 'AgentCapabilities',
      securityRequirements: 'SecurityRequirement',
      skills: 'AgentSkill',
    },
    maps: { securitySchemes: 'SecurityScheme' },
  },
  AgentInterface: { kept: ['url', 'protocolBinding', 'protocolVersion'] },
  AgentProvider: { kept: ['url', 'organization'] },
  AgentCapabilities: {
    kept: ['streaming', 'pushNotifications', 'extendedAgentCard'],
    messages: { extensions: 'AgentExtension' },
  },
  AgentExtension: { structs: ['params'] },
  AgentSkill: {
    kept: ['id', 'name', 'description', 'tags'],
    messages: { securityRequirements: 'SecurityRequirement' },
  },
  SecurityRequirement: { maps: { schemes: 'StringList' } },
  StringList: {},
  SecurityScheme: {
    messages: {
      apiKeySecurityScheme: 'APIKeySecurityScheme',
      httpAuthSecurityScheme: 'HTTPAuthSecurityScheme',
      oauth2SecurityScheme: 'OAuth2SecurityScheme',
      openIdConnectSecurityScheme: 'OpenIdConnectSecurityScheme',
      mtlsSecurityScheme: 'MutualTlsSecurityScheme',
    },
  },
  APIKeySecurityScheme: { kept: ['location', 'name'] },
  HTTPAuthSecurityScheme: { kept: ['scheme'] },
  OAuth2SecurityScheme: { kept: ['flows'], messages: { flows: 'OAuthFlows' } },
  OpenIdConnectSecurityScheme: { kept: ['openIdConnectUrl'] },
  MutualTlsSecurityScheme: {},
  OAuthFlows: {
    messages: {
      authorizationCode: 'AuthorizationCodeOAuthFlow',
      clientCredentials: 'ClientCredentialsOAuthFlow',
      implicit: 'DeprecatedOAuthFlow',
      password: 'DeprecatedOAuthFlow',
      deviceCode: 'DeviceCodeOAuthFlow',
    },
  },
  AuthorizationCodeOAuthFlow: { kept: ['authorizationUrl', ...flow] },
  ClientCredentialsOAuthFlow: { kept: flow },
  /** ImplicitOAuthFlow and PasswordOAuthFlow, of which nothing is REQUIRED. */
  DeprecatedOAuthFlow: {},
  DeviceCodeOAuthFlow: { kept: ['deviceAuthorizationUrl', ...flow] },
} as const satisfies Readonly<Record<string, unknown>>;

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isDefault(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === '' || value === false || value === 0 || value === null;
}

/** A message without the members whose default value is left out (§8.4.1). Members of no version stay as they are. */
function withoutDefaults(value: Json, name: keyof typeof shapes): Json {
  if (!isObject(value)) return value;
  const { kept = [], messages = {}, maps = {}, structs = [] }: Shape = shapes[name];
  const members = Object.entries(value).flatMap(([key, member]): [string, Json][] => {
    const message = messages[key];
    const map = maps[key];
    const one = (item: Json): Json => (message === undefined ? item : withoutDefaults(item, message));
    const own =
      map !== undefined && isObject(member)
        ? Object.fromEntries(Object.entries(member).map(([entry, item]) => [entry, withoutDefaults(item, map)]))
        : Array.isArray(member)
          ? (member as readonly Json[]).map(one)
          : one(member);
    const isEmptyMap = (map !== undefined || key === 'scopes') && isObject(own) && Object.keys(own).length === 0;
    const isLeftOut = kept.includes(key) || structs.includes(key) ? own === null : droppable.has(key);
    return isLeftOut && (isDefault(own) || isEmptyMap) ? [] : [[key, own]];
  });
  return Object.fromEntries(members);
}

/** RFC 8785 for what a card holds: strings, booleans, integers, arrays, objects. */
export function serialize(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(serialize).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  // RFC 8785 sorts by UTF-16 code units, as the default sort does.
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${serialize(member)}`).join(',')}}`;
}

/** What is signed of a card (§8.4.1). */
export function canonicalCard(card: object): string {
  const { signatures: _, ...content } = JSON.parse(JSON.stringify(card)) as JsonObject;
  return serialize(withoutDefaults(content, 'AgentCard'));
}
