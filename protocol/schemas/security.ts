import { bool, defineMessage, map, memberOf, message, repeated, required, string, type Blame } from './define.ts';

/** §4.5: what a card says of security; the kinds of problems go to the rows of the card. */
const blame: Blame = (kind) => {
  if (kind === 'name') return 'agent-card/field-names';
  if (kind === 'type') return 'agent-card/field-types';
  return 'agent-card/security-schemes';
};

export const apiKeySecurityScheme = defineMessage('APIKeySecurityScheme', blame, {
  description: string,
  location: required(string),
  name: required(string),
});

export const httpAuthSecurityScheme = defineMessage('HTTPAuthSecurityScheme', blame, {
  description: string,
  scheme: required(string),
  bearerFormat: string,
});

export const authorizationCodeOAuthFlow = defineMessage('AuthorizationCodeOAuthFlow', blame, {
  authorizationUrl: required(string),
  tokenUrl: required(string),
  refreshUrl: string,
  scopes: required(map(string)),
  pkceRequired: bool,
});

export const clientCredentialsOAuthFlow = defineMessage('ClientCredentialsOAuthFlow', blame, {
  tokenUrl: required(string),
  refreshUrl: string,
  scopes: required(map(string)),
});

export const implicitOAuthFlow = defineMessage('ImplicitOAuthFlow', blame, {
  authorizationUrl: string,
  refreshUrl: string,
  scopes: map(string),
});

export const passwordOAuthFlow = defineMessage('PasswordOAuthFlow', blame, {
  tokenUrl: string,
  refreshUrl: string,
  scopes: map(string),
});

export const deviceCodeOAuthFlow = defineMessage('DeviceCodeOAuthFlow', blame, {
  deviceAuthorizationUrl: required(string),
  tokenUrl: required(string),
  refreshUrl: string,
  scopes: required(map(string)),
});

export const oauthFlows = defineMessage(
  'OAuthFlows',
  blame,
  {
    authorizationCode: memberOf('flow', message(authorizationCodeOAuthFlow)),
    clientCredentials: memberOf('flow', message(clientCredentialsOAuthFlow)),
    implicit: memberOf('flow', message(implicitOAuthFlow)),
    password: memberOf('flow', message(passwordOAuthFlow)),
    deviceCode: memberOf('flow', message(deviceCodeOAuthFlow)),
  },
  { flow: { none: 'ambiguous' } },
);

export const oauth2SecurityScheme = defineMessage('OAuth2SecurityScheme', blame, {
  description: string,
  flows: required(message(oauthFlows)),
  oauth2MetadataUrl: string,
});

export const openIdConnectSecurityScheme = defineMessage('OpenIdConnectSecurityScheme', blame, {
  description: string,
  openIdConnectUrl: required(string),
});

export const mutualTlsSecurityScheme = defineMessage('MutualTlsSecurityScheme', blame, { description: string });

export const securityScheme = defineMessage(
  'SecurityScheme',
  blame,
  {
    apiKeySecurityScheme: memberOf('scheme', message(apiKeySecurityScheme)),
    httpAuthSecurityScheme: memberOf('scheme', message(httpAuthSecurityScheme)),
    oauth2SecurityScheme: memberOf('scheme', message(oauth2SecurityScheme)),
    openIdConnectSecurityScheme: memberOf('scheme', message(openIdConnectSecurityScheme)),
    mtlsSecurityScheme: memberOf('scheme', message(mutualTlsSecurityScheme)),
  },
  { scheme: { none: 'problem' } },
);

export const stringList = defineMessage('StringList', blame, { list: repeated(string) });

export const securityRequirement = defineMessage('SecurityRequirement', blame, { schemes: map(message(stringList)) });
