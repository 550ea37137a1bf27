import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentCardMutants } from '../../../mocks/mutants/agent-card.ts';
import { cardSignatureMutants } from '../../../mocks/mutants/card-signatures.ts';
import { startMutant } from '../../../mocks/mutants/mutant.ts';
import { startReferenceAgent, type RunningAgent } from '../../../mocks/reference-agent/agent.ts';
import { probeAgainst } from '../../testing/probe-against.ts';
import { available } from './available.ts';
import { caching } from './caching.ts';
import { interfacesAnswer } from './interfaces-answer.ts';
import { interfacesDeclared } from './interfaces-declared.ts';
import { securityRequirements } from './security-requirements.ts';
import { shape } from './shape.ts';
import { signatures } from './signatures.ts';
import { skillsAndModes } from './skills-and-modes.ts';

const checks = [
  available,
  caching,
  shape,
  interfacesDeclared,
  interfacesAnswer,
  securityRequirements,
  signatures,
  skillsAndModes,
];

describe('the reference agent passes', () => {
  let agent: RunningAgent;
  beforeAll(async () => {
    agent = await startReferenceAgent();
  });
  afterAll(() => agent.close());

  test.for(checks)('$id', async (check) => {
    const { findings } = await probeAgainst(check, { url: agent.url });
    expect(findings.map(({ requirement }) => requirement).toSorted()).toEqual([...check.requirements].toSorted());
    const wrong = findings.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip');
    expect(wrong).toEqual([]);
    expect(findings.some(({ evidence, verdict }) => evidence.length > 0 || verdict === 'skip')).toBe(true);
  });
});

describe('every mutant of the card is killed on its rows alone', () => {
  // The interface and the card of one speak another scheme: the matrix has it.
  const here = [...agentCardMutants, ...cardSignatureMutants].filter(({ id }) => id !== 'agent-card/no-tls-at-https');
  test.for(here)('$id', async (mutant) => {
    await using agent = await startMutant(mutant);
    const wrongPlace = mutant.id === 'agent-card/wrong-port' ? `${agent.url}/a2a/old` : agent.url;
    const card = (await (await fetch(agent.cardUrl)).json()) as Record<string, unknown>;
    const results = await Promise.all(checks.map((check) => probeAgainst(check, { url: wrongPlace, card })));
    const found = results.flatMap(({ findings }) => findings);
    const blamed = found.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
    expect([...new Set(blamed.map(({ requirement }) => requirement))]).toEqual(mutant.breaks);
    for (const killer of mutant.killedBy) expect(blamed.map(({ check }) => check)).toContain(killer);
    expect(found.filter(({ verdict }) => verdict === 'error')).toEqual([]);
  });
});
