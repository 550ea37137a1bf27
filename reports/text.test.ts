import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration, oneLine, wrap } from './text.ts';

test('wrapping loses no word and keeps the width', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, width) => {
      const lines = wrap(text, width);
      expect(lines.every((line) => line.length <= width)).toBe(true);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }),
  );
});

test('one line is one line', () => {
  expect(oneLine(' a\r\n\tb\u0000 ')).toBe('a b\\x00');
  expect(oneLine('abcdef', 4)).toBe('abc…');
});

test.for([
  [12.4, '12 ms'],
  [4210, '4.2 s'],
  [185_000, '3 min 5 s'],
] as const)('%d ms is %s', ([milliseconds, text]) => {
  expect(duration(milliseconds)).toBe(text);
});
