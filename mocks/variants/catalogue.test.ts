import { expect, test } from 'vitest';
import { startReferenceAgent } from '../reference-agent/agent.ts';
import { findVariant, variants } from './catalogue.ts';
import { variantOptions } from './variant.ts';

test('ids are unique and can be found', () => {
  expect(new Set(variants.map(({ id }) => id)).size).toBe(variants.length);
  for (const variant of variants) expect(findVariant(variant.id)).toBe(variant);
  expect(findVariant('no such')).toBeUndefined();
});

test.for(variants.map((variant) => [variant.id, variant] as const))('%s is complete', ([id, variant]) => {
  expect(id).toMatch(/^[a-z]+\/[a-z0-9.-]+$/);
  expect(variant.description).toMatch(/^[A-Z0-9].*[^.]$/);
  expect(variant.allowedBy).not.toBe('');
  const { share = 0.6 } = variant;
  // Least where nobody is let in.
  expect(share).toBeGreaterThanOrEqual(0.05);
  expect(share).toBeLessThanOrEqual(1);
});

test('a variant with a memory has a new one in each agent', () => {
  const [first, second] = [1, 2].map(() => variantOptions(findVariant('ids/counted')!).fault);
  const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'x' }] } as const;
  expect([first, second, second].map((fault) => fault?.taskId?.('', { message }))).toEqual(['1', '1', '2']);
});

test('its options win over those of the runner, and the rest is kept', async () => {
  const options = variantOptions(findVariant('tasks/fast')!, { longRunningMs: 9_000, keepAliveMs: 7 });
  expect(options).toMatchObject({ longRunningMs: 20, stepMs: 0, keepAliveMs: 7 });
  await using agent = await startReferenceAgent(options);
  expect(agent.url).toMatch(/^http:/);
});
