import type { Mutant } from '../../mocks/mutants/mutant.ts';
import { checks, invariants, rows } from '../catalogue.ts';
import type { MutantOutcome } from './matrix.ts';

/** What a matrix does not show: detection that nothing has proved. */
export interface Gaps {
  /** Checks and invariants that killed no mutant of this run. */
  readonly idleChecks: readonly string[];
  /** MUST rows that a check measures and no mutant breaks. */
  readonly unbrokenRows: readonly string[];
}

export function gapsOf(mutants: readonly Mutant[], outcomes: readonly MutantOutcome[]): Gaps {
  const killers = new Set(outcomes.flatMap(({ killedBy }) => killedBy));
  const broken = new Set(mutants.flatMap(({ breaks }) => breaks));
  return {
    idleChecks: [...checks, ...invariants].map(({ id }) => id).filter((id) => !killers.has(id)),
    unbrokenRows: [...rows.values()]
      .filter(({ id, level, unobservable }) => level === 'MUST' && unobservable === undefined && !broken.has(id))
      .map(({ id }) => id),
  };
}
