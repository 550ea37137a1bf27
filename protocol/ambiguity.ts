/**
 * Where the pinned text contradicts itself or leaves more than one reading: every reading is accepted, and the report
 * names them. Rows point here by `ambiguity`.
 */
export interface Ambiguity {
  readonly id: string;
  readonly sections: string;
  readonly readings: readonly [string, string, ...string[]];
  /** What judges do with it. */
  readonly handling: string;
}

/** The same, with its members in their order. */
export const ambiguity = (
  id: string,
  sections: string,
  readings: Ambiguity['readings'],
  handling: string,
): Ambiguity => ({
  id,
  sections,
  readings,
  handling,
});
