import type { InterfaceRef } from '../target/target.ts';

/** How a send ended; see `load/k6-extension/a2a/stream.go`. `accepted`: answered before the end of the task (plain mode only). */
export const loadOutcomes = [
  'completed',
  'message',
  'waiting',
  'accepted',
  'failed',
  'rpc-error',
  'http',
  'transport',
  'cut',
  'timeout',
  'malformed',
  'canceled',
] as const;
export type LoadOutcome = (typeof loadOutcomes)[number];

export const thresholdIds = ['rate', 'p99-signal', 'lost', 'errors', 'dropped'] as const;
export type ThresholdId = (typeof thresholdIds)[number];

/** `inconclusive`: measured, but not enough to say. `untested`: no sample; never a pass. */
export const thresholdVerdicts = ['pass', 'fail', 'inconclusive', 'untested'] as const;
export type ThresholdVerdict = (typeof thresholdVerdicts)[number];

/** What a run is held to. All settable. */
export interface Thresholds {
  /** Tasks a minute that the agent has to finish. */
  readonly ratePerMinute: number;
  /** Share of the rate by which it may be missed: the first and last task of a schedule are never counted fairly. */
  readonly rateTolerance: number;
  /** Milliseconds that the p99 of signal latency has to stay below. */
  readonly p99SignalMs: number;
  /** Of the interval around the p99. */
  readonly confidence: number;
  /** Acknowledged tasks that may be lost. */
  readonly lost: number;
  /** Share of the tasks that has to stay below. */
  readonly errorRate: number;
  /** Moments of the schedule at which no task could be started. */
  readonly dropped: number;
}

export interface ThresholdResult {
  readonly id: ThresholdId;
  readonly verdict: ThresholdVerdict;
  /** What is demanded, for people: `>= 396 tasks/min`. */
  readonly demanded: string;
  /** The number that was measured; null for none. Milliseconds, tasks a minute, tasks, or a share. */
  readonly measured: number | null;
  /** Confidence interval, where there is one. */
  readonly interval: { readonly low: number | null; readonly high: number | null; readonly confidence: number } | null;
  readonly samples: number;
  /** One line: what was measured, and what to do where that helps. */
  readonly reason: string;
}

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
  /** Requirement row, where it is of the protocol's text: `findings` has it too, with the evidence. */
  readonly requirement: string | null;
  readonly verdict: 'pass' | 'fail' | 'warn' | 'untested';
  readonly reason: string;
}

/** What of the command decides the load and its verdict, beside rate and duration; kept to run it again. */
export interface LoadRunOptions {
  readonly taskTimeoutMs: number;
  /** The user chose SendMessage: nothing is demanded of signals then. */
  readonly plain: boolean;
  /** Parts (ProtoJSON) of the message that each task begins with. */
  readonly message: readonly Readonly<Record<string, unknown>>[];
  /** The agent is said to throw away tasks that have ended. */
  readonly purges: boolean;
  /** Whether the agent's clock is this machine's. */
  readonly clocks: 'auto' | 'same' | 'different';
  /** Metadata member with the emission stamp of artifact events. */
  readonly stampKey: string;
  /** Tasks whose messages were to be kept whole. */
  readonly historySample: number;
  /** Milliseconds that tasks without an end may take to reach it after the run. */
  readonly drainMs: number;
  readonly thresholds: Thresholds;
}

/** `report.load`: one load run. Times in milliseconds. */
export interface LoadSection {
  readonly scenario: 'steady';
  readonly mode: 'streaming' | 'plain';
  readonly options: LoadRunOptions;
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
  readonly interface: InterfaceRef;
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
  /** How the schedule ended. */
  readonly end: {
    readonly kind: 'complete' | 'interrupted' | 'target-lost';
    readonly reason: string | null;
  };
  readonly tasks: {
    readonly acknowledged: number;
    readonly byOutcome: Readonly<Partial<Record<LoadOutcome, number>>>;
    readonly finishedPerMinute: number | null;
    readonly events: number;
    /** Streams that stayed open after the end of their task. */
    readonly heldOpen: number;
  };
  readonly errors: readonly {
    readonly outcome: LoadOutcome;
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
  /** Ids of what broke: thresholds and invariants. */
  readonly broken: readonly string[];
  /** Why the figures are only indicative; null for a run that is long enough. */
  readonly indicative: string | null;
}
