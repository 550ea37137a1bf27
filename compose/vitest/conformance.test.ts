import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findMutant } from '../../mocks/mutants/catalogue.ts';
import { startMutant } from '../../mocks/mutants/mutant.ts';

interface Told {
  readonly title: string;
  readonly status: string;
  readonly message: string;
}

/** The tests of a user's own Vitest project, whose one file calls `conformance` with these options. */
async function runConformance(options: object, files: Readonly<Record<string, string>> = {}): Promise<readonly Told[]> {
  const root = await mkdtemp(join(tmpdir(), 'a2a-gauntlet-vitest-'));
  const adapter = JSON.stringify(join(import.meta.dirname, 'conformance.ts'));
  const source = `import { conformance } from ${adapter};\nconformance(${JSON.stringify(options)});\n`;
  for (const [name, text] of Object.entries({ ...files, 'agent.test.js': source })) {
    await writeFile(join(root, name), text);
  }
  const vitest = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--reporter', 'json', '--outputFile', 'out.json', '--root', root];
  // The tests of the other project are not to take this one for their own.
  const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, ...env } = process.env;
  try {
    await new Promise<void>((resolve) => {
      execFile(process.execPath, args, { cwd: root, env }, () => resolve());
    });
    const report = JSON.parse(await readFile(join(root, 'out.json'), 'utf8')) as {
      testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
    };
    return report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ title, status, failureMessages }) => ({
        title,
        status,
        message: failureMessages.join('\n'),
      })),
    );
  } finally {
    await rm(root, { recursive: true });
  }
}

const row = 'errors/get-unknown-task';
const failures = (tests: readonly Told[]): readonly Told[] => tests.filter(({ status }) => status === 'failed');

test('a failed requirement says what was seen, and how to see it again, and nothing else', async () => {
  await using agent = await startMutant(findMutant('errors/get-unknown')!);
  const options = { url: agent.url, stimuli: 'tck', only: [row] };
  const [failed, ...others] = failures(await runConformance(options));
  expect(others).toEqual([]);
  expect(failed?.title).toMatch(new RegExp(`^${row} \\(MUST, `));
  expect(failed?.message).toMatch(/^Nonconformance: errors\/get-unknown-task .*\non {7}JSONRPC http\S+\nseen {5}/);
  // To be copied: no quotes are escaped.
  expect(failed?.message).toMatch(/^curl -sS .*--data-raw '\{"jsonrpc":/m);
  expect(failed?.message).not.toContain('conformance.ts');

  const known = await runConformance(
    { ...options, baseline: 'known.yaml' },
    { 'known.yaml': `version: 1\nentries:\n  - { requirement: ${row}, reason: known }\n` },
  );
  expect(failures(known)).toEqual([]);
  expect(known.find(({ title }) => title.startsWith(row))?.status).toBe('passed');
  expect(known.at(-1)).toMatchObject({ title: 'no entry of the baseline is stale', status: 'passed' });
});

test('a host that is not this machine is not spoken to, and no test passes', async () => {
  const tests = await runConformance({ url: 'http://192.0.2.1' });
  expect(tests.length).toBeGreaterThan(100);
  expect(tests.filter(({ status }) => status === 'passed')).toEqual([]);
});

test('an agent that is not there fails the last test, with the reason', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const [failed, ...others] = failures(await runConformance({ url: `http://127.0.0.1:${port}` }));
  expect(others).toEqual([]);
  expect(failed?.title).toBe('the agent was measured to the end');
  expect(failed?.message).toMatch(/the run ended early \(unreachable\): GET http.*start the agent/);
});
