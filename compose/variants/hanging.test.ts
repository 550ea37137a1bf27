import { expect, test } from 'vitest';
import { interfaceKey } from '../../core/target/target.ts';
import type { Exchange } from '../../core/history/exchange.ts';
import { createTaskBudget } from '../../core/wire/task-budget.ts';
import { tckStimuli } from '../../fixtures/stimuli/tck-preset.ts';
import { bindings } from '../../mocks/reference-agent/bindings.ts';
import { hangingVariants } from '../../mocks/variants/hanging.ts';
import { startVariant } from '../../mocks/variants/variant.ts';
import { isAccusation } from '../accusation.ts';
import { agentOptions } from '../judge-agent.ts';
import { judgeTarget } from '../judge-target.ts';

/** Of one operation: long enough for those that answer, also on a busy machine. */
const timeoutMs = 1_500;

/** Whether nothing came in the time of an operation. */
const isWholeWait = ({ startedAt, endedAt, events, response }: Exchange): boolean =>
  endedAt - startedAt >= 0.9 * timeoutMs && events.length === 0 && (response === null || response.body === '');

test.for(hangingVariants.map((variant) => [variant.id, variant] as const))(
  '%s: few of its waits are waited to the end, and nobody accuses it',
  { timeout: 120_000 },
  async ([id, variant]) => {
    await using agent = await startVariant(variant, { ...agentOptions, bindings });
    const { target, result } = await judgeTarget({
      url: agent.url,
      headers: {},
      tls: {},
      timeoutMs,
      budget: createTaskBudget(600),
      intrusive: false,
      owned: ['127.0.0.1'],
      stimuli: tckStimuli,
      seed: 1,
      concurrency: 8,
    });
    // That an interface is silent while the card is served is said as a warning.
    const accusations = result.findings
      .filter(isAccusation)
      .map(({ requirement, reason }) => `${requirement}: ${reason}`);
    expect(
      accusations.filter((text) => !text.startsWith('agent-card/interfaces-answer: the interface is silent')),
    ).toEqual([]);
    expect(result.findings.some(({ verdict }) => verdict === 'pass')).toBe(true);
    for (const ref of target.interfaces) {
      const whole = result.history.exchanges.filter(
        (exchange) =>
          exchange.interface !== null &&
          interfaceKey(exchange.interface) === interfaceKey(ref) &&
          isWholeWait(exchange),
      );
      // What exploration sends at a time, and what checks do: never one after the other.
      expect(whole.length, `${id} ${ref.binding}`).toBeLessThanOrEqual(16);
    }
  },
);
