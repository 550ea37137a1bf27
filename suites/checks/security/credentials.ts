import { header, type Exchange, type Headers } from '../../../core/history/exchange.ts';
import { isObject } from '../../../core/invariants/json.ts';
import {
  credentialPlaces,
  schemesOf,
  type Card,
  type CredentialPlaces,
} from '../../../core/target/card-credentials.ts';
import type { CallOptions } from '../../../core/wire/binding-client.ts';

/** Credentials as the card's schemes want them (§4.5), taken away or made up. */

/** The header fields in which all of the card's credentials travel; undefined where some travel elsewhere. */
export function credentialHeaders(target: Card): readonly string[] | undefined {
  const places = credentialPlaces(target);
  return places === undefined || places.query.length > 0 || places.certificate ? undefined : places.headers;
}

/** Kinds of `Authorization` that the card's schemes stand for, in lower case. */
export function authorizationSchemes(target: Card): readonly string[] {
  return schemesOf(target).flatMap((scheme) => {
    if (!isObject(scheme)) return [];
    const http = scheme['httpAuthSecurityScheme'];
    if (isObject(http)) return typeof http['scheme'] === 'string' ? [http['scheme'].toLowerCase()] : [];
    // Access tokens are bearer tokens unless the two sides agree otherwise (RFC 6750).
    return isObject(scheme['oauth2SecurityScheme']) || isObject(scheme['openIdConnectSecurityScheme'])
      ? ['bearer']
      : [];
  });
}

/** What a call adds so that it has no credentials of the card's; an empty parameter is as good as none. */
export const withoutCredentials = ({ headers, query, certificate }: CredentialPlaces): CallOptions => ({
  ...(certificate ? { withoutCertificate: true } : {}),
  headers: Object.fromEntries(headers.map((name) => [name, null])),
  query: Object.fromEntries(query.map((name) => [name, ''])),
});

const madeUp = 'gauntlet-invalid';

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

/** Credentials in all places of the card that nobody has given out; undefined where a certificate is all that there is. */
export function invalidCredentials(target: Card, places: CredentialPlaces): CallOptions | undefined {
  const { headers, query } = places;
  if (headers.length + query.length === 0) return undefined;
  const authorization = authorizationSchemes(target).includes('basic') ? basic('gauntlet:invalid') : `Bearer ${madeUp}`;
  const valueIn = (name: string): string =>
    name === 'Authorization' ? authorization : name === 'Cookie' ? cookieOf(target) : madeUp;
  return {
    ...withoutCredentials(places),
    headers: Object.fromEntries(headers.map((name) => [name, valueIn(name)])),
    query: Object.fromEntries(query.map((name) => [name, madeUp])),
  };
}

const cookieOf = (target: Card): string =>
  schemesOf(target)
    .flatMap((scheme) =>
      isObject(scheme) && isObject(scheme['apiKeySecurityScheme']) ? [scheme['apiKeySecurityScheme']] : [],
    )
    .filter(({ location }) => location === 'cookie')
    .map(({ name }) => `${String(name)}=${madeUp}`)
    .join('; ');

/** Credentials of a kind that the card does not declare, in place of those that it does. */
export function otherScheme(target: Card, places: CredentialPlaces): CallOptions {
  const declared = authorizationSchemes(target);
  const value = !declared.includes('basic')
    ? basic('gauntlet:invalid')
    : !declared.includes('bearer')
      ? `Bearer ${madeUp}`
      : `ApiKey ${madeUp}`;
  const none = withoutCredentials(places);
  return { ...none, headers: { ...none.headers, Authorization: value } };
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const signature = Buffer.alloc(32, 'gauntlet').toString('base64url');
const claims = { iss: 'a2a-gauntlet', sub: 'a2a-gauntlet' };
const year = 365 * 24 * 60 * 60;

/** Tokens that only look right, each with what is wrong with it; `given` is the one that the run has. */
export function forgedTokens(given: string | undefined, now: number): readonly { what: string; token: string }[] {
  const seconds = Math.floor(now / 1000);
  const unsigned = { ...claims, iat: seconds, exp: seconds + year };
  const expired = { ...claims, iat: seconds - 2 * year, exp: seconds - year };
  const [head, body, seal] = given?.split('.') ?? [];
  // One that somebody did sign has the right claims: only its signature is another.
  const known = head && body && seal && given?.split('.').length === 3 ? `${head}.${body}.${signature}` : undefined;
  return [
    {
      what: 'a JWT that has expired',
      token: `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(expired)}.${signature}`,
    },
    known === undefined
      ? { what: 'a JWT that nobody signed', token: `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(unsigned)}.` }
      : { what: 'the token of the run with another signature', token: known },
  ];
}

/** The bearer token that a request carried. */
export const bearerIn = ({ request }: Exchange): string | undefined =>
  /^Bearer +(\S+)$/i.exec(header(request.headers, 'Authorization') ?? '')?.[1];

/** Header fields that tell an agent nothing of who its caller is. */
const harmless: ReadonlySet<string> = new Set([
  'a2a-extensions',
  'a2a-version',
  'accept',
  'accept-encoding',
  'accept-language',
  'grpc-accept-encoding',
  'te',
  'content-type',
  'traceparent',
  'user-agent',
]);

/** Header fields of a request that may tell who its caller is. */
export const userFields = ({ request }: Exchange): Headers =>
  request.headers.filter(([name]) => !harmless.has(name.toLowerCase()));

/** Whether a request carries anything that may tell who its caller is: a header field, a parameter of the card's, a certificate. */
export function sendsCredentials(exchange: Exchange, target: Card): boolean {
  const parameters = URL.parse(exchange.request.url)?.searchParams;
  const named = (credentialPlaces(target)?.query ?? []).some((name) => Boolean(parameters?.get(name)));
  return target.showsCertificate === true || named || userFields(exchange).length > 0;
}
