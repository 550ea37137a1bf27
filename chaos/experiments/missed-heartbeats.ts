import { down } from '../faults/down.ts';
import type { Experiment } from '../experiment.ts';

/** The agent works, but its heartbeats do not reach the registry. */
export const missedHeartbeats: Experiment = {
  id: 'missed-heartbeats',
  title: 'Three missed heartbeats',
  hypothesis:
    'The registry stops naming the agent after the third, and names it again when they come; its tasks go on.',
  method: [{ atMs: 400, fault: down('registry'), forMs: 3_000, until: 'unrouted' }],
  load: { kinds: ['long', 'echo', 'chunks'], everyMs: 100, patienceMs: 1_000, afterMs: 300 },
  recoverWithinMs: 3_000,
  decisive: ['chaos/nothing-lost', 'chaos/work-is-done', 'chaos/routing-follows-heartbeats'],
};
