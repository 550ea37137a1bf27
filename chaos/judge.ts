import { invariants } from '../core/invariants/all.ts';
import { verdictOf } from '../core/findings/verdict.ts';
import { rows } from '../protocol/requirements/rows.ts';
import { chaosInvariants } from './invariants/all.ts';
import type { ChaosFacts } from './invariants/invariant.ts';
import type { ExperimentResult, ExperimentVerdict } from './section.ts';

type Judged = ExperimentResult['invariants'][number];

/** Contracts where the environment promises them, then every row of the text that the history measured. Pure. */
export function judgeExperiment(facts: ChaosFacts): readonly Judged[] {
  const { experiment, target } = facts;
  const promised = chaosInvariants.map((invariant): Judged => {
    const { id, title, contract } = invariant;
    const judged = target.contracts.includes(contract)
      ? invariant.judge(facts)
      : { verdict: 'untested' as const, reason: `nobody promises ${contract}` };
    return { id, title, provenance: `contract:${contract}`, ...judged, decisive: experiment.decisive.includes(id) };
  });
  return [...promised, ...judgeText(facts)];
}

/** The same invariants that judge a conformance run. */
function judgeText({ history, target, interface: ref }: ChaosFacts): readonly Judged[] {
  const spoken = { ...history, exchanges: history.exchanges.filter((exchange) => exchange.interface !== null) };
  return invariants.flatMap((invariant) =>
    Object.entries(invariant.judge(spoken, { target, interface: ref })).flatMap(([row, judgement]): Judged[] => {
      const level = rows.get(row);
      if (level === undefined) return [];
      const verdict = verdictOf(judgement, level);
      if (verdict !== 'pass' && verdict !== 'fail' && verdict !== 'warn') return [];
      const { id, title } = invariant;
      const seen = judgement.kind === 'violated' ? `: ${judgement.actual}` : '';
      return [{ id, title, provenance: `spec:${row}`, verdict, reason: `${judgement.reason}${seen}`, decisive: false }];
    }),
  );
}

export interface Concluded {
  readonly verdict: ExperimentVerdict;
  readonly reason: string;
}

/** What an experiment that ran to its end shows. Pure. */
export function conclude(judged: readonly Judged[], faultFailure: string | null): Concluded {
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
