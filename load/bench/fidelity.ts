import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGuarded } from '../../fixtures/tools/guarded-process.ts';
import { provision } from '../../fixtures/tools/provision.ts';
import { toxiproxyRecipe } from '../../fixtures/tools/toxiproxy.ts';
import { JournalTail } from '../journal-tail.ts';
import { runLoad } from '../runner.ts';
import { buildNullServer, parseObserved, type NullServer, type Observed } from './null-server.ts';
import { quantiles } from './quantiles.ts';

/**
 * How true the arrival times of the generator are. Each event is paired with what is known of it otherwise: the stamp of the
 * server that sent it or, behind a proxy that delays it, the moment at which a tap in front of the generator saw it.
 */

export interface Fidelity {
  readonly name: string;
  readonly events: number;
  /** Milliseconds that arrivals come after the other observation. */
  readonly generator: { readonly median: number; readonly p99: number; readonly max: number };
  /** The same of a client that only reads; null where the tap is the control. */
  readonly control: { readonly median: number; readonly p99: number; readonly max: number } | null;
  readonly holds: boolean;
}

export const fidelityLimits = { medianMs: 1, p99Ms: 5 } as const;

export interface FidelityOptions {
  readonly durationMs: number;
  readonly rate: number;
  /** Latency of the proxy, and its jitter; milliseconds. */
  readonly latencyMs: number;
  readonly jitterMs: number;
}

const defaults: FidelityOptions = { durationMs: 20_000, rate: 400, latencyMs: 50, jitterMs: 10 };

export async function measureFidelity(options: Partial<FidelityOptions> = {}): Promise<readonly Fidelity[]> {
  const settings = { ...defaults, ...options };
  await using binary = await buildNullServer();
  return [await onLoopback(binary, settings), await behindProxy(binary, settings)];
}

async function onLoopback(binary: NullServer, { durationMs, rate }: FidelityOptions): Promise<Fidelity> {
  const server = await binary.serve('-pause', '5ms');
  const control = await binary.control(server.address, rate, durationMs);
  const seen = await arrivals(server.url, rate, durationMs);
  return judge('on loopback, against the stamps of the server', errors(seen), errors(control));
}

async function behindProxy(binary: NullServer, options: FidelityOptions): Promise<Fidelity> {
  const { durationMs, rate, latencyMs, jitterMs } = options;
  const server = await binary.serve('-pause', '5ms');
  await using proxy = await startProxy(server.address, latencyMs, jitterMs);
  const tap = await binary.serve('-tap', proxy.address);
  // The card names the server itself: the interface is reached through the tap.
  const seen = await arrivals(server.url, rate, durationMs, `${tap.url}/rpc`);
  const tapped = new Map(parseObserved(await tap.close()).map(({ task, stamp, at }) => [`${task} ${stamp}`, at]));
  const added = seen.flatMap(({ task, stamp, at }) => {
    const passed = tapped.get(`${task} ${stamp}`);
    return passed === undefined ? [] : [(at - passed) / 1_000];
  });
  const delay = quantiles(errors(seen));
  const name = `behind ${latencyMs} ± ${jitterMs} ms (median of the way ${delay?.median.toFixed(1)} ms), against a tap behind the proxy`;
  return judge(name, added, null);
}

const errors = (seen: readonly Observed[]): readonly number[] => seen.map(({ stamp, at }) => (at - stamp) / 1_000);

function judge(name: string, generator: readonly number[], control: readonly number[] | null): Fidelity {
  const measured = quantiles(generator);
  const compared = control === null ? null : quantiles(control);
  if (measured === undefined || compared === undefined) throw new Error(`${name}: no event was seen`);
  return {
    name,
    events: generator.length,
    generator: measured,
    control: compared,
    holds: measured.median <= fidelityLimits.medianMs && measured.p99 <= fidelityLimits.p99Ms,
  };
}

/** Stamped events of a real run, from its journal. */
async function arrivals(url: string, rate: number, durationMs: number, rpcUrl?: string): Promise<readonly Observed[]> {
  const directory = await mkdtemp(join(tmpdir(), 'a2a-gauntlet-fidelity-'));
  try {
    const journal = join(directory, 'journal.ndjson');
    await using card = rpcUrl === undefined ? undefined : await startCard(url, rpcUrl);
    await runLoad({
      url: card?.url ?? url,
      rate,
      durationMs,
      journal,
      historySample: 0,
      message: { parts: [{ text: 'nothing' }] },
    });
    const seen: Observed[] = [];
    await new JournalTail(journal, (line) => {
      if (line.k !== 'task' || line.id === undefined) return;
      for (const [, after, , stamp] of line.ev ?? []) {
        if (stamp !== undefined) seen.push({ task: line.id, stamp, at: line.inv + after });
      }
    }).catchUp();
    return seen;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The card of a server with another URL of its interface. */
async function startCard(url: string, rpcUrl: string) {
  const path = '/.well-known/agent-card.json';
  const card = (await (await fetch(url + path)).text()).replace(`${url}/rpc`, rpcUrl);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(card);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Toxiproxy in front of an address, with latency on the way back. */
async function startProxy(upstream: string, latency: number, jitter: number) {
  const tool = await provision(toxiproxyRecipe, { onProgress: (line) => console.error(line) });
  const api = await freePort();
  const program = await startGuarded([...tool.command, '-host', '127.0.0.1', '-port', String(api)], {
    env: process.env,
  });
  const call = async (path: string, body: object): Promise<{ listen?: string }> => {
    const answer = await fetch(`http://127.0.0.1:${api}${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`Toxiproxy refused ${path}: ${await answer.text()}`);
    return (await answer.json()) as { listen?: string };
  };
  try {
    await answering(`http://127.0.0.1:${api}/version`);
    const { listen } = await call('/proxies', { name: 'agent', listen: '127.0.0.1:0', upstream, enabled: true });
    await call('/proxies/agent/toxics', { type: 'latency', stream: 'downstream', attributes: { latency, jitter } });
    return { address: listen!, [Symbol.asyncDispose]: () => program.close() };
  } catch (error) {
    await program.close();
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function answering(url: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      if ((await fetch(url)).ok) return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const shown = ({ median, p99, max }: { median: number; p99: number; max: number }): string =>
  `median ${median.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms, max ${max.toFixed(1)} ms`;

/** The figures as text, one line each. */
export const renderFidelity = (all: readonly Fidelity[]): string =>
  all
    .flatMap(({ name, events, generator, control, holds }) => [
      `fidelity ${name}: ${events} events`,
      `  generator  ${shown(generator)}  ${holds ? 'holds' : 'DOES NOT HOLD'} (median <= ${fidelityLimits.medianMs} ms, p99 <= ${fidelityLimits.p99Ms} ms)`,
      ...(control === null ? [] : [`  control    ${shown(control)}  (a client that only reads)`]),
    ])
    .join('\n');

if (process.argv[1] === import.meta.filename) {
  const figures = await measureFidelity();
  console.log(renderFidelity(figures));
  process.exitCode = figures.every(({ holds }) => holds) ? 0 : 1;
}
