import { expect, test } from 'vitest';
import { credentialNames, secretsOf } from './credentials.ts';

const url = 'http://127.0.0.1:4000/rpc';

test.for<[string, Record<string, string>, string, readonly string[]]>([
  ['a bearer token', { Authorization: 'Bearer abc123' }, url, ['abc123']],
  ['a token without a scheme', { Authorization: 'abc123' }, url, ['abc123']],
  [
    'a basic pair and its password',
    { authorization: `Basic ${Buffer.from('me:pass:word').toString('base64')}` },
    url,
    ['bWU6cGFzczp3b3Jk', 'pass:word'],
  ],
  ['a key in a header of its own', { 'X-Our-Key': 's3cr3t' }, url, ['s3cr3t']],
  ['nothing harmless', { Accept: 'application/json', 'A2A-Version': '1.0', 'User-Agent': 'me-and-more' }, url, []],
  ['nothing so short that it stands everywhere', { 'X-Key': 'abc' }, url, []],
  ['not where the target is', { 'X-Forwarded-Host': '127.0.0.1:4000' }, url, []],
  ['a password in the URL', {}, 'http://me:pass%20word@127.0.0.1', ['pass%20word', 'pass word']],
  ['a password with a broken escape', {}, 'http://me:pass%zz@127.0.0.1', ['pass%zz', 'pass%zz']],
  ['a token in the URL', {}, `${url}?access_token=s3cr3t&tenant=acme`, ['s3cr3t']],
  ['nothing of what is no URL', {}, 'localhost:4000', []],
])('%s', ([, headers, target, secrets]) => {
  expect(secretsOf(headers, [target, undefined])).toEqual(secrets);
});

test('what must not follow a redirect to another origin', () => {
  expect(credentialNames({ Accept: 'x', 'X-Our-Key': 'y', Cookie: 'z' })).toEqual(['X-Our-Key', 'Cookie']);
});
