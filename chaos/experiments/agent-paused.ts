import { pause } from '../faults/pause.ts';
import type { Experiment } from '../experiment.ts';

/** SIGSTOP: connections stay open and nothing moves; clients lose patience and send again. */
export const agentPaused: Experiment = {
  id: 'agent-paused',
  title: 'Agent paused',
  hypothesis: 'Work goes on where it stood, and what was sent meanwhile is done once.',
  method: [{ atMs: 700, fault: pause('agent'), forMs: 1_200 }],
  load: { kinds: ['long', 'echo', 'long', 'chunks'], everyMs: 60, patienceMs: 400, afterMs: 300 },
  recoverWithinMs: 5_000,
  decisive: ['chaos/nothing-lost', 'chaos/work-is-done', 'chaos/one-task-a-message', 'chaos/recovers'],
};
