import { join } from 'node:path';
import { test } from 'vitest';
import { runGo } from '../fixtures/tools/go-toolchain.ts';

/** The tests of the Go modules run with all others. */
test.for(['k6-extension', 'null-server'])('go test of load/%s', { timeout: 15 * 60_000 }, async (module) => {
  await runGo(
    {
      args: ['test', '-mod=readonly', '-vet=all', './...'],
      env: { CGO_ENABLED: '0', GOWORK: 'off' },
      cwd: join(import.meta.dirname, module),
      produces: '',
    },
    { env: process.env, timeoutMs: 14 * 60_000 },
  );
});
