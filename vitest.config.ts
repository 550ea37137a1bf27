import { defineConfig } from 'vitest/config';

const wholeProgram = ['cli/**/*.test.ts'];
const matrix = ['compose/{mutants,variants}/**/*.matrix.test.ts'];
const peers = ['fixtures/peers/**/*.test.ts', 'compose/peers/**/*.test.ts'];
const peersAll = ['{fixtures,compose}/peers/**/*.peers-all.test.ts'];
const containers = ['**/*.containers.test.ts'];
const browser = ['**/*.browser.test.ts'];
const load = ['load/**/*.load.test.ts'];
const chaos = ['chaos/**/*.chaos.test.ts'];
const conformance = ['compose/**/*.conformance.test.ts'];

/** `unit` beside the code; `cli` whole programs; `mutants` broken agents and unusual ones; `peers` the official SDK of npm; `peers-all` those that need Python and Go; `containers` what needs a container engine; `browser` pages in a real Chromium; `load` short runs of the real k6; `chaos` experiments on real processes behind the real Toxiproxy; `conformance` the checks as Vitest tests. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [
            'node_modules/**',
            'dist/**',
            ...wholeProgram,
            ...matrix,
            ...peers,
            ...containers,
            ...browser,
            ...load,
            ...chaos,
            ...conformance,
          ],
          testTimeout: 30_000,
        },
      },
      { test: { name: 'cli', include: wholeProgram, testTimeout: 60_000, hookTimeout: 60_000 } },
      { test: { name: 'mutants', include: matrix, testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: 'peers', include: peers, exclude: peersAll, testTimeout: 120_000, hookTimeout: 60_000 } },
      // The first run installs and builds: that is not measured.
      { test: { name: 'peers-all', include: peersAll, testTimeout: 120_000, hookTimeout: 900_000 } },
      {
        test: {
          name: 'containers',
          include: containers,
          exclude: ['node_modules/**', 'dist/**'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: browser,
          exclude: ['node_modules/**', 'dist/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // One file after the other, and after all others: runs side by side would measure each other.
      {
        test: {
          name: 'load',
          include: load,
          testTimeout: 60_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      // A few at a time: each has processes of its own.
      { test: { name: 'chaos', include: chaos, testTimeout: 90_000, hookTimeout: 300_000, maxConcurrency: 3 } },
      { test: { name: 'conformance', include: conformance, testTimeout: 60_000, hookTimeout: 120_000 } },
    ],
  },
});
