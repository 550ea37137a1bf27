import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { experiments } from '../chaos/experiments/all.ts';
import { provision } from '../fixtures/tools/provision.ts';
import { toxiproxyRecipe } from '../fixtures/tools/toxiproxy.ts';
import { readReport } from '../reports/json.ts';
import { expectOneLine } from './testing/one-line.ts';
import { processesWith } from './testing/processes.ts';
import { runCli, startCli, temporaryFolder, type Ended } from './testing/run-cli.ts';

const buildMs = 5 * 60_000;

beforeAll(async () => {
  // It may have to be built: not in the time of a test.
  await provision(toxiproxyRecipe);
}, buildMs);

test('--list names every experiment and its faults', async () => {
  await using folder = await temporaryFolder();
  const { code, stdout } = await runCli(['chaos', '--list'], { cwd: folder.path });
  expect(code).toBe(0);
  for (const { id, method } of experiments) {
    expect(stdout).toContain(`${id}: `);
    for (const { fault } of method) expect(stdout).toContain(fault.description);
  }
});

test('an experiment becomes a report, which replay sends back to chaos', async () => {
  await using folder = await temporaryFolder();
  const args = ['chaos', 'missed-heartbeats', '--seed', '7', '--reporter', 'console', '--reporter', 'markdown'];
  const { code, stdout } = await runCli(args, { cwd: folder.path });
  expect(stdout).toMatch(/^PASS {2}missed-heartbeats: /m);
  expect(stdout).toMatch(/^Every hypothesis held: 1 of 1 experiment passed$/m);
  expect(stdout).toMatch(/^exit 0: every hypothesis and invariant held$/m);
  expect(code).toBe(0);
  const path = join(folder.path, 'a2a-gauntlet-report', 'report.json');
  const report = await readReport(path);
  expect(report).toMatchObject({
    schemaVersion: '1.2',
    seed: 7,
    end: { kind: 'complete' },
    exit: { code: 0 },
    target: { embedded: { profile: 'full' }, card: { name: 'Reference Agent' }, interfaces: [{ binding: 'JSONRPC' }] },
    summary: { fail: 0, warn: 0, error: 0 },
    chaos: { environment: 'embedded', verdict: 'pass', experiments: [{ id: 'missed-heartbeats', verdict: 'pass' }] },
  });
  expect(report.summary.requirements.measured).toBeGreaterThan(20);
  expect(new Set(report.findings.map(({ experiment }) => experiment))).toEqual(new Set(['missed-heartbeats']));
  expect(await runCli(['replay', path], { cwd: folder.path })).toMatchObject({
    code: 0,
    stdout: /nothing to run again/,
  });
  expectOneLine(
    await runCli(['replay', path, '0'], { cwd: folder.path }),
    2,
    /chaos run, which is judged as a whole: run it again with a2a-gauntlet chaos --environment embedded --seed 7$/m,
  );
});

test.runIf(process.platform === 'linux').for([
  ['SIGINT', 130],
  ['SIGKILL', null],
] as const)('%s while the agent is paused leaves no process', async ([signal, expected]) => {
  await using folder = await temporaryFolder();
  const mark = crypto.randomUUID();
  const args = ['chaos', 'agent-paused', 'slow-agent'];
  const running = startCli(args, { cwd: folder.path, env: { A2A_GAUNTLET_TEST: mark } });
  await running.saysOnStderr('agent: paused (SIGSTOP)');
  const started = processesWith(mark).join('\n');
  for (const part of ['toxiproxy', 'reference-agent', 'registry']) expect(started).toContain(part);
  running.child.kill(signal);
  expect((await running.ended).code).toBe(expected);
  await expect.poll(() => processesWith(mark), { timeout: 30_000 }).toEqual([]);
  if (expected === null) return;
  // Results so far are kept, and what is known of the experiment under way.
  const report = await readReport(join(folder.path, 'a2a-gauntlet-report', 'report.json'));
  expect(report).toMatchObject({ end: { kind: 'interrupted' }, exit: { code: 130 } });
  expect(report.chaos!.experiments).toMatchObject([
    { id: 'slow-agent', after: { holds: expect.any(Boolean) as boolean } },
    {
      id: 'agent-paused',
      verdict: 'interrupted',
      before: { holds: true },
      faults: [{ fault: 'pause', undoneAtMs: expect.any(Number) as number }],
    },
  ]);
  expect(report.chaos!.experiments[1]!.timeline.map(({ kind }) => kind)).toContain('undone');
});

describe('bad input is one line with what to do', () => {
  const chaos = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> => {
    await using folder = await temporaryFolder();
    return await runCli(['chaos', '--quiet', ...args], { cwd: folder.path, env });
  };

  test('no container engine', async () => {
    const env = { DOCKER_HOST: 'unix:///nowhere/at/all.sock' };
    const ended = await chaos(['slow-agent', '--environment', 'containers'], env);
    expectOneLine(ended, 3, 'no container engine answers', 'start Docker', 'DOCKER_HOST');
  });

  test.for<[string, string[], (string | RegExp)[]]>([
    ['an unknown experiment', ['nope'], [/^a2a-gauntlet: unknown experiment 'nope'; known are slow-agent, /]],
    ['an unknown environment', ['--environment', 'cloud'], ['--environment "cloud"', 'embedded, containers']],
    ['no seed', ['--seed', 'x'], ['--seed "x"', 'a whole number']],
    ['no time', ['--timeout', 'soon'], ['--timeout "soon"', '10s']],
    ['an unknown flag', ['--enviroment', 'embedded'], ["unknown option '--enviroment'", '--environment']],
    ['quiet and verbose', ['--verbose'], ['--quiet and --verbose']],
    ['an unknown reporter', ['--reporter', 'html'], ['--reporter "html"', 'markdown']],
  ])('%s is exit 2', async ([, args, words]) => {
    expectOneLine(await chaos(args), 2, ...words);
  });
});
