import { beforeAll, describe, expect, test } from 'vitest';
import { mutants } from '../../mocks/mutants/catalogue.ts';
import { describeOutcome, isClean } from './matrix.ts';
import { runMutants, type Matrix } from './run-mutants.ts';

let matrix: Matrix;

beforeAll(async () => {
  matrix = await runMutants({ mutants });
  for (const outcome of matrix.unsteady) console.warn(`unsteady: ${describeOutcome(outcome)}`);
}, 1_200_000);

test('the clean agent is accused of nothing, in any profile that a mutant uses', () => {
  const accused = matrix.clean.flatMap(({ profile, accusations }) =>
    accusations.map(
      ({ check, requirement, verdict, reason }) => `${profile}: ${verdict} ${requirement} by ${check}: ${reason}`,
    ),
  );
  expect(accused).toEqual([]);
});

describe('every mutant is killed by its checks, and accused of nothing else', () => {
  test.for(mutants.map(({ id }) => id))('%s', (id) => {
    const outcome = matrix.outcomes.find(({ mutant }) => mutant === id)!;
    expect(isClean(outcome) ? [] : [describeOutcome(outcome)]).toEqual([]);
  });
});
