import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, noAnswer, resultOf } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { authentication, credentialHeaders, demandsCredentials } from './authentication.ts';

const served = resultOf({});
const rejected = (status: number, headers: readonly (readonly [string, string])[] = []): CallResult => ({
  exchange: { ...served.exchange, response: { ...served.exchange.response!, status, headers } },
  reply: { kind: 'malformed', why: 'no JSON', status },
});
const withCookie: CallResult = {
  ...served,
  exchange: { ...served.exchange, request: { ...served.exchange.request, headers: [['Cookie', 'session=1']] } },
};
const challenge = rejected(401, [['www-authenticate', 'Bearer']]);

test.for<[string, Parameters<typeof authentication.judge>[0], readonly [string, string, string]]>([
  [
    'rejected with a challenge',
    { authenticated: [served, served], missing: challenge, invalid: challenge },
    ['holds', 'holds', 'holds'],
  ],
  [
    'rejected by a JSON-RPC error',
    { authenticated: [served], missing: errorOf('InvalidRequestError'), invalid: rejected(403) },
    ['holds', 'holds', 'violated'],
  ],
  [
    'served without',
    { authenticated: [served], missing: served, invalid: challenge },
    ['violated', 'holds', 'untested'],
  ],
  [
    'served without those of the card, but with a cookie',
    { authenticated: [served], missing: withCookie, invalid: served },
    ['untested', 'untested', 'untested'],
  ],
  [
    'served with wrong ones',
    { authenticated: [served], missing: challenge, invalid: served },
    ['holds', 'violated', 'holds'],
  ],
  [
    'not served with right ones',
    { authenticated: [challenge], missing: challenge, invalid: challenge },
    ['untested', 'untested', 'holds'],
  ],
  [
    'overload',
    { authenticated: [served], missing: rejected(503), invalid: noAnswer() },
    ['untested', 'untested', 'untested'],
  ],
])('%s', ([, observed, kinds]) => {
  const judged = authentication.judge(observed, factsWith());
  expect(Object.values(judged).map(({ kind }) => kind)).toEqual(kinds);
});

const bearer = { httpAuthSecurityScheme: { scheme: 'Bearer' } };
const key = (location: string) => ({ apiKeySecurityScheme: { location, name: 'X-Key' } });

test.for<[string, object, boolean]>([
  ['none', {}, false],
  ['empty', { securityRequirements: [] }, false],
  ['one', { securityRequirements: [{ schemes: { a: { list: [] } } }] }, true],
  ['an alternative without any', { securityRequirements: [{ schemes: { a: {} } }, { schemes: {} }] }, false],
  ['malformed', { securityRequirements: [{ a: [] }] }, false],
])('demands credentials: %s', ([, card, demands]) => {
  expect(demandsCredentials({ card: { ...card } })).toBe(demands);
});

test.for<[string, object, readonly string[] | undefined]>([
  ['bearer', { a: bearer }, ['Authorization']],
  ['bearer and key', { a: bearer, b: key('header') }, ['Authorization', 'X-Key']],
  ['key in the query', { a: bearer, b: key('query') }, undefined],
  ['client certificate', { a: { mtlsSecurityScheme: {} } }, undefined],
])('headers of credentials: %s', ([, securitySchemes, headers]) => {
  expect(credentialHeaders({ card: { securitySchemes } })).toEqual(headers);
});
