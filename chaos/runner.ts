import type { ChaosEnvironment } from './environment.ts';
import type { ChaosListener } from './events.ts';
import type { Experiment } from './experiment.ts';
import { runExperiment } from './run-experiment.ts';
import { worstOf, type ChaosSection, type ExperimentResult } from './section.ts';

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

/**
 * Runs experiments one after the other. An abort undoes what is broken, ends the environment, and gives what was measured so far.
 *
 * @throws what `start` throws; DiscoveryError where an environment does not answer.
 */
export async function runChaos(options: RunChaosOptions): Promise<ChaosSection> {
  const { experiments, environment, start, seed, timeoutMs = 10_000, listener = () => undefined } = options;
  const signal = options.signal ?? new AbortController().signal;
  const startedAt = new Date().toISOString();
  const began = performance.now();
  const results: ExperimentResult[] = [];
  for (const [index, experiment] of experiments.entries()) {
    if (signal.aborted) break;
    listener({ type: 'started', experiment, number: index + 1, of: experiments.length });
    const { id } = experiment;
    try {
      await using running = await start(signal);
      const result = await runExperiment(experiment, {
        environment: running,
        seed,
        timeoutMs,
        signal,
        onEntry: (entry) => listener({ type: 'timeline', experiment: id, entry }),
      });
      results.push(result);
      listener({ type: 'experiment-finished', result });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  const section = summarize(
    { environment, seed, startedAt, durationMs: performance.now() - began, results },
    signal.aborted,
  );
  listener({ type: 'finished', section });
  return section;
}

interface Measured {
  readonly environment: ChaosSection['environment'];
  readonly seed: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly results: readonly ExperimentResult[];
}

function summarize({ results, ...run }: Measured, interrupted: boolean): ChaosSection {
  const lags = results.flatMap(({ faults }) => faults.map(({ lagMs }) => lagMs)).toSorted((a, b) => a - b);
  return {
    ...run,
    end: interrupted ? { kind: 'interrupted', reason: 'interrupted by the user' } : { kind: 'complete', reason: null },
    verdict: worstOf([...results.map(({ verdict }) => verdict), ...(interrupted ? (['inconclusive'] as const) : [])]),
    broken: results.flatMap(({ id, invariants }) =>
      invariants.flatMap((each) =>
        each.verdict === 'fail'
          ? [`${id}: ${each.id}${each.provenance.startsWith('spec:') ? ` (${each.provenance})` : ''}`]
          : [],
      ),
    ),
    effectLag: {
      samples: lags.length,
      medianMs: lags[Math.floor(lags.length / 2)] ?? null,
      maxMs: lags.at(-1) ?? null,
    },
    experiments: results,
  };
}
