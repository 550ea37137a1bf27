import type { Report, ReportedFinding } from '../core/findings/report.ts';
import { rows } from '../protocol/requirements/rows.ts';
import { describeStale, describeUnverified } from './baseline.ts';
import {
  accidentsOf,
  accusations,
  headline,
  interfaceLabel,
  placeLabel,
  specLabel,
  untestedGroups,
} from './headline.ts';
import { code, escape } from './markdown-text.ts';
import { exploreCommand, rerunCommand } from './rerun.ts';
import { chaosBlocks, loadBlocks } from './sections-markdown.ts';
import { describeDraw, renderExplore, stepsShown } from './explore.ts';
import { duration, oneLine, plural } from './text.ts';

export interface MarkdownOptions {
  /** Findings shown in full; the others are counted. Comments and summaries of CI have limits of size. */
  readonly maxFindings?: number;
}

const columns = ['pass', 'fail', 'warn', 'skip', 'untested', 'error'] as const;

/** The report as Markdown, for a step summary or a comment of a pull request. Pure. */
export function renderMarkdown(report: Report, { maxFindings = 50 }: MarkdownOptions = {}): string {
  const { tone, text } = headline(report);
  const mark = { good: '✅', bad: '❌', unknown: '⚠️' }[tone];
  const { hint } = report.end;
  const sections: readonly (readonly string[])[] = [
    [`## ${mark} ${titleOf(report)}`],
    [`**${escape(text)}**`],
    hint === undefined ? [] : [`To do: ${escape(hint)}`],
    factsOf(report),
    ...(report.load === undefined ? [] : loadBlocks(report.load)),
    ...(report.chaos === undefined ? [] : chaosBlocks(report.chaos)),
    report.explore === undefined ? [] : [...renderExplore(report.explore).map((line) => `- ${escape(line)}`)],
    report.end.kind === 'unreachable' ? [] : tableOf(report),
    ...findingsOf(report, maxFindings),
    knownOf(report),
    // What a load or an experiment happened not to say is no gap of it.
    isRun(report) ? [] : untestedOf(report),
    unmeasuredOf(report),
    baselineOf(report),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

const isRun = ({ load, chaos, explore }: Report): boolean =>
  load !== undefined || chaos !== undefined || explore !== undefined;

function titleOf({ target, load, chaos }: Report): string {
  if (chaos !== undefined) return `A2A chaos on the reference agent (${chaos.environment})`;
  return `A2A ${load === undefined ? 'conformance of' : 'load on'} ${code(target.url)}`;
}

function factsOf(report: Report): readonly string[] {
  const { tool, seed, durationMs, exchanges, tasksCreated, exit, load } = report;
  const facts = [
    `exit ${exit.code}`,
    duration(durationMs),
    plural(exchanges, 'exchange'),
    plural(tasksCreated, 'task'),
    ...(load === undefined ? [`seed ${seed}`] : []),
    `${tool.name} ${tool.version}`,
    specLabel(report),
  ];
  return [facts.join(', '), ...accidentsOf(report)];
}

function tableOf({ summary }: Report): readonly string[] {
  const shownColumns = columns.filter((column) => column !== 'error' || summary.error > 0);
  const line = (name: string, row: Report['summary'] | Report['summary']['areas'][number]): string => {
    const { measured, applicable, total } = row.requirements;
    return `| ${[name, ...shownColumns.map((column) => row[column]), measured, applicable, total].join(' | ')} |`;
  };
  return [
    `| ${['area', ...shownColumns, 'measured', 'applicable', 'total'].join(' | ')} |`,
    `| --- |${' ---: |'.repeat(shownColumns.length + 3)}`,
    ...summary.areas.map((row) => line(row.area, row)),
    line('**all**', summary),
  ];
}

function findingsOf(report: Report, maxFindings: number): readonly (readonly string[])[] {
  const open = accusations(report);
  if (open.length === 0) return [];
  const left = open.length - maxFindings;
  return [
    ['### Findings'],
    ...open.slice(0, maxFindings).map((finding) => findingOf(finding, report)),
    left > 0 ? [`… and ${plural(left, 'more finding')}: see report.json`] : [],
  ];
}

function findingOf(finding: ReportedFinding, report: Report): readonly string[] {
  const { verdict, requirement, level, section, check, reason, expected, actual, readings, hint, curl, experiment } =
    finding;
  const { counterexample } = finding;
  const lanes = counterexample?.lanes ?? [];
  const text = rows.get(requirement)?.text;
  const rerun = rerunCommand(report, experiment) ?? (counterexample === undefined ? exploreCommand(report) : undefined);
  const list: readonly (readonly [string, string])[] = [
    ...(text === undefined ? [] : [['demanded', escape(text)] as const]),
    ['on', code(placeLabel(finding))],
    ['seen', escape(reason)],
    ...(expected === undefined ? [] : [['expected', code(expected)] as const]),
    ...(actual === undefined ? [] : [['actual', code(actual)] as const]),
    ...(readings ?? []).map((reading) => ['reading', escape(reading)] as const),
    ...(hint === undefined ? [] : [['hint', escape(hint)] as const]),
    ['check', code(check)],
    ...(experiment === undefined ? [] : [['experiment', code(experiment)] as const]),
    ...(counterexample === undefined ? [] : [['drawn', escape(describeDraw(counterexample))] as const]),
    ...(counterexample?.steps ?? []).map((step, index) => [`step ${index + 1}`, escape(step)] as const),
    ...(report.explore === undefined ? [] : stepsShown(finding)).map(
      (step, index) => [`step ${index + 1}`, escape(step)] as const,
    ),
    rerun === undefined
      ? ['replay', code(`a2a-gauntlet replay report.json ${requirement}`)]
      : ['run again', code(rerun)],
  ];
  return [
    `<details><summary><b>${verdict}</b> <code>${requirement}</code> (${level}, ${section})</summary>`,
    '',
    ...list.map(([name, content]) => `- ${name}: ${content}`),
    ...(lanes.length === 0 ? [] : ['', ...fenced(lanes.map((lane) => oneLine(lane)).join('\n'), 'text')]),
    ...(curl.length === 0 ? [] : ['', ...fenced(curl.join('\n'), 'sh')]),
    '',
    '</details>',
  ];
}

function fenced(text: string, language: string): readonly string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text, fence];
}

function knownOf({ findings }: Report): readonly string[] {
  const known = findings.filter(({ baseline }) => baseline !== undefined);
  if (known.length === 0) return [];
  return [
    '### Known failures',
    '',
    ...known.map(({ requirement, verdict, baseline }) => {
      const link = baseline?.link === undefined ? '' : ` (${escape(baseline.link)})`;
      return `- ${code(requirement)} ${verdict}: ${escape(baseline?.reason ?? '')}${link}`;
    }),
  ];
}

function untestedOf({ findings }: Report): readonly string[] {
  const groups = untestedGroups(findings);
  if (groups.length === 0) return [];
  return [
    '### Untested',
    '',
    ...groups.flatMap(({ hints, reasons }) => [
      ...reasons.map(({ reason, requirements }) => `- ${escape(reason)}: ${requirements.map(code).join(', ')}`),
      ...hints.map((hint) => `  - to measure: ${escape(hint)}`),
    ]),
  ];
}

function unmeasuredOf({ target }: Report): readonly string[] {
  if (target.unmeasured.length === 0) return [];
  return [
    '### Interfaces not measured',
    '',
    ...target.unmeasured.map(({ interface: ref, reason }) => `- ${code(interfaceLabel(ref))}: ${escape(reason)}`),
  ];
}

function baselineOf({ baseline, findings }: Report): readonly string[] {
  if (baseline === null || baseline.stale.length + baseline.unverified.length === 0) return [];
  return [
    '### Baseline',
    '',
    ...baseline.stale.map((entry) => `- stale: ${escape(describeStale(entry, baseline.path))}`),
    ...baseline.unverified.map((entry) => `- unverified: ${escape(describeUnverified(entry, findings))}`),
  ];
}
