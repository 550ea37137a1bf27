import { randomInt } from 'node:crypto';
import { Option, type Command } from 'commander';
import { startContainersChaos, startEmbeddedChaos } from '../../chaos/environment.ts';
import { experiments, selectExperiments } from '../../chaos/experiments/all.ts';
import type { Experiment } from '../../chaos/experiment.ts';
import { defaultOperationMs } from '../../chaos/runner.ts';
import { runChaosReport } from '../../compose/run-chaos.ts';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import { createChaosProgress } from '../chaos-progress.ts';
import { addOutputOptions, exitCodesHelp } from '../flags.ts';
import { untilInterrupted } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { prepareFolder } from '../report-folder.ts';
import { toolHelp } from '../tool-help.ts';
import { duration, oneOf, parseFlag, wholeNumber } from '../values.ts';
import { parseOutput, writeReport, type OutputFlags, type ReportOutput } from '../write-report.ts';

interface Flags extends OutputFlags {
  readonly environment: string;
  readonly seed?: string;
  readonly timeout?: string;
  readonly list?: boolean;
  readonly color: boolean;
}

interface Options {
  readonly chosen: readonly Experiment[];
  readonly environment: (typeof environments)[number];
  readonly seed: number;
  readonly timeoutMs: number;
  readonly output: ReportOutput;
}

const environments = ['embedded', 'containers'] as const;
const longestTimeoutMs = 10 * 60_000;
const seedBeyond = 2 ** 31;

/** `chaos [experiment…]`: breaks a reference agent and a registry, and says what survived. */
export function addChaos(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const command = program
    .command('chaos')
    .summary('break a reference agent and see what survives')
    .description('Runs experiments on a reference agent and a registry behind Toxiproxy. Without names: all of them.')
    .argument('[experiment...]', 'names of experiments, see --list')
    .addOption(new Option('--environment <name>', `what they run on: ${environments.join(', ')}`).default('embedded'))
    .option('--list', 'list the experiments, and end')
    .option('--seed <n>', 'the same seed sends the same messages')
    .option('--timeout <time>', 'for one operation where nothing is broken: milliseconds, or like 10s');
  addOutputOptions(command)
    .addHelpText('after', toolHelp('toxiproxy'))
    .addHelpText('after', exitCodesHelp([0, 1, 2, 3, 4, 5, 130], 'chaos'))
    .action(async (names: readonly string[], flags: Flags) => {
      const options: Options = {
        chosen: selectExperiments(names),
        environment: parseFlag('--environment', flags.environment, oneOf(environments)),
        seed:
          flags.seed === undefined
            ? randomInt(seedBeyond)
            : parseFlag('--seed', flags.seed, wholeNumber(0, seedBeyond)),
        timeoutMs:
          flags.timeout === undefined
            ? defaultOperationMs
            : parseFlag('--timeout', flags.timeout, duration(50, longestTimeoutMs)),
        output: { ...parseOutput(flags), color: flags.color },
      };
      if (flags.list === true) {
        io.stdout.write(renderList(names.length === 0 ? experiments : options.chosen));
        return end(0);
      }
      await prepareFolder(options.output.reportDir);
      end(await untilInterrupted(io, (signal) => chaos(options, io, signal)));
    });
}

async function chaos(options: Options, io: Io, signal: AbortSignal): Promise<ExitCode> {
  const { chosen, environment, seed, timeoutMs, output } = options;
  const progress = output.detail === 'quiet' ? undefined : createChaosProgress(io.stderr);
  const report = await runChaosReport({
    ...{ experiments: chosen, environment, seed, timeoutMs, signal },
    start: (starting) => {
      const onProgress = (line: string): void => progress?.listener({ type: 'provisioning', line });
      return environment === 'containers'
        ? startContainersChaos({ signal: starting, env: io.env, onProgress })
        : startEmbeddedChaos({ signal: starting, tools: { env: io.env, onProgress } });
    },
    ...(progress === undefined ? {} : { listener: progress.listener }),
  });
  await writeReport(report, output, io);
  return report.exit.code as ExitCode;
}

function renderList(chosen: readonly Experiment[]): string {
  return chosen
    .map(({ id, title, hypothesis, method, decisive }) =>
      [
        `${id}: ${title}`,
        `  ${hypothesis}`,
        ...method.map(({ atMs, fault, forMs, until }) => {
          const how = until === undefined ? `for ${forMs} ms` : `until the registry has noticed, at most ${forMs} ms`;
          return `  at ${atMs} ms: ${fault.description}, ${how}`;
        }),
        `  decided by ${decisive.join(', ')}`,
      ].join('\n'),
    )
    .join('\n\n')
    .concat('\n');
}
