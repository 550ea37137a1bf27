import { beforeAll, expect, test } from 'vitest';
import type { ContainerEngine } from '../fixtures/environments/container-engine.ts';
import { findTestEngine } from '../fixtures/environments/testing/test-engine.ts';
import { startContainersChaos } from './environment.ts';
import { experiments } from './experiments/all.ts';
import { runChaos } from './runner.ts';

let engineOr: (skip: (reason: string) => never) => ContainerEngine;

beforeAll(async () => {
  engineOr = await findTestEngine();
}, 60_000);

// One after the other, in one environment: what is tested is the engine's way of breaking things, not the machine.
test('every experiment passes in containers', { timeout: 600_000 }, async ({ skip }) => {
  engineOr((reason) => skip(reason));
  const { section } = await runChaos({
    experiments,
    environment: 'containers',
    seed: 1,
    start: (signal) => startContainersChaos({ signal }),
  });
  const notPassed = section.experiments.filter(({ verdict }) => verdict !== 'pass');
  expect(notPassed.map(({ id, verdict, reason }) => `${id}: ${verdict}: ${reason}`)).toEqual([]);
  expect(section.experiments).toHaveLength(experiments.length);
  expect(section.verdict).toBe('pass');
});
