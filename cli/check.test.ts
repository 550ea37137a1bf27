import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findMutant } from '../mocks/mutants/catalogue.ts';
import { startMutant } from '../mocks/mutants/mutant.ts';
import { findVariant } from '../mocks/variants/catalogue.ts';
import { startVariant } from '../mocks/variants/variant.ts';
import { startReferenceAgent } from '../mocks/reference-agent/agent.ts';
import { readReport } from '../reports/json.ts';
import { cardWith, serve } from './testing/servers.ts';
import { runCli, temporaryFolder, type Ended } from './testing/run-cli.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const cli = (...args: string[]): Promise<Ended> => runCli(args, { cwd: folder.path });
const row = 'errors/get-unknown-task';
const check = 'errors/unknown-task';

/** An agent that breaks `row`, and what becomes of it when it is mended: another one at the same port. */
const startBroken = (port = 0) => startMutant(findMutant('errors/get-unknown')!, { port, longRunningMs: 900 });
const startMended = (port: number) => startReferenceAgent({ port, longRunningMs: 900 });

test('an API key goes where the card wants it, and no report tells it', async () => {
  const seen: string[] = [];
  await using server = await serve((request, response) => {
    const isCard = request.url!.startsWith('/.well-known/');
    if (!isCard) seen.push(request.url!);
    const url = `http://${request.headers.host}/rpc`;
    const card = cardWith([{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }], {
      securitySchemes: { key: { apiKeySecurityScheme: { location: 'query', name: 'k' } } },
    });
    response.writeHead(isCard ? 200 : 403, { 'content-type': 'application/json' }).end(isCard ? card : '{}');
  });
  await using project = await temporaryFolder();
  const env = { API_KEY: 'se~cret*key' };
  const args = ['check', server.url, '--api-key', 'env:API_KEY', '--only', 'get', '--quiet'];
  await runCli(args, { cwd: project.path, env });
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.every((url) => new URL(url, server.url).searchParams.get('k') === 'se~cret*key')).toBe(true);
  const report = await readFile(join(project.path, 'a2a-gauntlet-report', 'report.json'), 'utf8');
  expect(report).not.toMatch(/cret[*%]/);

  await using agent = await startReferenceAgent({});
  const refused = await runCli(['check', agent.url, '--api-key', 'abc'], { cwd: project.path });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(/^a2a-gauntlet: --api-key: [^\n]+--header[^\n]+\n$/m);
});

test('two principals are kept apart, and no report tells their tokens', async () => {
  const credentials = [
    { token: 'first~token', principal: 'a', extendedCard: true },
    { token: 'second~token', principal: 'b', extendedCard: true },
  ];
  const fault = { policy: { ownershipIgnoredBy: ['CancelTask' as const] } };
  await using agent = await startReferenceAgent({ profile: 'bearer', credentials, fault, longRunningMs: 900 });
  await using project = await temporaryFolder();
  const only = ['--only', 'security/isolation', '--stimuli', 'tck'];
  const env = { FIRST: 'first~token', SECOND: 'second~token' };
  const tokens = ['--bearer', 'env:FIRST', '--second-bearer', 'env:SECOND'];
  const cli = (...args: readonly string[]) => runCli(args, { cwd: project.path, env });

  const alone = await cli('check', agent.url, ...only, ...tokens.slice(0, 2));
  expect(alone.code).toBe(3);
  expect(alone.stdout).toMatch(/--second-bearer/);

  const { code, stdout } = await cli('check', agent.url, ...only, ...tokens);
  expect(code).toBe(1);
  expect(stdout).toMatch(/FAIL +security\/cancel-scoped/);
  expect(stdout).not.toMatch(/FAIL +security\/get-scoped/);
  const path = join(project.path, 'a2a-gauntlet-report', 'report.json');
  const text = await readFile(path, 'utf8');
  expect(text).not.toMatch(/(?:first|second)~token/);
  expect((await readReport(path)).options.secondPrincipal).toBe(true);

  const without = await cli('replay', path, 'security/cancel-scoped', ...tokens.slice(0, 2));
  expect([without.code, without.stderr]).toEqual([2, expect.stringMatching(/--second-bearer/)]);
  const again = await cli('replay', path, 'security/cancel-scoped', ...tokens);
  expect([again.code, again.stdout]).toEqual([1, expect.stringMatching(/^FAILED security\/cancel-scoped/)]);
});

test('--tenant chooses among the tenants of a card, and names one where the card has none', async () => {
  await using agent = await startReferenceAgent({ profile: 'tenants' });
  await using project = await temporaryFolder();
  const check = (...args: readonly string[]) =>
    runCli(['check', agent.url, '--only', 'get', '--stimuli', 'tck', ...args], { cwd: project.path });
  const path = join(project.path, 'a2a-gauntlet-report', 'report.json');
  const tenantsIn = async () => (await readReport(path)).target.interfaces.map(({ tenant }) => tenant);

  expect((await check()).code).toBe(0);
  expect(await tenantsIn()).toEqual(['acme', 'globex']);
  expect((await check('--tenant', 'globex')).code).toBe(0);
  expect(await tenantsIn()).toEqual(['globex']);
  const unknown = await check('--tenant', 'initech');
  expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringMatching(/tenant initech.*acme, globex/s)]);

  const seen: unknown[] = [];
  await using plain = await startReferenceAgent({
    fault: {
      result: (result, { params }) => {
        seen.push((params as { readonly tenant?: unknown }).tenant);
        return result;
      },
    },
  });
  await runCli(['check', plain.url, '--only', 'get', '--stimuli', 'tck', '--tenant', 'own'], { cwd: project.path });
  expect(await tenantsIn()).toEqual(['own']);
  expect([...new Set(seen)]).toEqual(['own']);
});

test('the config of the folder names the agent, and a flag wins over it', async () => {
  await using agent = await startReferenceAgent({ profile: 'bearer', longRunningMs: 900 });
  await using project = await temporaryFolder();
  await writeFile(
    join(project.path, 'gauntlet.config.ts'),
    `const token: string = ${JSON.stringify('reference-token')};
     export default { url: ${JSON.stringify(agent.url)}, bearer: token, only: ['get'], stimuli: 'tck', reportDir: 'out' };`,
  );
  const { code, stdout, stderr } = await runCli(['check', '--only', 'cancel', '--quiet'], { cwd: project.path });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^Conformant/);
  expect(code).toBe(0);
  const report = await readReport(join(project.path, 'out', 'report.json'));
  expect(report.target.url).toBe(agent.url);
  expect(report.options.only).toEqual(['cancel']);
});

test('an agent of v1.0.0 is right by default and by --spec-patch 1.0.0, and not by 1.0.1', async () => {
  await using agent = await startVariant(findVariant('rest/statuses-of-1.0.0')!, { longRunningMs: 900 });
  await using project = await temporaryFolder();
  const only = ['errors/code-mapping', 'cancel/ended-task'].flatMap((pattern) => ['--only', pattern]);
  const args = ['check', agent.url, '--stimuli', 'tck', '--binding', 'HTTP+JSON', ...only];
  const by = (...more: string[]): Promise<Ended> => runCli([...args, ...more], { cwd: project.path });
  expect((await by()).code).toBe(0);
  const old = await by('--spec-patch', '1.0.0');
  expect(old.code).toBe(0);
  expect(old.stdout).toContain('A2A 1.0.0 alone');
  const recent = await by('--spec-patch', '1.0.1');
  expect(recent.code).toBe(1);
  expect(recent.stdout).toMatch(/^FAIL +errors\/code-mapping /m);
  expect(recent.stdout).toMatch(/^ +actual +TASK_NOT_CANCELABLE with code 409$/m);

  const report = join(project.path, 'a2a-gauntlet-report', 'report.json');
  expect((await readReport(report)).options.specPatch).toBe('1.0.1');
  const again = await runCli(['replay', report, 'errors/code-mapping'], { cwd: project.path });
  expect(again.stdout).toMatch(/^FAILED errors\/code-mapping /);
  expect(again.code).toBe(1);
});

test('ErrorInfo over JSON-RPC is a MUST of v1.0.0 alone', async () => {
  await using agent = await startVariant(findVariant('errors/without-details')!, { longRunningMs: 900 });
  const only = ['envelope/error-info', 'errors/unknown-task'].flatMap((pattern) => ['--only', pattern]);
  const args = ['check', agent.url, '--stimuli', 'tck', '--report-dir', join(folder.path, 'patches'), ...only];
  expect(await cli(...args)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^WARN +envelope\/error-info +SHOULD/m),
  });
  expect(await cli(...args, '--spec-patch', '1.0.0')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^FAIL +envelope\/error-info +MUST/m),
  });
});

describe('the embedded agent', () => {
  test('is checked where no URL is given: conformant, with progress, report and summary', async () => {
    const reports = join(folder.path, 'embedded');
    const { code, stdout, stderr } = await cli(
      ...['check', '--report-dir', reports],
      ...['console', 'markdown', 'junit'].flatMap((name) => ['--reporter', name]),
    );
    expect(stderr).toMatch(/^checking the embedded reference agent \(profile full\): reading its card\n/);
    expect(stderr).toMatch(/^\d+\/\d+ checks \(\S+\)/m);
    expect(stdout).toMatch(/^area +pass +fail +warn +skip +untested +measured \/ applicable \/ total$/m);
    expect(stdout).toMatch(/^Conformant: nothing failed, \d+ of \d+ applicable requirements/m);
    expect(stdout).toContain(
      `report: ${join(reports, 'report.json')}, ${join(reports, 'report.md')}, ${join(reports, 'junit.xml')}\n`,
    );
    expect(stdout).toBe(stripVTControlCharacters(stdout));
    expect(code).toBe(0);

    const report = await readReport(join(reports, 'report.json'));
    expect(report).toMatchObject({
      end: { kind: 'complete' },
      exit: { code: 0 },
      target: { embedded: { profile: 'full' } },
      options: { stimuli: 'tck', headers: [] },
      summary: { fail: 0, warn: 0, error: 0 },
    });
    expect(report.summary.requirements.measured).toBeGreaterThan(100);
    expect(await readFile(join(reports, 'report.md'), 'utf8')).toContain('✅');
    const junit = await readFile(join(reports, 'junit.xml'), 'utf8');
    expect(junit).toMatch(/^<testsuites name="a2a-gauntlet [^"]+" tests="\d{3,}" failures="0" errors="0" /m);
  });

  test('in a profile that demands a token, gets it, and no report tells it', async () => {
    const reports = join(folder.path, 'bearer');
    const { code, stdout } = await cli(
      'check',
      '--profile',
      'bearer',
      '--only',
      'get',
      '--quiet',
      '--report-dir',
      reports,
    );
    expect(stdout).toMatch(/^Conformant: /);
    expect(code).toBe(0);
    const text = await readFile(join(reports, 'report.json'), 'utf8');
    expect(text).not.toContain('reference-token');
    expect(JSON.parse(text)).toMatchObject({ options: { headers: ['Authorization'], only: ['get'] } });
  });

  test('answers the same to the same seed', async () => {
    const bodies = async (name: string): Promise<string[]> => {
      const reports = join(folder.path, name);
      await cli('check', '--only', row, '--seed', '7', '--quiet', '--report-dir', reports);
      const { findings, seed } = await readReport(join(reports, 'report.json'));
      expect(seed).toBe(7);
      return findings.map(({ requirement, verdict, reason }) => `${requirement} ${verdict} ${reason}`);
    };
    expect(await bodies('seed-1')).toEqual(await bodies('seed-2'));
  });
});

describe('colour', () => {
  test('only where it is asked for or on a terminal', async () => {
    const args = ['check', '--only', row, '--report-dir', join(folder.path, 'colour')];
    const forced = await runCli(args, { cwd: folder.path, env: { FORCE_COLOR: '1' } });
    expect(forced.stdout).not.toBe(stripVTControlCharacters(forced.stdout));
    const refused = await runCli([...args, '--no-color'], { cwd: folder.path, env: { FORCE_COLOR: '1' } });
    expect(refused.stdout).toBe(stripVTControlCharacters(refused.stdout));
  });
});

test('--list says what would run, and runs nothing', async () => {
  const { code, stdout, stderr } = await cli('check', 'http://127.0.0.1:1', '--list', '--only', row);
  expect(stdout).toContain(`  ${check}\n`);
  expect(stdout).toMatch(/needs stimulus completes/);
  expect(stdout).toContain(`measures ${row}\n`);
  expect(stdout).toMatch(/^1 check, 1 requirement$/m);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

describe('a finding is run again', () => {
  test('FAILED while the agent is broken, FIXED when it is mended, unmeasured when it is gone', async () => {
    const reports = join(folder.path, 'replay');
    const path = join(reports, 'report.json');
    const broken = await startBroken();
    const { port } = new URL(broken.url);
    const first = await cli('check', broken.url, '--stimuli', 'tck', '--only', row, '--report-dir', reports);
    expect(first.code).toBe(1);
    expect(first.stdout).toMatch(new RegExp(`^FAIL  ${row} +MUST`, 'm'));
    expect(first.stdout).toContain(`a2a-gauntlet replay ${path} ${row}`);

    const again = await cli('replay', path, row);
    await broken.close();
    expect(again).toMatchObject({ code: 1, stderr: '' });
    expect(again.stdout).toMatch(new RegExp(`^FAILED ${row} .* by ${check}\n`));
    expect(again.stdout).toMatch(/^ {2}expected {2}TaskNotFoundError/m);
    expect(again.stdout).toMatch(/^ {2}actual {4}InvalidParamsError/m);

    const mended = await startMended(Number(port));
    const fixed = await cli('replay', path);
    await mended.close();
    expect(fixed).toMatchObject({ code: 0, stderr: '' });
    expect(fixed.stdout).toMatch(new RegExp(`^FIXED ${row} `));

    const gone = await cli('replay', path, row);
    expect(gone.code).toBe(3);
    expect(gone.stderr).toMatch(/^a2a-gauntlet: GET [^\n]+\n$/);
  });

  test('and a row of the same check that failed only since then is named', async () => {
    const reports = join(folder.path, 'replay-also');
    const path = join(reports, 'report.json');
    const other = 'errors/send-unknown-task';
    const sound = await startMended(0);
    await cli('check', sound.url, '--stimuli', 'tck', '--only', check, '--quiet', '--report-dir', reports);
    await sound.close();
    await using _broken = await startBroken(Number(new URL(sound.url).port));
    const { code, stdout } = await cli('replay', path, other);
    expect(stdout).toMatch(new RegExp(`^PASSED ${other} `));
    expect(stdout).toMatch(new RegExp(`^also: ${row} fails, which did not in the report: `, 'm'));
    expect(code).toBe(0);
  });

  test('on the embedded agent, which is started again', async () => {
    const reports = join(folder.path, 'replay-embedded');
    await cli('check', '--only', row, '--quiet', '--report-dir', reports);
    const path = join(reports, 'report.json');
    expect(await cli('replay', path)).toMatchObject({
      code: 0,
      stdout: `nothing to run again: no finding of ${path} failed or warned\n`,
    });
    const { code, stdout } = await cli('replay', path, '0');
    expect(stdout).toMatch(new RegExp(`^PASSED ${row} `));
    expect(code).toBe(0);
  });

  test('never with credentials of its own: they are asked for', async () => {
    await using agent = await startReferenceAgent({ profile: 'bearer' });
    const reports = join(folder.path, 'replay-bearer');
    await cli(
      ...['check', agent.url, '--stimuli', 'tck', '--bearer', 'reference-token', '--only', row],
      ...['--quiet', '--report-dir', reports],
    );
    const path = join(reports, 'report.json');
    const without = await cli('replay', path, row);
    expect(without.code).toBe(2);
    expect(without.stderr).toMatch(/^a2a-gauntlet: [^\n]*Authorization[^\n]*--bearer[^\n]*\n$/);
    const token = { TOKEN: 'reference-token' };
    const given = await runCli(['replay', path, row, '--bearer', 'env:TOKEN'], { cwd: folder.path, env: token });
    expect(given.stdout).toMatch(/^PASSED /);
    expect(given.code).toBe(0);
  });
});

test('an agent that lets nobody in is not green for its card', { timeout: 60_000 }, async () => {
  await using agent = await startReferenceAgent({ profile: 'bearer' });
  const run = (...more: readonly string[]) =>
    cli('check', agent.url, '--stimuli', 'tck', '--quiet', '--report-dir', join(folder.path, 'nobody'), ...more);
  const all = await run('--only', 'get', '--only', 'agent-card', '--only', 'envelope');
  expect(all.stdout).toMatch(/Not told: nothing behind the card could be measured: it demands credentials/);
  expect(all.code).toBe(3);
  expect((await run('--only', 'agent-card')).code).toBe(0);
});

describe('a baseline', () => {
  const file = 'gauntlet.baseline.yaml';
  const baseline = (...entries: string[]): string => `version: 1\nentries:\n${entries.join('')}`;
  const entry = `  - requirement: ${row}\n    interface: JSONRPC\n    reason: known\n    link: https://example.com/1\n`;

  test('in the folder is used: a known failure does not fail the run, an entry that no longer fails does', async () => {
    await using own = await temporaryFolder();
    await writeFile(join(own.path, file), baseline(entry));
    const run = (url: string, ...args: string[]): Promise<Ended> =>
      runCli(['check', url, '--stimuli', 'tck', ...args], { cwd: own.path });

    await using broken = await startBroken();
    const known = await run(broken.url, '--only', row);
    expect(known.stdout).toMatch(new RegExp(`^  ${row} fail: known \\(https://example.com/1\\)$`, 'm'));
    expect(known.stdout).toMatch(/^Nothing new failed, 1 known failure, /m);
    expect(known.stdout).toMatch(/^exit 0: nothing failed but what the baseline names$/m);
    expect(known.code).toBe(0);

    await using mended = await startMended(0);
    // A run that leaves checks out does not know.
    const part = await run(mended.url, '--only', row);
    expect(part.stdout).toMatch(/unverified: \S+ on JSONRPC did not fail, but this was not a whole run$/m);
    expect(part.code).toBe(0);
    const stale = await run(mended.url);
    expect(stale.stdout).toMatch(/^Stale baseline: 1 stale baseline entry, /m);
    expect(stale.stdout).toMatch(/^exit 1: a baseline entry is stale$/m);
    expect(stale.stdout).toMatch(
      / {2}stale: gauntlet\.baseline\.yaml expects errors\/get-unknown-task on JSONRPC to fail/,
    );
    expect(stale.code).toBe(1);

    // The embedded agent is none of the user's.
    expect(await runCli(['check', '--only', row, '--quiet'], { cwd: own.path })).toMatchObject({ code: 0 });
  });
});

describe('other commands', () => {
  test('requirements: what is demanded and what measures it', async () => {
    const { stdout, code } = await cli('requirements', '--area', 'errors', '--level', 'MUST', '--json');
    const rows = JSON.parse(stdout) as { id: string; level: string; measuredBy: string[] }[];
    expect(rows.every(({ id, level }) => id.startsWith('errors/') && level === 'MUST')).toBe(true);
    expect(rows.find(({ id }) => id === row)?.measuredBy).toContain(check);
    expect(code).toBe(0);
  });

  test('requirements --uncovered: nothing that a run can observe is left out', async () => {
    const { stdout } = await cli('requirements', '--uncovered');
    expect(stdout).toBe('0 requirements (0 MUST, 0 SHOULD, 0 MAY), 0 measured\n');
  });

  test('requirements --unobservable: each with the reason', async () => {
    const { stdout } = await cli('requirements', '--unobservable');
    expect(stdout).toMatch(/^ {6}not measured: /m);
    expect(stdout).not.toMatch(/^ {6}(?:measured by|no check measures it)/m);
    expect(stdout).toMatch(/, 0 measured$/m);
  });

  test('requirements --report: with the verdicts of a run', async () => {
    const reports = join(folder.path, 'verdicts');
    await cli('check', '--only', row, '--quiet', '--report-dir', reports);
    const { stdout } = await cli('requirements', '--json', '--report', join(reports, 'report.json'));
    const rows = JSON.parse(stdout) as { id: string; verdict: string | null }[];
    expect(rows.filter(({ verdict }) => verdict !== null)).toMatchObject([{ id: row, verdict: 'pass' }]);
  });

  test('doctor: what is there, what is missing and for what', async () => {
    const env = {
      PATH: '/nowhere',
      K6_BIN: join(folder.path, 'no-k6'),
      XDG_CACHE_HOME: folder.path,
    };
    const { stdout, code } = await runCli(['doctor', '--json'], { cwd: folder.path, env });
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'Node', status: 'ok', version: process.versions.node },
      { name: 'npm package node', status: 'ok' },
      {
        name: 'Docker client',
        status: 'missing',
        neededFor: expect.stringContaining('agents in containers') as string,
      },
      { name: 'Go', status: 'missing' },
      { name: 'k6', status: 'missing', hint: expect.stringContaining('K6_BIN') as string },
      { name: 'Toxiproxy', status: 'missing' },
      // Whether an engine answers is a matter of this machine.
      { name: 'Containers', neededFor: 'chaos --environment containers' },
    ]);
    expect(code).toBe(0);
    expect((await runCli(['doctor'], { cwd: folder.path, env })).stdout).toMatch(
      /^Go +missing; needed for building k6/m,
    );
  });

  test('doctor: the five ways to each tool, and what a pull or a build costs', async () => {
    await writeFile(
      join(folder.path, 'docker'),
      `#!/bin/sh\ncase "$*" in\nversion*) echo 28;;\n"image inspect"*) echo "No such image" >&2; exit 1;;\nesac\n`,
    );
    await writeFile(join(folder.path, 'go'), '#!/bin/sh\necho go1.26.0\n');
    for (const name of ['docker', 'go']) await chmod(join(folder.path, name), 0o755);
    const none = { K6_BIN: '', K6_IMAGE: '', TOXIPROXY_BIN: '', TOXIPROXY_IMAGE: '' };
    const env = { PATH: folder.path, XDG_CACHE_HOME: folder.path, ...none };
    const { stdout, code } = await runCli(['doctor', '--json'], { cwd: folder.path, env });
    expect(code).toBe(0);
    const findings = JSON.parse(stdout) as { name: string; version?: string; hint?: string; ways?: object[] }[];
    const [k6, toxiproxy] = ['k6', 'Toxiproxy'].map((name) => findings.find((each) => each.name === name)!);
    const cost = { seconds: expect.any(String) as string, downloadMegabytes: expect.any(Number) as number };
    expect(k6).toMatchObject({
      version: 'will be built',
      hint: expect.stringMatching(/with Go 1\.26\.0.* minutes, up to \d+ MB to download and \d+ MB of disk/) as string,
      ways: [
        { way: 'K6_BIN', state: 'absent', cost: null },
        { way: 'tool cache', state: 'absent', cost: null },
        { way: 'PATH', state: 'absent', cost: null },
        { way: 'container image', state: 'possible', line: expect.stringContaining('(stock)') as string, cost },
        { way: 'build with Go', state: 'possible', cost },
      ],
    });
    expect(toxiproxy).toMatchObject({
      version: 'will be pulled',
      hint: expect.stringMatching(/ghcr\.io\/shopify\/toxiproxy.* MB.*where no registry answers it is built/) as string,
      ways: [{ way: 'TOXIPROXY_BIN' }, {}, {}, { state: 'possible', cost }, { state: 'possible', cost }],
    });
    const text = (await runCli(['doctor'], { cwd: folder.path, env })).stdout;
    expect(text).toMatch(/^ +- 1 K6_BIN +K6_BIN is not set$/m);
    expect(text).toMatch(/^ +~ 4 container image grafana\/k6:[\d.]+ \(stock\), not on the engine/m);
    expect(text).toMatch(/^ +~ 5 build with Go +2\.2\.0 with Go 1\.26\.0: 1 to 3 minutes/m);
  });

  test('mutants: one of them, as a matrix in JSON and as a heat map', async () => {
    const reportDir = join(folder.path, 'matrix');
    const { stdout, code } = await cli('mutants', '--only', 'errors/get-unknown', '--report-dir', reportDir);
    expect(stdout).toMatch(/^1\/1 errors\/get-unknown: killed$/m);
    expect(stdout).toMatch(/^1 of 1 mutant cleanly killed, /m);
    expect(code).toBe(0);
    const matrix: unknown = JSON.parse(await readFile(join(reportDir, 'mutants.json'), 'utf8'));
    expect(matrix).toMatchObject({ killed: 1, outcomes: [{ mutant: 'errors/get-unknown', scope: 'whole' }] });
    expect(await readFile(join(reportDir, 'mutants.html'), 'utf8')).toContain('<title>1 of 1 mutants killed');
  });

  test('--version and --help', async () => {
    expect(await cli('--version')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
    const help = await cli('--help');
    expect(help.code).toBe(0);
    expect(help.stdout).toMatch(/Exit codes:\n {2}0 +conformant/);
    expect(await cli('help')).toEqual(help);
    expect(await cli('help', 'replay')).toEqual(await cli('replay', '--help'));
  });

  test.for(['check', 'explore', 'load', 'chaos', 'replay', 'requirements', 'mutants', 'doctor'])(
    '%s --help',
    async (command) => {
      const { code, stdout } = await cli(command, '--help');
      expect(code).toBe(0);
      await expect(stdout).toMatchFileSnapshot(join(import.meta.dirname, 'golden', `help-${command}.txt`));
    },
  );
});
