import { describe, expect, test } from 'vitest';
import { generatedMutants } from '../../mocks/mutants/generated.ts';
import { describeOutcome } from './matrix.ts';
import { findVariant } from '../../mocks/variants/catalogue.ts';
import { variantOptions } from '../../mocks/variants/variant.ts';
import { accuseClean, runSuiteMutant } from './run-suite.ts';

/** A handful is enough for every change; `npm run matrix` runs all. */
const quick: readonly string[] = [
  'properties/page-size-word',
  'properties/fine-timestamp-ignored',
  'properties/null-data-refused',
  'state-machine/third-task-elsewhere',
  'state-machine/cancel-uncompletes',
  'state-machine/list-forgets-canceled',
  'state-machine/second-message-after-end',
  'state-machine/list-leaks-canceled',
  'state-machine/configs-of-ended-open',
  'state-machine/stranger-takes-over',
];
const whole = process.env['A2A_GAUNTLET_MATRIX'] === 'whole';
const chosen = generatedMutants.filter(({ id }) => whole || quick.includes(id));

describe('mutants of the suites of generated cases are killed, and accused of nothing else', () => {
  test.for(chosen.map((mutant) => [mutant.id, mutant] as const))('%s', { timeout: 3_600_000 }, async ([, mutant]) => {
    expect(describeOutcome(await runSuiteMutant(mutant, { seed: 1 }))).toBe(`${mutant.id}: killed`);
  });
});

test(
  'an agent that purges what has ended is accused of nothing by drawn requests',
  { timeout: 1_800_000 },
  async () => {
    const options = variantOptions(findVariant('tasks/purged-after-a-while')!);
    const said = await accuseClean('properties', undefined, { seed: 1 }, options);
    expect(said.map(({ requirement, reason }) => `${requirement}: ${reason}`)).toEqual([]);
  },
);
