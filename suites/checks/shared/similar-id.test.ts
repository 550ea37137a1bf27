import fc from 'fast-check';
import { expect, test } from 'vitest';
import { similarId } from './similar-id.ts';

const formOf = (id: string): string => id.replace(/\d/g, '9').replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A');

test('an id of the same form, and another', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z0-9_:.-]{1,40}$/),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (id, value) => {
        const similar = similarId(id, () => value);
        expect(similar).not.toBe(id);
        if (similar.length === id.length && !/^[0-9a-f-]{36}$/i.test(id)) expect(formOf(similar)).toBe(formOf(id));
      },
    ),
  );
});

test('a UUID keeps version and variant', () => {
  const id = '0de254df-06d6-4aad-90f1-acb910b6af47';
  expect(similarId(id, () => 0.5)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-9[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('where there is nothing to draw, something is added', () => {
  expect(similarId('---', () => 0)).toBe('---0');
});
