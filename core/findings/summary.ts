import { areaOf, areas, type RequirementRow } from '../../protocol/requirements/row.ts';
import type { Finding } from './finding.ts';
import type { Report, RowSummary } from './report.ts';
import { countRows } from './row-counts.ts';
import { combine, countVerdicts } from './verdict.ts';

type Judged = Pick<Finding, 'requirement' | 'verdict'>;

function summarizeRows(rows: readonly RequirementRow[], findings: readonly Judged[]): RowSummary {
  const verdicts = Map.groupBy(findings, ({ requirement }) => requirement);
  const combined = rows.flatMap((row) => {
    const verdict = combine((verdicts.get(row.id) ?? []).map((finding) => finding.verdict));
    return row.level === 'MAY' || verdict === undefined ? [] : [{ verdict }];
  });
  return { ...countVerdicts(combined), requirements: countRows(rows, findings) };
}

/** The summary of a report over the rows that the run selected; areas without any row are left out. Pure. */
export function summarize(rows: Iterable<RequirementRow>, findings: readonly Judged[]): Report['summary'] {
  const selected = [...rows];
  return {
    ...summarizeRows(selected, findings),
    areas: areas.flatMap((area) => {
      const ofArea = selected.filter((row) => areaOf(row.id) === area);
      return ofArea.length === 0 ? [] : [{ area, ...summarizeRows(ofArea, findings) }];
    }),
  };
}
