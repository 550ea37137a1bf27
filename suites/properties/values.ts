import fc from 'fast-check';

/** Values at the edges of what a field of the proto may hold. Nothing here knows an agent. */

/** Long enough to leave every small buffer, and still a text that somebody might send. */
const hugeLength = 10_000;

const awkward = [
  '',
  ' ',
  '0',
  'null',
  '\u0000',
  '\t\r\n',
  '"\\/',
  '${a}{{b}}%s',
  '../..',
  'é\u0301',
  '\u202eabc',
  '\u2028\u2029',
  '\ufeff',
  '日本語',
  '👩‍👩‍👧‍👦',
  '\u{10ffff}',
] as const;

/** Any character but a surrogate. The library's own strings of these cost 150 MB and half a second before the first is drawn. */
const character: fc.Arbitrary<string> = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

/** Any text: empty and huge, all planes of Unicode, control characters; no lone surrogates, which UTF-8 cannot say. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 3, arbitrary: fc.array(character, { maxLength: 12 }).map((characters) => characters.join('')) },
  { weight: 3, arbitrary: fc.constantFrom(...awkward) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('a', 'ß', '語', '😀'), fc.constantFrom(255, 256, 4_096, hugeLength))
      .map(([unit, length]) => unit.repeat(length / unit.length)),
  },
);

/** What stands in a header, a URL or a name: printable ASCII, not empty. */
export const word: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,20}$/),
  fc.constant('w'.repeat(255)),
);

/** Mostly what every agent takes: one refused type would hide what else is drawn. */
export const mediaType: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constant('text/plain') },
  { weight: 1, arbitrary: fc.constantFrom('text/plain; charset=utf-8', 'TEXT/PLAIN', 'application/json', '*/*') },
  { weight: 1, arbitrary: fc.constantFrom('application/octet-stream', 'application/vnd.a2a-gauntlet.unknown+json') },
);

export const url: fc.Arbitrary<string> = fc.constantFrom(
  'https://example.com/',
  'https://example.com/a%20file?x=1&y=%F0%9F%98%80#end',
  'https://user@example.com:8443/',
  `https://example.com/${'p'.repeat(1_000)}`,
);

const withoutPrototype = (value: unknown): boolean => !JSON.stringify(value)?.includes('"__proto__"');

/** Any JSON value, null included. */
export const json: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).filter(withoutPrototype),
  fc.constantFrom(null, 0, -0.5, 1e308, Number.MAX_SAFE_INTEGER, true, '', [], {}, [null], { a: null }),
);

/** Parsers count levels, and each of a Struct is several of theirs: deep, and below every known limit. */
const deepest = 20;

const nested = (depth: number): Record<string, unknown> =>
  depth === 0 ? { end: true } : { deeper: depth % 2 === 0 ? [nested(depth - 1)] : nested(depth - 1) };

/** A JSON object: empty, of any keys, deep. */
export const struct: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.constant({}),
  fc.dictionary(text, json, { maxKeys: 3 }).filter(withoutPrototype),
  fc.integer({ min: 1, max: deepest }).map(nested),
);

const fractions = ['', '.5', '.123', '.123456', '.123456789'] as const;

/** RFC 3339 in UTC, over the whole range of google.protobuf.Timestamp, with up to nine digits. */
export const timestamp: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('0001-01-01T00:00:00', '1970-01-01T00:00:00', '9999-12-31T23:59:59', '2024-02-29T23:59:59'),
      fc
        .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 19)),
    ),
    fc.constantFrom(...fractions),
  )
  .map(([second, fraction]) => `${second}${fraction}Z`);

export const base64: fc.Arbitrary<string> = fc.oneof(
  fc.uint8Array({ maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.constantFrom('', 'AA==', '-_8', Buffer.alloc(6_000, 255).toString('base64')),
);

/** Allowed numbers of messages: none, few, all there could be. */
export const historyLength: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 2, 2 ** 31 - 1),
  fc.integer({ min: 0, max: 100 }),
);

export const pageSize: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(1, 2, 99, 100),
  fc.integer({ min: 1, max: 100 }),
);
