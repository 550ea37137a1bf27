import type { Finding } from '../core/findings/finding.ts';
import type { ReportedFinding, Report } from '../core/findings/report.ts';
import { combine, isMeasured } from '../core/findings/verdict.ts';
import type { InterfaceRef } from '../core/target/target.ts';
import { areaOf, areas } from '../protocol/requirements/row.ts';
import { chaosOutcome } from './chaos.ts';
import { loadOutcome } from './load.ts';
import { oneLine, plural } from './text.ts';

/** What every format says first: the outcome in one line. */
export interface Headline {
  readonly tone: 'good' | 'bad' | 'unknown';
  readonly text: string;
}

/** Failures of the agent that went away, in one line; none where there were none. */
export const accidentsOf = ({ accidents = 0 }: Pick<Report, 'accidents'>): readonly string[] =>
  accidents === 0
    ? []
    : [
        `${plural(accidents, 'request')} failed inside the agent and came to an answer when made again: no violation, but look why`,
      ];

const distinct = (findings: readonly ReportedFinding[]): number =>
  new Set(findings.map(({ requirement }) => requirement)).size;

/** The outcome of a run in one line, from its exit code and counts. */
export function headline(report: Report): Headline {
  const { exit, end, summary, findings, baseline, options } = report;
  const { measured, applicable } = summary.requirements;
  const open = findings.filter((finding) => finding.baseline === undefined);
  const failed = distinct(open.filter(({ verdict }) => verdict === 'fail'));
  const warnings = open.filter(({ verdict }) => verdict === 'warn');
  const warned = distinct(warnings);
  // An ambiguity fails no run: only what violates a SHOULD counts as strict.
  const strict = options.strict ? distinct(warnings.filter(({ readings }) => readings === undefined)) : 0;
  const known = findings.filter((finding) => finding.baseline !== undefined);
  const stale = baseline?.stale.length ?? 0;
  const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${oneLine(reason)}`);
  const failures = (when: string): readonly string[] =>
    failed > 0 ? [`${plural(failed, 'requirement')} failed${when}`] : [];
  const ofRun = runOutcome(report, failed);
  if (ofRun !== undefined) return ofRun;
  const tail = [
    ...(known.length > 0 ? [plural(known.length, 'known failure')] : []),
    `${measured} of ${plural(applicable, 'applicable requirement')} measured`,
  ];
  switch (exit.code) {
    case 0: {
      // What the baseline knows does not fail the run, and still is no conformance.
      const outcome = known.some(({ verdict }) => verdict === 'fail')
        ? 'Nothing new failed'
        : 'Conformant: nothing failed';
      return {
        tone: 'good',
        text: [outcome, ...(warned > 0 ? [plural(warned, 'warning')] : []), ...tail].join(', '),
      };
    }
    case 1: {
      const parts = [
        ...failures(''),
        ...(strict > 0 ? [`${strict} warned (strict)`] : []),
        ...(warned > strict ? [`${warned - strict} ${options.strict ? 'ambiguous' : 'warned'}`] : []),
        ...(stale > 0 ? [plural(stale, 'stale baseline entry', 'stale baseline entries')] : []),
      ];
      return {
        tone: 'bad',
        text: `${failed + strict === 0 ? 'Stale baseline' : 'Not conformant'}: ${[...parts, ...tail].join(', ')}`,
      };
    }
    case 3:
      if (end.kind === 'target-lost') {
        // The reason begins with the same words.
        const why = end.reason?.replace(/^the target no longer answers \((.*)\)$/s, '$1');
        const counts = [...failures(' before'), ...tail].join(', ');
        return { tone: 'unknown', text: `The target stopped answering${because(why)}; ${counts}` };
      }
      // The card alone, of an agent that let nobody in.
      if (end.kind === 'complete' && findings.some(({ verdict }) => isMeasured(verdict)))
        return { tone: 'unknown', text: `Not told: ${[exit.meaning, ...tail].join('; ')}` };
      return {
        tone: 'unknown',
        text: `Nothing was measured${because(end.reason ?? 'no check could judge any requirement')}`,
      };
    case 130:
      return { tone: 'unknown', text: ['Interrupted', ...failures(' so far'), ...tail].join(', ') };
    case 5: {
      const errors = findings.filter(({ verdict }) => verdict === 'error').length;
      const parts = ['Fault of the harness', plural(errors, 'check error'), ...failures(''), ...tail];
      return { tone: 'unknown', text: parts.join(', ') };
    }
    default:
      return { tone: 'unknown', text: [exit.meaning, ...tail].join(', ') };
  }
}

/** The outcome of a load or chaos run; undefined where it says no more than that of a check. */
function runOutcome({ exit, load, chaos }: Report, failed: number): Headline | undefined {
  const said = load !== undefined ? loadOutcome(load) : chaos !== undefined ? chaosOutcome(chaos) : undefined;
  if (said === undefined) return undefined;
  const text = oneLine(said);
  switch (exit.code) {
    case 0:
      return { tone: 'good', text };
    case 1:
      return { tone: 'bad', text: `Not conformant: ${plural(failed, 'requirement')} failed. ${text}` };
    case 4:
      return { tone: 'bad', text };
    case 130:
      return { tone: 'unknown', text: `Interrupted. ${text}` };
    case 3: {
      const lost = load?.end.kind === 'target-lost' ? `${load.end.reason}. ` : '';
      return { tone: 'unknown', text: `${lost}${text}`.replace(/^./, (first) => first.toUpperCase()) };
    }
    default:
      return undefined;
  }
}

const order: readonly string[] = ['error', 'fail', 'warn'];
const areaIndex = ({ requirement }: ReportedFinding): number =>
  (areas as readonly string[]).indexOf(areaOf(requirement));

/** What a report accuses an agent of: errors, then failures, then warnings, by area as in the table; known failures apart. */
export function accusations({ findings }: Report): readonly ReportedFinding[] {
  return findings
    .filter(({ verdict, baseline }) => order.includes(verdict) && baseline === undefined)
    .toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || areaIndex(a) - areaIndex(b));
}

/** Where a finding was made. What takes several interfaces to see is of no one of them, and not of the card either. */
export const placeLabel = ({
  interface: ref,
  check,
  counterexample,
}: Pick<Finding, 'interface' | 'check'> & { readonly counterexample?: object }): string =>
  ref === null && (counterexample !== undefined || check.startsWith('equivalence/'))
    ? 'several interfaces'
    : interfaceLabel(ref);

/** `JSONRPC 1.0 http://localhost:3000/rpc`; `agent card` for what concerns no interface. */
export function interfaceLabel(ref: InterfaceRef | null): string {
  if (ref === null) return 'agent card';
  const { binding, version, url, tenant } = ref;
  return oneLine([binding, version, url, ...(tenant === undefined ? [] : [`(tenant ${tenant})`])].join(' '));
}

/** What the target was held to: `A2A 1.0.1`, and the patch release where one was chosen. */
export const specLabel = ({ spec, options }: Report): string =>
  options.specPatch ? `A2A ${options.specPatch} alone` : `A2A ${spec.version}`;

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
