import { beforeAll, describe, expect, test } from 'vitest';
import { variants } from '../../mocks/variants/catalogue.ts';
import { describeOutcome, isUnaccused } from './outcome.ts';
import { runVariants, type VariantRun } from './run-variants.ts';

let run: VariantRun;

beforeAll(async () => {
  run = await runVariants({ variants });
  for (const outcome of run.unsteady) console.warn(`unsteady: ${describeOutcome(outcome)}`);
}, 7_200_000);

test('the clean agent is accused of nothing, and nearly everything is measured on it', () => {
  expect(run.accusations.map(({ verdict, requirement, reason }) => `${verdict} ${requirement}: ${reason}`)).toEqual([]);
  expect(run.cleanPassed).toBeGreaterThan(100);
});

describe('an agent that is unusual but right is accused of nothing, and yet measured', () => {
  test.for(variants.map(({ id }) => id))('%s', (id) => {
    const outcome = run.outcomes.find(({ variant }) => variant === id)!;
    expect(isUnaccused(outcome) ? [] : [describeOutcome(outcome)]).toEqual([]);
  });
});
