import { expect, test } from 'vitest';
import { findMutant, mutants, suiteMutants } from './catalogue.ts';

test('ids are unique and can be found', () => {
  const ids = [...mutants, ...suiteMutants].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const mutant of mutants) expect(findMutant(mutant.id)).toBe(mutant);
  expect(findMutant('no such')).toBeUndefined();
});

test.for(mutants.map((mutant) => [mutant.id, mutant] as const))('%s is complete', ([id, mutant]) => {
  expect(id).toMatch(
    /^(agent-card|envelope|http-json|grpc|equivalence|schema|send|get|list|cancel|streaming|push|security|errors|extensions)\/[a-z0-9-]+$/,
  );
  expect(mutant.description).toMatch(/^\S.*[^.]$/);
  expect(mutant.breaks.length).toBeGreaterThan(0);
});
