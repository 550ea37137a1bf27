import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal } from '../../protocol/task-state.ts';
import { uuid } from '../../core/engine/random.ts';
import { taskViewOf } from '../../core/engine/task-view.ts';
import type { Millis } from '../../core/history/exchange.ts';
import type { BindingClient } from '../../core/wire/binding-client.ts';
import type { JobKind } from '../experiment.ts';
import { makeJob, runJob, type Job } from './job.ts';
import { askRegistry, type RegistryQuery } from './pulse.ts';

/** Whether the steady state was there. */
export interface SteadyState {
  readonly holds: boolean;
  /** What was seen, or what is missing. */
  readonly reason: string;
  /** When it was seen to hold, or given up. */
  readonly at: Millis;
  /** What was sent for it: acknowledged tasks like any other. */
  readonly jobs: readonly Job[];
}

export interface HypothesisOptions extends Omit<RegistryQuery, 'actor' | 'timeoutMs'> {
  readonly client: BindingClient;
  readonly random: () => number;
  /** `performance.now()` until which it may still come about. */
  readonly deadline: Millis;
  /** Milliseconds for one message. */
  readonly patienceMs: number;
}

const actor = 'hypothesis';
const retryMs = 40;
const kinds: readonly JobKind[] = ['chunks', 'echo'];

/**
 * The steady state: the registry names the agent, a streamed task runs to its end, a message is answered with its echo. Tried
 * until it holds or the deadline has passed.
 */
export async function checkSteadyState(options: HypothesisOptions): Promise<SteadyState> {
  const { signal, deadline } = options;
  const jobs: Job[] = [];
  for (;;) {
    const missing = await attempt(options, jobs);
    signal.throwIfAborted();
    const at = performance.now();
    if (missing === undefined) {
      return {
        holds: true,
        reason: 'the registry names the agent, a streamed task and an echo reach their end',
        at,
        jobs,
      };
    }
    if (at >= deadline) return { holds: false, reason: missing, at, jobs };
    await pause(retryMs, undefined, { signal });
  }
}

/** What is missing; undefined where nothing is. */
async function attempt(options: HypothesisOptions, jobs: Job[]): Promise<string | undefined> {
  const { client, random, patienceMs, signal, deadline } = options;
  const { routed } = await askRegistry({ ...options, actor, timeoutMs: patienceMs });
  if (routed !== true) return routed === null ? 'the registry does not answer' : 'the registry does not name the agent';
  for (const kind of kinds) {
    const job = makeJob(kind, uuid(random));
    jobs.push(job);
    const until = Math.max(deadline, performance.now() + patienceMs);
    await runJob(job, { client, actor, patienceMs, signal, deadline: () => until });
    const wrong = job.taskId === null ? job.givenUp : await readEnd(client, job.taskId, patienceMs, signal);
    if (wrong !== null && wrong !== undefined) return `a message (${kind}): ${wrong}`;
  }
  return undefined;
}

async function readEnd(
  client: BindingClient,
  id: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const task = taskViewOf((await client.call('GetTask', { id }, { actor, timeoutMs, signal })).reply);
  if (task === undefined) return `task ${id} cannot be read`;
  if (task.state === 'TASK_STATE_COMPLETED') return undefined;
  return `task ${id} ${isTerminal(task.state) ? 'ended' : 'stays'} in ${task.state}`;
}
