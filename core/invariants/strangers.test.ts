import { expect, test } from 'vitest';
import type { Exchange } from '../history/exchange.ts';
import { mayBeStranger } from './strangers.ts';
import { exchange } from './testing/exchanges.ts';

const card = {
  securitySchemes: {
    a: { httpAuthSecurityScheme: { scheme: 'Bearer' } },
    b: { apiKeySecurityScheme: { location: 'query', name: 'key' } },
  },
  securityRequirements: [{ schemes: { a: {} } }],
};
const sentWith = (headers: Exchange['request']['headers'], query = ''): Exchange => {
  const { request, ...rest } = exchange(1, {});
  return { ...rest, request: { ...request, url: `${request.url}${query}`, headers } };
};
const user = sentWith([['authorization', 'Bearer mine']]);
const history = { exchanges: [user] };

test.for<[string, Exchange, boolean]>([
  ['the user', sentWith([['Authorization', 'Bearer mine']]), false],
  ['the user, with other fields', sentWith([...user.request.headers, ['A2A-Version', '0.5']]), false],
  ['nobody', sentWith([]), true],
  ['another token', sentWith([['Authorization', 'Bearer other']]), true],
  ['a key beside', sentWith(user.request.headers, '?key=1'), true],
])('%s', ([, one, is]) => {
  expect(mayBeStranger(history, { card }, true)(one)).toBe(is);
});

test('where nobody was ever served, everybody may be', () => {
  expect(mayBeStranger(history, { card }, false)(user)).toBe(true);
});

test('where the card demands nothing, nobody is', () => {
  expect(mayBeStranger(history, { card: {} }, false)(sentWith([]))).toBe(false);
});

test('who has shown a certificate cannot be seen', () => {
  const certificates = { ...card, securitySchemes: { a: { mtlsSecurityScheme: {} } } };
  expect(mayBeStranger(history, { card: certificates }, true)(user)).toBe(true);
});
