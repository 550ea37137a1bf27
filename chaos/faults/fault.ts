import type { ToxiproxyAdmin } from '../../fixtures/environments/toxiproxy.ts';
import type { ChaosEnvironment } from '../environment.ts';

/** What a fault can reach. */
export interface FaultTarget {
  readonly environment: ChaosEnvironment;
  readonly toxiproxy: ToxiproxyAdmin;
}

/** Takes the effect of a fault back; may be called again. */
export type Undo = () => Promise<void>;

/** One way to break an environment. */
export interface Fault {
  /** `latency`, `kill`, … */
  readonly name: string;
  /** What it is done to, for people: `agent`, `link to the agent`. */
  readonly target: string;
  readonly description: string;
  /** Resolves once it has taken effect. Where it rejects, nothing is left to be undone. */
  inject(target: FaultTarget): Promise<Undo>;
}

/** `agent`: between clients and agent. `registry`: between agent and registry. */
export type Link = 'agent' | 'registry';
export type Subject = 'agent' | 'registry';

export const linkName = (link: Link): string => (link === 'agent' ? 'link to the agent' : 'link to the registry');
