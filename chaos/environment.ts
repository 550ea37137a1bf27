import type { Contract } from '../core/target/target.ts';
import type { FaultyProcess } from '../fixtures/environments/child-process.ts';
import { startContainers, type StartContainersOptions } from '../fixtures/environments/containers.ts';
import { startEmbeddedFleet, type StartFleetOptions } from '../fixtures/environments/embedded-fleet.ts';

/** What experiments run on: a reference agent and a registry behind Toxiproxy, wherever they run. */
export interface ChaosEnvironment extends AsyncDisposable {
  readonly kind: 'embedded' | 'containers';
  /** Of the agent, through Toxiproxy; its card names this URL too. */
  readonly agentUrl: string;
  /** Of the registry, past Toxiproxy. */
  readonly registryUrl: string;
  /** Toxiproxy's admin interface. */
  readonly toxiproxyUrl: string;
  /** The links by their names in Toxiproxy. `agent`: clients to agent; `registry`: agent to registry. */
  readonly proxies: Readonly<Record<'agent' | 'registry', { readonly name: string }>>;
  readonly agent: FaultyProcess;
  readonly registry: FaultyProcess;
  /** Pause between two heartbeats of the agent, in ms. */
  readonly heartbeatMs: number;
  /** Heartbeats in a row that may not come. */
  readonly missedHeartbeats: number;
  /** What the agent and the registry promise beyond the protocol. */
  readonly contracts: readonly Contract[];
}

export const fleetContracts: readonly Contract[] = [
  'durability',
  'exactly-once',
  'stream-adds-up',
  'integrity',
  'recovery',
  'routing',
];

export type StartEmbeddedChaos = Omit<StartFleetOptions, 'heartbeatMs' | 'missedHeartbeats'>;

/** Long enough that a fault in the middle meets tasks at work, short enough for a run of a minute; in ms. */
export const fleetTiming = { heartbeatMs: 250, missedHeartbeats: 3, longRunningMs: 700 } as const;

/**
 * Starts the environment `embedded`.
 *
 * @throws what `startEmbeddedFleet` throws.
 */
export async function startEmbeddedChaos(options: StartEmbeddedChaos = {}): Promise<ChaosEnvironment> {
  const { heartbeatMs, missedHeartbeats, longRunningMs } = fleetTiming;
  const fleet = await startEmbeddedFleet({
    ...options,
    heartbeatMs,
    missedHeartbeats,
    agentArguments: ['--long-running-ms', String(longRunningMs), ...(options.agentArguments ?? [])],
  });
  const { agentUrl, registryUrl, toxiproxyUrl, proxies, agent, registry } = fleet;
  return {
    kind: 'embedded',
    ...{ agentUrl, registryUrl, toxiproxyUrl, proxies, agent, registry, heartbeatMs, missedHeartbeats },
    contracts: fleetContracts,
    [Symbol.asyncDispose]: () => fleet.close(),
  };
}

export type StartContainersChaos = Omit<StartContainersOptions, 'heartbeatMs' | 'missedHeartbeats' | 'profile'>;

/**
 * Starts the environment `containers`.
 *
 * @throws what `startContainers` throws.
 */
export async function startContainersChaos(options: StartContainersChaos = {}): Promise<ChaosEnvironment> {
  const { heartbeatMs, missedHeartbeats, longRunningMs } = fleetTiming;
  const fleet = await startContainers({
    ...options,
    heartbeatMs,
    missedHeartbeats,
    agentArguments: ['--long-running-ms', String(longRunningMs), ...(options.agentArguments ?? [])],
  });
  const { agentUrl, registryUrl, toxiproxyUrl, proxies, agent, registry } = fleet;
  return {
    kind: 'containers',
    ...{ agentUrl, registryUrl, toxiproxyUrl, proxies, agent, registry, heartbeatMs, missedHeartbeats },
    contracts: fleetContracts,
    [Symbol.asyncDispose]: () => fleet.close(),
  };
}
