import type { ChaosInvariantResult, ExperimentVerdict } from '../core/findings/chaos-section.ts';
import type { Finding } from '../core/findings/finding.ts';
import { isMeasured } from '../core/findings/verdict.ts';
import { invariants } from '../core/invariants/all.ts';
import { chaosInvariants } from './invariants/all.ts';
import type { ChaosFacts } from './invariants/invariant.ts';

/** The contracts that the environment promises. Pure. */
export function judgePromises(facts: ChaosFacts): readonly ChaosInvariantResult[] {
  const { experiment, target } = facts;
  return chaosInvariants.map((invariant) => {
    const { id, title, contract } = invariant;
    const judged = target.contracts.includes(contract)
      ? invariant.judge(facts)
      : { verdict: 'untested' as const, reason: `nobody promises ${contract}` };
    return { id, title, provenance: `contract:${contract}`, ...judged, decisive: experiment.decisive.includes(id) };
  });
}

const titles: ReadonlyMap<string, string> = new Map(invariants.map(({ id, title }) => [id, title]));

/** What was measured of the text, by the same invariants that judge a conformance run. */
export const textResults = (findings: readonly Finding[]): readonly ChaosInvariantResult[] =>
  findings.flatMap(({ check, requirement, verdict, reason, actual }): ChaosInvariantResult[] => {
    const title = titles.get(check);
    if (title === undefined || !isMeasured(verdict)) return [];
    return [
      {
        id: check,
        title,
        provenance: `spec:${requirement}`,
        verdict: verdict as ChaosInvariantResult['verdict'],
        reason: actual === undefined ? reason : `${reason}: ${actual}`,
        decisive: false,
      },
    ];
  });

export interface Concluded {
  readonly verdict: ExperimentVerdict;
  readonly reason: string;
}

/** What an experiment that ran to its end shows. Pure. */
export function conclude(judged: readonly ChaosInvariantResult[], faultFailure: string | null): Concluded {
  const failed = judged.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) {
    return {
      verdict: 'fail',
      reason: failed.map(({ id, provenance, reason }) => `${id} (${provenance}): ${reason}`).join('; '),
    };
  }
  if (faultFailure !== null)
    return { verdict: 'inconclusive', reason: `a fault could not be injected or undone: ${faultFailure}` };
  const open = judged.filter(({ decisive, verdict }) => decisive && verdict !== 'pass');
  if (open.length > 0) {
    return {
      verdict: 'inconclusive',
      reason: open.map(({ id, reason }) => `${id} was not measured: ${reason}`).join('; '),
    };
  }
  const measured = judged.filter(({ verdict }) => verdict === 'pass').length;
  return { verdict: 'pass', reason: `${measured} invariants hold` };
}
