import { expect, test } from 'vitest';
import { startPeer } from '../../fixtures/peers/start-peer.ts';
import { mutants } from '../../mocks/mutants/catalogue.ts';
import { describeOutcome, isClean } from '../mutants/matrix.ts';
import { runLayered } from '../mutants/run-layered.ts';

/** Areas in which this SDK's agent lets nearly everything pass: what is broken there by the layer is to be seen. */
const areas = /^(?:get|cancel)\//;

test('faults in front of an agent that is not ours are seen, and blamed for nothing else', async () => {
  const peer = await startPeer('a2a-js');
  try {
    const { outcomes } = await runLayered({ url: peer.url, mutants: mutants.filter(({ id }) => areas.test(id)) });
    expect(outcomes.filter((outcome) => !isClean(outcome)).map(describeOutcome)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(5);
  } finally {
    await peer.close();
  }
}, 300_000);
