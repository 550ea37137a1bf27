import type { RequestListener } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { k6Recipe } from '../fixtures/tools/k6.ts';
import { provision } from '../fixtures/tools/provision.ts';
import { startReferenceAgent } from '../mocks/reference-agent/agent.ts';
import type { HttpAnswer } from '../mocks/reference-agent/hooks.ts';
import { readReport } from '../reports/json.ts';
import type { Report } from '../core/findings/report.ts';
import { expectOneLine } from './testing/one-line.ts';
import { processesWith } from './testing/processes.ts';
import { runCli, startCli, temporaryFolder, type Ended } from './testing/run-cli.ts';
import { answer, cardWith, serve } from './testing/servers.ts';

const buildMs = 15 * 60_000;
const timeout = 120_000;

beforeAll(async () => {
  // It may have to be built: not in the time of a test.
  await provision(k6Recipe);
}, buildMs);

interface Run extends Ended {
  readonly report: Report;
  readonly markdown: string;
}

const reportIn = (folder: string): Promise<Report> => readReport(join(folder, 'a2a-gauntlet-report', 'report.json'));

/** `load --quiet` with its report. */
async function load(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  await using folder = await temporaryFolder();
  const ended = await runCli(['load', '--quiet', '--reporter', 'markdown', ...args], { cwd: folder.path, env });
  const markdown = await readFile(join(folder.path, 'a2a-gauntlet-report', 'report.md'), 'utf8');
  return { ...ended, markdown, report: await reportIn(folder.path) };
}

/** Three tasks, each of which has nearly a second to be late: other work on this machine decides nothing. */
const slowly = ['--rate', '60', '--duration', '2900ms'];

test('the embedded agent holds; the report is one, and replay sends it back to load', { timeout }, async () => {
  await using folder = await temporaryFolder();
  // No figure of so short a run can be told: signals are not asked for.
  const { code, stdout, stderr } = await runCli(['load', '--plain', ...slowly], { cwd: folder.path });
  expect(stderr).toContain('3 tasks planned');
  expect(stdout).toMatch(/^Load: 60 tasks\/min for 2\.9 s, SendMessage to http:/m);
  expect(stdout).toMatch(/^The load held: [\d.]+ of 60 tasks\/min, 0 of 3 tasks lost$/m);
  expect(stdout).toMatch(/^exit 0: the load held \(not asked for: p99-signal\)$/m);
  expect(code).toBe(0);
  const report = await reportIn(folder.path);
  expect(report).toMatchObject({
    schemaVersion: '1.2',
    seed: 0,
    end: { kind: 'complete' },
    exit: { code: 0 },
    target: { embedded: { profile: 'full' }, card: { name: 'Reference Agent' }, interfaces: [{ binding: 'JSONRPC' }] },
    options: { headers: [], maxTasks: 5 },
    tasksCreated: 4,
    summary: { fail: 0, error: 0 },
    load: { mode: 'plain', verdict: 'pass', broken: [], offered: { started: 3 }, finalReads: { found: 3, lost: 0 } },
  });
  expect(report.summary.requirements.measured).toBeGreaterThan(10);
  expect(report.findings.some(({ evidence }) => evidence.some(({ actor }) => actor === 'load'))).toBe(true);
  const path = join('a2a-gauntlet-report', 'report.json');
  expectOneLine(
    await runCli(['replay', path, '0'], { cwd: folder.path }),
    2,
    /load run, which is judged as a whole: run it again with a2a-gauntlet load --rate 60 --duration 2\.9s --plain /,
  );
});

test('credentials are in no report, wherever they were said', { timeout }, async () => {
  const token = 'reference-token';
  await using agent = await startReferenceAgent({ profile: 'bearer' });
  const url = new URL(agent.url);
  url.username = 'user';
  url.password = 'pass-word';
  const args = [url.href, '--bearer', 'env:TOKEN', '--message', `my token is ${token}`, ...slowly];
  const { report, markdown, stdout } = await load(args, { TOKEN: token });
  expect(report.load!.finalReads).toMatchObject({ found: 3, lost: 0 });
  expect(report.options.headers).toEqual(['Authorization']);
  const text = JSON.stringify(report);
  expect(text).toContain('my token is [redacted]');
  for (const secret of [token, 'pass-word', 'user:']) {
    expect(text).not.toContain(secret);
    expect(markdown).not.toContain(secret);
    expect(stdout).not.toContain(secret);
  }
  // A send of k6 and a read of this process.
  for (const actor of ['load', 'main']) {
    const sent = report.findings.flatMap(({ evidence }) => evidence).find((exchange) => exchange.actor === actor);
    const header = sent!.request.headers.find(([name]) => name.toLowerCase() === 'authorization');
    expect(header?.[1]).toMatch(/\[redacted\]$/);
  }
});

test.runIf(process.platform === 'linux').for([
  ['SIGINT', 130],
  ['SIGKILL', null],
] as const)('%s in the middle leaves no process', { timeout }, async ([signal, expected]) => {
  await using folder = await temporaryFolder();
  const mark = crypto.randomUUID();
  const running = startCli(['load', '--duration', '60s'], { cwd: folder.path, env: { A2A_GAUNTLET_TEST: mark } });
  await running.saysOnStderr('in flight');
  const started = processesWith(mark).join('\n');
  for (const part of ['k6', 'reference-agent']) expect(started).toContain(part);
  running.child.kill(signal);
  const { code, stdout } = await running.ended;
  expect(code).toBe(expected);
  await expect.poll(() => processesWith(mark), { timeout: 30_000 }).toEqual([]);
  if (expected === null) return;
  expect(stdout).toMatch(/^Interrupted\. /m);
  const report = await reportIn(folder.path);
  expect(report).toMatchObject({
    end: { kind: 'interrupted' },
    exit: { code: 130 },
    load: { end: { kind: 'interrupted' } },
  });
  expect(report.load!.offered.started).toBeGreaterThan(0);
});

describe('a target that cannot be measured is exit 3 and one line; the report says so too', () => {
  const unmeasured = async (args: readonly string[], ...words: (string | RegExp)[]): Promise<void> => {
    const { report, ...ended } = await load(args);
    expectOneLine(ended, 3, ...words);
    expect(report).toMatchObject({
      end: { kind: 'unreachable' },
      exit: { code: 3, meaning: 'nothing could be measured' },
    });
    expect(report.load).toBeUndefined();
  };

  test('a dead port', { timeout }, async () => {
    const server = await serve(answer(200, 'text/plain', ''));
    await server.close();
    await unmeasured([server.url], /ECONNREFUSED|refused/, 'start the agent');
  });

  test('a card without streaming', { timeout }, async () => {
    await using agent = await startReferenceAgent({ profile: 'minimal' });
    await unmeasured([agent.url], 'declares no streaming', '--plain');
  });

  test('an agent that answers 429', { timeout }, async () => {
    const refusal: HttpAnswer = { status: 429, headers: { 'Retry-After': '5' }, body: 'Slow down\n' };
    await using agent = await startReferenceAgent({
      fault: { intercept: ({ method }) => (method === 'POST' ? refusal : undefined) },
    });
    await unmeasured([agent.url], 'HTTP 429', 'limits its rate');
  });

  test('no JSON-RPC interface', { timeout }, async () => {
    const grpc = { url: 'unix:///run/agent', protocolBinding: 'GRPC', protocolVersion: '1.0' };
    await using server = await serve(answer(200, 'application/json', cardWith([grpc])));
    await unmeasured([server.url], 'GRPC', 'JSONRPC');
  });
});

describe('under load', () => {
  test('a target that dies in the middle is exit 3; what was measured is in the report', { timeout }, async () => {
    await using agent = await startReferenceAgent({});
    await using folder = await temporaryFolder();
    const running = startCli(['load', agent.url, '--rate', '1200', '--duration', '5m'], { cwd: folder.path });
    await running.saysOnStderr('in flight');
    await agent.close();
    const { code, stdout } = await running.ended;
    expect(stdout).toMatch(/^The target stopped answering /m);
    expect(stdout).toMatch(/^exit 3: the target stopped answering$/m);
    expect(code).toBe(3);
    const report = await reportIn(folder.path);
    expect(report).toMatchObject({
      end: { kind: 'target-lost', hint: expect.stringContaining('log') as string },
      load: { end: { kind: 'target-lost' } },
    });
    expect(report.load!.broken).toContain('errors');
  });

  test('a rate that cannot be generated is exit 4 and names what to do', { timeout }, async () => {
    await using agent = await startReferenceAgent({ longRunningMs: 1_000 });
    const { code, report, stdout } = await load([
      agent.url,
      ...['--rate', '600', '--duration', '3s', '--max-vus', '2', '--message', 'long-running'],
    ]);
    expect(report.load!.broken).toEqual(expect.arrayContaining(['rate', 'dropped']));
    expect(report.load!.thresholds.find(({ id }) => id === 'dropped')!.reason).toMatch(/--max-vus/);
    expect(stdout).toMatch(/^exit 4: broken under load: .*dropped/m);
    expect(code).toBe(4);
  });

  test('an agent that answers 429 to every other task is exit 4', { timeout }, async () => {
    let posts = 0;
    await using agent = await startReferenceAgent({
      fault: {
        intercept: ({ method }) => {
          if (method !== 'POST') return undefined;
          posts += 1;
          return posts % 2 === 0 ? { status: 429, headers: {}, body: 'Slow down\n' } : undefined;
        },
      },
    });
    const { code, report, markdown } = await load([agent.url, '--rate', '600', '--duration', '2s']);
    expect(report.load!.broken).toContain('errors');
    expect(markdown).toMatch(/HTTP 429.*--rate/);
    expect(code).toBe(4);
  });

  test('a MUST that fails is exit 1', { timeout }, async () => {
    await using agent = await startReferenceAgent({
      fault: { taskId: (generated, { message }) => (message.messageId.includes('trial') ? generated : 'the-task') },
    });
    const { code, report } = await load([agent.url, '--message', 'hello', ...slowly]);
    expect(report.findings.filter(({ verdict }) => verdict === 'fail')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ check: 'load/own-task-id', requirement: 'send/task-id-generated', level: 'MUST' }),
      ]),
    );
    expect(report.exit.meaning).toMatch(/^a MUST failed under load/);
    expect(code).toBe(1);
  });

  test('zero samples are no pass', { timeout }, async () => {
    await using server = await serve(withoutSignals);
    const { code, report, stdout } = await load([server.url, ...slowly]);
    expect(report.load!.thresholds.find(({ id }) => id === 'p99-signal')).toMatchObject({
      verdict: 'untested',
      samples: 0,
      measured: null,
    });
    expect(stdout).toMatch(/p99-signal untested/);
    expect(code).toBe(3);
  });
});

/** An agent whose streams begin and end with the task at its end: right, and no signal to be measured. */
const withoutSignals: RequestListener = (request, response) => {
  if (request.method === 'GET') {
    const rpc = { url: `http://${request.headers.host}/rpc`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(cardWith([rpc], { capabilities: { streaming: true } }));
    return;
  }
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => (body += text));
  request.on('end', () => {
    const call = JSON.parse(body) as { id: unknown; method: string; params: { id?: string } };
    const id = call.params.id ?? crypto.randomUUID();
    const task = { id, contextId: `of-${id}`, status: { state: 'TASK_STATE_COMPLETED' } };
    const streamed = call.method === 'SendStreamingMessage';
    const text = JSON.stringify({ jsonrpc: '2.0', id: call.id, result: streamed ? { task } : task });
    response.writeHead(200, { 'content-type': streamed ? 'text/event-stream' : 'application/json' });
    response.end(streamed ? `data: ${text}\n\n` : text);
  });
};

describe('wrong usage is exit 2 and one line that names the flag', () => {
  const url = 'http://127.0.0.1:1';
  test.for<[string, string[], (string | RegExp)[]]>([
    ['a host that is not this machine', ['https://agent.example.com/a2a'], ['--i-own-this-target agent.example.com']],
    ['a card elsewhere', [url, '--card-url', 'http://192.0.2.1/c'], ['--i-own-this-target 192.0.2.1']],
    ['no URL', ['http://'], ['"http://" is no URL']],
    ['no rate', [url, '--rate', 'fast'], ['--rate "fast"', 'a whole number']],
    ['a rate of nothing', [url, '--rate', '0'], ['--rate "0"', 'at least 1']],
    ['too high a rate', [url, '--rate', '600001'], ['--rate "600001"', 'at most 600000']],
    ['no duration', [url, '--duration', 'long'], ['--duration "long"', '10s']],
    ['too short a duration', [url, '--duration', '1ms'], ['--duration "1ms"', 'at least 1000 ms']],
    ['too long a duration', [url, '--duration', '2000m'], ['--duration "2000m"', 'at most']],
    ['no share', [url, '--max-errors', 'few'], ['--max-errors "few"', '1%']],
    ['more tasks than allowed', [url, '--max-tasks', '10'], ['--max-tasks', '--rate', '--duration']],
    ['an unknown flag', [url, '--durtion', '1s'], ["unknown option '--durtion'", '--duration']],
    ['two URLs', [url, url], ['too many arguments']],
  ])('%s', { timeout }, async ([, args, words]) => {
    await using folder = await temporaryFolder();
    expectOneLine(await runCli(['load', '--quiet', ...args], { cwd: folder.path }), 2, ...words);
  });
});
