import { join } from 'node:path';
import type { Report } from '../core/findings/report.ts';
import { renderConsole } from '../reports/console.ts';
import { toJson, writeReportFile } from '../reports/json.ts';
import { renderJUnit } from '../reports/junit.ts';
import { renderMarkdown } from '../reports/markdown.ts';
import { usesColor, type Io } from './io.ts';
import { reporters, type Reporter } from './reporters.ts';
import { UsageError } from './usage-error.ts';
import { oneOf, parseFlag } from './values.ts';

export const defaultReportDir = './a2a-gauntlet-report';

/** What is written beside report.json, by the name of its reporter. */
const files = {
  markdown: { file: 'report.md', render: (report: Report) => renderMarkdown(report) },
  junit: { file: 'junit.xml', render: renderJUnit },
} as const;

export type Detail = 'quiet' | 'normal' | 'verbose';

/** Where a report goes, and how much of it is shown. */
export interface ReportOutput {
  readonly reportDir: string;
  readonly reporters: ReadonlySet<Reporter>;
  readonly detail: Detail;
  readonly color: boolean;
}

/** Flags of the output as commander gives them. */
export interface OutputFlags {
  readonly reportDir?: string;
  readonly reporter?: readonly string[];
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** @throws UsageError naming the flag. */
export function parseOutput(flags: OutputFlags): Omit<ReportOutput, 'color'> {
  if (flags.quiet && flags.verbose) throw new UsageError('--quiet and --verbose are given both: give one of them');
  return {
    reportDir: flags.reportDir ?? defaultReportDir,
    reporters: new Set((flags.reporter ?? ['console']).map((name) => parseFlag('--reporter', name, oneOf(reporters)))),
    detail: flags.quiet ? 'quiet' : flags.verbose ? 'verbose' : 'normal',
  };
}

/** Writes `report.json` and what else was asked for, and shows the outcome: on stderr, in one line, where nothing was measured. */
export async function writeReport(report: Report, output: ReportOutput, io: Io): Promise<void> {
  const { reportDir, color, detail } = output;
  const path = join(reportDir, 'report.json');
  await writeReportFile(path, toJson(report));
  const otherPaths: string[] = [];
  for (const [name, { file, render }] of Object.entries(files)) {
    if (!output.reporters.has(name as keyof typeof files)) continue;
    const place = join(reportDir, file);
    await writeReportFile(place, render(report));
    otherPaths.push(place);
  }
  const text = renderConsole(report, {
    reportPath: path,
    otherPaths,
    color: usesColor(color, io),
    detail: output.reporters.has('console') ? detail : 'quiet',
    ...(io.stdout.isTTY === true && io.stdout.columns ? { width: Math.min(io.stdout.columns, 120) } : {}),
  });
  if (report.end.kind === 'unreachable') io.stderr.write(`a2a-gauntlet: ${text}`);
  else io.stdout.write(text);
}
