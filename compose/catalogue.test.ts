import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mutants, suiteMutants } from '../mocks/mutants/catalogue.ts';
import { bindings } from '../mocks/reference-agent/bindings.ts';
import { ambiguities } from '../protocol/ambiguities.ts';
import { areaOf, areas } from '../protocol/requirements/row.ts';
import { checks, invariants, measuredBy, rows } from './catalogue.ts';
import { suites } from './suites.ts';

const root = join(import.meta.dirname, '..');

const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => join(root, folder, file));

const isCheck = (value: unknown): value is { id: string } =>
  typeof value === 'object' && value !== null && 'probe' in value && 'judge' in value && 'requirements' in value;

const isInvariant = (value: unknown): value is { id: string } =>
  typeof value === 'object' && value !== null && 'provenance' in value && 'judge' in value;

async function exportsOf(folder: string, is: (value: unknown) => value is { id: string }): Promise<string[]> {
  const modules = await Promise.all(sources(folder).map((file) => import(file) as Promise<Record<string, unknown>>));
  return [...new Set(modules.flatMap((module) => Object.values(module).filter(is)))].map(({ id }) => id).toSorted();
}

const duplicates = (ids: readonly string[]): string[] => ids.filter((id, index) => ids.indexOf(id) !== index);

describe('the catalogue is complete', () => {
  test('every check that a file defines is in it, once', async () => {
    expect(checks.map(({ id }) => id).toSorted()).toEqual(await exportsOf('suites/checks', isCheck));
    expect(duplicates(checks.map(({ id }) => id))).toEqual([]);
  });

  test('every invariant that a file defines is in it, once', async () => {
    expect(invariants.map(({ id }) => id).toSorted()).toEqual(await exportsOf('core/invariants', isInvariant));
  });

  test('checks name rows that exist, of their own id’s area or of another', () => {
    const unknown = [...checks, ...invariants].flatMap(({ id, requirements }) =>
      requirements.filter((row) => !rows.has(row)).map((row) => `${id} → ${row}`),
    );
    expect(unknown).toEqual([]);
  });

  test('every row is measured, or says why it cannot be', () => {
    const neither = [...rows.values()].filter((row) => !row.unobservable && measuredBy(row.id).length === 0);
    const both = [...rows.values()].filter((row) => row.unobservable && measuredBy(row.id).length > 0);
    expect(neither.map(({ id }) => id)).toEqual([]);
    expect(both.map(({ id }) => id)).toEqual([]);
  });

  test('what is no duty of a server says why no run can measure it', () => {
    const others = [...rows.values()].filter(({ role, unobservable }) => role !== 'server' && !unobservable);
    expect(others.map(({ id }) => id)).toEqual([]);
  });

  test('rows have a known area and a known ambiguity, and every ambiguity has a row', () => {
    const named = new Set(ambiguities.map(({ id }) => id));
    const used = [...rows.values()].flatMap(({ ambiguity }) => (ambiguity === undefined ? [] : [ambiguity]));
    expect(used.filter((id) => !named.has(id))).toEqual([]);
    expect([...named].filter((id) => !used.includes(id))).toEqual([]);
    expect([...rows.keys()].filter((id) => !areas.includes(areaOf(id)))).toEqual([]);
  });
});

/** A row of bindings that the reference agent does not speak cannot be broken in it: from the day it does, mutants are due. */
const isBreakable = (id: string): boolean => {
  const own = rows.get(id)?.bindings;
  return own === undefined || own.some((name) => bindings.some((spoken) => spoken === name));
};

describe('the mutants are complete', () => {
  test('ids are unique', () => {
    expect(duplicates(mutants.map(({ id }) => id))).toEqual([]);
  });

  test('they name rows and checks that exist, and checks that measure the rows', () => {
    const wrong = mutants.flatMap(({ id, breaks, killedBy }) => [
      ...breaks.filter((row) => !rows.has(row)).map((row) => `${id} breaks unknown ${row}`),
      ...killedBy
        .filter((killer) => !breaks.some((row) => measuredBy(row).includes(killer)))
        .map((killer) => `${id}: ${killer} measures none of its rows`),
    ]);
    expect(wrong).toEqual([]);
  });

  test('those of suites name rows that exist, and their suite or an invariant that measures the rows', () => {
    const known = new Set<string>(suites.map(({ name }) => name));
    const ofSuite = (killer: string): boolean => known.has(killer.split('/')[0]!);
    const wrong = suiteMutants.flatMap(({ id, breaks, mayBreak = [], killedBy, suite }) => [
      ...[...breaks, ...mayBreak].filter((row) => !rows.has(row)).map((row) => `${id} breaks unknown ${row}`),
      ...killedBy
        .filter((killer) => !ofSuite(killer) && !breaks.some((row) => measuredBy(row).includes(killer)))
        .map((killer) => `${id}: ${killer} measures none of its rows`),
      ...(suite !== undefined && known.has(suite) ? [] : [`${id} is of no suite`]),
    ]);
    expect(wrong).toEqual([]);
    expect([...known].filter((name) => suiteMutants.every(({ suite }) => suite !== name))).toEqual([]);
  });

  test('every MUST row that can be measured has one', () => {
    const broken = new Set(mutants.flatMap(({ breaks }) => breaks));
    const without = [...rows.values()].filter(
      (row) => row.level === 'MUST' && !row.unobservable && isBreakable(row.id) && !broken.has(row.id),
    );
    expect(without.map(({ id }) => id)).toEqual([]);
  });

  test('every check is named as the killer of one', () => {
    const killers = new Set(mutants.flatMap(({ killedBy }) => killedBy));
    const idle = [...checks, ...invariants].filter(
      ({ id, requirements }) => requirements.some(isBreakable) && !killers.has(id),
    );
    expect(idle.map(({ id }) => id)).toEqual([]);
  });
});
