import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as forward } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { selfSignedCertificate } from '../mocks/testing/self-signed-certificate.ts';
import { k6Recipe } from '../fixtures/tools/k6.ts';
import { provision } from '../fixtures/tools/provision.ts';
import { startReferenceAgent, type RunningAgent } from '../mocks/reference-agent/agent.ts';
import type { HttpAnswer } from '../mocks/reference-agent/hooks.ts';
import type { ReferenceAgentOptions } from '../mocks/reference-agent/settings.ts';
import type { ThresholdId } from '../core/findings/load-section.ts';
import type { LoadEvent } from './events.ts';
import { referenceMessage, type LoadOptions } from './options.ts';
import { runLoad } from './runner.ts';
import { buildStockK6 } from './testing/stock-k6.ts';

/** Real k6, real agent: each run a few seconds. The first test of a machine builds k6. */

const buildMs = 15 * 60_000;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'a2a-gauntlet-load-test-'));
  // What runs of others leave there is not ours.
  vi.stubEnv('TMPDIR', directory);
  const tool = await provision(k6Recipe, { onProgress: (line) => console.log(line) });
  expect(tool.complete).toBe(true);
}, buildMs);
afterAll(() => {
  vi.unstubAllEnvs();
  return rm(directory, { recursive: true, force: true });
});

const started = (options: ReferenceAgentOptions = {}): Promise<RunningAgent> => startReferenceAgent(options);

const load = (
  agent: RunningAgent,
  options: Partial<LoadOptions> = {},
  events: LoadEvent[] = [],
  signal?: AbortSignal,
) =>
  runLoad(
    { url: agent.url, rate: 600, durationMs: 5_000, taskTimeoutMs: 10_000, message: referenceMessage, ...options },
    (event) => events.push(event),
    signal,
  );

const verdicts = (section: { thresholds: readonly { id: ThresholdId; verdict: string }[] }) =>
  Object.fromEntries(section.thresholds.map(({ id, verdict }) => [id, verdict]));

const refusal = (status: number): HttpAnswer => ({ status, headers: { 'Retry-After': '5' }, body: 'Slow down\n' });

test('a sound agent holds the rate; every task is accounted for', async () => {
  await using agent = await started();
  const events: LoadEvent[] = [];
  // Other work on this machine must not decide: the limits of time are wide, those of truth are not.
  const { section, history } = await load(agent, { thresholds: { p99SignalMs: 5_000, rateTolerance: 0.2 } }, events);
  expect(section.broken).toEqual([]);
  expect(verdicts(section)).toMatchObject({ rate: 'pass', lost: 'pass', errors: 'pass', dropped: 'pass' });
  expect(section.offered.started).toBeGreaterThanOrEqual(50);
  expect(section.tasks.acknowledged).toBe(section.offered.started);
  expect(section.finalReads).toMatchObject({ read: section.offered.started, found: section.offered.started, lost: 0 });
  expect(section.signalBasis.kind).toBe('emission-stamp');
  // The Task, WORKING, three chunks, COMPLETED.
  expect(section.tasks.events).toBe(6 * section.offered.started);
  // WORKING, three chunks, COMPLETED: the agent stamps them all.
  expect(section.latency.signal).toMatchObject({ samples: 5 * section.offered.started });
  expect(section.generator).toMatchObject({ extension: true, version: k6Recipe.version });
  expect(section.invariants.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')).toEqual([]);
  expect(section.invariants.filter(({ id }) => id.startsWith('invariants/')).length).toBeGreaterThan(10);
  // Sends and their reads on one clock.
  expect(history.exchanges).toHaveLength(2 * section.offered.started);
  expect(new Set(history.exchanges.map(({ clock }) => clock)).size).toBe(1);
  expect(history.exchanges.at(0)!.actor).toBe('load');
  expect(history.exchanges.at(-1)!.intent).toMatchObject({ operation: 'GetTask' });

  const kinds = [...new Set(events.map(({ type }) => type))];
  expect(kinds.filter((type) => type !== 'draining')).toEqual([
    'target',
    'provisioned',
    'trial',
    'started',
    'progress',
    'reading',
    'finished',
  ]);
  const last = events.findLast((event) => event.type === 'progress')!;
  expect(last.progress).toMatchObject({ finished: section.offered.started, errors: 0, dropped: 0 });
}, 60_000);

test(
  'a stock k6 loads the agent too, and what it cannot see is untested',
  async () => {
    await using agent = await started();
    const stock = await buildStockK6();
    const events: LoadEvent[] = [];
    // The user's own settings of k6 are for the user's own runs.
    const env = { ...process.env, K6_BIN: stock, K6_ITERATIONS: '1', K6_OUT: 'json=/nowhere/at/all' };
    const { section } = await load(agent, { tools: { env }, durationMs: 3_000 }, events);
    expect(section).toMatchObject({ mode: 'plain', generator: { extension: false, origin: 'environment' } });
    expect(section.latency.completion).toMatchObject({ samples: section.offered.started });
    expect(section.latency.signal).toMatchObject({ untested: expect.stringContaining('stock') as string });
    expect(verdicts(section)).toMatchObject({ 'p99-signal': 'untested', lost: 'pass', errors: 'pass' });
    expect(section.verdict).not.toBe('pass');
    expect(section.finalReads.found).toBe(section.offered.started);
    expect(events.find((event) => event.type === 'provisioned')?.note).toContain('stock');
  },
  buildMs,
);

test('plain messages by choice', async () => {
  await using agent = await started({ profile: 'minimal' });
  await expect(load(agent)).rejects.toMatchObject({
    kind: 'no-streaming',
    hint: expect.stringContaining('--plain') as string,
  });
  const { section } = await load(agent, { mode: 'plain', durationMs: 2_000 });
  expect(section.mode).toBe('plain');
  expect(verdicts(section)).toMatchObject({ 'p99-signal': 'untested', lost: 'pass' });
}, 60_000);

describe('bad input', () => {
  test('an agent that answers 429 to the trial', async () => {
    await using agent = await started({
      fault: { intercept: ({ method }) => (method === 'POST' ? refusal(429) : undefined) },
    });
    await expect(load(agent)).rejects.toMatchObject({
      kind: 'trial-failed',
      message: expect.stringContaining('429') as string,
      hint: expect.stringContaining('rate') as string,
    });
  }, 60_000);

  test('an agent that answers 429 under load', async () => {
    let posts = 0;
    const intercept = ({ method }: { readonly method: string }) => {
      if (method !== 'POST') return undefined;
      posts += 1;
      return posts % 2 === 0 ? refusal(429) : undefined;
    };
    await using agent = await started({ fault: { intercept } });
    const { section } = await load(agent, { durationMs: 2_000 });
    expect(section.verdict).toBe('fail');
    expect(section.broken).toContain('errors');
    expect(section.errors[0]).toMatchObject({
      outcome: 'http',
      code: '429',
      example: expect.stringContaining('Retry-After: 5') as string,
    });
    expect(section.thresholds.find(({ id }) => id === 'errors')!.reason).toMatch(/HTTP 429.*--rate/);
  }, 60_000);

  test('a target that dies in the middle', async () => {
    await using agent = await started();
    const events: LoadEvent[] = [];
    const running = load(agent, { durationMs: 60_000, rate: 1_200 }, events);
    await expect
      .poll(() => events.some((event) => event.type === 'progress' && event.progress.finished > 5), { timeout: 30_000 })
      .toBe(true);
    await agent.close();
    const { section } = await running;
    expect(section.end).toMatchObject({
      kind: 'target-lost',
      reason: expect.stringMatching(/stopped answering [\d.]+ s/) as string,
    });
    expect(section.verdict).toBe('fail');
    expect(section.broken).toContain('errors');
    expect(verdicts(section)).toMatchObject({ lost: 'untested', dropped: 'inconclusive' });
    expect(section.offered.ranMs).toBeLessThan(40_000);
  }, 60_000);

  test('a rate that cannot be generated', async () => {
    await using agent = await started({ longRunningMs: 1_000 });
    const { section } = await load(agent, {
      maxVUs: 2,
      durationMs: 3_000,
      message: { parts: [{ text: 'long-running' }] },
    });
    expect(section.offered.dropped).toBeGreaterThan(10);
    expect(section.broken).toEqual(expect.arrayContaining(['rate', 'dropped']));
    expect(section.thresholds.find(({ id }) => id === 'dropped')!.reason).toMatch(
      /all 2 virtual users were busy.*--max-vus/,
    );
    // The moments that were dropped do not make the others late.
    expect(section.latency.generatorLag).toMatchObject({ p50: expect.any(Number) as number });
    expect((section.latency.generatorLag as { p50: number }).p50).toBeLessThan(500);
  }, 60_000);

  test('an agent that forgets tasks, and one that says so', async () => {
    await using agent = await started({ taskCapacity: 5 });
    const { section } = await load(agent, { durationMs: 2_000 });
    expect(section.broken).toEqual(['lost']);
    expect(section.thresholds.find(({ id }) => id === 'lost')!.reason).toContain('--purges');
    const purging = await load(agent, { durationMs: 2_000, purges: true });
    expect(purging.section.broken).toEqual([]);
    expect(purging.section.finalReads.purged).toBeGreaterThan(5);
  }, 60_000);

  test('an agent that gives one id to all tasks', async () => {
    await using agent = await started({
      fault: { taskId: (generated, { message }) => (message.messageId.includes('trial') ? generated : 'the-task') },
    });
    const { section } = await load(agent, { durationMs: 2_000, taskTimeoutMs: 2_000 });
    expect(section.broken).toContain('load/own-task-id');
  }, 60_000);
});

describe('an interrupt', () => {
  test('ends the schedule; what was measured is judged', async () => {
    await using agent = await started();
    const controller = new AbortController();
    const events: LoadEvent[] = [];
    const running = load(agent, { durationMs: 60_000 }, events, controller.signal);
    await expect
      .poll(() => events.some((event) => event.type === 'progress' && event.progress.finished > 5), { timeout: 30_000 })
      .toBe(true);
    controller.abort(new Error('interrupted'));
    const { section } = await running;
    expect(section.end.kind).toBe('interrupted');
    expect(section.offered.started).toBeGreaterThan(5);
    expect(section.verdict).toBe('inconclusive');
    expect(verdicts(section)).toMatchObject({ errors: 'inconclusive', lost: 'untested' });
  }, 60_000);

  test('before the start throws its reason', async () => {
    await using agent = await started();
    await expect(load(agent, {}, [], AbortSignal.abort(new Error('interrupted')))).rejects.toThrow('interrupted');
  });
});

test('nothing is left behind', async () => {
  expect((await readdir(directory)).filter((name) => name.startsWith('a2a-gauntlet-'))).toEqual([]);
});

test('TLS with an authority of its own, and credentials that nobody writes down', async () => {
  await using agent = await started({ profile: 'bearer' });
  await using front = await startTlsFront(agent.url);
  const { section, history } = await runLoad({
    url: front.url,
    ca: front.certificate,
    headers: { Authorization: 'Bearer reference-token' },
    rate: 600,
    durationMs: 2_000,
    message: referenceMessage,
    thresholds: { p99SignalMs: 5_000, rateTolerance: 0.5 },
  });
  expect(section.errors).toEqual([]);
  expect(section.broken).toEqual([]);
  expect(section.interface.url).toMatch(/^https:/);
  const sends = history.exchanges.filter(({ actor }) => actor === 'load');
  expect(JSON.stringify(sends)).not.toContain('reference-token');
  await expect(
    runLoad({ url: front.url, headers: { Authorization: 'Bearer reference-token' }, rate: 600, durationMs: 2_000 }),
  ).rejects.toMatchObject({ kind: 'tls' });
}, 60_000);

/** The agent behind TLS: what an ingress does. */
async function startTlsFront(agentUrl: string) {
  const { key, cert } = selfSignedCertificate();
  const server = createServer({ key, cert }, (request, response) => {
    const inner = forward(
      `${agentUrl}${request.url}`,
      { method: request.method, headers: request.headers },
      (answer) => {
        if (!request.url!.endsWith('agent-card.json')) {
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
          return;
        }
        answer.setEncoding('utf8');
        let card = '';
        answer.on('data', (text: string) => (card += text));
        answer.on('end', () => {
          response.writeHead(200, { 'Content-Type': 'application/json' });
          response.end(card.replaceAll(agentUrl, url));
        });
      },
    );
    request.pipe(inner);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    certificate: cert,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
