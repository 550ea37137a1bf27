import { expect, test } from 'vitest';
import { chaosMutants, findChaosMutant } from './chaos-catalogue.ts';
import { findMutant } from './catalogue.ts';

test.for(chaosMutants.map((mutant) => [mutant.id, mutant] as const))('%s is complete', ([id, mutant]) => {
  expect(id).toMatch(/^chaos\/[a-z0-9-]+$/);
  expect(mutant.description).toMatch(/^[A-Z].*[^.]$/);
  expect([mutant.agent, mutant.registry].filter((broken) => broken !== undefined)).toHaveLength(1);
  expect(findChaosMutant(id)).toBe(mutant);
  // Conformance knows nothing of them.
  expect(findMutant(id)).toBeUndefined();
});
