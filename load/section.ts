import { z } from 'zod';
import { outcomes } from './journal.ts';
import { thresholdIds, thresholdVerdicts, type ThresholdResult, type ThresholdVerdict } from './verdict.ts';

/** Quantiles in milliseconds; `untested` says why there are none. */
export type LatencySummary =
  | {
      readonly samples: number;
      readonly p50: number;
      readonly p90: number;
      readonly p99: number;
      readonly max: number;
    }
  | { readonly untested: string };

/** One rule about the tasks of a run, judged over all of them (or over the sample, where its id is of core). */
export interface LoadInvariant {
  /** `load/…` for what is judged over every task, `invariants/…` for those of core over the sample. */
  readonly id: string;
  readonly title: string;
  /** Requirement row, where it is of the protocol's text. */
  readonly requirement: string | null;
  readonly verdict: 'pass' | 'fail' | 'warn' | 'untested';
  readonly reason: string;
}

/** `report.load`: one load run. Times in milliseconds. */
export interface LoadSection {
  readonly scenario: 'steady';
  readonly mode: 'streaming' | 'plain';
  readonly generator: {
    readonly name: 'k6';
    readonly version: string;
    /** Where it was found. */
    readonly origin: 'environment' | 'cache' | 'path' | 'container' | 'build';
    /** Whether it has k6/x/a2a; without it nothing is known of single events. */
    readonly extension: boolean;
    readonly maxVUs: number;
    /** Processor seconds that it took; null where the system does not tell. */
    readonly cpuSeconds: number | null;
  };
  readonly interface: {
    readonly binding: string;
    readonly version: string;
    readonly url: string;
    readonly tenant?: string;
  };
  readonly offered: {
    readonly ratePerMinute: number;
    readonly durationMs: number;
    /** Moments of the whole schedule. */
    readonly planned: number;
    readonly started: number;
    readonly dropped: number;
    /** ISO 8601, UTC; null where k6 did not start. */
    readonly startedAt: string | null;
    /** How far the schedule was run. */
    readonly ranMs: number;
  };
  readonly end: {
    readonly kind: 'complete' | 'interrupted' | 'target-lost';
    readonly reason: string | null;
  };
  readonly tasks: {
    readonly acknowledged: number;
    readonly byOutcome: Readonly<Partial<Record<(typeof outcomes)[number], number>>>;
    readonly finishedPerMinute: number | null;
    readonly events: number;
    /** Streams that stayed open after the end of their task. */
    readonly heldOpen: number;
  };
  readonly errors: readonly {
    readonly outcome: string;
    readonly code: string;
    readonly count: number;
    readonly example: string;
  }[];
  /** From the moment that was due to: the task id, the first update, the end; `signal` by `signalBasis`. */
  readonly latency: {
    readonly submit: LatencySummary;
    readonly firstSignal: LatencySummary;
    readonly signal: LatencySummary;
    readonly completion: LatencySummary;
    /** How late the generator itself was. */
    readonly generatorLag: LatencySummary;
  };
  readonly signalBasis: {
    readonly kind: 'emission-stamp' | 'causing-request' | 'none';
    readonly reason: string;
  };
  /** Reads of every acknowledged task after the run. */
  readonly finalReads: {
    readonly acknowledged: number;
    readonly read: number;
    readonly found: number;
    readonly lost: number;
    readonly lostExamples: readonly string[];
    readonly purged: number;
    readonly unread: number;
    readonly unfinished: number;
  };
  /** Tasks whose messages were kept whole and judged by the invariants of core. */
  readonly sampledTasks: number;
  readonly invariants: readonly LoadInvariant[];
  readonly thresholds: readonly ThresholdResult[];
  readonly verdict: ThresholdVerdict;
  /** Ids of what broke: thresholds and invariants; the reason for exit code 4. */
  readonly broken: readonly string[];
  /** Why the figures are only indicative; null for a run that is long enough. */
  readonly indicative: string | null;
}

const count = z.int().nonnegative();
const ms = z.number().nonnegative();
const nullableMs = ms.nullable();

const latencySummary = z.union([
  z.strictObject({ samples: count, p50: ms, p90: ms, p99: ms, max: ms }),
  z.strictObject({ untested: z.string() }),
]);

/** The published form of `report.load`. */
export const loadSectionSchema = z.strictObject({
  scenario: z.literal('steady'),
  mode: z.enum(['streaming', 'plain']),
  generator: z.strictObject({
    name: z.literal('k6'),
    version: z.string(),
    origin: z.enum(['environment', 'cache', 'path', 'container', 'build']),
    extension: z.boolean(),
    maxVUs: count,
    cpuSeconds: ms.nullable(),
  }),
  interface: z.strictObject({
    binding: z.string(),
    version: z.string(),
    url: z.string(),
    tenant: z.string().optional(),
  }),
  offered: z.strictObject({
    ratePerMinute: z.number().positive(),
    durationMs: ms,
    planned: count,
    started: count,
    dropped: count,
    startedAt: z.iso.datetime().nullable(),
    ranMs: ms,
  }),
  end: z.strictObject({
    kind: z.enum(['complete', 'interrupted', 'target-lost']),
    reason: z.string().nullable(),
  }),
  tasks: z.strictObject({
    acknowledged: count,
    byOutcome: z.partialRecord(z.enum(outcomes), count),
    finishedPerMinute: ms.nullable(),
    events: count,
    heldOpen: count,
  }),
  errors: z.array(z.strictObject({ outcome: z.string(), code: z.string(), count, example: z.string() })),
  latency: z.strictObject({
    submit: latencySummary,
    firstSignal: latencySummary,
    signal: latencySummary,
    completion: latencySummary,
    generatorLag: latencySummary,
  }),
  signalBasis: z.strictObject({
    kind: z.enum(['emission-stamp', 'causing-request', 'none']),
    reason: z.string(),
  }),
  finalReads: z.strictObject({
    acknowledged: count,
    read: count,
    found: count,
    lost: count,
    lostExamples: z.array(z.string()),
    purged: count,
    unread: count,
    unfinished: count,
  }),
  sampledTasks: count,
  invariants: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      requirement: z.string().nullable(),
      verdict: z.enum(['pass', 'fail', 'warn', 'untested']),
      reason: z.string(),
    }),
  ),
  thresholds: z.array(
    z.strictObject({
      id: z.enum(thresholdIds),
      verdict: z.enum(thresholdVerdicts),
      demanded: z.string(),
      measured: z.number().nullable(),
      interval: z.strictObject({ low: nullableMs, high: nullableMs, confidence: z.number() }).nullable(),
      samples: count,
      reason: z.string(),
    }),
  ),
  verdict: z.enum(thresholdVerdicts),
  broken: z.array(z.string()),
  indicative: z.string().nullable(),
}) satisfies z.ZodType<LoadSection>;
