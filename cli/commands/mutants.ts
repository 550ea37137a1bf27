import { join } from 'node:path';
import type { Command } from 'commander';
import { gapsOf } from '../../compose/mutants/gaps.ts';
import { renderHeatMap } from '../../compose/mutants/heat-map.ts';
import type { MatrixReport } from '../../compose/mutants/matrix-report.ts';
import { describeOutcome, isClean } from '../../compose/mutants/matrix.ts';
import { runMutants } from '../../compose/mutants/run-mutants.ts';
import { drawSample } from '../../compose/mutants/scope.ts';
import { toolVersion } from '../../compose/tool-version.ts';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import { mutants } from '../../mocks/mutants/catalogue.ts';
import { writeReportFile } from '../../reports/json.ts';
import { duration, plural } from '../../reports/text.ts';
import { collect } from '../flags.ts';
import { untilInterrupted } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { prepareFolder } from '../report-folder.ts';
import { UsageError } from '../usage-error.ts';
import { parseFlag, wholeNumber } from '../values.ts';
import { defaultReportDir } from '../write-report.ts';

/** How many mutants in a hundred meet the whole catalogue. */
const defaultSample = 20;

interface Flags {
  readonly only?: readonly string[];
  readonly seed?: string;
  readonly concurrency?: string;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly whole?: boolean;
  readonly sample?: string;
  readonly reportDir?: string;
}

/** `mutants [pattern…]`: the kill matrix, which shows that the checks see what they are there for. */
export function addMutants(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('mutants')
    .summary('run the kill matrix: broken agents that the checks have to catch')
    .description(
      'Runs the checks against agents that are broken in one known way each: every one has to be caught by the checks that ' +
        'are there for it, and blamed for nothing else. A mutant meets the checks of its own areas, a sample of them the whole ' +
        'catalogue. Ends with 1 where one is not cleanly killed.',
    )
    .argument('[pattern...]', 'ids of mutants, * matches anything; default: all')
    .option('--only <pattern>', 'the same as a pattern alone; repeatable', collect)
    .option('--list', 'list them, and end')
    .option('--seed <n>', 'of every run, and of the sample (default: 1)')
    .option('--whole', 'every mutant meets the whole catalogue')
    .option('--sample <percent>', `how many meet the whole catalogue, drawn by seed (default: ${defaultSample})`)
    .option('--concurrency <n>', 'agents at a time')
    .option('--report-dir <path>', `for mutants.json and the heat map mutants.html (default: ${defaultReportDir})`)
    .option('--json', 'the matrix as JSON on stdout')
    .option('--verbose', 'also stack traces of faults')
    .action(async (patterns: readonly string[], flags: Flags) => {
      const chosen = choose([...patterns, ...(flags.only ?? [])]);
      if (flags.list === true) {
        for (const { id, breaks, killedBy } of chosen) {
          io.stdout.write(`${id}\n  breaks ${breaks.join(', ')}\n  killed by ${killedBy.join(', ')}\n`);
        }
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
      const reportDir = flags.reportDir ?? defaultReportDir;
      await prepareFolder(reportDir);
      end(
        await untilInterrupted(io, (signal) =>
          runMatrix({ chosen, seed, sample, concurrency, reportDir, json: flags.json === true, io, signal }),
        ),
      );
    });
}

function choose(patterns: readonly string[]): typeof mutants {
  if (patterns.length === 0) return mutants;
  const matchers = patterns.map((pattern) => {
    const whole = new RegExp(
      `^${pattern
        .split('*')
        .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
        .join('.*')}$`,
    );
    if (!mutants.some(({ id }) => whole.test(id))) {
      throw new UsageError(`there is no mutant ${pattern}; list them with: a2a-gauntlet mutants --list`);
    }
    return whole;
  });
  return mutants.filter(({ id }) => matchers.some((whole) => whole.test(id)));
}

interface Setting {
  readonly chosen: typeof mutants;
  readonly seed: number;
  /** Percent. */
  readonly sample: number;
  readonly concurrency: number | undefined;
  readonly reportDir: string;
  readonly json: boolean;
  readonly io: Io;
  readonly signal: AbortSignal;
}

async function runMatrix(setting: Setting): Promise<ExitCode> {
  const { chosen, seed, sample, concurrency, reportDir, json, io, signal } = setting;
  const startedAt = new Date();
  const width = String(chosen.length).length;
  const say = json ? io.stderr : io.stdout;
  const matrix = await runMutants({
    mutants: chosen,
    seed,
    whole: drawSample(
      chosen.map(({ id }) => id),
      sample / 100,
      seed,
    ),
    signal,
    ...(concurrency === undefined ? {} : { concurrency }),
    onOutcome: (outcome, done) => {
      say.write(`${String(done).padStart(width)}/${chosen.length} ${describeOutcome(outcome)}\n`);
    },
  });
  const { outcomes, killed, unsteady } = matrix;
  const report: MatrixReport = {
    schemaVersion: '1.0',
    tool: { name: 'a2a-gauntlet', version: toolVersion() },
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    seed,
    killed,
    clean: matrix.clean.map(({ profile, accusations }) => ({
      profile,
      accusations: accusations.map(({ check, requirement, reason }) => ({ check, requirement, reason })),
    })),
    outcomes,
    unsteady,
    gaps: gapsOf(mutants, outcomes),
  };
  const page = join(reportDir, 'mutants.html');
  await writeReportFile(join(reportDir, 'mutants.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeReportFile(page, renderHeatMap(report));
  if (json) io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  const accusations = report.clean.flatMap(({ profile, accusations: of }) =>
    of.map((finding) => ({ profile, finding })),
  );
  for (const { profile, finding } of accusations) {
    say.write(
      `the clean agent (${profile}) is accused: ${finding.requirement} by ${finding.check}: ${finding.reason}\n`,
    );
  }
  for (const outcome of unsteady) say.write(`unsteady, cleanly killed when alone: ${describeOutcome(outcome)}\n`);
  // Of a part of the mutants most checks kill none.
  if (chosen.length === mutants.length) {
    for (const id of report.gaps.idleChecks) say.write(`this check killed nothing: ${id}\n`);
  }
  for (const id of report.gaps.unbrokenRows) say.write(`no mutant breaks this MUST: ${id}\n`);
  say.write(
    `${killed} of ${plural(outcomes.length, 'mutant')} cleanly killed, ${duration(report.durationMs)}; heat map: ${page}\n`,
  );
  return outcomes.every(isClean) && accusations.length === 0 ? 0 : 1;
}
