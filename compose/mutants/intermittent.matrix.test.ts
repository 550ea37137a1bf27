import { afterAll, describe, expect, test } from 'vitest';
import { intermittentMutants } from '../../mocks/mutants/intermittent.ts';
import { isAccusation } from '../accusation.ts';
import { exploreAgent, startAgent } from '../explore-agent.ts';
import { describeRate } from './kill-rate.ts';
import { efforts } from './run-suite.ts';
import { untilCaught, type Trial } from './until-caught.ts';

/** In the whole matrix each mutant is met by several runs, so that a rate can be told. */
const seeds = process.env['A2A_GAUNTLET_MATRIX'] === 'whole' ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1];

/**
 * Runs with other seeds where one did not meet the fault: each misses it with less than 5 % probability (on a machine that is so busy
 * that a burst says nothing, with perhaps 15 %), so that all of them, for any of the mutants, do so once in ten millions at most.
 */
const mostRuns = 10;

const trials: Trial[] = [];

afterAll(() => {
  if (trials.length === 0) return;
  const caught = trials.filter((trial) => trial.caught).length;
  console.log(`intermittent mutants, all first runs: caught in ${describeRate(caught, trials.length)}`);
});

describe('an intermittent mutant is caught, and blamed for nothing else', () => {
  test.for(intermittentMutants.map((mutant) => [mutant.id, mutant] as const))(
    '%s',
    { timeout: 3_600_000 },
    async ([, mutant]) => {
      for (const seed of seeds) {
        let trial = await untilCaught(mutant, seed);
        trials.push(trial);
        expect(trial.blamed).toEqual([]);
        for (let run = 1; run < mostRuns && !trial.caught; run += 1) {
          trial = await untilCaught(mutant, seed + 1_000 * run);
          expect(trial.blamed).toEqual([]);
        }
        expect(trial.caught).toBe(true);
      }
    },
  );
});

test(
  'the clean agent is accused of nothing, and every answer was seen often enough',
  { timeout: 1_800_000 },
  async () => {
    const agent = await startAgent();
    try {
      const { findings, explore } = await exploreAgent(agent, {
        suites: ['exposure'],
        seed: 1,
        ...efforts.exposure,
        timeoutMs: 8_000,
      });
      expect(findings.filter(isAccusation)).toEqual([]);
      expect(explore!.suites[0]).toMatchObject({ end: 'runs', unsteady: 0 });
      const seldomSeen = explore!.exposures!.filter(({ results: { oneIn } }) => oneIn === null || oneIn < 10);
      // The card is for those who have credentials, which this run does not.
      expect(new Set(seldomSeen.map(({ operation }) => operation))).toEqual(new Set(['GetExtendedAgentCard']));
    } finally {
      await agent.close();
    }
  },
);
