import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChildAgent } from '../../fixtures/environments/child-agent.ts';
import { peerNames, PeerUnavailableError, type PeerName } from '../../fixtures/peers/peer-kind.ts';
import { startPeer } from '../../fixtures/peers/start-peer.ts';
import { bindings } from '../../mocks/reference-agent/bindings.ts';
import { hangingVariants } from '../../mocks/variants/hanging.ts';

/** Something that is checked, and what a run of it takes. */
export interface Subject {
  readonly name: string;
  readonly demandedSeconds: number;
  /** Exit codes that a run may end with. */
  readonly codes: readonly number[];
  readonly runs: number;
  /** Starts what is checked, where the harness does not do it by itself; says why it cannot be had here. */
  start(): Promise<Started>;
}

export type Started = { readonly args: readonly string[]; close(): Promise<void> } | { readonly absent: string };

const nothing = { close: () => Promise.resolve() };

const embedded = (name: string, demandedSeconds: number, ...args: string[]): Subject => ({
  name,
  demandedSeconds,
  codes: [0],
  runs: 5,
  start: () => Promise.resolve({ args, ...nothing }),
});

const script = fileURLToPath(
  new URL(`../../mocks/reference-agent/main${extname(fileURLToPath(import.meta.url))}`, import.meta.url),
);

const hanging = hangingVariants.map(({ id, description }): Subject => ({
  name: `${id} (${description.charAt(0).toLowerCase()}${description.slice(1)})`,
  demandedSeconds: 60,
  codes: [0],
  runs: 1,
  start: async () => {
    const agent = await startChildAgent({
      name: id,
      script,
      args: ['--variant', id, '--binding', bindings.join(',')],
      startTimeoutMs: 15_000,
    });
    const args = [agent.url, '--stimuli', 'tck', '--i-own-this-target', '127.0.0.1'];
    return { args, close: () => agent.close() };
  },
}));

const peer = (name: PeerName): Subject => ({
  name: `agent of ${name}, three bindings`,
  demandedSeconds: 15,
  // Known bugs of an SDK are failures here: no baseline is given.
  codes: [0, 1],
  runs: 3,
  start: async () => {
    try {
      const started = await startPeer(name);
      const args = [started.url, '--stimuli', 'tck', '--max-tasks', '2000', '--i-own-this-target', '127.0.0.1'];
      return { args, close: () => started.close() };
    } catch (error) {
      if (error instanceof PeerUnavailableError) return { absent: error.message };
      throw error;
    }
  },
});

export const subjects: readonly Subject[] = [
  embedded('reference agent, three bindings', 5),
  embedded('reference agent, JSON-RPC alone', 5, '--binding', 'JSONRPC'),
  ...peerNames.map(peer),
  ...hanging,
];
