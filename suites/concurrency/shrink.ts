import fc from 'fast-check';
import { aliveCheck } from './alive.ts';
import type { Attempt } from './attempt.ts';
import type { Problem } from './judge.ts';
import type { Program } from './program.ts';

/** How much is spent on one failing schedule. */
export interface Effort {
  /** Executions of a smaller candidate before it counts as one that does not reproduce. */
  readonly tries: number;
  /** Executions of all candidates together. */
  readonly most: number;
  /** Executions of the smallest one for the hit rate. */
  readonly hits: number;
}

export const defaultEffort: Effort = { tries: 4, most: 80, hits: 20 };

/** A schedule that shows a problem, as small as it could be made. */
export interface Caught {
  readonly program: Program;
  readonly problem: Problem;
  readonly attempt: Attempt;
  /** Of fast-check: where in the shrink tree of the seed it stands. */
  readonly path: string;
}

export interface CatchOptions {
  readonly programs: fc.Arbitrary<Program>;
  readonly seed: number;
  readonly attempt: (program: Program) => Promise<Attempt>;
  /** Whether a problem is looked for. */
  readonly isWanted: (problem: Problem) => boolean;
  readonly effort: Effort;
  /** True once there is no more time for smaller ones. */
  readonly isOver: () => boolean;
}

export const isSameProblem = (one: Problem, other: Problem): boolean =>
  one.requirement === other.requirement && one.kind === other.kind;

/**
 * Executes the one program that the seed draws; where it shows a problem, looks for a smaller one that shows the same. A race does
 * not show every time: a candidate gets several tries, and the last one that showed it is kept.
 */
export async function catchProblem(options: CatchOptions): Promise<Caught | undefined> {
  const { programs, seed, attempt, isWanted, effort, isOver } = options;
  let caught: Omit<Caught, 'path'> | undefined;
  let spent = 0;

  const property = fc.asyncProperty(programs, async (program) => {
    if (caught === undefined) {
      const first = await attempt(program);
      const problem = first.problems.find(isWanted);
      if (problem === undefined) return true;
      caught = { program, problem, attempt: first };
      return false;
    }
    const { problem: wanted } = caught;
    // Nothing is to be had from an agent that does not answer any more.
    if (wanted.check === aliveCheck) return true;
    for (let tried = 0; tried < effort.tries && spent < effort.most && !isOver(); tried += 1) {
      spent += 1;
      const again = await attempt(program).catch(() => undefined);
      // Nothing more can be asked: what is known so far is kept.
      if (again === undefined) spent = effort.most;
      const problem = again?.problems.find((one) => isSameProblem(one, wanted));
      if (again === undefined || problem === undefined) continue;
      caught = { program, problem, attempt: again };
      return false;
    }
    return true;
  });
  const details = await fc.check(property, {
    seed,
    ...drawing,
  });
  if (caught === undefined && details.errorInstance instanceof Error) throw details.errorInstance;
  return caught === undefined
    ? undefined
    : { ...(caught as Omit<Caught, 'path'>), path: details.counterexamplePath ?? '0' };
}

/** Small values need not come first: there is one program for each seed. */
const drawing = { numRuns: 1, unbiased: true } as const;

/** The program of an earlier run. */
export const programAt = (
  programs: fc.Arbitrary<Program>,
  { seed, path }: { readonly seed: number; readonly path: string },
): Program | undefined => fc.sample(programs, { ...drawing, seed, path })[0];

/** How often a program shows a problem. */
export interface HitRate {
  readonly hits: number;
  readonly runs: number;
}

/** Executes it again and again, each time anew. */
export async function hitRate(
  { program, problem }: Pick<Caught, 'program' | 'problem'>,
  { attempt, effort, isOver }: Pick<CatchOptions, 'attempt' | 'effort' | 'isOver'>,
): Promise<HitRate> {
  let [hits, runs] = [0, 0];
  while (runs < effort.hits && (runs === 0 || !isOver())) {
    const { problems } = await attempt(program);
    runs += 1;
    if (problems.some((one) => isSameProblem(one, problem))) hits += 1;
  }
  return { hits, runs };
}
