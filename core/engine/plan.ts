import type { RequirementRow } from '../../protocol/requirements/row.ts';
import type { Finding } from '../findings/finding.ts';
import { interfaceKey, type InterfaceRef, type Target } from '../target/target.ts';
import type { Behaviours } from '../target/behaviours.ts';
import type { Check, PlanFacts, Unmet } from './check.ts';
import { findingsOf, type Rows, type Subject } from './grade.ts';
import { unspoken } from './unspoken.ts';

/** What of the catalogue is wanted; absent: everything. */
export interface Selection {
  check?(id: string): boolean;
  /** `subject` is the id of the check or invariant that measures it. */
  row?(row: RequirementRow, subject: string): boolean;
}

export interface PlanOptions {
  readonly checks: readonly Check[];
  /** They judge after the run; of them only what no interface of it can show is decided here. */
  readonly invariants?: readonly Subject[];
  readonly rows: Rows;
  readonly target: Target;
  /** By `interfaceKey`. */
  readonly behaviours: ReadonlyMap<string, Behaviours>;
  readonly intrusive: boolean;
  /** Whether there is a webhook receiver that the agent can be told to notify; default false. */
  readonly webhooks?: boolean;
  /** Whether the user named a second principal, for an interface; default: none. */
  readonly hasSecond?: (ref: InterfaceRef) => boolean;
  readonly select?: Selection;
}

/** A check that runs on an interface (null: on the target as a whole). */
export interface PlannedCheck {
  readonly check: Check;
  readonly interface: InterfaceRef | null;
  /** The interface's place in the card's order, -1 for the target: a stable part of seeds. */
  readonly place: number;
  readonly behaviours: Behaviours | null;
  /** The rows that findings are wanted of; never empty. */
  readonly rows: readonly string[];
}

export interface Plan {
  readonly items: readonly PlannedCheck[];
  /** By `interfaceKey`: for checks of the target. */
  readonly behaviours: ReadonlyMap<string, Behaviours>;
  /** `skip` and `untested` without any I/O. */
  readonly decided: readonly Finding[];
}

/** The rows of a check (or an invariant) that are wanted and can be measured on an interface. An unknown row stays: it is a fault. */
export function wantedRows(
  { id, requirements }: Subject,
  ref: InterfaceRef | null,
  rows: Rows,
  select: Selection = {},
): readonly string[] {
  if (select.check?.(id) === false) return [];
  return requirements.filter((requirement) => {
    const row = rows.get(requirement);
    if (row === undefined) return true;
    const elsewhere = ref !== null && row.bindings !== undefined && !row.bindings.some((name) => name === ref.binding);
    return !elsewhere && select.row?.(row, id) !== false;
  });
}

function unmetNeed(check: Check, facts: PlanFacts): Unmet | null {
  for (const need of check.needs) {
    const unmet = need.decide(facts);
    if (unmet !== null) return unmet;
  }
  if (check.intrusive === true && !facts.intrusive) {
    return {
      verdict: 'untested',
      reason: 'the check may cost or disturb, so it runs only where that is allowed',
      hint: 'allow it: --intrusive',
    };
  }
  return null;
}

/** Catalogue × interfaces, with every need decided before any I/O. */
export function makePlan({
  checks,
  invariants = [],
  rows,
  target,
  behaviours,
  intrusive,
  webhooks = false,
  hasSecond = () => false,
  select,
}: PlanOptions): Plan {
  const items: PlannedCheck[] = [];
  const decided: Finding[] = [];

  const add = (check: Check, ref: InterfaceRef | null, place: number): void => {
    const wanted = wantedRows(check, ref, rows, select);
    if (wanted.length === 0) return;
    const known = ref === null ? null : (behaviours.get(interfaceKey(ref)) ?? null);
    const secondPrincipal = ref !== null && hasSecond(ref);
    const unmet = unmetNeed(check, { target, interface: ref, behaviours: known, intrusive, webhooks, secondPrincipal });
    if (unmet === null) items.push({ check, interface: ref, place, behaviours: known, rows: wanted });
    else decided.push(...findingsOf(check.id, wanted, ref, rows, unmet));
  };

  for (const check of checks) {
    if (check.scope === 'target') add(check, null, -1);
    else {
      for (const [place, ref] of target.interfaces.entries()) {
        if (check.bindings === undefined || check.bindings.some((name) => name === ref.binding)) add(check, ref, place);
      }
    }
  }
  for (const subject of [...checks, ...invariants])
    decided.push(...unspoken(subject, wantedRows(subject, null, rows, select), target, rows));
  return { items, behaviours, decided };
}
