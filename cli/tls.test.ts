import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exchange } from '../core/history/exchange.ts';
import { startReferenceAgent } from '../mocks/reference-agent/agent.ts';
import type { Fault } from '../mocks/reference-agent/hooks.ts';
import type { ReferenceAgentOptions } from '../mocks/reference-agent/settings.ts';
import { selfSignedCertificate } from '../mocks/testing/self-signed-certificate.ts';
import { readReport } from '../reports/json.ts';
import { expectOneLine } from './testing/one-line.ts';
import { runCli, temporaryFolder, type Ended } from './testing/run-cli.ts';

/** Whole runs over TLS, on every binding: with trust, without, and with certificates of clients. */

const own = selfSignedCertificate();
const client = selfSignedCertificate('client.test');
const other = selfSignedCertificate();

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  const files = {
    'own.pem': own.cert,
    'client.pem': client.cert,
    'client.key': client.key,
    'other.pem': other.cert,
    'other.key': other.key,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
});
afterAll(() => folder[Symbol.asyncDispose]());

const start = (tls: ReferenceAgentOptions['tls'], fault: Fault = {}) =>
  startReferenceAgent({
    bindings: ['JSONRPC', 'HTTP+JSON', 'GRPC'],
    longRunningMs: 900,
    fault,
    ...(tls ? { tls } : {}),
  });
const demanding = (certificate: 'required' | 'requested', fault?: Fault) =>
  start({ ...own, clients: { ca: client.cert, certificate } }, fault);

const check = (url: string, ...args: string[]): Promise<Ended> =>
  runCli(['check', url, '--stimuli', 'tck', '--quiet', '--report-dir', 'report', ...args], { cwd: folder.path });
const report = () => readReport(join(folder.path, 'report', 'report.json'));
const parts = (...names: string[]): string[] => names.flatMap((name) => ['--only', name]);

const streams = ['streaming/lifecycle', 'invariants/stream-patterns', 'push/delivery', 'agent-card/*'];

/** What the report shows of the rows on each binding. */
async function expectAllMeasured(): Promise<readonly Exchange[]> {
  const { findings, target, summary } = await report();
  expect(summary).toMatchObject({ fail: 0, warn: 0, error: 0 });
  expect(target.interfaces.map(({ url }) => new URL(url).protocol)).toEqual(['https:', 'https:', 'https:']);
  for (const name of ['streaming/task-first', 'push/terminal-delivered', 'agent-card/interfaces-answer']) {
    const measured = findings.filter(({ requirement, verdict }) => requirement === name && verdict === 'pass');
    expect([name, measured.map((finding) => finding.interface?.binding).sort()]).toEqual([
      name,
      ['GRPC', 'HTTP+JSON', 'JSONRPC'],
    ]);
  }
  return findings.flatMap(({ evidence }) => evidence);
}

describe('an agent on TLS', () => {
  test('is measured on every binding, streams and webhooks too; exchanges are as on the wire', async () => {
    await using agent = await start(own);
    const { code, stderr } = await check(agent.url, '--ca', 'own.pem', ...parts(...streams));
    expect([code, stderr]).toEqual([0, '']);
    const evidence = await expectAllMeasured();
    const sent = evidence.filter(({ intent }) => intent.kind !== 'delivery');
    expect(new Set(sent.map(({ request }) => new URL(request.url).protocol))).toEqual(new Set(['https:']));
    const stream = sent.find(({ interface: ref, events }) => ref?.binding === 'GRPC' && events.length > 1)!;
    expect(stream.request.bytes).not.toBe('');
    expect(stream.response?.trailers).toContainEqual(['grpc-status', '0']);
    expect(stream.events.every(({ bytes }) => bytes !== undefined)).toBe(true);
  });

  test('is taken with any certificate only where that is allowed', async () => {
    await using agent = await start(own);
    expect(await check(agent.url, '--insecure', ...parts('get'))).toMatchObject({ code: 0, stderr: '' });
    expectOneLine(await check(agent.url, ...parts('get')), 3, 'self-signed', '--ca <file>', '--insecure');
    expectOneLine(await check(agent.url, '--ca', 'other.pem', ...parts('get')), 3, '--ca <file>', '--insecure');
  });

  test('that is asked for by http is told from one that is not there', async () => {
    await using agent = await start(own);
    expectOneLine(await check(agent.url.replace('https:', 'http:'), ...parts('get')), 3, 'speaks http');
    await using plain = await start(undefined);
    expectOneLine(await check(plain.url.replace('http:', 'https:'), ...parts('get')), 3, 'speaks https at all');
  });
});

describe('an agent that demands a certificate', () => {
  const shown = ['--cert', 'client.pem', '--key', 'client.key'];

  test('is measured with it on every binding, and says why not without', async () => {
    await using agent = await demanding('required');
    const trust = [agent.url, '--ca', 'own.pem'] as const;
    // gRPC has a port of its own, so an origin of its own.
    const all = [...shown, '--i-own-this-target', '127.0.0.1', ...parts(...streams)];
    expect(await check(...trust, ...all)).toMatchObject({ code: 0, stderr: '' });
    const evidence = await expectAllMeasured();
    expect(JSON.stringify(evidence)).not.toContain('PRIVATE KEY');
    expectOneLine(await check(...trust, ...parts('get')), 3, 'certificate', '--cert <file> --key <file>');
    const stranger = ['--cert', 'other.pem', '--key', 'other.key'];
    expectOneLine(await check(...trust, ...stranger, ...parts('get')), 3, 'does not take the one of --cert');
  });

  test('at another origin than that of its card is not accused of what it is not shown', async () => {
    await using agent = await demanding('required');
    const { code } = await check(agent.url, '--ca', 'own.pem', ...shown, ...parts('agent-card/*'));
    expect(code).toBe(0);
    const { findings } = await report();
    const answers = findings.filter(({ requirement }) => requirement === 'agent-card/interfaces-answer');
    expect(answers.map((finding) => [finding.interface?.binding, finding.verdict])).toEqual([
      ['JSONRPC', 'pass'],
      ['HTTP+JSON', 'pass'],
      ['GRPC', 'untested'],
    ]);
    expect(answers.at(-1)?.hint).toContain('--i-own-this-target 127.0.0.1');
  });

  const authentication = parts('security/authentication', 'security/extended-card-access');
  const verdictsOf = async (name: string): Promise<readonly (string | undefined)[][]> =>
    (await report()).findings
      .filter(({ requirement }) => requirement === name)
      .map((finding) => [finding.interface?.binding, finding.verdict])
      .sort();
  const onEach = (verdict: string) => ['GRPC', 'HTTP+JSON', 'JSONRPC'].map((binding) => [binding, verdict]);

  test('lets no stranger in, on any binding', async () => {
    await using agent = await demanding('required');
    const all = ['--ca', 'own.pem', ...shown, '--i-own-this-target', '127.0.0.1', ...authentication];
    const { code, stderr } = await check(agent.url, ...all);
    expect([code, stderr]).toEqual([0, '']);
    expect(await verdictsOf('errors/authentication-missing')).toEqual(onEach('pass'));
    // Nothing was looked at that came without a certificate, and a handshake has no error code of a binding.
    for (const row of ['errors/authentication-invalid', 'security/forged-token', 'security/other-scheme'])
      expect(await verdictsOf(row)).toEqual(onEach('untested'));
    expect(await verdictsOf('security/rejection-code')).toEqual(onEach('skip'));
  });

  test('and a token beside it, is asked with wrong tokens under the right certificate', async () => {
    const card = (given: object) => ({ ...given, securityRequirements: [{ schemes: { mtls: {}, bearer: {} } }] });
    await using agent = await startReferenceAgent({
      profile: 'bearer',
      bindings: ['JSONRPC', 'HTTP+JSON', 'GRPC'],
      tls: { ...own, clients: { ca: client.cert, certificate: 'required' } },
      fault: { card },
    });
    const all = ['--ca', 'own.pem', ...shown, '--bearer', 'reference-token', '--i-own-this-target', '127.0.0.1'];
    const { code, stderr } = await check(agent.url, ...all, ...authentication);
    expect([code, stderr]).toEqual([0, '']);
    for (const row of ['errors/authentication-missing', 'errors/authentication-invalid', 'security/forged-token'])
      expect([row, await verdictsOf(row)]).toEqual([row, onEach('pass')]);
  });

  test('by its card, and serves whoever shows none, is caught on every binding', async () => {
    const card = (given: object) => ({ ...given, securityRequirements: [{ schemes: { mtls: {} } }] });
    await using agent = await demanding('requested', { card });
    const all = ['--ca', 'own.pem', ...shown, '--i-own-this-target', '127.0.0.1', ...authentication];
    expect(await check(agent.url, ...all)).toMatchObject({ code: 1 });
    expect(await verdictsOf('errors/authentication-missing')).toEqual(onEach('fail'));
  });

  test('that only asks for one serves everybody', async () => {
    await using agent = await demanding('requested');
    for (const args of [[], shown, ['--cert', 'other.pem', '--key', 'other.key']])
      expect(await check(agent.url, '--ca', 'own.pem', ...args, ...parts('get'))).toMatchObject({ code: 0 });
  });
});
