import { describe, expect, test } from 'vitest';
import { renderHeatMap } from './heat-map.ts';
import type { MatrixReport } from './matrix-report.ts';
import type { MutantOutcome } from './matrix.ts';

const outcome = (mutant: string, more: Partial<MutantOutcome>): MutantOutcome => ({
  mutant,
  description: `what is wrong with ${mutant}`,
  scope: 'whole',
  breaks: ['get/row'],
  named: ['get/check'],
  killedBy: ['get/check'],
  missed: [],
  unseen: [],
  blamed: [],
  durationMs: 1,
  ...more,
});

const page = (outcomes: readonly MutantOutcome[], more: Partial<MatrixReport> = {}): string =>
  renderHeatMap({
    schemaVersion: '1.0',
    tool: { name: 'a2a-gauntlet', version: '1.2.3' },
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    seed: 5,
    target: null,
    untried: [],
    killed: 1,
    clean: [],
    outcomes,
    unsteady: [],
    gaps: { idleChecks: [], unbrokenRows: [] },
    ...more,
  });

/** The rows of mutants with their verdict, and the classes of the cells that are not empty. */
const rowsOf = (html: string): readonly string[] =>
  [...html.matchAll(/<tr data-verdict="(\w+)">.*?<b>(.*?)<\/b>(.*?)<\/tr>/gs)].map(
    ([, verdict, id, cells]) =>
      `${id} ${verdict} ${[...cells!.matchAll(/<td class="(\w+)[^"]*" title/g)].map(([, mark]) => mark).join(' ')}`,
  );

describe('a mutant has the mark of each check that did something to it', () => {
  const blame = { check: 'list/check', requirement: 'list/row', verdict: 'fail', reason: 'because' } as const;

  test.for<[string, Partial<MutantOutcome>, string]>([
    ['killed', {}, 'get/m killed killed'],
    ['killed by one more', { killedBy: ['get/check', 'send/check'] }, 'get/m killed killed also'],
    ['survived', { killedBy: [], missed: ['get/check'], unseen: ['get/row'] }, 'get/m survived missed'],
    ['blamed for another row', { blamed: [blame] }, 'get/m blamed killed blamed'],
    ['a run that failed', { killedBy: [], failure: 'no card' }, 'get/m failed '],
  ])('%s', ([, more, row]) => {
    expect(rowsOf(page([outcome('get/m', more)]))).toEqual([row]);
  });
});

test('mutants stand under their area, which says how many are cleanly killed', () => {
  const html = page([outcome('get/a', {}), outcome('get/b', { unseen: ['get/row'] }), outcome('list/c', {})]);
  expect([...html.matchAll(/<tr class="area">.*?>([\w-]+) <span>(\d+ of \d+)/g)].map(([, ...all]) => all)).toEqual([
    ['get', '1 of 2'],
    ['list', '1 of 1'],
  ]);
  expect(html).toContain('<title>2 of 3 mutants killed');
});

test('checks that killed nothing and rows without a mutant are listed', () => {
  const html = page([outcome('get/a', {})], {
    gaps: { idleChecks: ['get/idle'], unbrokenRows: ['get/unbroken'] },
    unsteady: [outcome('get/a', { missed: ['get/check'] })],
  });
  for (const id of ['get/idle', 'get/unbroken']) expect(html).toContain(`<li><code>${id}</code></li>`);
});

test('what a mutant or an agent said is text, never markup', () => {
  const html = page([outcome('get/a', { description: '<img src=x>', failure: '"<script>alert(1)</script>' })]);
  expect(html).not.toContain('<img');
  expect(html).not.toContain('<script>alert');
});

test('the page needs nothing from elsewhere', () => {
  expect(page([outcome('get/a', {})])).not.toMatch(/(?:src|href)=|@import|url\(/);
});
