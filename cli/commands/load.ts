import type { Command } from 'commander';
import { runLoadReport, type RunLoadOptions } from '../../compose/run-load.ts';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import type { Report } from '../../core/findings/report.ts';
import { startEmbedded } from '../../fixtures/environments/embedded.ts';
import { referenceMessage, type LoadOptions } from '../../load/options.ts';
import { addConnectionOptions, addOutputOptions, exitCodesHelp } from '../flags.ts';
import { untilInterrupted } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { parseLoadOptions, type LoadFlags } from '../load-options.ts';
import { createLoadProgress } from '../load-progress.ts';
import { prepareFolder } from '../report-folder.ts';
import { toolHelp } from '../tool-help.ts';
import { parseOutput, writeReport, type ReportOutput } from '../write-report.ts';

/** Of the embedded agent. */
const profile = 'full';

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
    .option('--purges', 'the agent throws ended tasks away: what is not found is not lost');
  addOutputOptions(command)
    .addHelpText('after', toolHelp('k6'))
    .addHelpText('after', exitCodesHelp([0, 1, 2, 3, 4, 5, 130], 'load'))
    .action(async (url: string | undefined, flags: LoadFlags) => {
      const options = await parseLoadOptions(flags, io.env);
      const output = { ...parseOutput(flags), color: flags.color };
      await prepareFolder(output.reportDir);
      end(await untilInterrupted(io, (signal) => load(url, options, output, io, signal)));
    });
}

async function load(
  url: string | undefined,
  options: Omit<LoadOptions, 'url'>,
  output: ReportOutput,
  io: Io,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using agent = url === undefined ? await startEmbedded({ profile, signal }) : undefined;
  const progress = output.detail === 'quiet' ? undefined : createLoadProgress(io.stderr);
  const target: RunLoadOptions =
    agent === undefined
      ? { ...options, url: url! }
      : { message: referenceMessage, ...options, url: agent.url, embedded: { profile } };
  let report: Report;
  try {
    report = await runLoadReport(target, progress?.listener, signal);
  } finally {
    progress?.end();
  }
  await writeReport(report, output, io);
  return report.exit.code as ExitCode;
}
