import type { RequirementRow } from '../../protocol/requirements/row.ts';
import type { Finding } from './finding.ts';
import type { RowCounts } from './report.ts';
import { combine, isMeasured } from './verdict.ts';

/**
 * Counts rows for the report: `total` rows of the text, `applicable` (observable on a server, graded, and not `skip` by
 * the card on every interface), `measured` (some finding is `pass`, `fail` or `warn`). MAY rows are never graded and only
 * count in `total`.
 */
export function countRows(
  rows: Iterable<RequirementRow>,
  findings: readonly Pick<Finding, 'requirement' | 'verdict'>[],
): RowCounts {
  const verdicts = Map.groupBy(findings, ({ requirement }) => requirement);
  let total = 0;
  let applicable = 0;
  let measured = 0;
  for (const row of rows) {
    total += 1;
    if (row.unobservable !== undefined || row.role !== 'server' || row.level === 'MAY') continue;
    const verdict = combine((verdicts.get(row.id) ?? []).map((finding) => finding.verdict));
    if (verdict === 'skip') continue;
    applicable += 1;
    if (verdict !== undefined && isMeasured(verdict)) measured += 1;
  }
  return { total, applicable, measured };
}
