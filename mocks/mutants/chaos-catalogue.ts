import { chaosAgentMutants } from './chaos-agent.ts';
import type { ChaosMutant } from './chaos-mutant.ts';
import { chaosRegistryMutants } from './chaos-registry.ts';

/** Every mutant that only an experiment shows; ids are unique. */
export const chaosMutants: readonly ChaosMutant[] = [...chaosAgentMutants, ...chaosRegistryMutants];

export const findChaosMutant = (id: string): ChaosMutant | undefined => chaosMutants.find((mutant) => mutant.id === id);
