import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderHeatMap } from './heat-map.ts';
import type { MutantOutcome } from './matrix.ts';

const executablePath = [process.env['CHROMIUM_BIN'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);
const required = process.env['CI'] === 'true' || process.env['A2A_GAUNTLET_REQUIRE_BROWSER'] === '1';
if (executablePath === undefined && !required) {
  console.warn('not tested: no Chromium here, so that no page is opened; install it, or set CHROMIUM_BIN');
}

const outcome = (mutant: string, more: Partial<MutantOutcome> = {}): MutantOutcome => ({
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

const html = renderHeatMap({
  schemaVersion: '1.0',
  tool: { name: 'a2a-gauntlet', version: '1.2.3' },
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  seed: 1,
  target: null,
  killed: 2,
  clean: [],
  outcomes: [
    outcome('get/a'),
    outcome('get/b', { killedBy: [], missed: ['get/check'], unseen: ['get/row'] }),
    outcome('list/c', { named: ['list/check'], killedBy: ['list/check'] }),
  ],
  unsteady: [],
  untried: [],
  gaps: { idleChecks: ['get/idle'], unbrokenRows: [] },
});

describe.runIf(executablePath !== undefined || required)('the heat map in a browser', () => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  const said: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'a2a-gauntlet-heat-map-'));
    await writeFile(join(folder, 'mutants.html'), html);
    browser = await chromium.launch({
      executablePath: executablePath ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    });
    page = await browser.newPage();
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) said.push(`asked for ${request.url()}`);
    });
    await page.goto(pathToFileURL(join(folder, 'mutants.html')).href);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const shown = (): Promise<readonly string[]> => page.locator('tbody tr[data-verdict]:visible th b').allTextContents();

  test('opens without an error, and asks for nothing', async () => {
    expect(await shown()).toEqual(['get/a', 'get/b', 'list/c']);
    expect(said).toEqual([]);
  });

  test('shows what one looks for, and where nothing is left no area either', async () => {
    await page.getByRole('searchbox').fill('list/check');
    expect(await shown()).toEqual(['list/c']);
    expect(await page.locator('tr.area:visible').count()).toBe(1);
    await page.getByRole('searchbox').fill('');
  });

  test('shows what is not cleanly killed', async () => {
    await page.getByRole('checkbox').check();
    expect(await shown()).toEqual(['get/b']);
    expect(await page.locator('output').textContent()).toBe('1 of 3 shown');
    await page.getByRole('checkbox').uncheck();
  });

  test('can be read by everybody', async () => {
    await page.addScriptTag({ content: await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8') });
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations: found } = await axe.run();
      return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(violations).toEqual([]);
  });
});
