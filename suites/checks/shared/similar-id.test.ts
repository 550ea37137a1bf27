import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasKnownForm, similarId } from './similar-id.ts';

const formOf = (id: string): string => id.replace(/\d/g, '9').replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A');

test('an id of the same form, and another', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z0-9_:.-]{1,40}$/),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (id, value) => {
        const similar = similarId(id, () => value);
        expect(similar).not.toBe(id);
        if (similar.length === id.length && !hasKnownForm(id)) expect(formOf(similar)).toBe(formOf(id));
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

test.for<[string, string, RegExp]>([
  ['a small counter', '17', /^9\d{8}$/],
  ['a counter of fixed width', 'task_0017', /^task_9\d{3}$/],
  ['a counter before a word', 'run/17/task', /^run\/9\d{8}\/task$/],
  ['a number of 64 bits', '1750000000123456789', /^175000000\d{10}$/],
  ['a prefixed ULID', 'tsk-01JQ3W8ZK5X7Y9A2B4C6D8E0FG', /^tsk-01JQ3W8ZK5X7Y[0-9A-HJKMNP-TV-Z]{13}$/],
  ['a prefixed UUID', 'task-0de254df-06d6-4aad-90f1-acb910b6af47', /^task-0de254df-06d6-4aad-90f1-acb910[0-9a-f]{6}$/],
  ['a hash', 'da39a3ee5e6b4b0d3255bfef95601890', /^da39a3ee5e6b4b0d[0-9a-f]{16}$/],
  ['words', 'quiet-river', /^quiet-[a-z]{5}$/],
])('%s', ([, id, form]) => {
  for (const value of [0, 0.2, 0.5, 0.999]) {
    const similar = similarId(id, () => value);
    expect(similar).toMatch(form);
    expect(similar).not.toBe(id);
  }
});
