import type { Exchange } from '../history/exchange.ts';

/**
 * What a judge says of one requirement row. The judge does not grade: whether a violation is a `fail` or a `warn` is
 * decided by the row's level (`verdict.ts`), so that a judge cannot accuse beyond the text.
 */
export type Judgement =
  | { readonly kind: 'holds'; readonly reason: string; readonly evidence: readonly Exchange[] }
  | {
      readonly kind: 'violated';
      readonly reason: string;
      readonly expected: string;
      readonly actual: string;
      readonly evidence: readonly Exchange[];
    }
  /** The text allows more than one reading, or the observation more than one cause: graded `warn`, both readings named. */
  | {
      readonly kind: 'ambiguous';
      readonly reason: string;
      readonly readings: readonly [string, string, ...string[]];
      readonly evidence: readonly Exchange[];
    }
  /** Not elicited, or something is missing; `hint` says how to enable it. */
  | {
      readonly kind: 'untested';
      readonly reason: string;
      readonly hint: string;
      readonly evidence: readonly Exchange[];
    }
  /** Not applicable, by the card. */
  | { readonly kind: 'skip'; readonly reason: string };

export const holds = (reason: string, ...evidence: Exchange[]): Judgement => ({ kind: 'holds', reason, evidence });

export const violated = (
  difference: { readonly reason: string; readonly expected: string; readonly actual: string },
  ...evidence: Exchange[]
): Judgement => ({ kind: 'violated', ...difference, evidence });

export const ambiguous = (
  reason: string,
  readings: readonly [string, string, ...string[]],
  ...evidence: Exchange[]
): Judgement => ({ kind: 'ambiguous', reason, readings, evidence });

export const untested = (reason: string, hint: string, ...evidence: Exchange[]): Judgement => ({
  kind: 'untested',
  reason,
  hint,
  evidence,
});

export const skip = (reason: string): Judgement => ({ kind: 'skip', reason });
