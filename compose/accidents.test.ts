import { expect, test } from 'vitest';
import { errorVariants } from '../mocks/variants/errors.ts';
import { startVariant } from '../mocks/variants/variant.ts';
import { runCheck } from './run-check.ts';

test('a run says how many requests failed inside the agent and came to an answer when made again', async () => {
  const variant = errorVariants.find(({ id }) => id === 'errors/internal-now-and-then')!;
  await using agent = await startVariant(variant, { longRunningMs: 300 });
  const report = await runCheck({
    url: agent.url,
    bindings: ['JSONRPC'],
    stimuli: 'tck',
    seed: 1,
    only: ['get', 'list'],
  });
  expect(report.exit.code).toBe(0);
  expect(report.accidents).toBeGreaterThan(2);
});
