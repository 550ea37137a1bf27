import type { Fault } from '../reference-agent/hooks.ts';
import type { TaskRecord, TaskStore } from '../reference-agent/task-store.ts';
import type { ChaosMutant } from './chaos-mutant.ts';

/** How late the writes of the mutant are that answers before it has stored, in ms. */
const writesLateMs = 400;

/** Reads see everything, the file gets it later: nobody notices until the process is killed. */
function writesLate(kept: TaskStore): TaskStore {
  const pending = new Map<string, TaskRecord>();
  const flush = (record: TaskRecord): void => {
    if (pending.get(record.task.id) === record) pending.delete(record.task.id);
    kept.put(record);
  };
  return {
    ...kept,
    get: (taskId) => pending.get(taskId) ?? kept.get(taskId),
    madeBy: (owner, messageId) =>
      [...pending.values()].find(
        ({ owner: other, task }) => other === owner && task.history?.[0]?.messageId === messageId,
      ) ?? kept.madeBy(owner, messageId),
    put(record) {
      pending.set(record.task.id, record);
      setTimeout(flush, writesLateMs, record).unref();
    },
  };
}

/** Updates that the mutant makes again after a crash: of a long task a chunk and the progress after it. */
const repeatedSteps = 2;

const repeatsSteps = (kept: TaskStore): TaskStore => ({
  ...kept,
  unfinished: () =>
    kept.unfinished().map((record) => {
      const earlier = { ...record, steps: Math.max(0, record.steps - repeatedSteps) };
      kept.put(earlier);
      return earlier;
    }),
});

/** How often the watchdog of the mutant looks at the clock, and which gap it takes for a crash of its work, in ms. */
const watchdog = { everyMs: 50, gapMs: 700 };

/** Calls back whenever the process stood still for so long that its watchdog takes it for crashed. */
function onPause(callback: () => void): void {
  let last = performance.now();
  const look = (): void => {
    const gap = performance.now() - last;
    last = performance.now();
    if (gap >= watchdog.gapMs) callback();
  };
  setInterval(look, watchdog.everyMs).unref();
}

/** Fails what was at work as soon as the clock has jumped. */
function failsAfterPause(): Fault {
  const atWork = new Set<string>();
  return {
    work: async (run, { taskId }) => {
      atWork.add(taskId);
      try {
        await run();
      } finally {
        atWork.delete(taskId);
      }
    },
    ready({ setStatus }) {
      onPause(() => {
        for (const taskId of atWork) setStatus(taskId, 'TASK_STATE_FAILED', 'The worker did not answer');
      });
    },
  };
}

/** Takes itself for dead once the clock has jumped, and never for alive again; its heartbeats and its work go on. */
function staysDownAfterPause(): Fault {
  let isDown = false;
  return {
    ready: () => onPause(() => (isDown = true)),
    intercept: ({ method }) =>
      isDown && method === 'POST' ? { status: 503, headers: {}, body: 'The instance was replaced\n' } : undefined,
  };
}

/** Decodes each chunk by itself: characters on the border of two are lost. */
const decodesChunks = (chunks: readonly Buffer[]): Buffer =>
  Buffer.from(chunks.map((chunk) => chunk.toString('utf8')).join(''), 'utf8');

export const chaosAgentMutants: readonly ChaosMutant[] = [
  {
    id: 'chaos/retry-makes-another-task',
    description: 'A client that gets no answer in time and sends its message again gets a second task',
    experiment: 'slow-agent',
    killedBy: 'chaos/one-task-a-message',
    agent: () => ({ recogniseDuplicates: false }),
  },
  {
    id: 'chaos/subscription-begins-empty',
    description: 'A client that subscribes again gets the task without the artifacts that it missed',
    experiment: 'stream-cut',
    killedBy: 'chaos/stream-adds-up',
    agent: () => ({
      fault: {
        event: (event, { operation, index }) =>
          operation === 'SubscribeToTask' && index === 0 && 'task' in event
            ? { task: { ...event.task, artifacts: [] } }
            : event,
      },
    }),
  },
  {
    id: 'chaos/disconnect-cancels',
    description: 'A connection that breaks cancels the task',
    experiment: 'stream-cut',
    killedBy: 'chaos/work-is-done',
    agent: () => ({ fault: { policy: { disconnectCancels: true } } }),
  },
  {
    id: 'chaos/characters-torn',
    description: 'A request that comes in small pieces loses the characters on their borders',
    experiment: 'sliced-stream',
    killedBy: 'chaos/text-intact',
    agent: () => ({ fault: { requestBody: decodesChunks } }),
  },
  {
    id: 'chaos/answers-before-storing',
    description: 'Tasks are acknowledged a moment before they are stored',
    experiment: 'agent-killed',
    killedBy: 'chaos/nothing-lost',
    agent: () => ({ fault: { store: writesLate } }),
  },
  {
    id: 'chaos/steps-repeated',
    description: 'After a crash the last steps of a task are done again, and a chunk is there twice',
    experiment: 'agent-killed',
    killedBy: 'chaos/committed-once',
    agent: () => ({ fault: { store: repeatsSteps } }),
  },
  {
    id: 'chaos/pause-fails-tasks',
    description: 'A pause of the process fails every task at work',
    experiment: 'agent-paused',
    killedBy: 'chaos/work-is-done',
    agent: () => ({ fault: failsAfterPause() }),
  },
  {
    id: 'chaos/pause-never-over',
    description: 'After a pause of its process the agent refuses every call for good',
    experiment: 'agent-paused',
    killedBy: 'chaos/recovers',
    agent: () => ({ fault: staysDownAfterPause() }),
  },
  {
    id: 'chaos/removal-ignored',
    description: 'An agent that the registry has removed never registers again',
    experiment: 'missed-heartbeats',
    killedBy: 'chaos/routing-follows-heartbeats',
    agent: () => ({ fault: { removalIgnored: true } }),
  },
];
