import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { soak } from '../compose/soak/soak.ts';
import { parseFlag, wholeNumber } from './values.ts';

const usage = `npm run soak -- [options]

Checks the reference agent again and again, its profiles in turn, over all bindings, each time with a seed that no run had before. Every
run is written to compose/soak/ledger.yaml at once: it may be ended at any time, and goes on from there. Ends with 1 where one was not clean.

  --runs <n>            so many runs (default: 20)
  --until <n>           until the ledger holds so many clean runs
  --oversubscribe <n>   beside n busy processes a core
  --at-a-time <n>       runs at a time (default: two a core; one with --oversubscribe)
  --keep <folder>       for the reports of runs that are not clean (default: ./a2a-gauntlet-report/soak)
`;

/** `npm run soak`: not a command of the package, since it is about the package itself. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '20' },
      until: { type: 'string' },
      oversubscribe: { type: 'string', default: '0' },
      'at-a-time': { type: 'string' },
      keep: { type: 'string', default: './a2a-gauntlet-report/soak' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const whole = (name: string, text: string, least = 1): number =>
    parseFlag(`--${name}`, text, wholeNumber(least, 100_000));
  const oversubscribe = whole('oversubscribe', values.oversubscribe, 0);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const notClean = await soak({
    runs: whole('runs', values.runs),
    until: values.until === undefined ? undefined : whole('until', values.until),
    oversubscribe,
    atATime:
      values['at-a-time'] === undefined
        ? oversubscribe > 0
          ? 1
          : 2 * availableParallelism()
        : whole('at-a-time', values['at-a-time']),
    keep: values.keep,
    say: (text) => process.stdout.write(text),
    signal: stop.signal,
  });
  return notClean > 0 ? 1 : stop.signal.aborted ? 130 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
