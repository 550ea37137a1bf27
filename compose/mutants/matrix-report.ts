import type { Gaps } from './gaps.ts';
import type { MutantOutcome } from './matrix.ts';

/** `mutants.json`: what a run of the kill matrix showed. */
export interface MatrixReport {
  readonly schemaVersion: '1.0';
  readonly tool: { readonly name: 'a2a-gauntlet'; readonly version: string };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seed: number;
  readonly killed: number;
  /** Accusations against the clean agent, by profile: the matrix proves nothing unless this is empty. */
  readonly clean: readonly {
    readonly profile: string;
    readonly accusations: readonly { readonly check: string; readonly requirement: string; readonly reason: string }[];
  }[];
  readonly outcomes: readonly MutantOutcome[];
  readonly unsteady: readonly MutantOutcome[];
  readonly gaps: Gaps;
}
