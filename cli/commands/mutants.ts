import type { Command } from 'commander';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import { mutants, suiteMutants } from '../../mocks/mutants/catalogue.ts';
import { hostOf, isThisMachine } from '../../fixtures/guest/hosts.ts';
import { loadStimuli } from '../../fixtures/stimuli/stimuli.ts';
import { collect } from '../flags.ts';
import { untilInterrupted } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { prepareFolder } from '../report-folder.ts';
import { UsageError } from '../usage-error.ts';
import { parseFlag, wholeNumber } from '../values.ts';
import { defaultReportDir } from '../write-report.ts';
import { runLayeredMatrix, runMatrix } from './mutant-runs.ts';

/** How many mutants in a hundred meet the whole catalogue. */
const defaultSample = 20;

const all = [...mutants, ...suiteMutants];

/** `'races/*'`: what names the mutants of suites. */
const suiteAreas = [...new Set(suiteMutants.map(({ id }) => `'${id.slice(0, id.indexOf('/'))}/*'`))];

interface Flags {
  readonly only?: readonly string[];
  readonly seed?: string;
  readonly concurrency?: string;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly whole?: boolean;
  readonly sample?: string;
  readonly reportDir?: string;
  readonly url?: string;
  readonly stimuli?: string;
}

/** `mutants [pattern…]`: the kill matrix, which shows that the checks see what they are there for. */
export function addMutants(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('mutants')
    .summary('run the kill matrix: broken agents that the checks have to catch')
    .description(
      'Runs the checks against agents that are broken in one known way each: every one has to be caught by the checks that ' +
        'are there for it, and blamed for nothing else. A mutant meets the checks of its own areas, a sample of them the whole ' +
        'catalogue. Mutants of the suites of explore meet their suite, and are run where they are named: ' +
        `${suiteAreas.join(', ')}. Ends with 1 where one is not cleanly killed.`,
    )
    .argument('[pattern...]', 'ids of mutants, * matches anything; default: all of the catalogue')
    .option('--only <pattern>', 'the same as a pattern alone; repeatable', collect)
    .option('--list', 'list them, and end')
    .option('--seed <n>', 'of every run, and of the sample (default: 1)')
    .option('--whole', 'every mutant meets the whole catalogue')
    .option('--sample <percent>', `how many meet the whole catalogue, drawn by seed (default: ${defaultSample})`)
    .option(
      '--url <url>',
      'a faulty layer in front of this agent in place of broken reference agents; on this machine alone',
    )
    .option('--stimuli <preset|file>', 'messages that make the agent of --url behave (default: tck)')
    .option('--concurrency <n>', 'agents at a time')
    .option('--report-dir <path>', `for mutants.json and the heat map mutants.html (default: ${defaultReportDir})`)
    .option('--json', 'the matrix as JSON on stdout')
    .option('--verbose', 'also stack traces of faults')
    .action(async (patterns: readonly string[], flags: Flags) => {
      const chosen = choose(patternsOf(patterns, flags));
      if (flags.list === true) {
        for (const mutant of patternsOf(patterns, flags).length === 0 ? all : chosen) io.stdout.write(listed(mutant));
        return end(0);
      }
      const seed =
        flags.seed === undefined ? 1 : parseFlag('--seed', flags.seed, wholeNumber(0, Number.MAX_SAFE_INTEGER));
      const concurrency =
        flags.concurrency === undefined ? undefined : parseFlag('--concurrency', flags.concurrency, wholeNumber(1, 64));
      if (flags.whole === true && flags.sample !== undefined) {
        throw new UsageError('--whole and --sample are given both: give one of them');
      }
      const sample =
        flags.whole === true
          ? 100
          : flags.sample === undefined
            ? defaultSample
            : parseFlag('--sample', flags.sample, wholeNumber(0, 100));
      const { url } = flags;
      if (url === undefined && flags.stimuli !== undefined) {
        throw new UsageError('--stimuli is for the agent of --url: the reference agents know theirs');
      }
      if (url !== undefined && !isThisMachine(hostOf(url) ?? '')) {
        throw new UsageError(`--url ${url}: a faulty layer is put in front of agents on this machine alone`);
      }
      if (url !== undefined && (flags.whole === true || flags.sample !== undefined)) {
        throw new UsageError('--whole and --sample are for broken reference agents: leave them out with --url');
      }
      const [ofSuite] = chosen.filter(({ suite }) => suite !== undefined);
      if (url !== undefined && ofSuite !== undefined) {
        throw new UsageError(
          `${ofSuite.id} meets a suite of generated cases as a reference agent: leave it out with --url`,
        );
      }
      const stimuli = await loadStimuli(flags.stimuli ?? 'tck');
      const reportDir = flags.reportDir ?? defaultReportDir;
      await prepareFolder(reportDir);
      const setting = { chosen, seed, concurrency, reportDir, json: flags.json === true, io };
      end(
        await untilInterrupted(io, (signal) =>
          url === undefined
            ? runMatrix({ ...setting, sample, signal })
            : runLayeredMatrix({ ...setting, url, stimuli, signal }),
        ),
      );
    });
}

const patternsOf = (patterns: readonly string[], { only = [] }: Flags): readonly string[] => [...patterns, ...only];

const listed = ({ id, breaks, killedBy, suite }: (typeof all)[number]): string =>
  `${id}\n  breaks ${breaks.join(', ')}\n  killed by ${killedBy.join(', ')}` +
  `${suite === undefined ? '' : ` (explore --suite ${suite})`}\n`;

function choose(patterns: readonly string[]): typeof mutants {
  if (patterns.length === 0) return mutants;
  const matchers = patterns.map((pattern) => {
    const whole = new RegExp(
      `^${pattern
        .split('*')
        .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
        .join('.*')}$`,
    );
    if (!all.some(({ id }) => whole.test(id))) {
      throw new UsageError(`there is no mutant ${pattern}; list them with: a2a-gauntlet mutants --list`);
    }
    return whole;
  });
  return all.filter(({ id }) => matchers.some((whole) => whole.test(id)));
}
