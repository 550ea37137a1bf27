/** `inconclusive`: the steady state was not there before the fault, or what decides could not be measured; never a pass. */
export const chaosVerdicts = ['pass', 'fail', 'inconclusive'] as const;
export type ChaosVerdict = (typeof chaosVerdicts)[number];

/** `interrupted`: what is known of an experiment that did not come to its end. */
export const experimentVerdicts = [...chaosVerdicts, 'interrupted'] as const;
export type ExperimentVerdict = (typeof experimentVerdicts)[number];

export const timelineKinds = [
  'hypothesis',
  'load',
  'fault',
  'noticed',
  'undone',
  'healed',
  'recovered',
  'reads',
  'interrupted',
] as const;

/** One step of an experiment. */
export interface TimelineEntry {
  /** Milliseconds since the load of the experiment began; 0 for the hypothesis before it. */
  readonly atMs: number;
  readonly kind: (typeof timelineKinds)[number];
  readonly text: string;
}

export interface SteadyStateResult {
  readonly holds: boolean;
  readonly reason: string;
}

/** A fault that took effect; milliseconds. */
export interface FaultResult {
  readonly fault: string;
  readonly target: string;
  readonly description: string;
  /** After the load began. */
  readonly plannedAtMs: number;
  /** How much later than planned it had taken effect. */
  readonly lagMs: number;
  /** When it began to be taken back; null where that failed. */
  readonly undoneAtMs: number | null;
}

export interface ChaosInvariantResult {
  readonly id: string;
  readonly title: string;
  /** `spec:<row>` (`findings` has it too, with the evidence), or `contract:<promise of the environment>`. */
  readonly provenance: string;
  readonly verdict: 'pass' | 'fail' | 'warn' | 'untested';
  readonly reason: string;
  /** Without a measurement of it the experiment shows nothing. */
  readonly decisive: boolean;
}

/** One experiment: hypothesis → method under light load → heal → hypothesis → final reads → invariants. Times in milliseconds. */
export interface ExperimentResult {
  readonly id: string;
  readonly title: string;
  readonly hypothesis: string;
  readonly verdict: ExperimentVerdict;
  readonly reason: string;
  readonly durationMs: number;
  /** The steady state before the fault; null where it was not looked at to its end. */
  readonly before: SteadyStateResult | null;
  /** The steady state after the fault. */
  readonly after: SteadyStateResult | null;
  readonly faults: readonly FaultResult[];
  /** From the effect of the first fault until a client noticed; null where none did. */
  readonly detectMs: number | null;
  /** From the moment at which the last fault began to be taken back until everything worked; null where it did not. */
  readonly recoverMs: number | null;
  readonly tasks: {
    readonly sent: number;
    /** Messages that were sent more than once. */
    readonly resent: number;
    readonly acknowledged: number;
    /** By the final reads; null where there were none. */
    readonly completed: number | null;
    readonly lost: number | null;
  };
  readonly invariants: readonly ChaosInvariantResult[];
  readonly exchanges: number;
  readonly timeline: readonly TimelineEntry[];
}

/** `report.chaos`: one chaos run. */
export interface ChaosSection {
  readonly environment: 'embedded' | 'containers';
  readonly end: { readonly kind: 'complete' | 'interrupted'; readonly reason: string | null };
  /** The worst of the experiments. */
  readonly verdict: ChaosVerdict;
  /** `<experiment>: <invariant>` for everything that failed. */
  readonly broken: readonly string[];
  /** How late faults took effect. */
  readonly effectLag: {
    readonly samples: number;
    readonly medianMs: number | null;
    readonly maxMs: number | null;
  };
  readonly experiments: readonly ExperimentResult[];
}
