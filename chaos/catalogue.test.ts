import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chaosMutants } from '../mocks/mutants/chaos-catalogue.ts';
import { experiments, selectExperiments } from './experiments/all.ts';
import { chaosInvariants } from './invariants/all.ts';
import { chaosInvariantIds } from './invariants/invariant.ts';

const files = (folder: string, ...others: string[]): readonly string[] =>
  readdirSync(join(import.meta.dirname, folder)).filter((name) => !name.includes('.test.') && !others.includes(name));

test('every experiment has its file and is in the list', () => {
  expect(experiments.map(({ id }) => `${id}.ts`).toSorted()).toEqual(files('experiments', 'all.ts').toSorted());
});

test('every invariant has its file and is in the list', () => {
  expect(chaosInvariants.map(({ id }) => id).toSorted()).toEqual([...chaosInvariantIds].toSorted());
  const names = chaosInvariants.map(({ id }) => `${id.replace('chaos/', '')}.ts`);
  expect(names.toSorted()).toEqual(files('invariants', 'all.ts', 'invariant.ts', 'task-text.ts').toSorted());
});

test('every experiment has a mutant that breaks an invariant which decides it', () => {
  expect(new Set(chaosMutants.map(({ id }) => id)).size).toBe(chaosMutants.length);
  for (const { id, decisive, method } of experiments) {
    const killers = chaosMutants.filter(({ experiment }) => experiment === id).map(({ killedBy }) => killedBy);
    expect(killers.length, id).toBeGreaterThan(0);
    expect(decisive as readonly string[]).toEqual(expect.arrayContaining(killers));
    expect(method.length).toBeGreaterThan(0);
  }
});

test('every invariant has a mutant that it kills', () => {
  const killers = new Set(chaosMutants.map(({ killedBy }) => killedBy));
  expect([...killers].toSorted()).toEqual([...chaosInvariantIds].toSorted());
});

test('every invariant decides an experiment, and every mutant is of one', () => {
  const decisive = new Set(experiments.flatMap((experiment) => experiment.decisive));
  expect([...decisive].toSorted()).toEqual([...chaosInvariantIds].toSorted());
  const ids = experiments.map(({ id }) => id);
  expect(chaosMutants.filter(({ experiment }) => !ids.includes(experiment))).toEqual([]);
});

test('an experiment that is not there is named, with those that are', () => {
  expect(() => selectExperiments(['slow-agent', 'nope'])).toThrow(/^unknown experiment 'nope'; known are slow-agent, /);
  expect(selectExperiments(['agent-paused', 'slow-agent']).map(({ id }) => id)).toEqual(['slow-agent', 'agent-paused']);
});
