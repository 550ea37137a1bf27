import { expect, test } from 'vitest';
import type { Check } from '../../../core/engine/check.ts';
import { startReferenceAgent } from '../../../mocks/reference-agent/agent.ts';
import { probeAgainst } from '../../testing/probe-against.ts';
import { cancelConcurrently } from '../cancel/concurrent.ts';
import { cancelFinal } from '../cancel/final.ts';
import { cancelLiveTask } from '../cancel/live-task.ts';
import { cancelMetadata } from '../cancel/metadata.ts';
import { immediateFollowUp } from '../send/immediate-follow-up.ts';
import { concurrentStreams } from '../streaming/concurrent-streams.ts';
import { disconnect } from '../streaming/disconnect.ts';
import { subscribe } from '../streaming/subscribe.ts';

const checks: readonly Check[] = [
  cancelConcurrently,
  cancelFinal,
  cancelLiveTask,
  cancelMetadata,
  immediateFollowUp,
  concurrentStreams,
  disconnect,
  subscribe,
];

test.for(checks.map((check) => [check.id, check] as const))(
  '%s: where the first task is over at once another one is followed',
  { timeout: 60_000 },
  async ([, check]) => {
    const tasks = new Set<string>();
    await using agent = await startReferenceAgent({
      longRunningMs: 2_000,
      fault: {
        status: (status, { taskId }) => {
          tasks.add(taskId);
          return tasks.size > 1 ? status : { ...status, state: 'TASK_STATE_COMPLETED' };
        },
      },
    });
    const { findings } = await probeAgainst(check, { url: agent.url, timeoutMs: 10_000 });
    expect(findings.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(tasks.size).toBeGreaterThan(1);
  },
);
