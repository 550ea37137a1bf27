import { beforeAll, describe, expect, test } from 'vitest';
import { provision } from '../fixtures/tools/provision.ts';
import { toxiproxyRecipe } from '../fixtures/tools/toxiproxy.ts';
import { chaosMutants } from '../mocks/mutants/chaos-catalogue.ts';
import type { ChaosMutant } from '../mocks/mutants/chaos-mutant.ts';
import { startEmbeddedChaos } from './environment.ts';
import { experiments, selectExperiments } from './experiments/all.ts';
import type { Experiment } from './experiment.ts';
import { runChaos } from './runner.ts';
import { chaosExit, chaosSectionSchema, type ChaosSection } from './section.ts';

const run = (experiment: Experiment, mutant?: ChaosMutant): Promise<ChaosSection> =>
  runChaos({
    experiments: [experiment],
    environment: 'embedded',
    seed: 1,
    start: (signal) =>
      startEmbeddedChaos({
        signal,
        ...(mutant?.agent ? { agentArguments: ['--mutant', mutant.id] } : {}),
        ...(mutant?.registry ? { registryArguments: ['--mutant', mutant.id] } : {}),
      }),
  });

beforeAll(async () => {
  // It may have to be built: not in the time of a test.
  await provision(toxiproxyRecipe);
});

describe('an agent and a registry that keep their promises', () => {
  test.concurrent.for(experiments.map((experiment) => [experiment.id, experiment] as const))(
    '%s passes',
    async ([, experiment], { expect: expectHere }) => {
      const section = await run(experiment);
      expectHere(section.experiments[0]?.reason).toMatch(/^\d+ invariants hold$/);
      expectHere(chaosExit(section)).toBe(0);
      expectHere(section.experiments[0]!.faults).toHaveLength(experiment.method.length);
      expectHere(chaosSectionSchema.safeParse(JSON.parse(JSON.stringify(section))).error).toBeUndefined();
    },
  );
});

describe('mutants', () => {
  test.concurrent.for(chaosMutants.map((mutant) => [mutant.id, mutant] as const))(
    '%s breaks the invariant that names it',
    async ([, mutant], { expect: expectHere }) => {
      const section = await run(selectExperiments([mutant.experiment])[0]!, mutant);
      const [result] = section.experiments;
      expectHere(result?.before?.holds).toBe(true);
      expectHere(section.broken).toContain(`${mutant.experiment}: ${mutant.killedBy}`);
      expectHere(chaosExit(section)).toBe(4);
    },
  );
});

test('an abort undoes the fault and gives what was measured so far', async () => {
  const stop = new AbortController();
  const section = await runChaos({
    experiments,
    environment: 'embedded',
    seed: 1,
    signal: stop.signal,
    start: (signal) => startEmbeddedChaos({ signal }),
    listener: (event) => {
      if (event.type === 'timeline' && event.entry.kind === 'fault') stop.abort(new Error('stop'));
    },
  });
  expect(section.end.kind).toBe('interrupted');
  expect(section.experiments).toEqual([]);
  expect(chaosExit(section)).toBe(130);
});
