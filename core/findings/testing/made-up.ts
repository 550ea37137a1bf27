import type { RequirementRow } from '../../../protocol/requirements/row.ts';
import type { Finding, Verdict } from '../finding.ts';

/** Made-up findings and rows for table tests: only what is asked for means anything. */

export const madeFinding = (check: string, requirement: string, verdict: Verdict): Finding => ({
  check,
  requirement,
  level: 'MUST',
  section: '§1',
  interface: null,
  verdict,
  reason: 'because',
  durationMs: 1,
  evidence: [],
});

export const madeRow = (id: string, more: Partial<RequirementRow> = {}): RequirementRow => ({
  id,
  level: 'MUST',
  basis: 'stated',
  section: '§1',
  role: 'server',
  text: id,
  ...more,
});
