import { afterAll } from 'vitest';
import { startReferenceAgent, type RunningAgent } from '../../mocks/reference-agent/agent.ts';
import { conformance } from './conformance.ts';

let agent: RunningAgent | undefined;

conformance({
  url: async () => {
    agent = await startReferenceAgent({});
    return agent.url;
  },
  stimuli: 'tck',
});

afterAll(async () => {
  await agent?.close();
});
