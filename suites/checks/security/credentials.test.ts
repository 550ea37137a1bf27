import { expect, test } from 'vitest';
import { credentialPlaces, demandsCredentials } from '../../../core/target/card-credentials.ts';
import {
  authorizationSchemes,
  credentialHeaders,
  forgedTokens,
  invalidCredentials,
  otherScheme,
  withoutCredentials,
} from './credentials.ts';

const bearer = { httpAuthSecurityScheme: { scheme: 'Bearer' } };
const basic = { httpAuthSecurityScheme: { scheme: 'basic' } };
const key = (location: string) => ({ apiKeySecurityScheme: { location, name: 'X-Key' } });
const cardWith = (securitySchemes: object) => ({ card: { securitySchemes } });

test.for<[string, object, boolean]>([
  ['none', {}, false],
  ['empty', { securityRequirements: [] }, false],
  ['one', { securityRequirements: [{ schemes: { a: { list: [] } } }] }, true],
  ['an alternative without any', { securityRequirements: [{ schemes: { a: {} } }, { schemes: {} }] }, false],
  ['malformed', { securityRequirements: [{ a: [] }] }, false],
])('demands credentials: %s', ([, card, demands]) => {
  expect(demandsCredentials({ card: { ...card } })).toBe(demands);
});

test.for<[string, object, ReturnType<typeof credentialPlaces>]>([
  ['bearer', { a: bearer }, { headers: ['Authorization'], query: [], certificate: false }],
  [
    'bearer and key',
    { a: bearer, b: key('header') },
    { headers: ['Authorization', 'X-Key'], query: [], certificate: false },
  ],
  [
    'key in the query',
    { a: bearer, b: key('query') },
    { headers: ['Authorization'], query: ['X-Key'], certificate: false },
  ],
  ['key in a cookie', { a: key('cookie') }, { headers: ['Cookie'], query: [], certificate: false }],
  [
    'client certificate',
    { a: bearer, b: { mtlsSecurityScheme: {} } },
    { headers: ['Authorization'], query: [], certificate: true },
  ],
  ['key without a place', { a: { apiKeySecurityScheme: {} } }, undefined],
  ['malformed', { a: 1 }, undefined],
])('places of credentials: %s', ([, schemes, places]) => {
  expect(credentialPlaces(cardWith(schemes))).toEqual(places);
  expect(credentialHeaders(cardWith(schemes))).toEqual(
    places?.query.length === 0 && !places.certificate ? places.headers : undefined,
  );
});

test('credentials are taken away, or made up in every place', () => {
  const target = cardWith({ a: bearer, b: key('query'), c: key('cookie') });
  const places = credentialPlaces(target)!;
  expect(withoutCredentials(places)).toEqual({
    headers: { Authorization: null, Cookie: null },
    query: { 'X-Key': '' },
  });
  expect(invalidCredentials(target, places)).toEqual({
    headers: { Authorization: 'Bearer gauntlet-invalid', Cookie: 'X-Key=gauntlet-invalid' },
    query: { 'X-Key': 'gauntlet-invalid' },
  });
  const users = cardWith({ a: basic });
  expect(invalidCredentials(users, credentialPlaces(users)!)?.headers?.['Authorization']).toMatch(/^Basic /);
});

test('a client certificate is not shown, and there is no wrong one', () => {
  const target = cardWith({ a: { mtlsSecurityScheme: {} } });
  const places = credentialPlaces(target)!;
  expect(withoutCredentials(places)).toEqual({ headers: {}, query: {}, withoutCertificate: true });
  expect(invalidCredentials(target, places)).toBeUndefined();
  expect(otherScheme(target, places)).toMatchObject({ withoutCertificate: true });
});

test.for<[object, string]>([
  [{ a: bearer }, 'Basic'],
  [{ a: basic }, 'Bearer'],
  [{ a: basic, b: { oauth2SecurityScheme: {} } }, 'ApiKey'],
  [{ a: key('header') }, 'Basic'],
])('another scheme than those of the card: %j', ([schemes, name]) => {
  const target = cardWith(schemes);
  const { headers } = otherScheme(target, credentialPlaces(target)!);
  expect(headers?.['Authorization']).toMatch(new RegExp(`^${name} `));
});

test('which schemes travel as Authorization', () => {
  expect(
    authorizationSchemes(cardWith({ a: bearer, b: key('header'), c: { openIdConnectSecurityScheme: {} } })),
  ).toEqual(['bearer', 'bearer']);
});

test('forged tokens: expired, unsigned, or the run’s own under another signature', () => {
  const now = Date.UTC(2026, 0, 1);
  const claimsOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { exp: number };
  const [expired, unsigned] = forgedTokens('opaque', now).map(({ token }) => token);
  expect(claimsOf(expired!).exp * 1000).toBeLessThan(now);
  expect(claimsOf(unsigned!).exp * 1000).toBeGreaterThan(now);
  expect(unsigned).toMatch(/\.$/);
  const [, resigned] = forgedTokens('aa.bb.cc', now).map(({ token }) => token);
  expect(resigned).toMatch(/^aa\.bb\.(?!cc)[\w-]+$/);
});
