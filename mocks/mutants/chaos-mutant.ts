import type { ReferenceAgentOptions } from '../reference-agent/settings.ts';
import type { RegistryFault } from '../registry/routing.ts';

/** An agent or a registry that works until something breaks. Each start gets a defect of its own: some have a memory. */
export interface ChaosMutant {
  /** `chaos/<what is wrong>`. */
  readonly id: string;
  readonly description: string;
  /** Id of the experiment that has to notice. */
  readonly experiment: string;
  /** Id of the invariant that has to name it. */
  readonly killedBy: string;
  /** Present where the agent is broken. */
  readonly agent?: () => ReferenceAgentOptions;
  /** Present where the registry is broken. */
  readonly registry?: () => RegistryFault;
}
