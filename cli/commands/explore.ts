import { Option, type Command } from 'commander';
import { exploreDefaults, runExplore, type ExploreEvent, type RunExploreOptions } from '../../compose/run-explore.ts';
import { suites } from '../../compose/suites.ts';
import { defaultMaxTasks } from '../../compose/run-check.ts';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import type { SuiteName } from '../../core/findings/explore-section.ts';
import type { Report } from '../../core/findings/report.ts';
import { spokenBindings } from '../../core/wire/connect.ts';
import { startEmbedded } from '../../fixtures/environments/embedded.ts';
import { profiles } from '../../mocks/reference-agent/settings.ts';
import { parseCheckOptions, type CheckFlags, type CheckOptions } from '../check-options.ts';
import {
  addConnectionOptions,
  addIdentityOptions,
  addOutputOptions,
  addWebhookOptions,
  collect,
  exitCodesHelp,
} from '../flags.ts';
import { untilInterrupted } from '../interrupts.ts';
import type { Io, Output } from '../io.ts';
import { prepareFolder } from '../report-folder.ts';
import { addSecondPrincipalOption } from '../second-principal.ts';
import { duration, oneOf, parseFlag, wholeNumber } from '../values.ts';
import { writeReport } from '../write-report.ts';
import { credentialsOf, embeddedHost, secondOf } from './check.ts';

type Flags = Omit<CheckFlags, 'only' | 'skip' | 'level' | 'concurrency'> & {
  readonly suite?: readonly string[];
  readonly runs?: string;
  readonly maxCommands?: string;
  readonly time?: string;
  readonly color: boolean;
};

const names = suites.map(({ name }) => name) as [SuiteName, ...SuiteName[]];
const longestMs = 24 * 3_600_000;
/** Nobody pays for the tasks of the agent of this tool: all suites are to have their runs. */
const embeddedMaxTasks = 20_000;

/** `explore [url]`: draws cases from a seed, judges what the endpoint does with them, and shrinks what shows a fault. */
export function addExplore(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const command = program
    .command('explore')
    .summary('draw requests and sequences, and shrink what shows a fault')
    .description(
      'Draws cases from a seed and judges what the endpoint does with them; what shows a fault is made as small as it goes. ' +
        'Without a URL: the embedded reference agent.',
    )
    .argument('[url]', 'of the agent: its origin, the base of its card, or the card itself');
  addConnectionOptions(command);
  addIdentityOptions(command);
  addSecondPrincipalOption(command);
  addWebhookOptions(command);
  const { runs, maxCommands, timeMs } = exploreDefaults;
  command
    .optionsGroup('Target:')
    .option('--card-url <url>', 'where the card is, if not at the well-known path')
    .option('--binding <name>', `only interfaces of this binding: ${spokenBindings.join(', ')}; repeatable`, collect)
    .addOption(
      new Option('--profile <name>', 'variant of the embedded reference agent').choices(profiles).argParser(String),
    )
    .optionsGroup('What is drawn:')
    .option('--suite <names>', `${names.join(', ')}; several with commas, or repeated (default: all)`, collect)
    .option('--runs <n>', `cases of each suite (default: ${runs})`)
    .option('--max-commands <n>', `commands of one case, where it is a sequence (default: ${maxCommands})`)
    .option('--time <time>', `no case of a suite is begun later than this (default: ${timeMs / 1000}s)`)
    .option('--seed <n>', 'the same seed draws the same cases (default: drawn, and in the report)')
    .option('--stimuli <preset|file>', 'messages that make the agent behave: tck, or a file (examples/stimuli.yaml)')
    .option('--intrusive', 'also what may cost or disturb: a burst, over 200 tasks, examples of the card as messages')
    .option(
      '--max-tasks <n>',
      `how many tasks the run may create (default: ${defaultMaxTasks}; of the embedded agent: ${embeddedMaxTasks})`,
    )
    .option('--strict', 'a SHOULD that is not met fails the run too');
  addOutputOptions(command)
    .option('--baseline <file>', 'known failures; default: gauntlet.baseline.yaml where it exists')
    .addHelpText('after', exitCodesHelp([0, 1, 2, 3, 5, 130]))
    .action(async (url: string | undefined, flags: Flags) => {
      const options = await parseCheckOptions(url, flags, io);
      end(await explore(options, ownOptions(flags), flags.color, io));
    });
}

type Own = Pick<RunExploreOptions, 'suites' | 'runs' | 'maxCommands' | 'timeMs'>;

function ownOptions({ suite = [], runs, maxCommands, time }: Flags): Own {
  const wanted = suite
    .flatMap((text) => text.split(','))
    .map((name) => parseFlag('--suite', name.trim(), oneOf(names)));
  return {
    ...(wanted.length === 0 ? {} : { suites: wanted }),
    ...(runs === undefined ? {} : { runs: parseFlag('--runs', runs, wholeNumber(1, 1_000_000)) }),
    ...(maxCommands === undefined
      ? {}
      : { maxCommands: parseFlag('--max-commands', maxCommands, wholeNumber(1, 1_000)) }),
    ...(time === undefined ? {} : { timeMs: parseFlag('--time', time, duration(100, longestMs)) }),
  };
}

async function explore({ run, profile, output }: CheckOptions, own: Own, color: boolean, io: Io): Promise<ExitCode> {
  await prepareFolder(output.reportDir);
  return await untilInterrupted(io, async (signal) => {
    await using agent = run.url === null ? await startEmbedded({ profile, signal }) : undefined;
    const target: RunExploreOptions =
      agent === undefined
        ? { ...run, ...own, url: run.url! }
        : {
            ...run,
            ...own,
            url: agent.url,
            embedded: { profile },
            ...secondOf(profile),
            maxTasks: run.maxTasks ?? embeddedMaxTasks,
            headers: { ...credentialsOf(profile), ...run.headers },
            owned: [...(run.owned ?? []), embeddedHost],
          };
    const name = agent === undefined ? target.url : `the embedded reference agent (profile ${profile})`;
    const progress = output.detail === 'quiet' ? undefined : createExploreProgress(name, io.stderr);
    let report: Report;
    try {
      report = await runExplore(target, progress?.listener, signal);
    } finally {
      progress?.end();
    }
    await writeReport(report, { ...output, color }, io);
    return report.exit.code as ExitCode;
  });
}

/** On a terminal one line that is rewritten; else a line for each suite. */
function createExploreProgress(target: string, output: Output) {
  const live = output.isTTY === true;
  let runs = 0;
  const show = (text: string): void => {
    output.write(live ? `\r\u001b[2K${text.slice(0, (output.columns || 80) - 1)}` : `${text}\n`);
  };
  return {
    listener: (event: ExploreEvent): void => {
      if (event.type === 'discovering') show(`exploring ${target}: reading its card, trying messages`);
      else if (event.type === 'suite') {
        runs = event.runs;
        show(`${event.suite}: up to ${runs} cases`);
      } else if (live) show(`${event.suite}: ${event.done}/${runs} cases`);
    },
    end: (): void => {
      if (live) output.write('\r\u001b[2K');
    },
  };
}
