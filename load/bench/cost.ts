import { runLoad } from '../runner.ts';
import type { LoadSection } from '../../core/findings/load-section.ts';
import { buildNullServer } from './null-server.ts';

/** What the generator costs against a server that does nothing, and how far it gets. */

export interface Cost {
  /** Share of one processor that k6 takes at 400 tasks a minute, its start included. */
  readonly share400: number;
  readonly durationMs: number;
  /** Processor seconds of k6 for 1,000 tasks, at a rate at which its start does not count. */
  readonly secondsPerThousand: number;
  readonly steps: readonly CostStep[];
  /** The highest of the steps that was held with nothing dropped; tasks a minute. */
  readonly highest: number | null;
}

export interface CostStep {
  readonly rate: number;
  readonly started: number;
  readonly dropped: number;
  readonly errors: number;
  /** Milliseconds by which the generator was late, p99. */
  readonly lagP99: number | null;
  readonly cpuSeconds: number | null;
  readonly held: boolean;
}

export const costLimit = 0.05;

export interface CostOptions {
  readonly durationMs: number;
  readonly stepMs: number;
  /** Tasks a minute, growing. */
  readonly rates: readonly number[];
}

const defaults: CostOptions = {
  durationMs: 60_000,
  stepMs: 8_000,
  rates: [12_000, 24_000, 40_000, 60_000, 90_000, 120_000, 180_000, 240_000, 360_000],
};

const message = { parts: [{ text: 'nothing' }] };

export async function measureCost(options: Partial<CostOptions> = {}): Promise<Cost> {
  const { durationMs, stepMs, rates } = { ...defaults, ...options };
  await using binary = await buildNullServer();
  const server = await binary.serve();
  const run = async (rate: number, ms: number): Promise<LoadSection> => {
    const { section } = await runLoad({
      url: server.url,
      rate,
      durationMs: ms,
      message,
      historySample: 0,
      readConcurrency: 64,
    });
    return section;
  };
  const usual = await run(400, durationMs);
  const steps: CostStep[] = [];
  for (const rate of rates) {
    const step = stepOf(await run(rate, stepMs));
    steps.push(step);
    if (!step.held) break;
  }
  const dearest = steps.findLast(({ held }) => held) ?? steps[0]!;
  return {
    share400: cpuOf(usual) / (durationMs / 1_000),
    durationMs,
    secondsPerThousand: ((dearest.cpuSeconds ?? Number.NaN) * 1_000) / dearest.started,
    steps,
    highest: steps.findLast(({ held }) => held)?.rate ?? null,
  };
}

function cpuOf({ generator: { cpuSeconds } }: LoadSection): number {
  if (cpuSeconds === null) throw new Error('this system does not tell the processor time of a process');
  return cpuSeconds;
}

function stepOf({ offered, thresholds, generator, latency, errors }: LoadSection): CostStep {
  const rate = thresholds.find(({ id }) => id === 'rate')!;
  const { generatorLag } = latency;
  const failed = errors.reduce((sum, { count }) => sum + count, 0);
  return {
    rate: offered.ratePerMinute,
    started: offered.started,
    dropped: offered.dropped,
    errors: failed,
    lagP99: 'p99' in generatorLag ? generatorLag.p99 : null,
    cpuSeconds: generator.cpuSeconds,
    held: rate.verdict === 'pass' && offered.dropped === 0 && failed === 0,
  };
}

/** The figures as text, one line each. */
export function renderCost({ share400, durationMs, secondsPerThousand, steps, highest }: Cost): string {
  const percent = (share400 * 100).toFixed(2);
  const verdict = share400 <= costLimit ? 'holds' : 'DOES NOT HOLD';
  return [
    `cost at 400 tasks/min for ${durationMs / 1_000} s: ${percent} % of a processor  ${verdict} (<= ${costLimit * 100} %)`,
    `cost of 1,000 tasks: ${secondsPerThousand.toFixed(3)} processor seconds`,
    ...steps.map(
      ({ rate, started, dropped, errors, lagP99, held }) =>
        `  ${String(rate).padStart(7)}/min: ${started} started, ${dropped} dropped, ${errors} failed, late by ${lagP99?.toFixed(1) ?? '?'} ms (p99)  ${held ? 'held' : 'not held'}`,
    ),
    `highest rate with nothing dropped: ${highest === null ? 'none' : `${highest}/min`} (generator, server and runner on one machine)`,
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const figures = await measureCost();
  console.log(renderCost(figures));
  process.exitCode = figures.share400 <= costLimit ? 0 : 1;
}
