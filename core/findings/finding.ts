import type { Level } from '../../protocol/requirements/row.ts';
import type { Exchange } from '../history/exchange.ts';
import type { InterfaceRef } from '../target/target.ts';
import type { SuiteName } from './explore-section.ts';

/** `pass`, `fail` (MUST), `warn` (SHOULD, or ambiguous), `skip` (by the card), `untested`, `error` (harness or environment). */
export const verdicts = ['pass', 'fail', 'warn', 'skip', 'untested', 'error'] as const;
export type Verdict = (typeof verdicts)[number];

/** A generated case that shows a fault, as small as shrinking made it, and what draws it again. */
export interface Counterexample {
  readonly suite: SuiteName;
  readonly seed: number;
  /** Of fast-check: which of the seed's cases, and how it was shrunk. */
  readonly path: string;
  /** Of fast-check: which commands of a sequence really ran. */
  readonly replayPath?: string;
  /** What was done, in order, with what was expected and what came. */
  readonly steps: readonly string[];
  /** Of several clients at once: a lane for each, with the numbers of the steps over the time. */
  readonly lanes?: readonly string[];
  /** How often it showed when it was made again, where that depends on how things fall together. */
  readonly hitRate?: { readonly hits: number; readonly runs: number };
}

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
  /** Of a suite of generated cases. */
  readonly counterexample?: Counterexample;
  readonly durationMs: number;
  readonly evidence: readonly Exchange[];
}
