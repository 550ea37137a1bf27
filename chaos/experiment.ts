import type { ChaosInvariantId } from './invariants/invariant.ts';
import type { Fault } from './faults/fault.ts';

/** What the light load makes the agent do; each is a task with a known end. */
export type JobKind = 'echo' | 'chunks' | 'long';

/** A fault at its moment. */
export interface PlannedFault {
  /** Milliseconds after the load began. */
  readonly atMs: number;
  readonly fault: Fault;
  /** Milliseconds from its effect until it is undone. `unrouted`: until the registry has removed the agent, at most so long. */
  readonly forMs: number;
  readonly until?: 'unrouted';
}

/** hypothesis → method under light load → heal → hypothesis → final reads → invariants. */
export interface Experiment {
  /** `<kebab-case>`, unique. */
  readonly id: string;
  readonly title: string;
  /** What is expected to hold all the same, one sentence. */
  readonly hypothesis: string;
  /** In the order of their moments. */
  readonly method: readonly PlannedFault[];
  readonly load: {
    /** Started in turn. */
    readonly kinds: readonly JobKind[];
    /** Milliseconds between two starts. */
    readonly everyMs: number;
    /** Milliseconds that clients wait for an acknowledgement before they send the message again. */
    readonly patienceMs: number;
    /** How long new tasks are still started after the last fault is over, in ms. */
    readonly afterMs: number;
  };
  /** Milliseconds after the last fault is undone in which everything has to work again. */
  readonly recoverWithinMs: number;
  /** Invariants that the fault is meant to challenge: without a measurement of each, the experiment shows nothing. */
  readonly decisive: readonly ChaosInvariantId[];
}
