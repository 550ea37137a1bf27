import { join } from 'node:path';
import type { Command } from 'commander';
import picocolors from 'picocolors';
import { toolVersion } from '../../compose/tool-version.ts';
import { exitMeanings, type ExitCode } from '../../core/findings/exit-policy.ts';
import { startEmbedded } from '../../fixtures/environments/embedded.ts';
import { referenceMessage, type LoadOptions } from '../../load/options.ts';
import { renderLoad } from '../../load/render.ts';
import { runLoad } from '../../load/runner.ts';
import type { LoadSection } from '../../load/section.ts';
import { writeReportFile } from '../../reports/json.ts';
import { addConnectionOptions } from '../flags.ts';
import { untilInterrupted } from '../interrupts.ts';
import { usesColor, type Io } from '../io.ts';
import { parseLoadOptions, type LoadFlags } from '../load-options.ts';
import { createLoadProgress } from '../load-progress.ts';
import { prepareFolder } from '../report-folder.ts';
import { toolHelp } from '../tool-help.ts';

/** `load [url]`: holds an endpoint under a steady load and writes what it measured. */
export function addLoad(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const command = program
    .command('load')
    .summary('hold an A2A endpoint under load')
    .description('Starts tasks at a steady rate (open model, k6). Without a URL: the embedded reference agent.')
    .argument('[url]', 'of the agent: its origin, the base of its card, or the card itself');
  addConnectionOptions(command);
  command
    .optionsGroup('Load:')
    .option('--card-url <url>', 'where the card is, if not at the well-known path')
    .option('--rate <n>', 'tasks a minute (400)')
    .option('--duration <time>', 'of the schedule, like 60s or 10m (10m)')
    .option('--task-timeout <time>', 'that one task may take (60s)')
    .option('--plain', 'SendMessage instead of SendStreamingMessage: no signal latency')
    .option('--max-vus <n>', 'tasks under way at a time')
    .option('--message <text>', 'what each task begins with')
    .option('--max-tasks <n>', 'refuse to start where the schedule is longer')
    .optionsGroup('Thresholds:')
    .option('--p99-signal <time>', 'p99 of signal latency stays below (200ms)')
    .option('--max-errors <share>', 'errors stay below (1%)')
    .option('--max-lost <n>', 'acknowledged tasks that may be lost (0)')
    .option('--max-dropped <n>', 'moments of the schedule without a free user (0)')
    .option('--purges', 'the agent throws ended tasks away: what is not found is not lost')
    .optionsGroup('Output:')
    .option('--report-dir <folder>', 'where load.json is written', './a2a-gauntlet-report')
    .option('--quiet', 'the outcome alone')
    .option('--verbose', 'stack traces of faults')
    .option('--no-color', 'no colours (also: NO_COLOR=1)')
    .addHelpText('after', toolHelp('k6'))
    .action(async (url: string | undefined, flags: LoadFlags) => {
      const options = await parseLoadOptions(flags, io.env);
      await prepareFolder(flags.reportDir);
      end(await untilInterrupted(io, (signal) => load(url, options, flags, io, signal)));
    });
}

async function load(
  url: string | undefined,
  options: Omit<LoadOptions, 'url'>,
  flags: LoadFlags,
  io: Io,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using agent = url === undefined ? await startEmbedded({ signal }) : undefined;
  const progress = flags.quiet === true ? undefined : createLoadProgress(io.stderr);
  const startedAt = new Date();
  let section: LoadSection;
  try {
    const target: LoadOptions =
      agent === undefined ? { ...options, url: url! } : { message: referenceMessage, ...options, url: agent.url };
    ({ section } = await runLoad(target, progress?.listener, signal));
  } finally {
    progress?.end();
  }
  const code = codeOf(section);
  const path = join(flags.reportDir, 'load.json');
  const report = {
    schemaVersion: '1.0',
    tool: { name: 'a2a-gauntlet', version: toolVersion() },
    startedAt: startedAt.toISOString(),
    embedded: agent !== undefined,
    exit: { code, meaning: exitMeanings[code] },
    load: section,
  };
  await writeReportFile(path, `${JSON.stringify(report, null, 2)}\n`);
  const paint = picocolors.createColors(usesColor(flags.color, io));
  const text = renderLoad(section, { good: paint.green, bad: paint.red, doubtful: paint.yellow, strong: paint.bold });
  io.stdout.write(`${text}\nexit ${code}: ${exitMeanings[code]}\nreport: ${path}\n`);
  return code;
}

/** No samples is never a pass: what was not measured at all is exit 3, as in a check. */
function codeOf({ verdict, end }: LoadSection): ExitCode {
  if (end.kind === 'interrupted') return 130;
  if (verdict === 'fail') return 4;
  return verdict === 'untested' || end.kind === 'target-lost' ? 3 : 0;
}
