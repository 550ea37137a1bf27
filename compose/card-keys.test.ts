import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CardKey, CardKeyStore } from '../core/target/card-keys.ts';
import { startReferenceAgent, type RunningAgent } from '../mocks/reference-agent/agent.ts';
import { runCheck } from './run-check.ts';

/** A card whose signature names its key by an id alone: only the user knows where the key is. */

let agent: RunningAgent;
let jwksUrl: string;

beforeAll(async () => {
  agent = await startReferenceAgent({ fault: { signatures: [{ header: ({ jku: _, ...header }) => header }] } });
  jwksUrl = `${agent.url}/.well-known/jwks.json`;
});
afterAll(() => agent.close());

async function verified(cardKeys?: CardKeyStore) {
  const only = ['agent-card/signatures'];
  const report = await runCheck({ url: agent.url, only, ...(cardKeys === undefined ? {} : { cardKeys }) });
  return report.findings.find(({ requirement }) => requirement === 'agent-card/signature-verifies');
}

test('without keys it is untested, and the hint says how to give them', async () => {
  expect(await verified()).toMatchObject({
    verdict: 'untested',
    hint: expect.stringContaining('--card-keys') as string,
  });
});

test('keys of a file, and keys at a place', async () => {
  const { keys } = (await (await fetch(jwksUrl)).json()) as { keys: readonly CardKey[] };
  expect(await verified({ kind: 'keys', keys, from: 'keys.json' })).toMatchObject({
    verdict: 'pass',
    reason: expect.stringContaining('keys.json') as string,
  });
  expect(await verified({ kind: 'url', url: jwksUrl })).toMatchObject({ verdict: 'pass' });
});

test('a place without keys', async () => {
  expect(await verified({ kind: 'url', url: `${agent.url}/nothing` })).toMatchObject({
    verdict: 'untested',
    reason: expect.stringContaining('/nothing: HTTP 404') as string,
  });
});
