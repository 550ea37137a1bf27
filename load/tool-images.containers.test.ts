import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectEngine, type ContainerEngine } from '../fixtures/environments/container-engine.ts';
import { ownerLabel, ownLabel } from '../fixtures/environments/container-labels.ts';
import { inspectContainers } from '../fixtures/environments/inspect-containers.ts';
import { findTestEngine } from '../fixtures/environments/testing/test-engine.ts';
import { makeToolImage } from '../fixtures/environments/tool-images.ts';
import { dockerImages } from '../fixtures/tools/docker-images.ts';
import { k6Recipe } from '../fixtures/tools/k6.ts';
import { provision } from '../fixtures/tools/provision.ts';
import { dockerOnly, type DockerOnly } from '../fixtures/tools/testing/docker-only.ts';
import { startReferenceAgent } from '../mocks/reference-agent/agent.ts';
import type { LoadEvent } from './events.ts';
import { startK6 } from './k6-process.ts';
import { referenceMessage, type LoadOptions } from './options.ts';
import { runLoad } from './runner.ts';
import { buildStockK6 } from './testing/stock-k6.ts';

/** k6 from container images made here, on an agent on loopback: of the five ways to k6 only that one is left. */

const engineOf = await findTestEngine();
const buildMs = 15 * 60_000;

let engine: ContainerEngine;
let only: DockerOnly;
const images = { ours: '', stock: '' };

beforeAll(async () => {
  only = await dockerOnly();
  if (!(await inspectContainers()).engineVersion) return;
  const { docker } = await connectEngine();
  const onProgress = (line: string): void => console.info(line);
  images.ours = await makeToolImage(docker, 'k6', { onProgress });
  images.stock = await makeToolImage(docker, 'k6', { onProgress, binary: await buildStockK6() });
}, buildMs);
afterAll(() => only[Symbol.asyncDispose]());
beforeEach(({ skip }) => {
  engine = engineOf(skip);
});

const containersOf = async (pid: number): Promise<readonly string[]> => {
  const all = await engine.docker.listContainers({ all: true, filters: { label: [`${ownLabel}=true`] } });
  return all.flatMap(({ Id, Labels }) => ((Labels[ownerLabel] ?? '').includes(` ${pid} `) ? [Id] : []));
};

const load = (url: string, options: Partial<LoadOptions>, events: LoadEvent[] = [], signal?: AbortSignal) =>
  runLoad(
    {
      url,
      rate: 600,
      durationMs: 10_000,
      taskTimeoutMs: 10_000,
      message: referenceMessage,
      tools: { env: only.env },
      // Other work on this machine must not decide: the limits of time are wide, those of truth are not.
      thresholds: { p99SignalMs: 5_000, rateTolerance: 0.2 },
      ...options,
    },
    (event) => events.push(event),
    signal,
  );

const verdicts = (thresholds: readonly { readonly id: string; readonly verdict: string }[]) =>
  Object.fromEntries(thresholds.map(({ id, verdict }) => [id, verdict]));

test('our image measures what our k6 does', async () => {
  await using agent = await startReferenceAgent({});
  const { section } = await load(agent.url, {});
  expect(section.generator).toMatchObject({ origin: 'container', extension: true, version: k6Recipe.version });
  expect(section.mode).toBe('streaming');
  expect(section.broken).toEqual([]);
  expect(section.errors).toEqual([]);
  expect(section.offered.started).toBeGreaterThanOrEqual(100);
  expect(section.finalReads).toMatchObject({ read: section.offered.started, found: section.offered.started, lost: 0 });
  // One clock for both: a container has that of its machine.
  expect(section.signalBasis.kind).toBe('emission-stamp');
  expect(section.latency.signal).toMatchObject({ samples: 5 * section.offered.started });
  if (process.platform === 'linux') expect(section.generator.cpuSeconds).toBeGreaterThan(0);
  expect(await containersOf(process.pid)).toEqual([]);
}, 120_000);

test('a stock image loads the agent too, and what it cannot see is untested', async () => {
  await using agent = await startReferenceAgent({});
  const events: LoadEvent[] = [];
  const env = { ...only.env, K6_IMAGE: images.stock };
  const { section } = await load(agent.url, { tools: { env }, durationMs: 3_000 }, events);
  expect(section).toMatchObject({ mode: 'plain', generator: { origin: 'container', extension: false } });
  expect(section.latency.completion).toMatchObject({ samples: section.offered.started });
  const untested = { untested: expect.stringContaining('stock') as string };
  expect(section.latency).toMatchObject({ signal: untested, firstSignal: untested });
  expect(verdicts(section.thresholds)).toMatchObject({ 'p99-signal': 'untested', lost: 'pass', errors: 'pass' });
  expect(section.verdict).toBe('inconclusive');
  expect(events.find((event) => event.type === 'provisioned')?.note).toContain(`image ${images.stock}`);
}, 120_000);

test('the files belong to the user and not to root', async ({ skip }) => {
  if (process.getuid === undefined) skip('this system has no user ids');
  // As root another user can be tried.
  const user =
    process.getuid!() === 0 ? { uid: 12_345, gid: 23_456 } : { uid: process.getuid!(), gid: process.getgid!() };
  await using agent = await startReferenceAgent({});
  const directory = join(only.directory, 'user');
  await mkdir(directory);
  await chown(directory, user.uid, user.gid);
  const journal = join(directory, 'journal.ndjson');
  const tool = await provision(k6Recipe, { env: only.env, container: dockerImages() });
  const card = (await (await fetch(`${agent.url}/.well-known/agent-card.json`)).json()) as {
    readonly supportedInterfaces: readonly { readonly url: string; readonly protocolBinding: string }[];
  };
  const { url } = card.supportedInterfaces.find(({ protocolBinding }) => protocolBinding === 'JSONRPC')!;
  await using run = await startK6({
    tool,
    script: 'steady',
    directory,
    user,
    insecure: false,
    env: only.env,
    settings: {
      ...{ url, headers: {}, rate: 600, durationMs: 1_000, taskTimeoutMs: 10_000, graceMs: 1_000 },
      ...{ preAllocatedVUs: 10, maxVUs: 10, rawEvery: 0, stampKey: 'emittedAt', messageIdPrefix: 'user' },
      ...{ parts: referenceMessage.parts, journal, summary: join(directory, 'summary.json') },
    },
  });
  await run.done;
  const written = ['journal.ndjson', 'summary.json'];
  expect(await readdir(directory)).toEqual(expect.arrayContaining(written));
  for (const name of written) {
    const { uid, gid, size } = await stat(join(directory, name));
    expect({ uid, gid }).toEqual(user);
    expect(size).toBeGreaterThan(0);
  }
}, 120_000);

describe('an interrupt', () => {
  test('reaches k6; what was measured is judged, and the container is gone', async () => {
    await using agent = await startReferenceAgent({});
    const controller = new AbortController();
    const events: LoadEvent[] = [];
    const running = load(agent.url, { durationMs: 300_000 }, events, controller.signal);
    await expect
      .poll(() => events.some((event) => event.type === 'progress' && event.progress.finished > 5), { timeout: 60_000 })
      .toBe(true);
    controller.abort(new Error('interrupted'));
    const { section } = await running;
    expect(section.end.kind).toBe('interrupted');
    expect(section.offered.started).toBeGreaterThan(5);
    expect(section.verdict).toBe('inconclusive');
    expect(await containersOf(process.pid)).toEqual([]);
  }, 120_000);

  test('a run that is killed leaves no container', async () => {
    await using agent = await startReferenceAgent({});
    const script = join(only.directory, 'killed.mjs');
    await writeFile(
      script,
      `const { runLoad } = await import(${JSON.stringify(new URL('./runner.ts', import.meta.url).href)});
      await runLoad({ url: ${JSON.stringify(agent.url)}, durationMs: 300_000, tools: { env: process.env } }, ({ type }) => console.log(type));`,
    );
    const child = spawn(process.execPath, [script], { env: only.env, stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) if (line === 'progress') break;
    const [id] = await containersOf(child.pid!);
    const removed = engine.docker.getContainer(id!).wait({ condition: 'removed' });
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await Promise.all([removed, ended]);
    expect(await containersOf(child.pid!)).toEqual([]);
  }, 120_000);
});
