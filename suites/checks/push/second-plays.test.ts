import { expect, test } from 'vitest';
import { got, resultOf } from '../../testing/answers.ts';
import { notified } from '../../testing/deliveries.ts';
import type { Observation } from './delivery-judges.ts';
import type { Scenario } from './scenario.ts';
import { playScenes, type Plays } from './second-plays.ts';

const told = (...states: readonly string[]): Scenario => ({
  registered: resultOf({}),
  taskId: 't1',
  end: got('COMPLETED'),
  deliveries: states.map((state) => notified(state)),
});
const running: Scenario = { ...told(), end: got('WORKING') };
const two = (first: Scenario, second: Scenario) => ({ alive: got('WORKING'), first, second });

/** Plays that show one thing after the other, and how often each was played. */
function inTurn(turns: { readonly [Name in keyof Observation]?: readonly Observation[Name][] }) {
  const played: Record<string, number> = {};
  const names = ['blocking', 'immediate', 'streamed', 'created', 'interrupted'] as const;
  const plays = names.map((name) => {
    const play = () => Promise.resolve(turns[name]?.[(played[name] = (played[name] ?? 0) + 1) - 1] ?? null);
    return [name, play] as const;
  });
  return { plays: Object.fromEntries(plays) as unknown as Plays, played };
}

test.for<readonly [string, Parameters<typeof inTurn>[0], Partial<Observation>]>([
  ['what is heard is kept', { blocking: [told('COMPLETED'), told()] }, { blocking: told('COMPLETED') }],
  [
    'a silent one is played again where another is heard',
    { blocking: [told('COMPLETED')], streamed: [told(), told('COMPLETED')] },
    { blocking: told('COMPLETED'), streamed: told('COMPLETED') },
  ],
  [
    'one that lacks its end, too',
    { streamed: [told('WORKING'), told('WORKING', 'COMPLETED')] },
    { streamed: told('WORKING', 'COMPLETED') },
  ],
  [
    'silent twice',
    { blocking: [told('COMPLETED')], streamed: [told(), told()] },
    { blocking: told('COMPLETED'), streamed: told() },
  ],
  [
    'one of two webhooks',
    { created: [two(told('COMPLETED'), told()), two(told('COMPLETED'), told('COMPLETED'))] },
    { created: two(told('COMPLETED'), told('COMPLETED')) },
  ],
  [
    'one of two webhooks, and then the other',
    { created: [two(told('COMPLETED'), told()), two(told(), told('COMPLETED'))] },
    { created: two(told('COMPLETED'), told('COMPLETED')) },
  ],
  [
    'one of two webhooks twice',
    { created: [two(told('COMPLETED'), told()), two(told('COMPLETED'), told())] },
    { created: two(told('COMPLETED'), told()) },
  ],
  [
    'where nobody is heard, the receiver is not reached',
    { blocking: [told(), told('COMPLETED')] },
    { blocking: told() },
  ],
  [
    'a task at work is due nothing',
    { blocking: [told('COMPLETED')], streamed: [running, told('COMPLETED')] },
    { blocking: told('COMPLETED'), streamed: running },
  ],
  [
    'what cannot be brought about again is judged as it was',
    { blocking: [told('COMPLETED')], created: [two(told(), told()), null] },
    { blocking: told('COMPLETED'), created: two(told(), told()) },
  ],
])('%s', async ([, turns, expected]) => {
  const seen = await playScenes(inTurn(turns).plays);
  const shown = Object.entries(seen).filter(([, scene]) => scene !== null);
  expect(JSON.stringify(Object.fromEntries(shown))).toBe(JSON.stringify(expected));
});

test('nothing is played a third time', async () => {
  const { plays, played } = inTurn({ blocking: [told('COMPLETED')], streamed: [told(), told(), told('COMPLETED')] });
  await playScenes(plays);
  expect(played).toMatchObject({ blocking: 1, streamed: 2 });
});
