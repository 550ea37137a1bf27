import { expect, test } from 'vitest';
import { raceMutants } from './races.ts';

test.for(raceMutants.map((mutant) => [mutant.id, mutant] as const))('%s is complete', ([id, mutant]) => {
  expect(id).toMatch(/^races\/[a-z-]+$/);
  expect(mutant.description).toMatch(/^\S.*[^.]$/);
  expect(mutant.suite).toBe('concurrency');
  expect(mutant.breaks.length * mutant.killedBy.length).toBeGreaterThan(0);
});
