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
  /** URL of the agent that a faulty layer stood in front of; null: each mutant was a reference agent of its own. */
  readonly target: string | null;
  readonly killed: number;
  /**
   * Accusations without any fault. Against the reference agent, by profile: the matrix proves nothing unless this is empty. Against
   * the agent behind a layer, by binding: known beforehand.
   */
  readonly clean: readonly {
    readonly agent: string;
    readonly accusations: readonly { readonly check: string; readonly requirement: string; readonly reason: string }[];
  }[];
  readonly outcomes: readonly MutantOutcome[];
  readonly unsteady: readonly MutantOutcome[];
  /** Mutants that could show nothing in front of that agent. */
  readonly untried: readonly { readonly mutant: string; readonly why: string }[];
  readonly gaps: Gaps;
}
