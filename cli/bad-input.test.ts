import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../mocks/testing/self-signed-certificate.ts';
import { startReferenceAgent } from '../mocks/reference-agent/agent.ts';
import { readReport } from '../reports/json.ts';
import { expectOneLine } from './testing/one-line.ts';
import { runCli, startCli, temporaryFolder, type Ended } from './testing/run-cli.ts';
import { answer, cardWith, serve, serveTls, type TestServer } from './testing/servers.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Runs `check --quiet`: what it says of an error is then all of stderr. */
const check = (...args: string[]): Promise<Ended> =>
  runCli(['check', '--quiet', '--report-dir', join(folder.path, 'report'), ...args], { cwd: folder.path });

describe('a target that cannot be measured is exit 3, with what was tried, what came back and what to do', () => {
  const wellKnown = '/.well-known/agent-card.json';
  const withServer = async (server: TestServer, ...args: string[]): Promise<Ended> => {
    await using open = server;
    return await check(open.url, ...args);
  };

  test('a dead port', async () => {
    const server = await serve(answer(200, 'text/plain', ''));
    await server.close();
    expectOneLine(
      await check(server.url),
      3,
      `GET ${server.url}${wellKnown}`,
      /ECONNREFUSED|refused/,
      'start the agent',
    );
  });

  test('a host that hangs, within the timeout', async () => {
    const ended = await withServer(await serve(() => undefined), '--timeout', '300ms');
    expectOneLine(ended, 3, wellKnown, 'no answer within 300 ms', '--timeout');
  });

  test('a page that is no card', async () => {
    const ended = await withServer(await serve(answer(200, 'text/html', '<!doctype html><h1>Welcome</h1>')));
    expectOneLine(ended, 3, wellKnown, 'no JSON', 'Welcome', '--card-url');
  });

  test('JSON that is no card', async () => {
    const ended = await withServer(await serve(answer(200, 'application/json', '{"status":"ok"}')));
    expectOneLine(ended, 3, 'no Agent Card', '--card-url');
  });

  test('nothing there', async () => {
    const ended = await withServer(await serve(answer(404, 'text/plain', 'not found')));
    expectOneLine(ended, 3, 'HTTP 404', '--card-url');
  });

  test('a locked door', async () => {
    const ended = await withServer(await serve(answer(401, 'text/plain', 'who are you?')));
    expectOneLine(ended, 3, 'HTTP 401', '--bearer');
  });

  test('a redirect loop', async () => {
    const ended = await withServer(await serve(answer(302, 'text/plain', '', { location: wellKnown })));
    expectOneLine(ended, 3, 'redirect loop', '--card-url');
  });

  test('no usable interface', async () => {
    const grpc = { url: 'unix:///run/agent', protocolBinding: 'GRPC', protocolVersion: '1.0' };
    const ended = await withServer(await serve(answer(200, 'application/json', cardWith([grpc]))));
    expectOneLine(ended, 3, 'GRPC', 'JSONRPC');
  });

  test('a card of A2A 0.3', async () => {
    const card = JSON.stringify({ name: 'old', protocolVersion: '0.3.0', url: 'http://127.0.0.1:1/', skills: [] });
    const ended = await withServer(await serve(answer(200, 'application/json', card)));
    expectOneLine(ended, 3, '0.3', 'supportedInterfaces');
  });

  test('a self-signed certificate, and how to trust it', async () => {
    const certificate = selfSignedCertificate();
    await using server = await serveTls(certificate, answer(404, 'text/plain', ''));
    expectOneLine(await check(server.url), 3, /certificate/, '--ca', '--insecure');

    const ca = join(folder.path, 'ca.pem');
    await writeFile(ca, certificate.cert);
    expectOneLine(await check(server.url, '--ca', ca), 3, 'HTTP 404');
    expectOneLine(await check(server.url, '--insecure'), 3, 'HTTP 404');
  });

  test('an agent that demands a certificate, and how to show one', async () => {
    const server = selfSignedCertificate();
    const client = selfSignedCertificate('client.test');
    const demanding = { ...server, requestCert: true, ca: client.cert };
    await using agent = await serveTls(demanding, answer(404, 'text/plain', ''));
    const files = {
      'server.pem': server.cert,
      'client.pem': client.cert,
      'client.key': client.key,
      'other.key': server.key,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
    const trust = ['--ca', 'server.pem'];
    const shown = ['--cert', 'client.pem', '--key', 'client.key'];
    expectOneLine(await check(agent.url, ...trust), 3, '--cert', '--key');
    expectOneLine(await check(agent.url, ...trust, ...shown), 3, 'HTTP 404');
    expectOneLine(await check(agent.url, '--cert', 'client.pem'), 2, '--cert needs its private key');
    expectOneLine(await check(agent.url, '--key', 'client.key'), 2, '--key needs the certificate');
    expectOneLine(await check(agent.url, '--cert', 'client.pem', '--key', 'other.key'), 2, 'not the key of');
    expectOneLine(await check(agent.url, '--cert', 'client.pem', '--key', 'client.pem'), 2, 'no private key');
  });

  test('the report says so too', async () => {
    const server = await serve(answer(200, 'text/plain', ''));
    await server.close();
    await check(server.url, '--reporter', 'markdown');
    const report = await readReport(join(folder.path, 'report', 'report.json'));
    expect(report).toMatchObject({ end: { kind: 'unreachable' }, exit: { code: 3 }, findings: [] });
    expect(await readFile(join(folder.path, 'report', 'report.md'), 'utf8')).toContain('Nothing was measured');
  });
});

describe('an agent that dies in the middle', () => {
  test('is exit 3; what was measured is in the report', async () => {
    await using agent = await startReferenceAgent({});
    const reports = join(folder.path, 'dies');
    const running = startCli(['check', agent.url, '--stimuli', 'tck', '--timeout', '2s', '--report-dir', reports], {
      cwd: folder.path,
    });
    // The first quarter of the checks is done.
    await running.saysOnStderr(' checks (');
    await agent.close();
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(3);
    expect(stdout).toMatch(/^The target stopped answering: /m);
    expect(stderr).not.toMatch(/^\s+at /m);
    const report = await readReport(join(reports, 'report.json'));
    expect(report.end).toMatchObject({ kind: 'target-lost' });
    expect(report.end.evidence?.length).toBeGreaterThan(0);
    expect(report.summary.requirements.measured).toBeGreaterThan(0);
    expect(report.summary.error).toBe(0);
  });
});

describe('wrong usage is exit 2 and one line that names the flag', () => {
  const url = 'http://127.0.0.1:1';
  test.for<[string, string[], (string | RegExp)[]]>([
    ['an unknown flag', [url, '--tiemout', '1'], ["unknown option '--tiemout'", '--timeout', '--help']],
    ['too many URLs', [url, url], ['too many arguments']],
    ['no URL', ['http://'], [/"http:\/\/" is no URL/]],
    ['another scheme', ['ftp://127.0.0.1'], ['ftp']],
    ['a host that is not this machine', ['https://agent.example.com/a2a'], ['--i-own-this-target agent.example.com']],
    ['the same without a scheme', ['agent.example.com'], ['--i-own-this-target agent.example.com']],
    ['a card elsewhere', [url, '--card-url', 'http://192.0.2.1/card'], ['--i-own-this-target 192.0.2.1']],
    ['a pattern that matches nothing', [url, '--only', 'nope/*'], ['--only nope/*', '--list']],
    ['nothing left', [url, '--only', 'get', '--skip', 'get'], ['no check']],
    ['a level that is none', [url, '--level', 'must'], ['--level "must"', 'MUST, SHOULD']],
    ['no time', [url, '--timeout', 'soon'], ['--timeout "soon"', '10s']],
    ['too short a time', [url, '--timeout', '1ms'], ['--timeout "1ms"', 'at least']],
    ['no number', [url, '--max-tasks', '0'], ['--max-tasks "0"', 'at least 1']],
    ['no seed', [url, '--seed', '-1'], ['--seed "-1"']],
    ['too many at a time', [url, '--concurrency', '1000'], ['--concurrency "1000"']],
    ['no header field', [url, '--header', 'X-A'], ['--header "X-A"', 'Name: value']],
    ['a header twice', [url, '--header', 'X-A: 1', '--header', 'x-a: 2'], ['--header x-a']],
    ['two credentials', [url, '--bearer', 'a', '--header', 'Authorization: b'], ['--bearer']],
    ['two other credentials', [url, '--bearer', 'a', '--basic', 'b:c'], ['--bearer and --basic']],
    ['no user and password', [url, '--basic', 'abc'], ['--basic', 'colon']],
    ['no such variable', [url, '--bearer', 'env:A2A_GAUNTLET_NOT_SET'], ['A2A_GAUNTLET_NOT_SET is not set']],
    ['a second principal alone', [url, '--second-bearer', 'a'], ['--second-bearer', '--bearer <token>']],
    ['the same principal twice', [url, '--bearer', 'a', '--second-bearer', 'a'], ['--second-bearer', 'another one']],
    ['no token', [url, '--bearer', 'a', '--second-bearer', 'b c'], ['--second-bearer', 'characters']],
    [
      'no variable of the second principal',
      [url, '--bearer', 'a', '--second-bearer', 'env:A2A_GAUNTLET_NOT_SET'],
      ['--second-bearer env:A2A_GAUNTLET_NOT_SET', 'is not set'],
    ],
    ['no tenant', [url, '--tenant', ''], ['--tenant', 'empty']],
    ['a tenant twice', [url, '--tenant', 'a', '--tenant', 'a'], ['--tenant a', 'twice']],
    ['an unknown reporter', [url, '--reporter', 'html'], ['--reporter "html"', 'markdown']],
    ['a profile of another agent', [url, '--profile', 'full'], ['--profile', 'embedded']],
    ['an unknown profile', ['--profile', 'nope'], ['--profile "nope"', 'minimal']],
    ['a card without an agent', ['--card-url', url], ['--card-url']],
    ['quiet and verbose', [url, '--verbose'], ['--quiet and --verbose']],
    ['no certificate file', [url, '--ca', 'missing.pem'], ['--ca missing.pem', 'ENOENT']],
    ['a file that is no certificate', [url, '--ca', 'text.yaml'], ['--ca text.yaml', 'PEM']],
    ['no stimuli file', [url, '--stimuli', 'missing.yaml'], ['missing.yaml', 'ENOENT']],
    ['an unknown preset', [url, '--stimuli', 'tkc'], ['"tkc"', 'tck']],
    ['a stimuli file with an error', [url, '--stimuli', 'text.yaml'], ['text.yaml:1: ', 'is no stimulus']],
    ['no baseline file', [url, '--baseline', 'missing.yaml'], ['missing.yaml', 'ENOENT']],
    ['a baseline with an error', [url, '--baseline', 'text.yaml'], ['text.yaml:2: unknown "entry"']],
    ['a report folder that is a file', [url, '--report-dir', 'text.yaml'], ['--report-dir text.yaml', 'EEXIST']],
  ])('%s', async ([, args, words]) => {
    await writeFile(join(folder.path, 'text.yaml'), 'version: 1\nentry: 2\n');
    expectOneLine(await check(...args), 2, ...words);
  });

  test.for<[string[], (string | RegExp)[]]>([
    [['chekc'], ["unknown command 'chekc'", 'check']],
    [[url], [`did you mean: a2a-gauntlet check ${url}`]],
    [['replay'], ["missing required argument 'report'"]],
    [
      ['replay', 'missing.json'],
      ['missing.json', 'no such file'],
    ],
    [['replay', 'text.yaml'], ['text.yaml is no JSON']],
    [
      ['requirements', '--area', 'nope'],
      ['--area "nope"', 'streaming'],
    ],
    [
      ['mutants', 'nope'],
      ['no mutant nope', '--list'],
    ],
    [
      ['mutants', '--whole', '--sample', '5'],
      ['--whole', '--sample'],
    ],
    [['mutants', '--sample', '101'], ['--sample "101"']],
    [
      ['mutants', '--url', 'https://agent.example.com'],
      ['--url', 'this machine'],
    ],
    [
      ['mutants', '--stimuli', 'tck'],
      ['--stimuli', '--url'],
    ],
    [
      ['help', 'nope'],
      ['no such command', '--help'],
    ],
  ])('%j', async ([args, words]) => {
    await writeFile(join(folder.path, 'text.yaml'), 'version: 1\nentry: 2\n');
    expectOneLine(await runCli(args, { cwd: folder.path }), 2, ...words);
  });

  test('nothing at all shows the help', async () => {
    const { code, stderr } = await runCli([], { cwd: folder.path });
    expect(stderr).toContain('Usage: a2a-gauntlet');
    expect(stderr).toContain('Exit codes:');
    expect(code).toBe(2);
  });

  test('an off-loopback target is not spoken to', async () => {
    await using server = await serve(answer(404, 'text/plain', ''));
    await check('http://192.0.2.1', '--card-url', `${server.url}/card`);
    expect(server.requests).toEqual([]);
  });
});
