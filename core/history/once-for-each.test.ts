import { expect, test } from 'vitest';
import { onceForEach } from './once-for-each.ts';

test('each value is worked out once, however often it is asked for', () => {
  const asked: string[] = [];
  const nameOf = onceForEach(({ name }: { readonly name: string }) => {
    asked.push(name);
    return name === 'none' ? undefined : name.toUpperCase();
  });
  const [a, b, none] = [{ name: 'a' }, { name: 'a' }, { name: 'none' }];
  expect([a, b, a, none, none].map(nameOf)).toEqual(['A', 'A', 'A', undefined, undefined]);
  expect(asked).toEqual(['a', 'a', 'none']);
});

test('what throws is asked again', () => {
  let calls = 0;
  const fails = onceForEach(() => {
    calls += 1;
    throw new Error('no');
  });
  const value = {};
  expect(() => fails(value)).toThrow('no');
  expect(() => fails(value)).toThrow('no');
  expect(calls).toBe(2);
});
