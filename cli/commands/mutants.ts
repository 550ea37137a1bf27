import type { Command } from 'commander';
import { describeOutcome, isClean } from '../../compose/mutants/matrix.ts';
import { runMutants } from '../../compose/mutants/run-mutants.ts';
import type { ExitCode } from '../../core/findings/exit-policy.ts';
import { mutants } from '../../mocks/mutants/catalogue.ts';
import { duration, plural } from '../../reports/text.ts';
import { collect } from '../flags.ts';
import { untilInterrupted } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import { parseFlag, wholeNumber } from '../values.ts';

interface Flags {
  readonly only?: readonly string[];
  readonly seed?: string;
  readonly concurrency?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** `mutants [pattern…]`: the kill matrix, which shows that the checks see what they are there for. */
export function addMutants(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('mutants')
    .summary('run the kill matrix: broken agents that the checks have to catch')
    .description(
      'Runs all checks against agents that are broken in one known way each: every one has to be caught by the checks that ' +
        'are there for it, and blamed for nothing else. Ends with 1 where one is not.',
    )
    .argument('[pattern...]', 'ids of mutants, * matches anything; default: all')
    .option('--only <pattern>', 'the same as a pattern alone; repeatable', collect)
    .option('--list', 'list them, and end')
    .option('--seed <n>', 'of every run (default: 1)')
    .option('--concurrency <n>', 'agents at a time')
    .option('--json', 'the matrix as JSON')
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
        flags.seed === undefined ? undefined : parseFlag('--seed', flags.seed, wholeNumber(0, Number.MAX_SAFE_INTEGER));
      const concurrency =
        flags.concurrency === undefined ? undefined : parseFlag('--concurrency', flags.concurrency, wholeNumber(1, 64));
      end(
        await untilInterrupted(io, (signal) =>
          runMatrix({ chosen, seed, concurrency, json: flags.json === true, io, signal }),
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
  readonly seed: number | undefined;
  readonly concurrency: number | undefined;
  readonly json: boolean;
  readonly io: Io;
  readonly signal: AbortSignal;
}

async function runMatrix({ chosen, seed, concurrency, json, io, signal }: Setting): Promise<ExitCode> {
  const startedAt = performance.now();
  const width = String(chosen.length).length;
  const say = json ? io.stderr : io.stdout;
  const matrix = await runMutants({
    mutants: chosen,
    signal,
    ...(seed === undefined ? {} : { seed }),
    ...(concurrency === undefined ? {} : { concurrency }),
    onOutcome: (outcome, done) => {
      say.write(`${String(done).padStart(width)}/${chosen.length} ${describeOutcome(outcome)}\n`);
    },
  });
  if (json) io.stdout.write(`${JSON.stringify(matrix, null, 2)}\n`);
  const accusations = matrix.clean.flatMap(({ profile, accusations: of }) =>
    of.map((finding) => ({ profile, finding })),
  );
  for (const { profile, finding } of accusations) {
    say.write(
      `the clean agent (${profile}) is accused: ${finding.verdict} ${finding.requirement} by ${finding.check}: ${finding.reason}\n`,
    );
  }
  const { outcomes, killed } = matrix;
  say.write(
    `${killed} of ${plural(outcomes.length, 'mutant')} cleanly killed, ${duration(performance.now() - startedAt)}\n`,
  );
  return outcomes.every(isClean) && accusations.length === 0 ? 0 : 1;
}
