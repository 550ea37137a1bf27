import type { PatchRelease } from '../../protocol/errors.ts';
import type { Contract, InterfaceRef, Target } from '../target/target.ts';
import type { History } from '../history/exchange.ts';
import type { Judgement } from '../findings/judgement.ts';

/** `spec` is judged always; a contract only where the user's config or the fleet promises it. */
export type Provenance = { readonly kind: 'spec' } | { readonly kind: 'contract'; readonly contract: Contract };

/**
 * A pure judge over a whole history: of a conformance run, a generated sequence, a chaos run or a load sample.
 * Gives one judgement per row; a history that holds no instance of what the row speaks of is `untested`.
 */
export interface Invariant<Row extends string = string> {
  /** `invariants/<kebab-case>`. */
  readonly id: string;
  readonly title: string;
  readonly provenance: Provenance;
  readonly requirements: readonly Row[];
  judge(history: History, facts: InvariantFacts): Readonly<Record<Row, Judgement>>;
}

export interface InvariantFacts {
  readonly target: Target;
  /** The history holds exchanges and deliveries of this interface only. */
  readonly interface: InterfaceRef;
  /** The patch release that the target is held to; absent: what any allows. */
  readonly specPatch?: PatchRelease | undefined;
}

export function defineInvariant<const Row extends string>(invariant: Invariant<Row>): Invariant<Row> {
  return invariant;
}
