import type { Exposure } from '../history/exposures.ts';

/** The suites of generated cases. */
export const suiteNames = ['properties', 'exposure', 'state-machine', 'concurrency'] as const;
export type SuiteName = (typeof suiteNames)[number];

/** What one suite did. */
export interface SuiteFigures {
  readonly suite: SuiteName;
  /** Generated cases that were made, those of shrinking aside. */
  readonly runs: number;
  /** Commands of all sequences, shrinking included; 0 where a case is one request. */
  readonly commands: number;
  /** Exchanges, shrinking included. */
  readonly requests: number;
  /** Cases that failed once and not when they were made again: no finding rests on them. */
  readonly unsteady: number;
  /** Why no further case was drawn. */
  readonly end: 'runs' | 'time' | 'tasks' | 'interrupted' | 'target-lost' | 'not-elicited';
  readonly reason?: string;
  readonly durationMs: number;
}

/** What a run of generated cases was asked for, and did. */
export interface ExploreSection {
  readonly options: {
    readonly suites: readonly SuiteName[];
    readonly runs: number;
    readonly maxCommands: number;
    readonly timeMs: number;
  };
  readonly suites: readonly SuiteFigures[];
  /** What was seen of each operation on each interface by the whole run; absent in reports of earlier versions. */
  readonly exposures?: readonly Exposure[];
}
