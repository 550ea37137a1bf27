import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rows } from '../../protocol/requirements/rows.ts';
import { invariants } from './all.ts';

const sources = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

test('every file that defines an invariant has it in the list', async () => {
  const defining = sources.filter((file) =>
    readFileSync(join(import.meta.dirname, file), 'utf8').includes('= defineInvariant('),
  );
  const defined = await Promise.all(
    defining.map(async (file) => Object.values((await import(join(import.meta.dirname, file))) as object)),
  );
  const listed = new Set<unknown>(invariants);
  expect(defined.map((values) => values.filter((value) => listed.has(value)).length)).toEqual(defining.map(() => 1));
  expect(invariants.length).toBe(defining.length);
});

test('ids are unique, and named after the folder', () => {
  const ids = invariants.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^invariants\/[a-z-]+$/.test(id))).toEqual([]);
});

test('every row of an invariant exists', () => {
  expect(invariants.flatMap(({ requirements }) => requirements).filter((row) => !rows.has(row))).toEqual([]);
});
