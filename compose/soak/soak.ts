import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { profiles } from '../../mocks/reference-agent/settings.ts';
import { startBusyProcesses } from './busy.ts';
import { LedgerFile } from './ledger-file.ts';
import { firstFreshSeed, totalsOf } from './ledger.ts';
import { runOnce } from './run-once.ts';

export interface SoakOptions {
  readonly runs: number;
  /** Instead: as many as the ledger lacks of so many clean ones. */
  readonly until?: number | undefined;
  /** Busy processes beside, for each core; 0 for none. */
  readonly oversubscribe: number;
  readonly atATime: number;
  /** Where the reports of runs that are not clean are kept. */
  readonly keep: string;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

const compose = fileURLToPath(new URL('..', import.meta.url));

/** The commit that is checked; marked where the working tree is another. */
async function commitOf(): Promise<string> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', args, { cwd: compose })).stdout.trim();
  const changed = (await git('status', '--porcelain', '--untracked-files=no'))
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith('ledger.yaml'));
  return `${await git('rev-parse', '--short=10', 'HEAD')}${changed.length > 0 ? '+changes' : ''}`;
}

type Untested = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Checks the reference agent again and again, its profiles in turn, each time with a seed that no run had before, and writes each
 * run into the ledger at once. Resolves with the number of runs that were not clean.
 */
export async function soak(options: SoakOptions): Promise<number> {
  const { until, oversubscribe, atATime, keep, say, signal } = options;
  const untested = parse(await readFile(join(compose, 'reference-agent', 'untested.yaml'), 'utf8')) as Untested;
  const file = await LedgerFile.open(join(compose, 'soak', 'ledger.yaml'));
  const commit = await commitOf();
  const runs = until === undefined ? options.runs : Math.max(0, until - totalsOf(file.ledger).clean);
  const scratch = await mkdtemp(join(tmpdir(), 'a2a-gauntlet-soak-'));
  const startedAt = performance.now();
  const firstSeed = firstFreshSeed(file.ledger);
  let begun = 0;
  let done = 0;
  let notClean = 0;

  const one = async (seed: number): Promise<void> => {
    const profile = profiles[seed % profiles.length]!;
    const folder = join(scratch, String(seed));
    const expected = new Set(Object.keys(untested[profile] ?? {}));
    const { seconds, found } = await runOnce({ profile, seed, folder, expected, signal });
    await file.add({ commit, seed, profile, seconds, oversubscribed: oversubscribe > 0, found });
    done += 1;
    const isClean = found.length === 0;
    say(`${done}/${runs} seed ${seed}, ${profile}: ${seconds.toFixed(1)} s, ${isClean ? 'clean' : 'NOT CLEAN'}\n`);
    if (!isClean) {
      notClean += 1;
      for (const line of found) say(`  ${line}\n`);
      say(`  report: ${await keptReport(folder, join(keep, `${commit}-${seed}.json`))}\n`);
      say(`  again:  npm start -- --profile ${profile} --seed ${seed}\n`);
    }
    await rm(folder, { recursive: true, force: true });
  };
  const work = async (): Promise<void> => {
    while (begun < runs && !signal.aborted) {
      begun += 1;
      await one(firstSeed + begun - 1);
    }
  };

  const busy = oversubscribe > 0 ? startBusyProcesses(oversubscribe) : undefined;
  try {
    await Promise.all(Array.from({ length: Math.min(atATime, runs) }, work));
  } catch (error) {
    // Those under way are no runs.
    if (!signal.aborted) throw error;
  } finally {
    busy?.close();
    await rm(scratch, { recursive: true, force: true });
  }
  const totals = totalsOf(file.ledger);
  const seconds = (performance.now() - startedAt) / 1_000;
  say(`${done} runs in ${seconds.toFixed(0)} s (${(seconds / Math.max(1, done)).toFixed(1)} s a run), `);
  say(
    `${notClean} not clean. The ledger: ${totals.clean} clean runs, ${totals.oversubscribed} of them oversubscribed, `,
  );
  say(`${totals.flakes} not clean.\n`);
  return notClean;
}

async function keptReport(folder: string, place: string): Promise<string> {
  try {
    await mkdir(join(place, '..'), { recursive: true });
    await copyFile(join(folder, 'report.json'), place);
    return place;
  } catch {
    return 'none was written';
  }
}
