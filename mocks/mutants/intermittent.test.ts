import { expect, test } from 'vitest';
import { intermittentMutants } from './intermittent.ts';

test.for(intermittentMutants.map((mutant) => [mutant.id, mutant] as const))('%s is complete', ([id, mutant]) => {
  expect(id).toMatch(/^intermittent\/[a-z0-9-]+$/);
  expect(mutant.description).toMatch(/^\S.*[^.]$/);
  expect(mutant.suite).toBe('exposure');
  expect(mutant.breaks.length * mutant.killedBy.length).toBeGreaterThan(0);
});
