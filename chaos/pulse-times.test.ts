import { expect, test } from 'vitest';
import type { Pulse } from './client/pulse.ts';
import { noticedAt, recoveredAt } from './pulse-times.ts';

/** One look a second: `+` well, `-` dead, `u` not routed. */
const pulses = (looks: string): readonly Pulse[] =>
  [...looks].map((look, second) => ({
    at: second * 1_000,
    endedAt: second * 1_000 + 10,
    wallAt: 0,
    alive: look !== '-',
    routed: look !== 'u',
    lastHeartbeatAt: null,
  }));

test.for([
  ['++++++', null],
  ['++-+++', 2_010],
  ['+++u++', 3_010],
  ['-+++++', null],
  ['+++++-', null],
] as const)('%s is noticed at %s', ([looks, at]) => {
  expect(noticedAt(pulses(looks), 1_500, 4_500)).toBe(at);
});

test.for([
  ['--++++', 2_010],
  ['--+-+++', 4_010],
  ['--+u+++', 4_010],
  ['--++', 2_345],
  ['--++-', null],
  ['++', 2_345],
] as const)('%s is well again at %s', ([looks, at]) => {
  expect(recoveredAt(pulses(looks), 2_000, 2_345)).toBe(at);
});
