import { defineConfig } from 'vitest/config';

const wholeProgram = ['cli/**/*.test.ts'];
const matrix = ['compose/mutants/**/*.matrix.test.ts'];
const peers = ['fixtures/peers/**/*.test.ts', 'compose/peers/**/*.test.ts'];
const conformance = ['compose/vitest/**/*.conformance.test.ts'];

/** `unit` beside the code; `cli` whole programs; `mutants` the kill matrix; `peers` official SDKs; `conformance` the checks as Vitest tests. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['node_modules/**', 'dist/**', ...wholeProgram, ...matrix, ...peers, ...conformance],
          testTimeout: 30_000,
        },
      },
      { test: { name: 'cli', include: wholeProgram, testTimeout: 60_000, hookTimeout: 60_000 } },
      { test: { name: 'mutants', include: matrix, testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: 'peers', include: peers, testTimeout: 120_000, hookTimeout: 60_000 } },
      { test: { name: 'conformance', include: conformance, testTimeout: 60_000, hookTimeout: 120_000 } },
    ],
  },
});
