import { expect, test } from 'vitest';
import { eventData } from './event-data.ts';

async function read(...chunks: readonly string[]): Promise<readonly string[]> {
  async function* bytes(): AsyncGenerator<Uint8Array, void> {
    for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk, 'latin1'));
  }
  return Array.fromAsync(eventData(bytes()));
}

test.for<[string, readonly string[], readonly string[]]>([
  ['one event', ['data: {"a":1}\n\n'], ['{"a":1}']],
  ['no space after the colon', ['data:x\n\n'], ['x']],
  ['several lines of data', ['data: a\ndata: b\n\n'], ['a\nb']],
  ['other fields and comments', [': hi\nid: 7\nevent: x\nretry: 5\ndata: a\n\n'], ['a']],
  ['CRLF', ['data: a\r\n\r\ndata: b\r\n\r\n'], ['a', 'b']],
  ['CR alone', ['data: a\r\rdata: b\r\r\n'], ['a', 'b']],
  ['a CRLF cut in the middle', ['data: a\r', '\n\r', '\n'], ['a']],
  ['bytes cut anywhere', ['da', 'ta: ä'.slice(0, 4), 'x', '\n', '\n'], ['x']],
  ['an event that is not ended', ['data: a\n\ndata: b\n'], ['a']],
  ['nothing but comments', [': a\n\n: b\n\n'], []],
])('%s', async ([, chunks, events]) => {
  expect(await read(...chunks)).toEqual(events);
});

test('a character cut between two chunks', async () => {
  const bytes = Buffer.from('data: ä\n\n');
  async function* halves(): AsyncGenerator<Uint8Array, void> {
    yield await Promise.resolve(bytes.subarray(0, 7));
    yield await Promise.resolve(bytes.subarray(7));
  }
  expect(await Array.fromAsync(eventData(halves()))).toEqual(['ä']);
});
