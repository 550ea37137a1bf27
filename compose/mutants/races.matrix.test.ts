import { expect, test } from 'vitest';
import { raceMutants } from '../../mocks/mutants/races.ts';
import { startMutant, type Mutant } from '../../mocks/mutants/mutant.ts';
import { isAccusation } from '../accusation.ts';
import { runExplore } from '../run-explore.ts';
import { efforts } from './run-suite.ts';

const { runs, timeMs, timeoutMs } = efforts.concurrency;
/** In the whole matrix each mutant is met by ten runs, so that a rate can be told; else by as many as it takes, at most four. */
const isWhole = process.env['A2A_GAUNTLET_MATRIX'] === 'whole';
const seeds = isWhole ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1, 2, 3, 4];
/** Long enough for work to be canceled, short enough for many tasks. */
const longRunningMs = 600;

interface Trial {
  readonly killed: boolean;
  readonly cases: number;
  readonly exchanges: number;
  readonly blamed: readonly string[];
}

async function meet(mutant: Mutant, seed: number): Promise<Trial> {
  const agent = await startMutant(mutant, { longRunningMs });
  try {
    const report = await runExplore({
      url: agent.url,
      suites: ['concurrency'],
      seed,
      runs,
      timeMs,
      stimuli: 'tck',
      maxTasks: 100_000,
      timeoutMs,
    });
    const accusations = report.findings.filter(isAccusation);
    const deserved = accusations.filter(({ requirement }) => mutant.breaks.includes(requirement));
    const allowed = [...mutant.breaks, ...(mutant.mayBreak ?? [])];
    return {
      killed: deserved.some(({ check }) => mutant.killedBy.includes(check)),
      cases: report.explore?.suites[0]?.runs ?? 0,
      exchanges: report.exchanges,
      blamed: accusations
        .filter(({ requirement, verdict }) => verdict === 'error' || !allowed.includes(requirement))
        .map(({ requirement, check, verdict, reason }) => `${verdict} ${requirement} by ${check}: ${reason}`),
    };
  } finally {
    await agent.close();
  }
}

test.for(raceMutants.map((mutant) => [mutant.id, mutant] as const))(
  '%s is caught by several clients, and blamed for nothing else',
  { timeout: 3_600_000 },
  async ([id, mutant]) => {
    const trials: Trial[] = [];
    for (const seed of seeds) {
      trials.push(await meet(mutant, seed));
      if (!isWhole && trials.at(-1)!.killed) break;
    }
    const killed = trials.filter((trial) => trial.killed).length;
    const exchanges = trials.map((trial) => trial.exchanges).toSorted((a, b) => a - b);
    console.log(
      `${id}: caught in ${killed} of ${trials.length} runs of ${runs} cases (exchanges: ${exchanges.join(', ')})`,
    );
    expect(trials.flatMap(({ blamed }) => blamed)).toEqual([]);
    // Each is met with more than 95 % probability in one run.
    expect(killed).toBeGreaterThanOrEqual(isWhole ? 9 : 1);
  },
);
