import { kill } from '../faults/kill.ts';
import type { Experiment } from '../experiment.ts';

/** SIGKILL while tasks are at work, and a new start on what was stored. */
export const agentKilled: Experiment = {
  id: 'agent-killed',
  title: 'Agent killed in mid-task',
  hypothesis: 'What was acknowledged is finished after the restart, and nothing of it twice.',
  method: [{ atMs: 1_000, fault: kill('agent'), forMs: 200 }],
  load: { kinds: ['long', 'echo', 'long', 'chunks'], everyMs: 60, patienceMs: 1_000, afterMs: 300 },
  recoverWithinMs: 8_000,
  decisive: ['chaos/nothing-lost', 'chaos/work-is-done', 'chaos/committed-once', 'chaos/one-task-a-message'],
};
