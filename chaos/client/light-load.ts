import { uuid } from '../../core/engine/random.ts';
import type { Millis } from '../../core/history/exchange.ts';
import type { BindingClient } from '../../core/wire/binding-client.ts';
import type { Experiment } from '../experiment.ts';
import { makeJob, runJob, type Job } from './job.ts';

/** A few clients at work: an open model, so that a slow agent gets no fewer tasks. */
export interface LightLoad {
  readonly jobs: readonly Job[];
  /** Starts no further tasks. */
  stop(): void;
  /** Resolves when every job has ended, or when the deadline (`performance.now()`) has passed. */
  drain(deadline: Millis): Promise<void>;
}

export interface LightLoadOptions {
  readonly client: BindingClient;
  readonly load: Experiment['load'];
  readonly startedAt: Millis;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** Jobs may take so long while nobody has said until when, in ms. */
const longestJobMs = 60_000;

export function startLightLoad({ client, load, startedAt, random, signal }: LightLoadOptions): LightLoad {
  const jobs: Job[] = [];
  const running: Promise<void>[] = [];
  let deadline = startedAt + longestJobMs;
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    const number = jobs.length;
    const kind = load.kinds[number % load.kinds.length]!;
    const job = makeJob(kind, uuid(random));
    jobs.push(job);
    const setting = { client, actor: `client-${number + 1}`, patienceMs: load.patienceMs, signal };
    running.push(runJob(job, { ...setting, deadline: () => deadline }));
    timer = setTimeout(tick, Math.max(0, startedAt + (number + 1) * load.everyMs - performance.now()));
  };
  const stop = (): void => clearTimeout(timer);
  signal.addEventListener('abort', stop, { once: true });
  tick();
  return {
    jobs,
    stop,
    async drain(until) {
      stop();
      deadline = until;
      await Promise.all(running);
    },
  };
}
