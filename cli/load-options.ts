import type { Thresholds } from '../core/findings/load-section.ts';
import type { LoadOptions } from '../load/options.ts';
import { parseConnection, type ConnectionFlags, type Env } from './check-options.ts';
import { UsageError } from './usage-error.ts';
import { duration, parseFlag, wholeNumber } from './values.ts';
import type { OutputFlags } from './write-report.ts';

/** The flags of `load` as commander gives them. */
export interface LoadFlags extends ConnectionFlags, OutputFlags {
  readonly cardUrl?: string;
  readonly rate?: string;
  readonly duration?: string;
  readonly taskTimeout?: string;
  readonly plain?: boolean;
  readonly maxVus?: string;
  readonly message?: string;
  readonly purges?: boolean;
  readonly maxTasks?: string;
  readonly p99Signal?: string;
  readonly maxErrors?: string;
  readonly maxLost?: string;
  readonly maxDropped?: string;
  readonly color: boolean;
}

const day = 24 * 3_600_000;

const percentage = (text: string): number => {
  const value = Number(/^(\d+(?:\.\d+)?)%?$/.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(value) || value > 100) throw new UsageError(`--max-errors "${text}": a share is expected, like 1%`);
  return value / 100;
};

/** What `load` is held to, as far as flags say so. @throws UsageError naming the flag. */
function thresholdsOf(flags: LoadFlags): Partial<Thresholds> {
  const { p99Signal, maxErrors, maxLost, maxDropped } = flags;
  const most = 1_000_000;
  return {
    ...(p99Signal === undefined ? {} : { p99SignalMs: parseFlag('--p99-signal', p99Signal, duration(1, 3_600_000)) }),
    ...(maxErrors === undefined ? {} : { errorRate: percentage(maxErrors) }),
    ...(maxLost === undefined ? {} : { lost: parseFlag('--max-lost', maxLost, wholeNumber(0, most)) }),
    ...(maxDropped === undefined ? {} : { dropped: parseFlag('--max-dropped', maxDropped, wholeNumber(0, most)) }),
  };
}

/**
 * All flags of `load` but the URL as one value.
 *
 * @throws UsageError naming the flag.
 */
export async function parseLoadOptions(flags: LoadFlags, env: Env): Promise<Omit<LoadOptions, 'url'>> {
  const { cardUrl, rate, duration: length, taskTimeout, plain, message, maxTasks, maxVus } = flags;
  return {
    ...(await parseConnection(flags, env)),
    ...(cardUrl === undefined ? {} : { cardUrl }),
    ...(rate === undefined ? {} : { rate: parseFlag('--rate', rate, wholeNumber(1, 600_000)) }),
    ...(length === undefined ? {} : { durationMs: parseFlag('--duration', length, duration(1_000, day)) }),
    ...(taskTimeout === undefined
      ? {}
      : { taskTimeoutMs: parseFlag('--task-timeout', taskTimeout, duration(100, 3_600_000)) }),
    ...(plain === true ? { mode: 'plain' } : {}),
    ...(maxVus === undefined ? {} : { maxVUs: parseFlag('--max-vus', maxVus, wholeNumber(1, 100_000)) }),
    ...(message === undefined ? {} : { message: { parts: [{ text: message }] } }),
    ...(maxTasks === undefined ? {} : { maxTasks: parseFlag('--max-tasks', maxTasks, wholeNumber(1, 100_000_000)) }),
    purges: flags.purges ?? false,
    thresholds: thresholdsOf(flags),
  };
}
