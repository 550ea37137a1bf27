import type { Command } from 'commander';
import { measuredBy, rows } from '../../compose/catalogue.ts';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import { combine } from '../../core/findings/verdict.ts';
import { areaOf, areas, type Area, type Level, type RequirementRow } from '../../protocol/requirements/row.ts';
import { readReport } from '../../reports/json.ts';
import { plural, wrap } from '../../reports/text.ts';
import type { Io } from '../io.ts';
import { oneOf, parseFlag } from '../values.ts';

interface Flags {
  readonly uncovered?: boolean;
  readonly unobservable?: boolean;
  readonly area?: string;
  readonly level?: string;
  readonly json?: boolean;
  readonly report?: string;
}

/** A row with what measures it; `verdict` of the given report, null where it has no finding. */
type Entry = RequirementRow & { readonly measuredBy: readonly string[]; readonly verdict?: string | null };

const levels = ['MUST', 'SHOULD', 'MAY'] as const;
const width = 100;

/** `requirements`: what the protocol demands, and which checks measure it. */
export function addRequirements(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('requirements')
    .summary('what the protocol demands and which checks measure it')
    .description('Lists every normative statement of the pinned text (A2A 1.0.1), and the checks that measure it.')
    .option(
      '--uncovered',
      'only what a run could observe and no check measures; with --report: what that run did not measure',
    )
    .option('--unobservable', 'only what no run against a server can measure, and why')
    .option('--area <area>', areas.join(', '))
    .option('--level <level>', levels.join(', '))
    .option('--report <file>', 'with the verdicts of this report.json')
    .option('--json', 'as JSON')
    .action(async (flags: Flags) => {
      const area = flags.area === undefined ? undefined : parseFlag('--area', flags.area, oneOf(areas));
      const level = flags.level === undefined ? undefined : parseFlag('--level', flags.level, oneOf(levels));
      const entries = (await entriesOf(flags.report)).filter(
        (entry) =>
          (area === undefined || areaOf(entry.id) === area) &&
          (level === undefined || entry.level === level) &&
          isWanted(entry, flags),
      );
      io.stdout.write(flags.json === true ? `${JSON.stringify(entries, null, 2)}\n` : render(entries));
      end(0);
    });
}

async function entriesOf(reportPath: string | undefined): Promise<readonly Entry[]> {
  const entries = [...rows.values()].map((row) => ({ ...row, measuredBy: measuredBy(row.id) }));
  if (reportPath === undefined) return entries;
  const { findings } = await readReport(reportPath);
  const byRow = Map.groupBy(findings, ({ requirement }) => requirement);
  return entries.map((entry) => ({
    ...entry,
    verdict: combine((byRow.get(entry.id) ?? []).map(({ verdict }) => verdict)) ?? null,
  }));
}

function isCovered({ measuredBy: by, verdict }: Entry): boolean {
  if (verdict === undefined) return by.length > 0;
  return verdict === 'pass' || verdict === 'fail' || verdict === 'warn';
}

/** Both flags together list both. */
function isWanted(entry: Entry, { uncovered = false, unobservable = false }: Flags): boolean {
  if (!uncovered && !unobservable) return true;
  return entry.unobservable === undefined ? uncovered && !isCovered(entry) : unobservable;
}

function render(entries: readonly Entry[]): string {
  const byArea = Map.groupBy(entries, ({ id }) => areaOf(id));
  const lines = areas.flatMap((area: Area) => {
    const ofArea = byArea.get(area) ?? [];
    return ofArea.length === 0 ? [] : [area, ...ofArea.flatMap(renderEntry), ''];
  });
  const count = (level: Level): string => `${entries.filter((entry) => entry.level === level).length} ${level}`;
  const covered = entries.filter(isCovered).length;
  return [
    ...lines,
    `${plural(entries.length, 'requirement')} (${levels.map(count).join(', ')}), ${covered} measured`,
    '',
  ].join('\n');
}

function renderEntry({
  id,
  level,
  section,
  role,
  text,
  unobservable,
  measuredBy: by,
  verdict,
  since,
  until,
}: Entry): readonly string[] {
  const why =
    unobservable === undefined ? [] : [`not measured: ${unobservable}${role === 'server' ? '' : ` (role: ${role})`}`];
  const how = by.length === 0 ? [] : [`measured by ${by.join(', ')}`];
  const found = verdict === undefined ? [] : [`in the report: ${verdict ?? 'no finding'}`];
  const nothing = why.length + how.length === 0 ? ['no check measures it'] : [];
  return [
    [`  ${id}  ${level} ${section}`, ...(since ? [`since ${since}`] : []), ...(until ? [`until ${until}`] : [])].join(
      ', ',
    ),
    ...[text, ...why, ...how, ...nothing, ...found].flatMap((part) =>
      wrap(part, width - 6).map((line) => `      ${line}`),
    ),
  ];
}
