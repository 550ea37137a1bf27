import { afterAll, beforeAll, expect, test } from 'vitest';
import { toxiproxyAdmin, type ToxiproxyAdmin } from '../../fixtures/environments/toxiproxy.ts';
import { startEmbeddedChaos, type ChaosEnvironment } from '../environment.ts';
import { createUndoStack } from '../undo-stack.ts';
import { down } from './down.ts';
import type { Fault } from './fault.ts';
import { kill } from './kill.ts';
import { latency } from './latency.ts';
import { limitData } from './limit-data.ts';
import { pause } from './pause.ts';
import { resetPeer } from './reset-peer.ts';
import { restart } from './restart.ts';
import { slicer } from './slicer.ts';

let environment: ChaosEnvironment;
let toxiproxy: ToxiproxyAdmin;

beforeAll(async () => {
  environment = await startEmbeddedChaos();
  toxiproxy = toxiproxyAdmin(environment.toxiproxyUrl);
});
afterAll(() => environment[Symbol.asyncDispose]());

/** What a client of the agent sees: `fine`, `slow` or `broken`. */
async function look(): Promise<string> {
  const began = performance.now();
  try {
    const response = await fetch(`${environment.agentUrl}/.well-known/agent-card.json`, {
      headers: { Connection: 'close' },
      signal: AbortSignal.timeout(1_500),
    });
    await response.json();
    return performance.now() - began > 300 ? 'slow' : 'fine';
  } catch {
    return 'broken';
  }
}

const cases: readonly (readonly [Fault, string])[] = [
  [latency('agent', 'answers', 400, 0), 'slow'],
  [latency('agent', 'requests', 400, 0), 'slow'],
  [resetPeer('agent', 0), 'broken'],
  [limitData('agent', 100), 'broken'],
  [slicer('agent', 64, 8, 20_000), 'slow'],
  [down('agent'), 'broken'],
  [kill('agent'), 'broken'],
  [pause('agent'), 'broken'],
  [restart('agent'), 'fine'],
];

test.for(cases.map(([fault, seen]) => [fault.description, fault, seen] as const))(
  '%s: clients see it, and no longer once it is undone',
  async ([, fault, seen]) => {
    expect(await look()).toBe('fine');
    {
      await using stack = createUndoStack();
      stack.push(await fault.inject({ environment, toxiproxy }));
      expect(await look()).toBe(seen);
    }
    expect(await look()).toBe('fine');
    expect(await toxiproxy.toxics()).toEqual([]);
    expect(await environment.agent.state()).toBe('running');
  },
);
