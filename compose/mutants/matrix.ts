import type { Finding } from '../../core/findings/finding.ts';
import type { Mutant } from '../../mocks/mutants/mutant.ts';
import { isAccusation } from '../accusation.ts';
import type { Scope } from './scope.ts';

/** A finding on a row that the mutant does not break: the false alarm that matters. */
export interface Blame {
  readonly check: string;
  readonly requirement: string;
  readonly verdict: 'fail' | 'warn' | 'error';
  readonly reason: string;
}

export interface MutantOutcome {
  readonly mutant: string;
  readonly description: string;
  /** What of the catalogue it met: only `whole` shows that nothing anywhere is wrongly blamed. */
  readonly scope: Scope;
  readonly breaks: readonly string[];
  /** Checks that are to kill it. */
  readonly named: readonly string[];
  /** Checks with a `fail` (MUST) or `warn` (SHOULD) on a row that the mutant breaks. */
  readonly killedBy: readonly string[];
  /** Named killers that did not kill. */
  readonly missed: readonly string[];
  /** Broken rows that no check accused. */
  readonly unseen: readonly string[];
  readonly blamed: readonly Blame[];
  /** The run itself failed: no card, a crash of the harness. */
  readonly failure?: string;
  readonly durationMs: number;
}

/** A mutant is killed where every named killer accused a broken row, every broken row was accused, and no other was. */
export const isClean = (outcome: MutantOutcome): boolean =>
  outcome.failure === undefined &&
  outcome.missed.length === 0 &&
  outcome.unseen.length === 0 &&
  outcome.blamed.length === 0;

/** Holds the findings of a mutated agent against what the mutant says of itself. Pure. */
export function judgeMutant(
  mutant: Pick<Mutant, 'id' | 'description' | 'breaks' | 'killedBy' | 'mayBreak'>,
  findings: readonly Finding[],
  durationMs: number,
  scope: Scope = 'whole',
): MutantOutcome {
  const accusations = findings.filter(isAccusation);
  const deserved = accusations.filter(
    ({ requirement, verdict }) => verdict !== 'error' && mutant.breaks.includes(requirement),
  );
  const killedBy = [...new Set(deserved.map(({ check }) => check))];
  const seen = new Set(deserved.map(({ requirement }) => requirement));
  return {
    mutant: mutant.id,
    description: mutant.description,
    scope,
    breaks: mutant.breaks,
    named: mutant.killedBy,
    killedBy,
    missed: mutant.killedBy.filter((check) => !killedBy.includes(check)),
    unseen: mutant.breaks.filter((row) => !seen.has(row)),
    blamed: accusations
      .filter((finding) => !deserved.includes(finding))
      .filter(({ requirement, verdict }) => verdict === 'error' || !mutant.mayBreak?.includes(requirement))
      .map(({ check, requirement, verdict, reason }) => ({ check, requirement, verdict, reason })),
    durationMs,
  };
}

/** One line per mutant that is not cleanly killed, for a terminal or an assertion. */
export function describeOutcome(outcome: MutantOutcome): string {
  const parts = [
    ...(outcome.failure === undefined ? [] : [`run failed: ${outcome.failure}`]),
    ...(outcome.missed.length === 0 ? [] : [`not killed by ${outcome.missed.join(', ')}`]),
    ...(outcome.unseen.length === 0 ? [] : [`unseen ${outcome.unseen.join(', ')}`]),
    ...outcome.blamed.map(
      (blame) => `blamed ${blame.requirement} (${blame.verdict} by ${blame.check}: ${blame.reason})`,
    ),
  ];
  return `${outcome.mutant}: ${parts.join('; ') || 'killed'}`;
}
