import type { Level, RequirementRow } from '../../protocol/requirements/row.ts';
import type { Judgement } from './judgement.ts';
import type { Finding, Verdict } from './finding.ts';

/** A violated MUST is a `fail`, a violated SHOULD a `warn`; a MAY is never graded, so its violation only informs. */
const verdictOfViolation: Readonly<Record<Level, Verdict>> = { MUST: 'fail', SHOULD: 'warn', MAY: 'pass' };

/** Grades a judgement by the level of its row. */
export function verdictOf(judgement: Judgement, row: Pick<RequirementRow, 'level'>): Verdict {
  switch (judgement.kind) {
    case 'holds':
      return 'pass';
    case 'violated':
      return verdictOfViolation[row.level];
    case 'ambiguous':
      return row.level === 'MAY' ? 'pass' : 'warn';
    case 'untested':
      return 'untested';
    case 'skip':
      return 'skip';
  }
}

/** Worst first: a row that several checks measured is as bad as the worst of them, and measured by any of them. */
const severity: readonly Verdict[] = ['error', 'fail', 'warn', 'pass', 'untested', 'skip'];

/** The verdict of a row from the verdicts of all findings on it; undefined for none. */
export function combine(found: readonly Verdict[]): Verdict | undefined {
  return severity.find((verdict) => found.includes(verdict));
}

/** `pass`, `fail` and `warn` are measurements; the others say why there is none. */
export const isMeasured = (verdict: Verdict): boolean => verdict === 'pass' || verdict === 'fail' || verdict === 'warn';

/** Counts findings by verdict. */
export function countVerdicts(findings: readonly Pick<Finding, 'verdict'>[]): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { pass: 0, fail: 0, warn: 0, skip: 0, untested: 0, error: 0 };
  for (const { verdict } of findings) counts[verdict] += 1;
  return counts;
}
