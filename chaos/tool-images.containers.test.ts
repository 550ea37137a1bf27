import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectEngine } from '../fixtures/environments/container-engine.ts';
import { ownerLabel, ownLabel } from '../fixtures/environments/container-labels.ts';
import { inspectContainers } from '../fixtures/environments/inspect-containers.ts';
import { findTestEngine } from '../fixtures/environments/testing/test-engine.ts';
import { makeToolImage } from '../fixtures/environments/tool-images.ts';
import { dockerOnly, type DockerOnly } from '../fixtures/tools/testing/docker-only.ts';
import { startEmbeddedChaos } from './environment.ts';
import { selectExperiments } from './experiments/all.ts';
import { runChaos } from './runner.ts';

const engineOf = await findTestEngine();

let only: DockerOnly;
beforeAll(async () => {
  only = await dockerOnly();
  if (!(await inspectContainers()).engineVersion) return;
  await makeToolImage((await connectEngine()).docker, 'toxiproxy', { onProgress: (line) => console.info(line) });
});
afterAll(() => only[Symbol.asyncDispose]());

// Slices what passes, and cuts it: Toxiproxy is in a container, agents and registry are processes of this machine.
test.for(['stream-cut', 'sliced-stream'])('%s, through a Toxiproxy from a container image', async (id, { skip }) => {
  const { docker } = engineOf((reason) => skip(reason));
  const used = new Set<string>();
  const outcomes: string[] = [];
  await runChaos({
    experiments: selectExperiments([id]),
    environment: 'embedded',
    seed: 1,
    start: async (signal) => {
      const environment = await startEmbeddedChaos({ signal, tools: { env: only.env } });
      for (const { Image, Labels } of await docker.listContainers({ filters: { label: [`${ownLabel}=true`] } })) {
        if ((Labels[ownerLabel] ?? '').includes(` ${process.pid} `)) used.add(Image);
      }
      return environment;
    },
    listener: (event) => {
      if (event.type === 'experiment-finished') outcomes.push(`${event.result.verdict}: ${event.result.reason}`);
    },
  });
  expect([...used]).toEqual([expect.stringMatching(/^a2a-gauntlet\/tool-toxiproxy:/)]);
  expect(outcomes).toEqual([expect.stringMatching(/^pass: \d+ invariants hold$/)]);
});
