import { choice, many, map, one, optional, shape } from './shapes.ts';

/** `AgentCard` and what is in it. */

const stringList = shape('StringList', () => ({ list: many(1) }));
const requirement = shape('SecurityRequirement', () => ({ schemes: map(1, stringList) }));

const authorizationCode = shape('AuthorizationCodeOAuthFlow', () => ({
  authorizationUrl: one(1),
  tokenUrl: one(2),
  refreshUrl: one(3),
  scopes: map(4),
  pkceRequired: one(5, 'bool'),
}));
const clientCredentials = shape('ClientCredentialsOAuthFlow', () => ({
  tokenUrl: one(1),
  refreshUrl: one(2),
  scopes: map(3),
}));
const implicit = shape('ImplicitOAuthFlow', () => ({ authorizationUrl: one(1), refreshUrl: one(2), scopes: map(3) }));
const password = shape('PasswordOAuthFlow', () => ({ tokenUrl: one(1), refreshUrl: one(2), scopes: map(3) }));
const deviceCode = shape('DeviceCodeOAuthFlow', () => ({
  deviceAuthorizationUrl: one(1),
  tokenUrl: one(2),
  refreshUrl: one(3),
  scopes: map(4),
}));
const flows = shape('OAuthFlows', () => ({
  authorizationCode: choice('flow', 1, authorizationCode),
  clientCredentials: choice('flow', 2, clientCredentials),
  implicit: choice('flow', 3, implicit),
  password: choice('flow', 4, password),
  deviceCode: choice('flow', 5, deviceCode),
}));

const apiKey = shape('APIKeySecurityScheme', () => ({ description: one(1), location: one(2), name: one(3) }));
const httpAuth = shape('HTTPAuthSecurityScheme', () => ({ description: one(1), scheme: one(2), bearerFormat: one(3) }));
const oauth2 = shape('OAuth2SecurityScheme', () => ({
  description: one(1),
  flows: one(2, flows),
  oauth2MetadataUrl: one(3),
}));
const openId = shape('OpenIdConnectSecurityScheme', () => ({ description: one(1), openIdConnectUrl: one(2) }));
const mutualTls = shape('MutualTlsSecurityScheme', () => ({ description: one(1) }));
const securityScheme = shape('SecurityScheme', () => ({
  apiKeySecurityScheme: choice('scheme', 1, apiKey),
  httpAuthSecurityScheme: choice('scheme', 2, httpAuth),
  oauth2SecurityScheme: choice('scheme', 3, oauth2),
  openIdConnectSecurityScheme: choice('scheme', 4, openId),
  mtlsSecurityScheme: choice('scheme', 5, mutualTls),
}));

const agentInterface = shape('AgentInterface', () => ({
  url: one(1),
  protocolBinding: one(2),
  tenant: one(3),
  protocolVersion: one(4),
}));
const provider = shape('AgentProvider', () => ({ url: one(1), organization: one(2) }));
const extension = shape('AgentExtension', () => ({
  uri: one(1),
  description: one(2),
  required: one(3, 'bool'),
  params: one(4, 'Struct'),
}));
const agentCapabilities = shape('AgentCapabilities', () => ({
  streaming: optional(1, 'bool'),
  pushNotifications: optional(2, 'bool'),
  extensions: many(3, extension),
  extendedAgentCard: optional(4, 'bool'),
}));
const skill = shape('AgentSkill', () => ({
  id: one(1),
  name: one(2),
  description: one(3),
  tags: many(4),
  examples: many(5),
  inputModes: many(6),
  outputModes: many(7),
  securityRequirements: many(8, requirement),
}));
const signature = shape('AgentCardSignature', () => ({
  protected: one(1),
  signature: one(2),
  header: one(3, 'Struct'),
}));

export const card = shape('AgentCard', () => ({
  name: one(1),
  description: one(2),
  supportedInterfaces: many(3, agentInterface),
  provider: one(4, provider),
  version: one(5),
  documentationUrl: optional(6, 'string'),
  capabilities: one(7, agentCapabilities),
  securitySchemes: map(8, securityScheme),
  securityRequirements: many(9, requirement),
  defaultInputModes: many(10),
  defaultOutputModes: many(11),
  skills: many(12, skill),
  signatures: many(13, signature),
  iconUrl: optional(14, 'string'),
}));
