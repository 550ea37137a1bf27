import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Report } from '../core/findings/report.ts';
import { suiteMutants } from '../mocks/mutants/catalogue.ts';
import { startMutant } from '../mocks/mutants/mutant.ts';
import { startReferenceAgent } from '../mocks/reference-agent/agent.ts';
import { readReport } from '../reports/json.ts';
import { expectOneLine } from './testing/one-line.ts';
import { runCli, startCli, temporaryFolder } from './testing/run-cli.ts';
import { answer, serve } from './testing/servers.ts';

const timeout = 240_000;
const folderName = 'a2a-gauntlet-report';
const row = 'errors/invalid-params';

const textIn = (folder: string, name: string): Promise<string> => readFile(join(folder, folderName, name), 'utf8');
const reportIn = (folder: string): Promise<Report> => readReport(join(folder, folderName, 'report.json'));

/** Where the agent and the seed are the same, so are the cases: what a run finds is no matter of luck. */
const agentOptions = { bindings: ['JSONRPC'], longRunningMs: 900 } as const;
const startBroken = () =>
  startMutant(
    suiteMutants.find(({ id }) => id === 'properties/page-size-word')!,
    agentOptions,
  );
const drawing = ['--suite', 'properties', '--seed', '1', '--stimuli', 'tck'] as const;

async function expectSchema(folder: string): Promise<void> {
  const path = join(import.meta.dirname, '..', 'reports', 'schema', 'report.schema.json');
  const schema = JSON.parse(await readFile(path, 'utf8')) as object;
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  validate(JSON.parse(await textIn(folder, 'report.json')));
  expect(validate.errors).toBeNull();
}

test('the embedded agent holds, over each of its bindings', { timeout }, async () => {
  await using folder = await temporaryFolder();
  const args = ['explore', '--suite', 'properties', '--runs', '5', '--seed', '7'];
  const { code, stdout, stderr } = await runCli(args, { cwd: folder.path });
  expect(stderr).toContain('properties: up to 5 cases');
  expect(stdout).toMatch(/^properties: 5 generated cases, \d+ requests .*, all runs done$/m);
  expect(stdout).toMatch(/^exit 0: conformant/m);
  expect(code).toBe(0);
  await expectSchema(folder.path);
  const report = await reportIn(folder.path);
  expect(report).toMatchObject({
    seed: 7,
    end: { kind: 'complete' },
    exit: { code: 0 },
    summary: { fail: 0, error: 0 },
    explore: {
      options: { suites: ['properties'], runs: 5 },
      suites: [{ suite: 'properties', runs: 5, unsteady: 0, end: 'runs' }],
    },
  });
  expect(new Set(report.target.interfaces.map(({ binding }) => binding)).size).toBe(3);
  expect(report.summary.pass).toBeGreaterThan(0);
  expect(await runCli(['replay', join(folderName, 'report.json')], { cwd: folder.path })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^nothing to run again/) as string,
  });
});

test('a fault is shrunk, told in every report, and made again by replay', { timeout }, async () => {
  await using folder = await temporaryFolder();
  await using broken = await startBroken();
  const cli = (...args: readonly string[]) => runCli(args, { cwd: folder.path });
  const reporters = ['console', 'markdown', 'junit'].flatMap((name) => ['--reporter', name]);
  const { code, stdout } = await cli('explore', broken.url, ...drawing, '--runs', '300', '--verbose', ...reporters);
  expect(code).toBe(1);
  await expectSchema(folder.path);
  const { findings } = await reportIn(folder.path);
  const [finding, ...others] = findings.filter(({ verdict }) => verdict === 'fail');
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    requirement: row,
    check: 'properties',
    counterexample: {
      suite: 'properties',
      seed: 1,
      path: expect.stringMatching(/^\d+(:\d+)*$/) as string,
      steps: [
        expect.stringMatching(/"pageSize":"[^"]*".*, where pageSize is a word$/) as string,
        'JSONRPC answered: a result',
      ],
    },
  });
  const { path, curl } = finding!.counterexample!;
  expect(curl[0]).toMatch(/^curl .*"pageSize":/);
  const drawn = `properties, seed 1, path ${path}`;
  expect(stdout).toMatch(new RegExp(`^FAIL  ${row} +MUST`, 'm'));
  for (const text of [stdout, await textIn(folder.path, 'report.md'), await textIn(folder.path, 'junit.xml')]) {
    for (const part of [drawn, 'where pageSize is a word', 'JSONRPC answered: a result', 'curl -sS'])
      expect(text).toContain(part);
  }

  const file = join(folderName, 'report.json');
  expect(stdout).toMatch(new RegExp(`a2a-gauntlet replay \\S*report\\.json ${row}$`, 'm'));
  const again = await cli('replay', file, row);
  expect(again).toMatchObject({ code: 1, stderr: '' });
  expect(again.stdout).toMatch(new RegExp(`^FAILED ${row} .* by properties\n`));

  await using mended = await startReferenceAgent(agentOptions);
  const fixed = await cli('replay', file, '--url', mended.url);
  expect(fixed).toMatchObject({ code: 0, stderr: '' });
  expect(fixed.stdout).toMatch(new RegExp(`^FIXED ${row} .* by properties\n`));

  // It is not said to be mended where it could not be asked.
  await using elsewhere = await startReferenceAgent({ ...agentOptions, bindings: ['HTTP+JSON'] });
  const unmeasured = await cli('replay', file, '--url', elsewhere.url);
  expect(unmeasured.stdout).toMatch(new RegExp(`^NOT MEASURED ${row} `));
  expect(unmeasured.code).toBe(3);

  await mended.close();
  expectOneLine(await cli('replay', file, '--url', mended.url), 3, /ECONNREFUSED|refused/, 'start the agent');
});

test(
  'what the baseline knows is exit 0 with any seed, and what it keeps for check is exit 1',
  { timeout },
  async () => {
    await using folder = await temporaryFolder();
    await using broken = await startBroken();
    const baseline = (run: string): Promise<void> =>
      writeFile(
        join(folder.path, 'gauntlet.baseline.yaml'),
        `version: 1\nentries:\n  - requirement: ${row}\n    run: ${run}\n    reason: known\n`,
      );
    const explore = async (seed: string): Promise<readonly [number | null, string | undefined]> => {
      const args = [
        'explore',
        broken.url,
        '--suite',
        'properties',
        '--seed',
        seed,
        '--stimuli',
        'tck',
        '--runs',
        '300',
      ];
      const { code } = await runCli(args, { cwd: folder.path });
      const { findings } = await reportIn(folder.path);
      return [code, findings.find(({ verdict }) => verdict === 'fail')?.baseline?.reason];
    };
    await baseline('explore');
    expect(await explore('1')).toEqual([0, 'known']);
    expect(await explore('2')).toEqual([0, 'known']);
    await baseline('check');
    expect(await explore('1')).toEqual([1, undefined]);
  },
);

describe('wrong usage is exit 2 and one line that names the flag', () => {
  const url = 'http://127.0.0.1:1';
  test.for<[string, string[], (string | RegExp)[]]>([
    [
      'an unknown suite',
      [url, '--suite', 'nope'],
      ['--suite "nope"', 'properties, exposure, state-machine, concurrency'],
    ],
    ['a suite without a name', [url, '--suite', 'properties,'], ['--suite ""']],
    ['no runs', [url, '--runs', '0'], ['--runs "0"', 'at least 1']],
    ['runs that are no number', [url, '--runs', 'many'], ['--runs "many"', 'a whole number']],
    ['no commands', [url, '--max-commands', '0'], ['--max-commands "0"', 'at least 1']],
    ['a time of no unit', [url, '--time', '5y'], ['--time "5y"', '10s']],
    ['too short a time', [url, '--time', '1ms'], ['--time "1ms"', 'at least 100 ms']],
    ['an unknown flag', [url, '--sute', 'properties'], ["unknown option '--sute'", '--suite']],
    ['a host that is not this machine', ['https://agent.example.com/'], ['--i-own-this-target agent.example.com']],
    ['two URLs', [url, url], ['too many arguments']],
  ])('%s', { timeout }, async ([, args, words]) => {
    await using folder = await temporaryFolder();
    expectOneLine(await runCli(['explore', '--quiet', ...args], { cwd: folder.path }), 2, ...words);
  });
});

test('a dead port is exit 3 and one line, and the report says so too', { timeout }, async () => {
  const server = await serve(answer(200, 'text/plain', ''));
  await server.close();
  await using folder = await temporaryFolder();
  const ended = await runCli(['explore', '--quiet', server.url], { cwd: folder.path });
  expectOneLine(ended, 3, /ECONNREFUSED|refused/, 'start the agent');
  await expectSchema(folder.path);
  expect(await reportIn(folder.path)).toMatchObject({
    end: { kind: 'unreachable' },
    exit: { code: 3 },
    explore: { suites: [] },
  });
});

test.for(['SIGINT', 'SIGTERM'] as const)('%s leaves a report of what was drawn so far', { timeout }, async (signal) => {
  await using folder = await temporaryFolder();
  // What comes before the first case is less than this.
  const drawn = Promise.withResolvers<void>();
  let posts = 0;
  const intercept = ({ method }: { readonly method: string }): undefined => {
    if (method === 'POST' && (posts += 1) === 200) drawn.resolve();
  };
  await using agent = await startReferenceAgent({ ...agentOptions, fault: { intercept } });
  const args = ['explore', agent.url, ...drawing, '--runs', '1000000', '--time', '10m', '--max-tasks', '100000'];
  const running = startCli(args, { cwd: folder.path });
  await Promise.race([drawn.promise, running.ended]);
  running.child.kill(signal);
  const { code, stdout, stderr } = await running.ended;
  expect(code).toBe(130);
  expect(stderr).toContain('interrupted: ');
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toMatch(/^Interrupted, /m);
  await expectSchema(folder.path);
  const report = await reportIn(folder.path);
  expect(report).toMatchObject({
    end: { kind: 'interrupted' },
    exit: { code: 130 },
    explore: { suites: [{ suite: 'properties', end: 'interrupted' }] },
  });
  expect(report.explore!.suites[0]!.runs).toBeGreaterThan(0);
  expect(report.summary.pass).toBeGreaterThan(0);
});

test('mutants of the suites are listed, and meet their suite where they are named', { timeout }, async () => {
  await using folder = await temporaryFolder();
  const list = await runCli(['mutants', '--list'], { cwd: folder.path });
  for (const { id, suite } of suiteMutants)
    expect(list.stdout).toMatch(new RegExp(`^${id}\n.*\n  killed by .* \\(explore --suite ${suite}\\)$`, 'm'));
  const id = 'properties/page-size-word';
  const { code, stdout } = await runCli(['mutants', id], { cwd: folder.path });
  expect(stdout).toContain(`1/1 ${id}: killed\n`);
  expect(code).toBe(0);
  expect(JSON.parse(await textIn(folder.path, 'mutants.json'))).toMatchObject({
    killed: 1,
    clean: [{ agent: 'full, met by properties', accusations: [] }],
    outcomes: [{ mutant: id, scope: 'suite', killedBy: ['properties'] }],
  });
  const layered = await runCli(['mutants', id, '--url', 'http://127.0.0.1:1'], { cwd: folder.path });
  expectOneLine(layered, 2, id, '--url');
});
