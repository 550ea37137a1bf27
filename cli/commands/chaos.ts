import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import picocolors from 'picocolors';
import { startContainersChaos, startEmbeddedChaos } from '../../chaos/environment.ts';
import { experiments, selectExperiments } from '../../chaos/experiments/all.ts';
import type { Experiment } from '../../chaos/experiment.ts';
import { renderExperiment, renderOutcome } from '../../chaos/render.ts';
import { runChaos } from '../../chaos/runner.ts';
import { chaosExit, type ChaosSection } from '../../chaos/section.ts';
import { toolVersion } from '../../compose/tool-version.ts';
import { exitMeanings, type ExitCode } from '../../core/findings/exit-policy.ts';
import { writeReportFile } from '../../reports/json.ts';
import { createChaosProgress } from '../chaos-progress.ts';
import { untilInterrupted } from '../interrupts.ts';
import { usesColor, type Io } from '../io.ts';
import { prepareFolder } from '../report-folder.ts';
import { toolHelp } from '../tool-help.ts';
import { duration, oneOf, parseFlag, wholeNumber } from '../values.ts';

interface Flags {
  readonly environment: string;
  readonly seed?: string;
  readonly timeout?: string;
  readonly reportDir: string;
  readonly list?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
}

interface Options {
  readonly chosen: readonly Experiment[];
  readonly environment: (typeof environments)[number];
  readonly seed: number;
  readonly timeoutMs: number;
}

const environments = ['embedded', 'containers'] as const;
const longestTimeoutMs = 10 * 60_000;
const defaultTimeoutMs = 10_000;
const seedBeyond = 2 ** 31;

/** `chaos [experiment…]`: breaks a reference agent and a registry, and says what survived. */
export function addChaos(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('chaos')
    .summary('break a reference agent and see what survives')
    .description('Runs experiments on a reference agent and a registry behind Toxiproxy. Without names: all of them.')
    .argument('[experiment...]', 'names of experiments, see --list')
    .addOption(new Option('--environment <name>', `what they run on: ${environments.join(', ')}`).default('embedded'))
    .option('--list', 'list the experiments, and end')
    .option('--seed <n>', 'the same seed sends the same messages')
    .option('--timeout <time>', 'for one operation where nothing is broken: milliseconds, or like 10s')
    .optionsGroup('Output:')
    .option('--report-dir <folder>', 'where chaos.json is written', './a2a-gauntlet-report')
    .option('--quiet', 'the outcome alone')
    .option('--verbose', 'stack traces of faults')
    .option('--no-color', 'no colours (also: NO_COLOR=1)')
    .addHelpText('after', toolHelp('toxiproxy'))
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
            ? defaultTimeoutMs
            : parseFlag('--timeout', flags.timeout, duration(50, longestTimeoutMs)),
      };
      if (flags.list === true) {
        io.stdout.write(renderList(names.length === 0 ? experiments : options.chosen));
        return end(0);
      }
      await prepareFolder(flags.reportDir);
      end(await untilInterrupted(io, (signal) => chaos(options, flags, io, signal)));
    });
}

async function chaos(options: Options, flags: Flags, io: Io, signal: AbortSignal): Promise<ExitCode> {
  const progress = flags.quiet === true ? undefined : createChaosProgress(io.stderr);
  const section = await runChaos({
    experiments: options.chosen,
    environment: options.environment,
    seed: options.seed,
    timeoutMs: options.timeoutMs,
    signal,
    start: (starting) => {
      const onProgress = (line: string): void => progress?.listener({ type: 'provisioning', line });
      return options.environment === 'containers'
        ? startContainersChaos({ signal: starting, env: io.env, onProgress })
        : startEmbeddedChaos({ signal: starting, tools: { env: io.env, onProgress } });
    },
    ...(progress === undefined ? {} : { listener: progress.listener }),
  });
  const code = chaosExit(section);
  const path = join(flags.reportDir, 'chaos.json');
  const report = {
    schemaVersion: '1.0',
    tool: { name: 'a2a-gauntlet', version: toolVersion() },
    startedAt: section.startedAt,
    exit: { code, meaning: exitMeanings[code] },
    chaos: section,
  };
  await writeReportFile(path, `${JSON.stringify(report, null, 2)}\n`);
  show(section, flags, io);
  io.stdout.write(`exit ${code}: ${exitMeanings[code]}\nreport: ${path}\n`);
  return code;
}

function show(section: ChaosSection, { quiet, color }: Flags, io: Io): void {
  const paint = picocolors.createColors(usesColor(color, io));
  const colors = { PASS: paint.green, FAIL: paint.red, INCONCLUSIVE: paint.yellow } as const;
  const painted = (text: string): string =>
    text.replace(/^(PASS|FAIL|INCONCLUSIVE)\b/, (word) => colors[word as keyof typeof colors](word));
  const blocks = quiet === true ? [] : section.experiments.map(renderExperiment);
  io.stdout.write(`${[...blocks, renderOutcome(section)].map(painted).join('\n\n')}\nseed: ${section.seed}\n`);
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
