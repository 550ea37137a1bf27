import type { Finding } from '../findings/finding.ts';
import type { History } from '../history/exchange.ts';
import { historyOf } from '../history/history-of.ts';
import type { Invariant, InvariantFacts } from '../invariants/invariant.ts';
import { ownFaults } from '../invariants/requests.ts';
import { judged, type Rows } from './grade.ts';
import { wantedRows } from './plan.ts';

/**
 * What invariants say of a history that no check made, of a load run or an experiment: those of the text, and contracts that the
 * target promises, over the exchanges of one interface. One finding for each row, also for those that the history did not
 * measure. Pure.
 */
export function judgeHistory(
  history: History,
  facts: InvariantFacts,
  { invariants, rows }: { readonly invariants: readonly Invariant[]; readonly rows: Rows },
): readonly Finding[] {
  const { target, interface: ref } = facts;
  const spoken = historyOf(ref, history);
  return [
    ...invariants
      .filter(({ provenance }) => provenance.kind === 'spec' || target.contracts.includes(provenance.contract))
      .flatMap((invariant) => {
        const wanted = wantedRows(invariant, ref, rows);
        const began = performance.now();
        return judged(
          invariant,
          wanted,
          ref,
          rows,
          () => invariant.judge(spoken, facts),
          () => performance.now() - began,
        );
      }),
    ...ownErrors(spoken, rows),
  ];
}

/** A request that the harness meant to be well-formed and is not: its own error, on the row that is a client's duty. */
export function ownErrors(history: History, rows: Rows): readonly Finding[] {
  const row = rows.get('envelope/client-format')!;
  return ownFaults(history).map(({ exchange, faults }) => ({
    check: 'harness/own-requests',
    requirement: row.id,
    level: row.level,
    section: row.section,
    interface: exchange.interface,
    verdict: 'error',
    reason: `the harness sent a malformed request: ${faults.join('; ')}`,
    hint: 'please report it; where the message is of a stimuli file, correct it there',
    durationMs: 0,
    evidence: [exchange],
  }));
}
