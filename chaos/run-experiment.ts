import { setTimeout as pause } from 'node:timers/promises';
import { deadlinesFrom } from '../core/engine/deadlines.ts';
import { createRandom } from '../core/engine/random.ts';
import type { ExperimentResult, TimelineEntry } from '../core/findings/chaos-section.ts';
import type { Finding } from '../core/findings/finding.ts';
import type { Millis } from '../core/history/exchange.ts';
import { HistoryRecorder } from '../core/history/recorder.ts';
import type { Target } from '../core/target/target.ts';
import type { BindingClient } from '../core/wire/binding-client.ts';
import type { HttpPort } from '../core/wire/http/http-port.ts';
import { createHttpPort } from '../core/wire/http/undici-port.ts';
import { createBindingClient } from '../core/wire/connect.ts';
import { createTaskBudget, type TaskBudget } from '../core/wire/task-budget.ts';
import { discover } from '../fixtures/discovery/discover.ts';
import { toxiproxyAdmin } from '../fixtures/environments/toxiproxy.ts';
import { readEverything } from './client/final-reads.ts';
import { checkSteadyState, type SteadyState } from './client/hypothesis.ts';
import { startLightLoad, type LightLoad } from './client/light-load.ts';
import { startPulse, type Pulse } from './client/pulse.ts';
import type { ChaosEnvironment } from './environment.ts';
import type { Experiment } from './experiment.ts';
import { describeExperiment, type Known } from './experiment-result.ts';
import { acknowledged } from './invariants/invariant.ts';
import { createMethod } from './method.ts';
import { recoveredAt } from './pulse-times.ts';

export interface RunExperimentOptions {
  readonly environment: ChaosEnvironment;
  readonly seed: number;
  /** Milliseconds for one operation where nothing is broken, and for tasks to end after it. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onEntry: (entry: TimelineEntry) => void;
}

/** An experiment, and what a report says of it beside its section. */
export interface ExperimentRun {
  readonly result: ExperimentResult;
  /** Rows × the interface, judged over the history of this experiment. */
  readonly findings: readonly Finding[];
  readonly target: Target;
  readonly tasksCreated: number;
}

/** No run of this kind comes near them; the budget is for guests. */
export const experimentLimits = { mostTasks: 100_000, mostInFlight: 256 } as const;
const pulseEveryMs = 50;
/** A read of one task that takes longer is a failure that clients notice. */
const pulseLimitMs = 250;
/** Tasks that end late, in ms. */
const steadyMs = 5_000;

interface Connected {
  readonly port: HttpPort;
  readonly target: Target;
  readonly client: BindingClient;
  readonly budget: TaskBudget;
}

async function connect(
  { agentUrl, contracts }: ChaosEnvironment,
  recorder: HistoryRecorder,
  { timeoutMs, signal }: RunExperimentOptions,
): Promise<Connected> {
  const port = createHttpPort({ recorder, maxInFlight: experimentLimits.mostInFlight });
  try {
    const deadlines = deadlinesFrom(timeoutMs);
    const target = await discover({ url: agentUrl, port, deadlines, contracts, signal });
    const ref = target.interfaces.find(({ binding }) => binding === 'JSONRPC');
    if (ref === undefined) throw new Error(`the card of ${agentUrl} has no JSON-RPC interface`);
    const budget = createTaskBudget(experimentLimits.mostTasks);
    return { port, target, budget, client: createBindingClient({ port, interface: ref, deadlines, guard: budget }) };
  } catch (error) {
    await port.close();
    throw error;
  }
}

/** What an experiment has seen so far; grows step by step, so that an interrupt leaves all that is known. */
type Growing = { -readonly [Key in keyof Known]: Known[Key] };

/**
 * Hypothesis → method under light load → heal → hypothesis → final reads → invariants. Every fault is undone when this returns
 * or rejects. An abort ends it early: what is known until then is given, with the verdict `interrupted`.
 *
 * @throws the signal's reason where it was aborted before the agent was found; DiscoveryError where the environment does not answer.
 */
export async function runExperiment(experiment: Experiment, options: RunExperimentOptions): Promise<ExperimentRun> {
  const { environment, signal, onEntry } = options;
  const began = performance.now();
  const recorder = new HistoryRecorder('chaos');
  const { port, target, client, budget } = await connect(environment, recorder, options);
  try {
    const timeline: TimelineEntry[] = [];
    const known: Growing = {
      experiment,
      environment,
      target,
      interface: client.interface,
      zero: began,
      timeline,
      before: null,
      load: null,
      pulses: [],
      faultFailure: null,
      after: null,
      reads: null,
      interrupted: null,
    };
    const say = (kind: TimelineEntry['kind'], text: string, at: Millis = performance.now()): void => {
      const entry: TimelineEntry = { atMs: Math.round((at - known.zero) * 10) / 10, kind, text };
      timeline.push(entry);
      onEntry(entry);
    };
    try {
      await conduct(known, { ...options, port, client, recorder, say });
    } catch (error) {
      if (!signal.aborted) throw error;
      const last = timeline.at(-1);
      known.interrupted = last === undefined ? 'before the steady state was seen' : `after: ${last.text}`;
      say('interrupted', known.interrupted);
    }
    const described = describeExperiment(known, { history: recorder.history(), began, say });
    return { ...described, target, tasksCreated: budget.used };
  } finally {
    await port.close();
  }
}

interface ConductOptions extends RunExperimentOptions {
  readonly port: HttpPort;
  readonly client: BindingClient;
  readonly recorder: HistoryRecorder;
  readonly say: (kind: TimelineEntry['kind'], text: string, at?: Millis) => void;
}

/** The steps, up to the final reads. @throws the signal's reason. */
async function conduct(known: Growing, options: ConductOptions): Promise<void> {
  const { experiment } = known;
  const { environment, seed, timeoutMs, signal, port, client, say } = options;
  const random = createRandom(seed, experiment.id);
  const query = { port, registryUrl: environment.registryUrl, agentUrl: environment.agentUrl, signal };
  const steady = (deadline: Millis, patienceMs: number): Promise<SteadyState> =>
    checkSteadyState({ ...query, client, random, deadline, patienceMs });

  const before = await steady(performance.now() + steadyMs, timeoutMs);
  known.before = before;
  known.zero = performance.now();
  say('hypothesis', `${before.holds ? 'holds' : 'does not hold'}: ${before.reason}`, known.zero);
  const canary = acknowledged(before.jobs)[0]?.taskId;
  if (!before.holds || canary === undefined) return;

  const pulses: Pulse[] = [];
  const listeners = new Set<(pulse: Pulse) => void>();
  known.pulses = pulses;
  known.zero = performance.now();
  const load = startLightLoad({ client, load: experiment.load, startedAt: known.zero, random, signal });
  known.load = load;
  say('load', `a task every ${experiment.load.everyMs} ms (${experiment.load.kinds.join(', ')})`);
  const pulse = startPulse({
    ...query,
    client,
    taskId: canary,
    everyMs: pulseEveryMs,
    limitMs: pulseLimitMs,
    onPulse: (seen) => {
      pulses.push(seen);
      for (const listener of [...listeners]) listener(seen);
    },
  });
  try {
    const after = await breakAndHeal(known, options, { listeners, pulses, steady });
    known.after = after;
  } finally {
    load.stop();
    await pulse.stop();
    if (signal.aborted) await load.drain(performance.now());
  }
  signal.throwIfAborted();
  await load.drain(performance.now() + timeoutMs);
  await readBack(known, load, options);
}

interface Watching {
  readonly listeners: Set<(pulse: Pulse) => void>;
  readonly pulses: readonly Pulse[];
  readonly steady: (deadline: Millis, patienceMs: number) => Promise<SteadyState>;
}

/** The method, and what the hypothesis is after it. */
async function breakAndHeal(known: Growing, options: ConductOptions, watching: Watching): Promise<SteadyState> {
  const { experiment, zero } = known;
  const { environment, timeoutMs, signal, recorder, say } = options;
  const { listeners, pulses, steady } = watching;
  const method = createMethod({
    target: { environment, toxiproxy: toxiproxyAdmin(environment.toxiproxyUrl) },
    zero,
    clock: recorder.clock,
    signal,
    say,
    onFault: (fault) => recorder.recordFault(fault),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const failure = await method.run(experiment.method);
  known.faultFailure = failure;
  const undone = failure === null ? 'every fault is undone' : `a fault could not be injected or undone: ${failure}`;
  say('healed', undone);
  signal.throwIfAborted();
  const healed = performance.now();
  const after = await steady(healed + experiment.recoverWithinMs, Math.min(timeoutMs, experiment.recoverWithinMs));
  say('hypothesis', `${after.holds ? 'holds' : 'does not hold'}: ${after.reason}`);
  const rest = healed + experiment.load.afterMs - performance.now();
  if (rest > 0) await pause(rest, undefined, { signal });
  // Looks may lag behind the hypothesis: what restarts slowly has not been seen well often enough yet.
  const seenWell = (): boolean => !after.holds || recoveredAt(pulses, healed, after.at) !== null;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(experiment.recoverWithinMs)]);
  await untilPulse(listeners, seenWell, patience);
  return after;
}

/** Final reads of every acknowledged task. */
async function readBack(known: Growing, load: LightLoad, { client, timeoutMs, signal, say }: ConductOptions) {
  const jobs = [...(known.before?.jobs ?? []), ...load.jobs, ...(known.after?.jobs ?? [])];
  const taskIds = acknowledged(jobs).map(({ taskId }) => taskId);
  const reads = await readEverything({ client, taskIds, timeoutMs, signal, deadline: performance.now() + timeoutMs });
  signal.throwIfAborted();
  known.reads = reads;
  const lost = [...reads.tasks.values()].filter(({ kind }) => kind === 'not-found').length;
  say('reads', `${taskIds.length} acknowledged tasks read, ${lost} lost`);
}

/** Resolves when a look makes it so, or the signal ends the patience. */
function untilPulse(listeners: Set<(pulse: Pulse) => void>, isSo: () => boolean, patience: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      listeners.delete(look);
      patience.removeEventListener('abort', end);
      resolve();
    };
    const look = (): void => {
      if (isSo() || patience.aborted) end();
    };
    listeners.add(look);
    patience.addEventListener('abort', end, { once: true });
    look();
  });
}
