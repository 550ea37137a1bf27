import { createHash, timingSafeEqual } from 'node:crypto';
import { unauthenticated, type OperationError } from './errors.ts';
import type { HttpQuestion, Policy } from './hooks.ts';
import type { ApiKeyLocation, Credential, CredentialScheme, Settings } from './settings.ts';

/** Who calls. Tasks belong to the principal that made them; callers without credentials share one (§13.1). */
export interface Caller {
  readonly principal: string;
  readonly credential: Credential | undefined;
  /** Of a mutant: ownership is not looked at. */
  readonly seesAll?: boolean;
  /** Of a mutant that lets the call come further before it is rejected, if at all. */
  readonly rejection?: OperationError;
}

const anonymous: Caller = { principal: 'anonymous', credential: undefined };

/** Names of an API key, by the place where it is sent. */
export const apiKeyNames: Readonly<Record<ApiKeyLocation, string>> = {
  header: 'X-API-Key',
  query: 'api_key',
  cookie: 'api_key',
};

/** As challenges name them. */
export const schemeNames: Readonly<Record<CredentialScheme, string>> = {
  bearer: 'Bearer',
  basic: 'Basic',
  'api-key': 'ApiKey',
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** Whether the card declares a scheme, and so whether credentials are looked at at all. */
export const declaresCredentials = ({ capabilities, requireAuthentication }: Settings): boolean =>
  requireAuthentication || capabilities.extendedCard === 'configured';

/** The key of a request, wherever the card wants it; an empty one is none. */
function apiKeyIn(
  { headers, query }: Pick<HttpQuestion, 'headers' | 'query'>,
  location: ApiKeyLocation,
): string | undefined {
  const name = apiKeyNames[location];
  if (location === 'header') return headers[name.toLowerCase()];
  if (location === 'query') return query.get(name) || undefined;
  const cookies = (headers['cookie'] ?? '').split(/; */).map((pair) => pair.split('='));
  return cookies
    .find(([given]) => given === name)
    ?.slice(1)
    .join('=');
}

/** What of the credentials is compared; undefined where they are not of the scheme. */
function secretIn(
  given: string,
  scheme: CredentialScheme,
): { readonly token: string; readonly user?: string } | undefined {
  switch (scheme) {
    case 'bearer': {
      const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(given.trim())?.[1];
      return token === undefined ? undefined : { token };
    }
    case 'basic': {
      const pair = Buffer.from(/^Basic +(\S+)$/i.exec(given.trim())?.[1] ?? '', 'base64').toString('utf8');
      const colon = pair.indexOf(':');
      return colon < 0 ? undefined : { user: pair.slice(0, colon), token: pair.slice(colon + 1) };
    }
    case 'api-key':
      return { token: given };
  }
}

/** Throws HTTP 401 for invalid credentials, and for missing ones where every operation needs them (§3.3.2, §7.4). */
export function authenticate(
  question: Pick<HttpQuestion, 'headers' | 'query'>,
  settings: Settings,
  policy: Policy = {},
): Caller {
  if (!declaresCredentials(settings) || policy.authenticationIgnored) return anonymous;
  const { scheme, credentials } = settings;
  const [first] = credentials;
  const asFirst: Caller = first === undefined ? anonymous : { principal: first.principal, credential: first };
  const rejected = (reason: 'missing' | 'invalid'): Caller => {
    const rejection = unauthenticated(reason, schemeNames[scheme]);
    if (policy.openOperations === undefined && !policy.rejectedAfterwards) throw rejection;
    return { ...asFirst, rejection };
  };
  const { authorization } = question.headers;
  const given = scheme === 'api-key' ? apiKeyIn(question, settings.apiKeyLocation) : authorization;
  const secret = given === undefined ? undefined : secretIn(given, scheme);
  if (policy.otherSchemesTaken && authorization !== undefined && (scheme === 'api-key' || !secret)) return asFirst;
  if (given === undefined) return settings.requireAuthentication ? rejected('missing') : anonymous;
  const credential =
    secret &&
    credentials.find(
      ({ token, principal }) =>
        isSame(token, secret.token) && (secret.user === undefined || isSame(principal, secret.user)),
    );
  if (credential) return { principal: credential.principal, credential };
  const isJwt = /^[\w-]+\.[\w-]+\.[\w-]*$/.test(secret?.token ?? '');
  if ((policy.anyCredentialsTaken && secret) || (policy.tokensUnverified && isJwt)) return asFirst;
  settings.log({ level: 'warn', event: 'authentication failed' });
  return rejected('invalid');
}
