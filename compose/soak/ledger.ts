import { z } from 'zod';

const flake = z.object({ seed: z.int(), profile: z.string(), found: z.array(z.string()) });

const entry = z.object({
  commit: z.string(),
  /** The clean ones, as ranges: `1-40, 42`. */
  seeds: z.string(),
  clean: z.int(),
  /** Of the clean ones: how many with several times as many busy processes as cores. */
  oversubscribed: z.int(),
  /** Of the clean ones. */
  seconds: z.object({ mean: z.number(), slowest: z.number() }),
  flakes: z.array(flake),
});

/** Runs of one commit that add up. */
export type LedgerEntry = z.infer<typeof entry>;
export const ledgerSchema = z.array(entry);
export type Ledger = readonly LedgerEntry[];

/** One run of the check of the reference agent. */
export interface SoakRun {
  readonly commit: string;
  readonly seed: number;
  readonly profile: string;
  readonly seconds: number;
  readonly oversubscribed: boolean;
  /** One line each; empty for a clean run. */
  readonly found: readonly string[];
}

export function seedsIn(ranges: string): readonly number[] {
  return ranges.split(', ').flatMap((range) => {
    if (range === '') return [];
    const [from, to = from] = range.split('-').map(Number);
    return Array.from({ length: to! - from! + 1 }, (_, index) => from! + index);
  });
}

export function rangesOf(seeds: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const seed of seeds.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && seed <= last[1] + 1) last[1] = seed;
    else ranges.push([seed, seed]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

const tenth = (seconds: number): number => Math.round(10 * seconds) / 10;

/** The ledger with one more run; entries of other commits stay. */
export function withRun(ledger: Ledger, run: SoakRun): Ledger {
  const { commit, seed, profile, seconds, oversubscribed, found } = run;
  const known = ledger.find((each) => each.commit === commit) ?? {
    commit,
    seeds: '',
    clean: 0,
    oversubscribed: 0,
    seconds: { mean: 0, slowest: 0 },
    flakes: [],
  };
  const isClean = found.length === 0;
  const next: LedgerEntry = isClean
    ? {
        ...known,
        seeds: rangesOf([...seedsIn(known.seeds), seed]),
        clean: known.clean + 1,
        oversubscribed: known.oversubscribed + (oversubscribed ? 1 : 0),
        seconds: {
          mean: tenth((known.seconds.mean * known.clean + seconds) / (known.clean + 1)),
          slowest: tenth(Math.max(known.seconds.slowest, seconds)),
        },
      }
    : { ...known, flakes: [...known.flakes, { seed, profile, found: [...found] }] };
  return ledger.includes(known as LedgerEntry)
    ? ledger.map((each) => (each === known ? next : each))
    : [...ledger, next];
}

/** The first seed that no run of the ledger had. */
export const firstFreshSeed = (ledger: Ledger): number =>
  1 + Math.max(0, ...ledger.flatMap(({ seeds, flakes }) => [...seedsIn(seeds), ...flakes.map(({ seed }) => seed)]));

export interface Totals {
  readonly clean: number;
  readonly oversubscribed: number;
  readonly flakes: number;
}

export const totalsOf = (ledger: Ledger): Totals => ({
  clean: ledger.reduce((sum, { clean }) => sum + clean, 0),
  oversubscribed: ledger.reduce((sum, { oversubscribed }) => sum + oversubscribed, 0),
  flakes: ledger.reduce((sum, { flakes }) => sum + flakes.length, 0),
});
