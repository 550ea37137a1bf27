import { beforeAll, describe, expect, test } from 'vitest';
import type { ChaosSection } from '../core/findings/chaos-section.ts';
import { provision } from '../fixtures/tools/provision.ts';
import { toxiproxyRecipe } from '../fixtures/tools/toxiproxy.ts';
import { chaosMutants } from '../mocks/mutants/chaos-catalogue.ts';
import type { ChaosMutant } from '../mocks/mutants/chaos-mutant.ts';
import { startEmbeddedChaos } from './environment.ts';
import { experiments, selectExperiments } from './experiments/all.ts';
import type { Experiment } from './experiment.ts';
import { runChaos } from './runner.ts';

const run = async (experiment: Experiment, mutant?: ChaosMutant): Promise<ChaosSection> => {
  const { section } = await runChaos({
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
  return section;
};

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
      expectHere(section.verdict).toBe('pass');
      expectHere(section.experiments[0]!.faults).toHaveLength(experiment.method.length);
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
      expectHere(section.verdict).toBe('fail');
    },
  );
});

test('an abort undoes the fault and gives what was measured so far, of this experiment too', async () => {
  const stop = new AbortController();
  const { section, findings } = await runChaos({
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
  expect(section.verdict).toBe('inconclusive');
  expect(section.broken).toEqual([]);
  const [result, ...others] = section.experiments;
  expect(others).toEqual([]);
  expect(result).toMatchObject({
    id: experiments[0]!.id,
    verdict: 'interrupted',
    before: { holds: true },
    after: null,
    tasks: { completed: null, lost: null },
  });
  expect(result!.faults).toMatchObject([{ undoneAtMs: expect.any(Number) as number }]);
  expect(result!.timeline.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['hypothesis', 'load', 'fault', 'undone', 'healed', 'interrupted']),
  );
  // The text is judged over what was said until then.
  expect(findings.some(({ verdict }) => verdict === 'pass')).toBe(true);
  expect(findings.every(({ experiment }) => experiment === result!.id)).toBe(true);
});
