import type { ChaosMutant } from './chaos-mutant.ts';

export const chaosRegistryMutants: readonly ChaosMutant[] = [
  {
    id: 'chaos/dead-agents-routed',
    description: 'An agent whose heartbeats do not come any more stays in routing',
    experiment: 'missed-heartbeats',
    killedBy: 'chaos/routing-follows-heartbeats',
    registry: () => ({ removeAfter: () => null }),
  },
];
