import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSseDecoder, type SseEvent } from './sse.ts';

function decode(chunks: readonly Uint8Array[]): SseEvent[] {
  const events: SseEvent[] = [];
  const decoder = createSseDecoder((event) => events.push(event));
  for (const chunk of chunks) decoder.push(chunk);
  return events;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

test.for<[string, string, SseEvent[]]>([
  ['a space after the colon', 'data: {"a":1}\n\n', [{ data: '{"a":1}' }]],
  ['no space after the colon', 'data:{"a":1}\n\n', [{ data: '{"a":1}' }]],
  ['only the first space is taken', 'data:  x\n\n', [{ data: ' x' }]],
  ['CRLF', 'data: x\r\n\r\ndata: y\r\n\r\n', [{ data: 'x' }, { data: 'y' }]],
  ['CR alone', 'data: x\r\rdata: y\r\r', [{ data: 'x' }, { data: 'y' }]],
  ['several data lines', 'data: {\ndata: "a": 1\ndata: }\n\n', [{ data: '{\n"a": 1\n}' }]],
  ['comments', ': keep-alive\n\ndata: x\n: within\n\n', [{ data: 'x' }]],
  ['id, event and retry', 'retry: 10\nid: 7\nevent: update\ndata: x\n\n', [{ data: 'x', id: '7', event: 'update' }]],
  ['a byte order mark', '\uFEFFdata: x\n\n', [{ data: 'x' }]],
  ['an event without data', 'event: ping\n\ndata: x\n\n', [{ data: 'x' }]],
  ['an event with empty data', 'data\n\n', [{ data: '' }]],
  ['an event that the end cuts off', 'data: x\n\ndata: y\n', [{ data: 'x' }]],
  ['non-ASCII', 'data: grüße 💥\n\n', [{ data: 'grüße 💥' }]],
])('%s', ([, text, events]) => {
  expect(decode([bytes(text)])).toEqual(events);
});

const field = fc.oneof(
  fc.constantFrom(
    ': comment',
    'retry: 5',
    'data',
    'data:',
    'data: ',
    'id',
    'event:',
    'unknown: x',
    'data: {"a":"é💥"}',
  ),
  fc
    .record({ name: fc.constantFrom('data', 'id', 'event'), value: fc.string({ unit: 'grapheme', maxLength: 12 }) })
    .map(({ name, value }) => `${name}: ${value.replace(/[\r\n]/g, '')}`),
);
const stream = fc
  .record({
    mark: fc.constantFrom('', '\uFEFF'),
    lines: fc.array(fc.tuple(fc.oneof(field, fc.constant('')), fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 24 }),
  })
  .map(({ mark, lines }) => bytes(mark + lines.map(([line, end]) => line + end).join('')));

test('however a stream is cut, it gives the same events', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat({ max: 400 }), { maxLength: 40 }), (whole, cuts) => {
      const borders = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length];
      const chunks = borders.slice(1).map((end, index) => whole.subarray(borders[index], end));
      expect(decode(chunks)).toEqual(decode([whole]));
    }),
    { numRuns: 1000 },
  );
});

test('byte by byte', () => {
  const whole = bytes('\uFEFFid: 1\r\ndata: {"text":"grüße 💥"}\r\n\r\n: x\r\ndata:y\r\n\r\n');
  expect(decode([...whole].map((byte) => Uint8Array.of(byte)))).toEqual([
    { data: '{"text":"grüße 💥"}', id: '1' },
    { data: 'y' },
  ]);
});
