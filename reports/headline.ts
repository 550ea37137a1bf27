import type { ReportedFinding, Report } from '../core/findings/report.ts';
import { combine } from '../core/findings/verdict.ts';
import type { InterfaceRef } from '../core/target/target.ts';
import { oneLine, plural } from './text.ts';

/** What every format says first: the outcome in one line. */
export interface Headline {
  readonly tone: 'good' | 'bad' | 'unknown';
  readonly text: string;
}

const distinct = (findings: readonly ReportedFinding[]): number =>
  new Set(findings.map(({ requirement }) => requirement)).size;

/** The outcome of a run in one line, from its exit code and counts. */
export function headline(report: Report): Headline {
  const { exit, end, summary, findings, baseline, options } = report;
  const { measured, applicable } = summary.requirements;
  const open = findings.filter((finding) => finding.baseline === undefined);
  const failed = distinct(open.filter(({ verdict }) => verdict === 'fail'));
  const warned = distinct(open.filter(({ verdict }) => verdict === 'warn'));
  const known = findings.length - open.length;
  const stale = baseline?.stale.length ?? 0;
  const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${oneLine(reason)}`);
  const tail = [
    ...(known > 0 ? [plural(known, 'known failure')] : []),
    `${measured} of ${plural(applicable, 'applicable requirement')} measured`,
  ];
  switch (exit.code) {
    case 0:
      return {
        tone: 'good',
        text: ['Conformant: nothing failed', ...(warned > 0 ? [plural(warned, 'warning')] : []), ...tail].join(', '),
      };
    case 1: {
      const parts = [
        ...(failed > 0 ? [`${plural(failed, 'requirement')} failed`] : []),
        ...(warned > 0 ? [`${warned} warned${options.strict ? ' (strict)' : ''}`] : []),
        ...(stale > 0 ? [plural(stale, 'stale baseline entry', 'stale baseline entries')] : []),
      ];
      const conformant = failed === 0 && !(options.strict && warned > 0);
      return {
        tone: 'bad',
        text: `${conformant ? 'Stale baseline' : 'Not conformant'}: ${[...parts, ...tail].join(', ')}`,
      };
    }
    case 3:
      if (end.kind === 'target-lost') {
        const counts = [...(failed > 0 ? [`${plural(failed, 'requirement')} failed before`] : []), ...tail];
        return { tone: 'unknown', text: `The target stopped answering${because(end.reason)} (${counts.join(', ')})` };
      }
      return {
        tone: 'unknown',
        text: `Nothing was measured${because(end.reason ?? 'no check could judge any requirement')}`,
      };
    case 130:
      return { tone: 'unknown', text: ['Interrupted', ...tail].join(', ') };
    case 5: {
      const errors = findings.filter(({ verdict }) => verdict === 'error').length;
      return { tone: 'unknown', text: ['Fault of the harness', plural(errors, 'check error'), ...tail].join(', ') };
    }
    default:
      return { tone: 'unknown', text: [exit.meaning, ...tail].join(', ') };
  }
}

/** `JSONRPC 1.0 http://localhost:3000/rpc`; `agent card` for what concerns no interface. */
export function interfaceLabel(ref: InterfaceRef | null): string {
  if (ref === null) return 'agent card';
  const { binding, version, url, tenant } = ref;
  return oneLine([binding, version, url, ...(tenant === undefined ? [] : [`(tenant ${tenant})`])].join(' '));
}

/** Rows that no check could measure, put together by what they share: the hint that would enable them, or the reason. */
export interface UntestedGroup {
  readonly hints: readonly string[];
  readonly reasons: readonly { readonly reason: string; readonly requirements: readonly string[] }[];
}

const largest = (groups: Iterable<readonly ReportedFinding[]>): readonly ReportedFinding[] =>
  [...groups].reduce((best, group) => (group.length > best.length ? group : best), []);

/**
 * The largest group first. Many rows mostly share a hint (one stimulus is missing), but where an interface is silent they share
 * the reason and each has a hint of its own.
 */
export function untestedGroups(findings: readonly ReportedFinding[]): readonly UntestedGroup[] {
  const byRow = Map.groupBy(findings, ({ requirement }) => requirement);
  let open = findings.filter(
    ({ requirement, verdict }) =>
      verdict === 'untested' && combine(byRow.get(requirement)!.map((finding) => finding.verdict)) === 'untested',
  );
  const groups: UntestedGroup[] = [];
  while (open.length > 0) {
    const byHint = largest(Map.groupBy(open, ({ hint }) => hint ?? '').values());
    const byReason = largest(Map.groupBy(open, ({ reason }) => reason).values());
    const group = byReason.length > byHint.length ? byReason : byHint;
    groups.push({
      hints: [...new Set(group.flatMap(({ hint }) => hint ?? []))],
      reasons: [...Map.groupBy(group, ({ reason }) => reason)].map(([reason, same]) => ({
        reason,
        requirements: [...new Set(same.map(({ requirement }) => requirement))],
      })),
    });
    open = open.filter((finding) => !group.includes(finding));
  }
  return groups;
}
