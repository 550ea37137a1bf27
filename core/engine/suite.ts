import type { Counterexample, Finding } from '../findings/finding.ts';
import type { SuiteFigures, SuiteName } from '../findings/explore-section.ts';
import type { HistoryRecorder } from '../history/recorder.ts';
import type { Invariant } from '../invariants/invariant.ts';
import type { Target } from '../target/target.ts';
import type { ProbeContext } from './check.ts';
import type { Rows } from './grade.ts';

/** How much a suite may draw. */
export interface SuiteBudget {
  /** Generated cases. */
  readonly runs: number;
  /** Commands of one case, where it is a sequence. */
  readonly maxCommands: number;
  /** On the monotonic clock: when no further case is begun. */
  readonly endsAt: number;
}

/** What a suite gets. It sends through the clients of `doors` only: they record every exchange and count every task. */
export interface SuiteContext {
  readonly target: Target;
  /** One for each interface of the run, in the card's order. */
  readonly doors: readonly ProbeContext[];
  /**
   * The same, in the hands of a second principal, whom the user declares to be kept apart from the first (§13.1). Absent: none was
   * named; undefined: its credentials may not go to that interface.
   */
  readonly strangers?: readonly (ProbeContext | undefined)[];
  /** All that was said so far; grows. */
  readonly recorder: HistoryRecorder;
  readonly rows: Rows;
  /** Judges of whatever is recorded. */
  readonly invariants: readonly Invariant[];
  /** The same seed draws the same cases. */
  readonly seed: number;
  readonly budget: SuiteBudget;
  readonly signal: AbortSignal;
  /** Whether the run may do what may cost or disturb. */
  readonly intrusive: boolean;
  /** Only this case is made again: what `replay` asks for. */
  readonly again?: Pick<Counterexample, 'seed' | 'path' | 'replayPath'>;
  /** Cases done so far. */
  onProgress(done: number): void;
}

export interface SuiteResult {
  /** One for each row × interface that it measured; the failing ones with their counterexample. */
  readonly findings: readonly Finding[];
  readonly figures: Omit<SuiteFigures, 'suite' | 'durationMs' | 'requests'>;
}

/** Draws cases from a seed, makes them on a target, and shrinks those that show a fault. */
export interface Suite {
  readonly name: SuiteName;
  /** In a few words, for `--help` and progress. */
  readonly title: string;
  run(context: SuiteContext): Promise<SuiteResult>;
}
