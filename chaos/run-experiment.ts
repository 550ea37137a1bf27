import { setTimeout as pause } from 'node:timers/promises';
import { deadlinesFrom } from '../core/engine/deadlines.ts';
import { createRandom } from '../core/engine/random.ts';
import type { InjectedFault, Millis } from '../core/history/exchange.ts';
import { HistoryRecorder } from '../core/history/recorder.ts';
import type { Target } from '../core/target/target.ts';
import type { BindingClient } from '../core/wire/binding-client.ts';
import type { HttpPort } from '../core/wire/http/http-port.ts';
import { createHttpPort } from '../core/wire/http/undici-port.ts';
import { createBindingClient } from '../core/wire/connect.ts';
import { createTaskBudget } from '../core/wire/task-budget.ts';
import { discover } from '../fixtures/discovery/discover.ts';
import { toxiproxyAdmin } from '../fixtures/environments/toxiproxy.ts';
import { readEverything } from './client/final-reads.ts';
import { checkSteadyState, type SteadyState } from './client/hypothesis.ts';
import { startLightLoad } from './client/light-load.ts';
import { startPulse, type Pulse } from './client/pulse.ts';
import type { ChaosEnvironment } from './environment.ts';
import type { Experiment } from './experiment.ts';
import { acknowledged } from './invariants/invariant.ts';
import { conclude, judgeExperiment } from './judge.ts';
import { createMethod } from './method.ts';
import { noticedAt, recoveredAt } from './pulse-times.ts';
import type { ExperimentResult } from './section.ts';
import type { TimelineEntry } from './timeline.ts';

export interface RunExperimentOptions {
  readonly environment: ChaosEnvironment;
  readonly seed: number;
  /** Milliseconds for one operation where nothing is broken, and for tasks to end after it. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onEntry: (entry: TimelineEntry) => void;
}

/** No run of this kind comes near it; the budget is for guests. */
const mostTasks = 100_000;
const mostInFlight = 256;
const pulseEveryMs = 50;
/** A read of one task that takes longer is a failure that clients notice. */
const pulseLimitMs = 250;
/** Tasks that end late, in ms. */
const steadyMs = 5_000;

interface Connected {
  readonly port: HttpPort;
  readonly target: Target;
  readonly client: BindingClient;
}

async function connect(
  { agentUrl, contracts }: ChaosEnvironment,
  recorder: HistoryRecorder,
  { timeoutMs, signal }: RunExperimentOptions,
): Promise<Connected> {
  const port = createHttpPort({ recorder, maxInFlight: mostInFlight });
  try {
    const deadlines = deadlinesFrom(timeoutMs);
    const target = await discover({ url: agentUrl, port, deadlines, contracts, signal });
    const ref = target.interfaces.find(({ binding }) => binding === 'JSONRPC');
    if (ref === undefined) throw new Error(`the card of ${agentUrl} has no JSON-RPC interface`);
    const guard = createTaskBudget(mostTasks);
    return { port, target, client: createBindingClient({ port, interface: ref, deadlines, guard }) };
  } catch (error) {
    await port.close();
    throw error;
  }
}

/**
 * Hypothesis → method under light load → heal → hypothesis → final reads → invariants. Every fault is undone when this returns
 * or rejects.
 *
 * @throws the signal's reason; DiscoveryError where the environment does not answer.
 */
export async function runExperiment(experiment: Experiment, options: RunExperimentOptions): Promise<ExperimentResult> {
  const { environment, seed, timeoutMs, signal, onEntry } = options;
  const began = performance.now();
  const recorder = new HistoryRecorder('chaos');
  const { port, target, client } = await connect(environment, recorder, options);
  try {
    const random = createRandom(seed, experiment.id);
    const timeline: TimelineEntry[] = [];
    let zero = began;
    const say = (kind: TimelineEntry['kind'], text: string, at: Millis = performance.now()): void => {
      const entry: TimelineEntry = { atMs: Math.round((at - zero) * 10) / 10, kind, text };
      timeline.push(entry);
      onEntry(entry);
    };
    const query = { port, registryUrl: environment.registryUrl, agentUrl: environment.agentUrl, signal };
    const steady = (deadline: Millis, patienceMs: number): Promise<SteadyState> =>
      checkSteadyState({ ...query, client, random, deadline, patienceMs });

    const before = await steady(performance.now() + steadyMs, timeoutMs);
    zero = performance.now();
    say('hypothesis', `${before.holds ? 'holds' : 'does not hold'}: ${before.reason}`, zero);
    const canary = acknowledged(before.jobs)[0]?.taskId;
    const described = { id: experiment.id, title: experiment.title, hypothesis: experiment.hypothesis };
    if (!before.holds || canary === undefined) {
      return {
        ...described,
        verdict: 'inconclusive',
        reason: `the steady state was not there before the fault: ${before.reason}`,
        durationMs: performance.now() - began,
        before: { holds: before.holds, reason: before.reason },
        after: null,
        faults: [],
        detectMs: null,
        recoverMs: null,
        tasks: {
          sent: before.jobs.length,
          resent: 0,
          acknowledged: acknowledged(before.jobs).length,
          completed: 0,
          lost: 0,
        },
        invariants: [],
        exchanges: recorder.history().exchanges.length,
        timeline,
      };
    }

    const pulses: Pulse[] = [];
    const listeners = new Set<(pulse: Pulse) => void>();
    zero = performance.now();
    const load = startLightLoad({ client, load: experiment.load, startedAt: zero, random, signal });
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
    let after: SteadyState;
    let faultFailure: string | null;
    try {
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
      faultFailure = await method.run(experiment.method);
      signal.throwIfAborted();
      say(
        'healed',
        faultFailure === null ? 'every fault is undone' : `a fault could not be injected or undone: ${faultFailure}`,
      );
      const healed = performance.now();
      after = await steady(healed + experiment.recoverWithinMs, Math.min(timeoutMs, experiment.recoverWithinMs));
      say('hypothesis', `${after.holds ? 'holds' : 'does not hold'}: ${after.reason}`);
      const rest = healed + experiment.load.afterMs - performance.now();
      if (rest > 0) await pause(rest, undefined, { signal });
      // Looks may lag behind the hypothesis: what restarts slowly has not been seen well often enough yet.
      const seenWell = (): boolean => !after.holds || recoveredAt(pulses, healed, after.at) !== null;
      const patience = AbortSignal.any([signal, AbortSignal.timeout(experiment.recoverWithinMs)]);
      await untilPulse(listeners, seenWell, patience);
    } finally {
      load.stop();
      await pulse.stop();
      if (signal.aborted) await load.drain(performance.now());
    }
    signal.throwIfAborted();
    await load.drain(performance.now() + timeoutMs);
    const jobs = [...before.jobs, ...load.jobs, ...after.jobs];
    const owed = acknowledged(jobs);
    const taskIds = owed.map(({ taskId }) => taskId);
    const reads = await readEverything({ client, taskIds, timeoutMs, signal, deadline: performance.now() + timeoutMs });
    signal.throwIfAborted();

    const history = recorder.history();
    const faults: readonly InjectedFault[] = history.faults ?? [];
    const healedAt = Math.max(zero, ...faults.map(({ undoneAt, injectedAt }) => undoneAt ?? injectedAt));
    const noticed = noticedAt(pulses, faults[0]?.injectedAt ?? healedAt, healedAt);
    const worked = after.holds ? recoveredAt(pulses, healedAt, after.at) : null;
    if (noticed !== null) say('noticed', 'a client noticed', noticed);
    if (worked !== null) say('recovered', 'everything works again', worked);
    const ended = [...reads.tasks.values()];
    const lost = ended.filter(({ kind }) => kind === 'not-found').length;
    say('reads', `${taskIds.length} acknowledged tasks read, ${lost} lost`);
    const invariants = judgeExperiment({
      experiment,
      history,
      target,
      interface: client.interface,
      faults,
      jobs,
      pulses,
      reads,
      healedAt,
      recoveredAt: worked,
      after,
      heartbeatMs: environment.heartbeatMs,
      missedHeartbeats: environment.missedHeartbeats,
    });
    return {
      ...described,
      ...conclude(invariants, faultFailure),
      durationMs: performance.now() - began,
      before: { holds: before.holds, reason: before.reason },
      after: { holds: after.holds, reason: after.reason },
      faults: faults.map(({ fault, target: subject, description, plannedAt, injectedAt, undoneAt }) => ({
        fault,
        target: subject,
        description,
        plannedAtMs: plannedAt - zero,
        lagMs: injectedAt - plannedAt,
        undoneAtMs: undoneAt === null ? null : undoneAt - zero,
      })),
      detectMs: noticed === null ? null : noticed - (faults[0]?.injectedAt ?? noticed),
      recoverMs: worked === null ? null : Math.max(0, worked - healedAt),
      tasks: {
        sent: jobs.length,
        resent: jobs.filter(({ sends }) => sends > 1).length,
        acknowledged: owed.length,
        completed: ended.filter((read) => read.kind === 'task' && read.state === 'TASK_STATE_COMPLETED').length,
        lost,
      },
      invariants,
      exchanges: history.exchanges.length,
      timeline: timeline.toSorted((a, b) => a.atMs - b.atMs),
    };
  } finally {
    await port.close();
  }
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
