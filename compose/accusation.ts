import type { Finding } from '../core/findings/finding.ts';

/** A finding that speaks against the agent, or against the harness. */
export type Accusation = Finding & { readonly verdict: 'fail' | 'warn' | 'error' };

export const isAccusation = (finding: Finding): finding is Accusation =>
  finding.verdict === 'fail' || finding.verdict === 'warn' || finding.verdict === 'error';
