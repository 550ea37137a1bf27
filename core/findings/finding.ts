import type { Level } from '../../protocol/requirements/row.ts';
import type { Exchange } from '../history/exchange.ts';
import type { InterfaceRef } from '../target/target.ts';

/** `pass`, `fail` (MUST), `warn` (SHOULD, or ambiguous), `skip` (by the card), `untested`, `error` (harness or environment). */
export const verdicts = ['pass', 'fail', 'warn', 'skip', 'untested', 'error'] as const;
export type Verdict = (typeof verdicts)[number];

/** One requirement row × one interface, as one check saw it. */
export interface Finding {
  readonly check: string;
  readonly requirement: string;
  readonly level: Level;
  readonly section: string;
  /** Null for what concerns the card, not an interface. */
  readonly interface: InterfaceRef | null;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly expected?: string;
  readonly actual?: string;
  /** How to get an `untested` row measured. */
  readonly hint?: string;
  readonly readings?: readonly string[];
  /** Id of the experiment over whose history it was judged, in a chaos run. */
  readonly experiment?: string;
  readonly durationMs: number;
  readonly evidence: readonly Exchange[];
}
