import { describe, expect, test } from 'vitest';
import { generatedMutants } from '../../mocks/mutants/generated.ts';
import { mutantOptions } from '../../mocks/mutants/mutant.ts';
import { exploreAgent, startAgent } from '../explore-agent.ts';
import { describeOutcome, isClean, judgeMutant } from './matrix.ts';

/** Cases of each suite that are enough to meet every mutant of it, and of seeds no more than so many. */
const budget = { properties: 400, 'state-machine': 30, concurrency: 0 } as const;
const seeds = [1, 2, 3, 4];

/** A handful is enough for every change; `npm run matrix` runs all. */
const quick: readonly string[] = [
  'properties/page-size-word',
  'properties/fine-timestamp-ignored',
  'properties/null-data-refused',
  'state-machine/third-task-elsewhere',
  'state-machine/cancel-uncompletes',
];
const whole = process.env['A2A_GAUNTLET_MATRIX'] === 'whole';
const chosen = generatedMutants.filter(({ id }) => whole || quick.includes(id));

describe('mutants of the suites of generated cases are killed, and accused of nothing else', () => {
  test.for(chosen.map((mutant) => [mutant.id, mutant] as const))('%s', { timeout: 240_000 }, async ([, mutant]) => {
    const suite = mutant.suite!;
    const agent = await startAgent(mutantOptions(mutant, { bindings: ['JSONRPC'] }));
    try {
      // Wrong blame is one on any seed; a kill on one of them is enough.
      for (const seed of seeds) {
        const { findings } = await exploreAgent(agent, {
          suites: [suite],
          seed,
          runs: budget[suite],
          timeMs: 100_000,
        });
        const outcome = judgeMutant(mutant, findings, 0);
        expect(outcome.blamed).toEqual([]);
        if (isClean(outcome)) return;
        if (seed === seeds.at(-1)) expect(describeOutcome(outcome)).toBe('killed');
      }
    } finally {
      await agent.close();
    }
  });
});
