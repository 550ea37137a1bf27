import pc from 'picocolors';
import type { Report, ReportedFinding, RowSummary } from '../core/findings/report.ts';
import { rows } from '../protocol/requirements/rows.ts';
import { describeStale, describeUnverified } from './baseline.ts';
import { renderChaos } from './chaos.ts';
import { describeDraw, renderExplore, stepsShown } from './explore.ts';
import {
  accidentsOf,
  accusations,
  headline,
  interfaceLabel,
  placeLabel,
  specLabel,
  untestedGroups,
  type Headline,
} from './headline.ts';
import { renderLoad } from './load.ts';
import type { Paint } from './paint.ts';
import { exploreCommand, rerunCommand } from './rerun.ts';
import { duration, oneLine, plural, wrap } from './text.ts';

export interface ConsoleOptions {
  /** Where `report.json` was written, as the user should type it. */
  readonly reportPath: string;
  /** Other files that were written. */
  readonly otherPaths?: readonly string[];
  readonly color: boolean;
  /** `quiet`: the outcome alone; `verbose`: also curl commands, and why rows were skipped. */
  readonly detail?: 'quiet' | 'normal' | 'verbose';
  /** Columns; at least 60. */
  readonly width?: number;
}

type Colors = ReturnType<typeof pc.createColors>;
type Section = readonly string[];

const margin = 6;
const label = 10;
/** Longest text of an agent that is shown whole; `report.json` has all of it. */
const shown = 600;

/** The report for a terminal. Pure. */
export function renderConsole(report: Report, options: ConsoleOptions): string {
  const { reportPath, otherPaths = [], color, detail = 'normal', width: wanted = 100 } = options;
  const colors = pc.createColors(color);
  const width = Math.max(60, wanted);
  const outcome = outcomeOf(report, [reportPath, ...otherPaths], colors, width);
  if (report.end.kind === 'unreachable') return `${unreachableLine(report)}\n`;
  if (detail === 'quiet') return `${outcome.join('\n')}\n`;
  const sections: readonly Section[] = [
    headOf(report, colors, width),
    ...runOf(report, colors),
    // What a load or an experiment happened not to say is no gap of it: report.json has the table.
    isRun(report) ? [] : tableOf(report, colors),
    ...accusations(report).map((finding) => {
      const whole = finding.counterexample === undefined ? exploreCommand(report) : undefined;
      const again = rerunCommand(report, finding.experiment) ?? whole ?? replayCommand(reportPath, finding.requirement);
      const steps = report.explore === undefined ? [] : stepsShown(finding);
      return findingOf(finding, { again, steps }, detail, colors, width);
    }),
    knownOf(report, colors, width),
    isRun(report) ? [] : untestedOf(report, detail, colors, width),
    detail === 'verbose' ? skippedOf(report, colors, width) : [],
    unmeasuredOf(report, colors, width),
    baselineOf(report, colors, width),
    outcome,
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

const isRun = ({ load, chaos, explore }: Report): boolean =>
  load !== undefined || chaos !== undefined || explore !== undefined;

/** What a load, a chaos run or a run of generated cases has beside its findings. */
function runOf({ load, chaos, explore }: Report, colors: Colors): readonly Section[] {
  const paint: Paint = { good: colors.green, bad: colors.red, doubtful: colors.yellow, strong: colors.bold };
  return [
    ...(load === undefined ? [] : [renderLoad(load, paint)]),
    ...(chaos === undefined ? [] : renderChaos(chaos, paint)),
    ...(explore === undefined ? [] : [renderExplore(explore)]),
  ];
}

/** Why there is nothing to show, and what to do, in one line. */
const unreachableLine = ({ end }: Report): string =>
  oneLine([end.reason ?? 'the target could not be reached', ...(end.hint === undefined ? [] : [end.hint])].join('; '));

const hanging = (text: string, indent: number, width: number): Section =>
  wrap(text, width - indent).map((line) => `${' '.repeat(indent)}${line}`);

function headOf(report: Report, colors: Colors, width: number): Section {
  const { tool, target, seed, durationMs, exchanges, tasksCreated, load, chaos } = report;
  const name = typeof target.card?.['name'] === 'string' ? ` (${oneLine(target.card['name'], 60)})` : '';
  const where = target.embedded === null ? '' : `embedded reference agent, profile ${target.embedded.profile}: `;
  const facts = [
    duration(durationMs),
    plural(exchanges, 'exchange'),
    plural(tasksCreated, 'task'),
    ...(load === undefined ? [`seed ${seed}`] : []),
    `${tool.name} ${tool.version}`,
    specLabel(report),
  ];
  // Each experiment had an agent of its own, which is gone.
  const title =
    chaos === undefined ? `${where}${target.url}${name}` : `chaos on the reference agent (${chaos.environment})`;
  return [
    ...wrap(oneLine(title), width).map(colors.bold),
    ...(chaos === undefined ? target.interfaces.flatMap((ref) => wrap(interfaceLabel(ref), width)) : []),
    ...wrap(facts.join(', '), width).map(colors.dim),
    ...accidentsOf(report).flatMap((line) => wrap(line, width)),
  ];
}

const columns = ['pass', 'fail', 'warn', 'skip', 'untested'] as const;

function tableOf({ summary }: Report, colors: Colors): Section {
  const errors = summary.error > 0;
  const shownColumns = [...columns, ...(errors ? (['error'] as const) : [])];
  const paint = { pass: colors.green, fail: colors.red, warn: colors.yellow, error: colors.magenta } as const;
  const lines: readonly (readonly [string, RowSummary])[] = [
    ...summary.areas.map((row) => [row.area, row] as const),
    ['all', summary],
  ];
  const nameWidth = Math.max(...lines.map(([name]) => name.length));
  const cell = (name: (typeof shownColumns)[number], count: number): string => {
    const text = (count === 0 ? '-' : String(count)).padStart(Math.max(name.length, 4) + 2);
    if (count === 0) return colors.dim(text);
    return name in paint ? paint[name as keyof typeof paint](text) : text;
  };
  const head = [
    'area'.padEnd(nameWidth),
    ...shownColumns.map((name) => name.padStart(Math.max(name.length, 4) + 2)),
    '   measured / applicable / total',
  ].join('');
  const rule = '-'.repeat(head.length);
  const body = lines.map(([name, row]) => {
    const { measured, applicable, total } = row.requirements;
    const counts = `${String(measured).padStart(11)} / ${String(applicable).padStart(10)} / ${String(total).padStart(5)}`;
    return [name.padEnd(nameWidth), ...shownColumns.map((column) => cell(column, row[column])), counts].join('');
  });
  return [colors.bold(head), colors.dim(rule), ...body.slice(0, -1), colors.dim(rule), colors.bold(body.at(-1)!)];
}

function field(name: string, text: string, colors: Colors, width: number): Section {
  const [first = '', ...rest] = wrap(oneLine(text, shown), width - margin - label);
  return [
    `${' '.repeat(margin)}${colors.dim(name.padEnd(label))}${first}`,
    ...rest.map((line) => `${' '.repeat(margin + label)}${line}`),
  ];
}

function findingOf(
  finding: ReportedFinding,
  { again, steps }: { readonly again: string; readonly steps: readonly string[] },
  detail: ConsoleOptions['detail'],
  colors: Colors,
  width: number,
): Section {
  const { verdict, requirement, level, section, check, reason, expected, actual, hint, readings, curl, experiment } =
    finding;
  const { counterexample } = finding;
  const paint = verdict === 'fail' ? colors.red : verdict === 'warn' ? colors.yellow : colors.magenta;
  const right = `${level} ${section}`;
  const left = `${verdict.toUpperCase().padEnd(margin)}${requirement}`;
  const gap = width - left.length - right.length;
  const title = `${colors.bold(paint(verdict.toUpperCase().padEnd(margin)))}${colors.bold(requirement)}`;
  const head =
    gap > 1 ? [`${title}${' '.repeat(gap)}${colors.dim(right)}`] : [title, ...field('level', right, colors, width)];
  const text = rows.get(requirement)?.text;
  return [
    ...head,
    ...(text === undefined ? [] : hanging(text, margin, width).map(colors.dim)),
    ...field('on', placeLabel(finding), colors, width),
    ...field('seen', reason, colors, width),
    ...(expected === undefined ? [] : field('expected', expected, colors, width)),
    ...(actual === undefined ? [] : field('actual', actual, colors, width)),
    ...(readings ?? []).flatMap((reading) => field('reading', reading, colors, width)),
    ...(hint === undefined ? [] : field('hint', hint, colors, width)),
    ...field('check', check, colors, width),
    ...(experiment === undefined ? [] : field('in', experiment, colors, width)),
    ...(counterexample === undefined
      ? []
      : [
          ...field('drawn', describeDraw(counterexample), colors, width),
          ...counterexample.steps.flatMap((step, index) =>
            field(index === 0 ? 'steps' : '', `${index + 1}. ${step}`, colors, width),
          ),
          ...(counterexample.lanes ?? []).map((lane) => `${' '.repeat(margin + label)}${oneLine(lane)}`),
        ]),
    ...steps.flatMap((step, index) => field(index === 0 ? 'shown' : '', `${index + 1}. ${step}`, colors, width)),
    // Commands are never broken into lines: they are there to be copied.
    `${' '.repeat(margin)}${colors.dim('replay'.padEnd(label))}${again}`,
    ...(detail === 'verbose' ? curl.map((command) => `${' '.repeat(margin)}${colors.dim(oneLine(command))}`) : []),
  ];
}

const replayCommand = (reportPath: string, requirement: string): string =>
  `a2a-gauntlet replay ${/^[\w./@:-]+$/.test(reportPath) ? reportPath : JSON.stringify(reportPath)} ${requirement}`;

function knownOf({ findings, baseline }: Report, colors: Colors, width: number): Section {
  const known = findings.filter((finding) => finding.baseline !== undefined);
  if (known.length === 0 || baseline === null) return [];
  return [
    colors.bold(`Known failures (${oneLine(baseline.path)})`),
    ...known.flatMap(({ requirement, verdict, baseline: entry }) => {
      const link = entry?.link === undefined ? '' : ` (${entry.link})`;
      return hangingBullet(oneLine(`${requirement} ${verdict}: ${entry?.reason ?? ''}${link}`, shown), width);
    }),
  ];
}

const hangingBullet = (text: string, width: number): Section => {
  const [first = '', ...rest] = wrap(text, width - 4);
  return [`  ${first}`, ...rest.map((line) => `    ${line}`)];
};

/** Groups of rows that share a reason, and hints of a group, that are shown where not all is asked for. */
const groupsShown = 8;
const hintsShown = 3;

function untestedOf({ findings }: Report, detail: ConsoleOptions['detail'], colors: Colors, width: number): Section {
  const groups = untestedGroups(findings);
  if (groups.length === 0) return [];
  // One group too many takes no more room than saying so.
  const shownGroups = detail === 'verbose' || groups.length === groupsShown + 1 ? groups.length : groupsShown;
  const left = groups.slice(shownGroups).flatMap(({ reasons }) => reasons.flatMap(({ requirements }) => requirements));
  return [
    colors.bold('Untested'),
    ...groups
      .slice(0, shownGroups)
      .flatMap(({ hints, reasons }) => [
        ...reasons.flatMap(({ reason, requirements }) => [
          ...hangingBullet(oneLine(reason, shown), width),
          ...hanging(requirements.join(', '), 6, width).map(colors.dim),
        ]),
        ...hints
          .slice(0, hintsShown)
          .flatMap((hint) => hanging(`to measure: ${oneLine(hint, shown)}`, 4, width).map(colors.cyan)),
        ...(hints.length > hintsShown
          ? [`    and ${plural(hints.length - hintsShown, 'more hint')}: see report.json`]
          : []),
      ]),
    ...(left.length > 0
      ? [`  and ${plural(new Set(left).size, 'more requirement')}: see --verbose or report.json`]
      : []),
  ];
}

function skippedOf({ findings }: Report, colors: Colors, width: number): Section {
  const skipped = Map.groupBy(
    findings.filter(({ verdict }) => verdict === 'skip'),
    ({ reason }) => reason,
  );
  if (skipped.size === 0) return [];
  return [
    colors.bold('Skipped'),
    ...[...skipped].flatMap(([reason, same]) => [
      ...hangingBullet(oneLine(reason, shown), width),
      ...hanging([...new Set(same.map(({ requirement }) => requirement))].join(', '), 6, width).map(colors.dim),
    ]),
  ];
}

function unmeasuredOf({ target }: Report, colors: Colors, width: number): Section {
  if (target.unmeasured.length === 0) return [];
  return [
    colors.bold('Interfaces not measured'),
    ...target.unmeasured.flatMap(({ interface: ref, reason }) =>
      hangingBullet(`${interfaceLabel(ref)}: ${oneLine(reason, shown)}`, width),
    ),
  ];
}

function baselineOf({ baseline, findings }: Report, colors: Colors, width: number): Section {
  if (baseline === null || baseline.stale.length + baseline.unverified.length === 0) return [];
  const { path, stale, unverified } = baseline;
  return [
    colors.bold('Baseline'),
    ...stale.flatMap((entry) =>
      hangingBullet(oneLine(`stale: ${describeStale(entry, path)}`), width).map((line) => colors.red(line)),
    ),
    ...unverified.flatMap((entry) =>
      hangingBullet(oneLine(`unverified: ${describeUnverified(entry, findings)}`), width),
    ),
  ];
}

function outcomeOf(report: Report, paths: readonly string[], colors: Colors, width: number): Section {
  const { tone, text }: Headline = headline(report);
  const paint = { good: colors.green, bad: colors.red, unknown: colors.yellow }[tone];
  return [
    ...wrap(text, width).map((line) => colors.bold(paint(line))),
    ...wrap(`exit ${report.exit.code}: ${report.exit.meaning}`, width).map(colors.dim),
    `report: ${paths.join(', ')}`,
  ];
}
