import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFaultyLayer } from '../../mocks/faulty-layer/layer.ts';
import { bindings } from '../../mocks/reference-agent/bindings.ts';
import { startReferenceAgent, type RunningAgent } from '../../mocks/reference-agent/agent.ts';
import { mutants } from '../../mocks/mutants/catalogue.ts';
import { agentOptions, judgeAgent } from '../judge-agent.ts';
import { isAccusation } from '../accusation.ts';
import { bindingOf, isLayered } from './layered.ts';
import { describeOutcome, isClean } from './matrix.ts';
import { runLayered } from './run-layered.ts';
import { drawSample } from './scope.ts';

let agent: RunningAgent;
beforeAll(async () => {
  agent = await startReferenceAgent({ ...agentOptions, bindings });
});
afterAll(() => agent.close());

test('a layer without a fault is not seen', async () => {
  await using layer = await startFaultyLayer({ url: agent.url });
  const findings = await judgeAgent(layer, { seed: 1 });
  expect(
    findings.filter(isAccusation).map(({ verdict, requirement, reason }) => `${verdict} ${requirement}: ${reason}`),
  ).toEqual([]);
  const own = await judgeAgent(agent, { seed: 1 });
  const passed = (of: typeof own): number => of.filter(({ verdict }) => verdict === 'pass').length;
  // A card of another URL cannot have the agent's signature, and a busy machine may blur a moment or two.
  expect(passed(findings)).toBeGreaterThan(0.95 * passed(own));
});

/** `npm run matrix`: all of them; `npm test`: some of every binding. */
const share = process.env['A2A_GAUNTLET_MATRIX'] === 'whole' ? 1 : 0.15;

describe('a fault in front of an agent is seen like one in it', () => {
  test.for(bindings)('%s', { timeout: 3_600_000 }, async (binding) => {
    const layered = mutants.filter((mutant) => isLayered(mutant) && bindingOf(mutant) === binding);
    const drawn = drawSample(
      layered.map(({ id }) => id),
      share,
      1,
    );
    const { outcomes, untried } = await runLayered({
      url: agent.url,
      mutants: layered.filter(({ id }) => drawn.has(id)),
    });
    expect(outcomes.filter((outcome) => !isClean(outcome)).map(describeOutcome)).toEqual([]);
    // The few that break the signature or the one card that everybody sees are for agents of their own.
    expect(untried.length).toBeLessThan(0.1 * drawn.size + 1);
    expect(outcomes.length).toBeGreaterThan(0);
  });
});
