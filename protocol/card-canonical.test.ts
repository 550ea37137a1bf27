import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cardPayloads, fieldsWithPresence, type CardPayload } from './card-canonical.ts';

const example = {
  name: 'Example Agent',
  description: '',
  capabilities: { streaming: false, pushNotifications: false, extensions: [] },
  skills: [],
};

const texts = (card: Readonly<Record<string, unknown>>, kind: CardPayload['kind']): readonly string[] =>
  cardPayloads(card).flatMap((payload) => (payload.kind === kind ? payload.text : []));

test('the example of §8.4.1 has the form that the section gives it', () => {
  expect(texts(example, 'text')[0]).toBe(
    '{"capabilities":{"pushNotifications":false,"streaming":false},"description":"","name":"Example Agent","skills":[]}',
  );
});

test('other readings keep more or less of it', () => {
  const readings = texts(example, 'reading');
  expect(readings).toContain(
    '{"capabilities":{"extensions":[],"pushNotifications":false,"streaming":false},"description":"","name":"Example Agent","skills":[]}',
  );
  expect(readings).toContain('{"capabilities":{"pushNotifications":false,"streaming":false},"name":"Example Agent"}');
  expect(readings).toContain('{"capabilities":{},"name":"Example Agent"}');
});

test('a card without default values has one form, whatever the reading', () => {
  const card = { version: '1', name: 'ä', skills: [{ id: 'a', tags: ['b'], name: 'c', description: 'd' }] };
  expect(texts({ ...card, signatures: [{}] }, 'reading')).toEqual([]);
  expect(texts(card, 'text')[0]).toBe(
    '{"name":"ä","skills":[{"description":"d","id":"a","name":"c","tags":["b"]}],"version":"1"}',
  );
  expect(texts(card, 'wrong')[0]).toContain('{"name":"\\u00e4",');
});

test.for<[string, Readonly<Record<string, unknown>>, string]>([
  [
    'an extension that is not required',
    { capabilities: { extensions: [{ uri: 'u', required: false }] } },
    '"extensions":[{"uri":"u"}]',
  ],
  [
    'parameters of an extension, which are no members of the proto',
    { capabilities: { extensions: [{ params: { a: '', b: [null] } }] } },
    '{"params":{"a":"","b":[null]}}',
  ],
  [
    'mutual TLS, which is set and empty',
    { securitySchemes: { m: { mtlsSecurityScheme: { description: '' } } } },
    '"securitySchemes":{"m":{"mtlsSecurityScheme":{}}}',
  ],
  [
    'scopes that are REQUIRED',
    {
      securitySchemes: {
        o: { oauth2SecurityScheme: { flows: { clientCredentials: { tokenUrl: 't', refreshUrl: '', scopes: {} } } } },
      },
    },
    '{"clientCredentials":{"scopes":{},"tokenUrl":"t"}}',
  ],
  ['an optional text that is set', { documentationUrl: '', provider: null }, '{"documentationUrl":""}'],
  ['members that nobody knows', { 'x-note': '' }, '{"x-note":""}'],
])('%s', ([, card, expected]) => {
  expect(texts(card, 'text')[0]).toContain(expected);
});

test('a card without a canonical form has none', () => {
  expect(texts({ name: '\ud800' }, 'text')).toEqual([]);
});

test('the fields with presence are those of the proto', () => {
  const proto = readFileSync(join(import.meta.dirname, 'a2a.proto'), 'utf8');
  const found = [...proto.matchAll(/^message (Agent\w+) \{([\s\S]*?)^\}/gm)].flatMap(([, name, body]) => {
    const fields = [...body!.matchAll(/optional \w+ (\w+) =/g)].map(([, field]) =>
      field!.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    );
    return fields.length === 0 ? [] : [[name!, fields.toSorted()]];
  });
  const listed = Object.entries(fieldsWithPresence).map(([name, fields]) => [name, fields.toSorted()]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(listed));
});
