import { beforeAll, describe, expect, test } from 'vitest';
import { mutants } from '../../mocks/mutants/catalogue.ts';
import { describeOutcome, isClean } from './matrix.ts';
import { runMutants, type Matrix } from './run-mutants.ts';
import { drawSample } from './scope.ts';

/** `npm run matrix`: every mutant meets the whole catalogue; `npm test`: a sample does, the others their own areas. */
const share = process.env['A2A_GAUNTLET_MATRIX'] === 'whole' ? 1 : 0.2;
const seed = 1;

let matrix: Matrix;

beforeAll(async () => {
  const ids = mutants.map(({ id }) => id);
  matrix = await runMutants({ mutants, seed, whole: drawSample(ids, share, seed) });
  for (const outcome of matrix.unsteady) console.warn(`unsteady: ${describeOutcome(outcome)}`);
}, 7_200_000);

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
