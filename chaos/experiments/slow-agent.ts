import { latency } from '../faults/latency.ts';
import type { Experiment } from '../experiment.ts';

/**
 * Answers take longer than clients wait, so that they send their messages again. The requests are late, not the answers: the
 * agent then still gets what its client has given up.
 */
export const slowAgent: Experiment = {
  id: 'slow-agent',
  title: 'Slow agent',
  hypothesis: 'Clients that lose patience and send again get the one task that they asked for, only later.',
  method: [{ atMs: 500, fault: latency('agent', 'requests', 600, 100), forMs: 1_000 }],
  load: { kinds: ['echo', 'chunks', 'long'], everyMs: 60, patienceMs: 350, afterMs: 300 },
  recoverWithinMs: 5_000,
  decisive: ['chaos/nothing-lost', 'chaos/one-task-a-message', 'chaos/work-is-done'],
};
