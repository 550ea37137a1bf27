import { setTimeout as pause } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tool } from '../fixtures/tools/tool.ts';
import type { LoadTarget } from './connect.ts';
import type { LoadListener } from './events.ts';
import { JournalTail } from './journal-tail.ts';
import { startK6, type K6Run } from './k6-process.ts';
import { LiveProgress } from './live.ts';
import { plannedTasks, streamGraceMs, type LoadSettings } from './options.ts';
import type { ScenarioSettings } from './scenarios/settings.ts';
import type { Trial } from './trial.ts';

export interface GenerateOptions {
  readonly tool: Tool;
  readonly settings: LoadSettings;
  readonly target: LoadTarget;
  readonly trial: Trial;
  readonly directory: string;
  readonly journal: string;
  readonly clocksComparable: boolean;
  readonly listener: LoadListener;
  readonly signal: AbortSignal;
}

/** How the generation of load ended. The journal has what it brought. */
export interface Generated {
  readonly end: { readonly kind: 'complete' | 'interrupted' | 'target-lost'; readonly reason: string | null };
  /** What k6 counted; null where it was stopped before it could say. */
  readonly summary: GeneratorSummary | null;
  /** Processor seconds of k6 up to shortly before its end; null where the system does not tell. */
  readonly cpuSeconds: number | null;
}

export interface GeneratorSummary {
  readonly iterations: number;
  readonly dropped: number;
  readonly requests: number;
  readonly vusMax: number;
}

const progressMs = 250;

/** How long k6 may take to give up what is under way when it is stopped. */
const stopMs = 10_000;

/** Beyond schedule and time limit of the last task: start and end of k6 itself. */
const slackMs = 60_000;

/** Virtual users made before the start: making one while tasks are due costs one of them. */
function preAllocated({ rate, maxVUs }: LoadSettings, { durationMs }: Trial): number {
  const busy = (rate / 60_000) * durationMs;
  return Math.min(maxVUs, Math.max(100, Math.ceil(busy * 8)));
}

/** Whether this run can be followed event by event. */
export const isStreamed = (tool: Tool, { mode }: LoadSettings): boolean => tool.complete && mode === 'streaming';

function scenarioSettings(options: GenerateOptions): ScenarioSettings {
  const { settings, target, trial, directory, journal } = options;
  const { rate, durationMs, taskTimeoutMs, maxVUs, stampKey, message, historySample } = settings;
  const { tenant, url } = target.interface;
  const runId = crypto.randomUUID().slice(0, 8);
  return {
    url,
    headers: target.headers,
    rate,
    durationMs,
    taskTimeoutMs,
    graceMs: streamGraceMs,
    preAllocatedVUs: preAllocated(settings, trial),
    maxVUs,
    journal,
    summary: join(directory, 'summary.json'),
    rawEvery: historySample === 0 ? 0 : Math.ceil(plannedTasks(settings) / historySample),
    stampKey,
    ...(tenant === undefined || tenant === '' ? {} : { tenant }),
    parts: message.parts,
    messageIdPrefix: `${message.messageIdPrefix ?? 'load'}-${runId}`,
  };
}

/**
 * Runs k6 to the end of the schedule and follows its journal. Stops it early where the run is interrupted or the target is gone:
 * a second look (the card) decides that, since connections may fail for other reasons.
 *
 * @throws LoadError `generator-failed`.
 */
export async function generate(options: GenerateOptions): Promise<Generated> {
  const { tool, settings, directory, journal, clocksComparable, listener, signal } = options;
  const scenario = scenarioSettings(options);
  const live = new LiveProgress(settings.durationMs, clocksComparable);
  const tail = new JournalTail(journal, (line) => live.take(line));
  await using run = await startK6({
    tool,
    script: isStreamed(tool, settings) ? 'steady' : 'steady-stock',
    settings: scenario,
    directory,
    insecure: settings.insecure,
    env: settings.tools?.env ?? process.env,
    ...(settings.ca === undefined ? {} : { ca: settings.ca }),
  });
  const follower = new Follower(options, run, live, tail);
  const onAbort = (): void => follower.stop('interrupted', 'the run was interrupted');
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await follower.follow();
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  listener({ type: 'progress', progress: live.snapshot(Date.now()) });
  return { end: follower.end, summary: await readSummary(scenario.summary), cpuSeconds: follower.cpuSeconds };
}

class Follower {
  readonly #options: GenerateOptions;
  readonly #run: K6Run;
  readonly #live: LiveProgress;
  readonly #tail: JournalTail;
  #end: Generated['end'] = { kind: 'complete', reason: null };
  #stopping: NodeJS.Timeout | undefined;
  #cpuSeconds: number | null = null;

  constructor(options: GenerateOptions, run: K6Run, live: LiveProgress, tail: JournalTail) {
    this.#options = options;
    this.#run = run;
    this.#live = live;
    this.#tail = tail;
  }

  get end(): Generated['end'] {
    return this.#end;
  }

  get cpuSeconds(): number | null {
    return this.#cpuSeconds;
  }

  /** The first reason counts. A k6 that does not end by itself is ended. */
  stop(kind: 'interrupted' | 'target-lost', reason: string): void {
    if (this.#stopping !== undefined) return;
    this.#end = { kind, reason };
    this.#run.stop();
    this.#stopping = setTimeout(() => void this.#run[Symbol.asyncDispose](), stopMs);
  }

  async follow(): Promise<void> {
    const { settings, listener } = this.#options;
    const deadline = performance.now() + settings.durationMs + settings.taskTimeoutMs + streamGraceMs + slackMs;
    let over = false;
    const ended = this.#run.done.finally(() => (over = true));
    // Looked at below; until then it must not count as unhandled.
    ended.catch(() => undefined);
    let draining = false;
    try {
      while (!over) {
        await Promise.race([ended.catch(() => undefined), pause(progressMs)]);
        await this.#tail.catchUp();
        this.#cpuSeconds = (await this.#run.cpuSeconds()) ?? this.#cpuSeconds;
        const progress = this.#live.snapshot(Date.now());
        if (this.#live.started) listener({ type: 'progress', progress });
        if (!draining && this.#live.started && progress.elapsedMs >= settings.durationMs && !over) {
          draining = true;
          listener({ type: 'draining', inFlight: progress.inFlight });
        }
        if (!over) await this.#checkTarget();
        if (performance.now() > deadline) this.stop('interrupted', 'k6 did not end in time');
      }
      await ended;
    } finally {
      clearTimeout(this.#stopping);
    }
  }

  async #checkTarget(): Promise<void> {
    const suspicion = this.#live.suspicion(Date.now());
    if (suspicion === undefined || this.#stopping !== undefined) return;
    if (await this.#options.target.answers()) return;
    const after = Math.max(0, Math.round(suspicion.sinceMs / 100) / 10);
    const reason = `the target stopped answering ${after} s after the start (connection ${suspicion.reason})`;
    this.#options.listener({ type: 'target-lost', reason });
    this.stop('target-lost', reason);
  }
}

async function readSummary(path: string): Promise<GeneratorSummary | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as GeneratorSummary;
  } catch (error) {
    // A k6 that was stopped hard has written none, or half of one.
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      return null;
    throw error;
  }
}
