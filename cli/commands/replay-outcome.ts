import type { Finding } from '../../core/findings/finding.ts';
import type { Report } from '../../core/findings/report.ts';
import { isMeasured } from '../../core/findings/verdict.ts';
import type { InterfaceRef } from '../../core/target/target.ts';
import { placeLabel } from '../../reports/headline.ts';
import { oneLine } from '../../reports/text.ts';

export const accuses = ({ verdict }: Finding): boolean =>
  verdict === 'fail' || verdict === 'warn' || verdict === 'error';

/** What became of a finding. */
export interface Result {
  readonly before: Finding;
  /** `PASSED`: it did not fail before either. */
  readonly outcome: 'FIXED' | 'PASSED' | 'FAILED' | 'NOT MEASURED' | 'ERROR';
  readonly now: Finding | undefined;
}

/** The same row by the same check on the same interface; `moved`: its URL is another one than before. */
export function compare(before: Finding, { findings, end }: Report, moved: boolean): Result {
  const now = findings.find((finding) => isSameFinding(finding, before, moved));
  const outcomeOf = (): Result['outcome'] => {
    if (now === undefined || now.verdict === 'skip' || now.verdict === 'untested') return 'NOT MEASURED';
    if (now.verdict === 'error') return 'ERROR';
    if (!isMeasured(now.verdict) || (end.kind !== 'complete' && now.verdict === 'pass')) return 'NOT MEASURED';
    // What failed and now only warns is no longer a violated MUST.
    const stillBad = now.verdict === 'fail' || (now.verdict === 'warn' && before.verdict !== 'fail');
    return stillBad ? 'FAILED' : accuses(before) ? 'FIXED' : 'PASSED';
  };
  return { before, outcome: outcomeOf(), now };
}

export const isSameFinding = (now: Finding, before: Finding, moved: boolean): boolean =>
  now.check === before.check &&
  now.requirement === before.requirement &&
  isSame(now.interface, before.interface, moved);

function isSame(a: InterfaceRef | null, b: InterfaceRef | null, moved: boolean): boolean {
  if (a === null || b === null) return a === b;
  return a.binding === b.binding && a.version === b.version && a.tenant === b.tenant && (moved || a.url === b.url);
}

export function describe({ before, outcome, now }: Result): readonly string[] {
  const field = (name: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : [`  ${name.padEnd(9)} ${oneLine(text)}`];
  return [
    `${outcome} ${before.requirement} (${before.level} ${before.section}) by ${before.check}`,
    ...field('on', placeLabel({ ...before, interface: now?.interface ?? before.interface })),
    ...field(now?.verdict ?? 'seen', now?.reason ?? 'the run did not come to this check'),
    ...field('expected', now?.expected ?? before.expected),
    ...field('actual', now?.actual),
    ...field('before', outcome === 'FAILED' && now?.actual === before.actual ? undefined : before.actual),
    ...field('hint', now?.hint),
    ...(now?.readings ?? []).flatMap((reading) => field('reading', reading)),
  ];
}
