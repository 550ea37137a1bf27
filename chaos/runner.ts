import type {
  ChaosSection,
  ChaosVerdict,
  ExperimentResult,
  ExperimentVerdict,
  TimelineEntry,
} from '../core/findings/chaos-section.ts';
import type { Finding } from '../core/findings/finding.ts';
import type { Target } from '../core/target/target.ts';
import type { ChaosEnvironment } from './environment.ts';
import type { ChaosListener } from './events.ts';
import type { Experiment } from './experiment.ts';
import { runExperiment, type ExperimentRun } from './run-experiment.ts';

/** Milliseconds for one operation where nothing is broken. */
export const defaultOperationMs = 10_000;

export interface RunChaosOptions {
  readonly experiments: readonly Experiment[];
  readonly environment: ChaosEnvironment['kind'];
  /** Starts an environment; each experiment gets one of its own, so that none suffers from the one before. */
  readonly start: (signal: AbortSignal) => Promise<ChaosEnvironment>;
  readonly seed: number;
  /** Milliseconds for one operation where nothing is broken; default 10,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly listener?: ChaosListener;
}

export interface ChaosResult {
  readonly section: ChaosSection;
  /** Rows × interface, judged over the history of each experiment. */
  readonly findings: readonly Finding[];
  /** The agents that were met, one for each experiment that came so far. */
  readonly targets: readonly Target[];
  readonly tasksCreated: number;
  readonly exchanges: number;
}

/**
 * Runs experiments one after the other. An abort undoes what is broken, ends the environment, and gives what was measured so
 * far; also of the experiment that it interrupted.
 *
 * @throws what `start` throws; DiscoveryError where an environment does not answer.
 */
export async function runChaos(options: RunChaosOptions): Promise<ChaosResult> {
  const { experiments, environment, start, seed, timeoutMs = defaultOperationMs, listener = () => undefined } = options;
  const signal = options.signal ?? new AbortController().signal;
  const runs: (Pick<ExperimentRun, 'result'> & Partial<ExperimentRun>)[] = [];
  const add = (run: (typeof runs)[number]): void => {
    runs.push(run);
    listener({ type: 'experiment-finished', result: run.result });
  };
  for (const [index, experiment] of experiments.entries()) {
    if (signal.aborted) break;
    const began = performance.now();
    listener({ type: 'started', experiment, number: index + 1, of: experiments.length });
    const { id } = experiment;
    try {
      await using running = await start(signal);
      const onEntry = (entry: TimelineEntry): void => listener({ type: 'timeline', experiment: id, entry });
      add(await runExperiment(experiment, { environment: running, seed, timeoutMs, signal, onEntry }));
    } catch (error) {
      if (!signal.aborted) throw error;
      if (runs.at(-1)?.result.id !== id) add({ result: notBegun(experiment, performance.now() - began) });
    }
  }
  const results = runs.map(({ result }) => result);
  const section = summarize(environment, results, signal.aborted);
  listener({ type: 'finished', section });
  return {
    section,
    findings: runs.flatMap(({ findings = [] }) => findings),
    targets: runs.flatMap(({ target }) => target ?? []),
    tasksCreated: runs.reduce((sum, { tasksCreated = 0 }) => sum + tasksCreated, 0),
    exchanges: results.reduce((sum, { exchanges }) => sum + exchanges, 0),
  };
}

/** An experiment that was interrupted while its environment came up. */
const notBegun = ({ id, title, hypothesis }: Experiment, durationMs: number): ExperimentResult => ({
  ...{ id, title, hypothesis, durationMs },
  verdict: 'interrupted',
  reason: 'interrupted before its environment was up',
  before: null,
  after: null,
  faults: [],
  detectMs: null,
  recoverMs: null,
  tasks: { sent: 0, resent: 0, acknowledged: 0, completed: null, lost: null },
  invariants: [],
  exchanges: 0,
  timeline: [],
});

/** The worst first. */
const severity: readonly ExperimentVerdict[] = ['fail', 'inconclusive', 'interrupted', 'pass'];

/** Nothing measured is never a pass. */
export function worstOf(verdicts: readonly ExperimentVerdict[]): ChaosVerdict {
  const worst = severity.find((verdict) => verdicts.includes(verdict)) ?? 'inconclusive';
  return worst === 'interrupted' ? 'inconclusive' : worst;
}

function summarize(
  environment: ChaosSection['environment'],
  experiments: readonly ExperimentResult[],
  interrupted: boolean,
): ChaosSection {
  const lags = experiments.flatMap(({ faults }) => faults.map(({ lagMs }) => lagMs)).toSorted((a, b) => a - b);
  const broken = experiments.flatMap(({ id, invariants }) =>
    invariants.flatMap((each) =>
      each.verdict === 'fail'
        ? [`${id}: ${each.id}${each.provenance.startsWith('spec:') ? ` (${each.provenance})` : ''}`]
        : [],
    ),
  );
  const verdicts = experiments.map(({ verdict }) => verdict);
  return {
    environment,
    end: interrupted ? { kind: 'interrupted', reason: 'interrupted by the user' } : { kind: 'complete', reason: null },
    verdict: broken.length > 0 ? 'fail' : worstOf(interrupted ? [...verdicts, 'interrupted'] : verdicts),
    broken,
    effectLag: {
      samples: lags.length,
      medianMs: lags[Math.floor(lags.length / 2)] ?? null,
      maxMs: lags.at(-1) ?? null,
    },
    experiments,
  };
}
