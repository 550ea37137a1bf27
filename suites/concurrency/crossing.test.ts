import { expect, test } from 'vitest';
import type { ProbeContext } from '../../core/engine/check.ts';
import { crossingOf } from './crossing.ts';
import { draw } from './lanes.ts';
import { races } from './races.ts';
import { doorOf } from './run-program.ts';
import { get, start } from './testing/executions.ts';

const door = (binding: string, more: object = {}): ProbeContext =>
  ({ interface: { binding, version: '1.0', url: `http://a/${binding}`, ...more } }) as ProbeContext;
const bindingsOf = (doors: readonly ProbeContext[] | undefined) => doors?.map(({ interface: { binding } }) => binding);

test('interfaces of another version or tenant are no doors to the same tasks', () => {
  const [rpc, rest, grpc] = [door('JSONRPC'), door('HTTP+JSON', { tenant: 'a' }), door('GRPC')];
  expect(bindingsOf(crossingOf([rpc, rest, grpc]))).toEqual(['JSONRPC', 'GRPC']);
  expect(crossingOf([rpc, rest])).toBeUndefined();
  expect(crossingOf([rpc])).toBeUndefined();
  expect(crossingOf([])).toBeUndefined();
});

test('each branch comes by another door than the one before it, the first by another than the prefix', () => {
  const doors = [door('JSONRPC'), door('HTTP+JSON'), door('GRPC')] as const;
  const of = (client: string): string => doorOf(doors, client).interface.binding;
  expect(['main', 'A', 'B', 'C', 'D'].map(of)).toEqual(['JSONRPC', 'HTTP+JSON', 'GRPC', 'JSONRPC', 'HTTP+JSON']);
  expect(doorOf([doors[0]], 'B')).toBe(doors[0]);
});

test('one race is for several interfaces alone', () => {
  const abilities = { works: ['completes' as const], streaming: true, push: false };
  const possible = (more: object) =>
    races.filter((race) => race.programs({ ...abilities, ...more }, 3) !== undefined).map(({ id }) => id);
  expect(possible({ crossing: true }).filter((id) => !possible({}).includes(id))).toEqual([
    'cancels-over-other-interfaces',
  ]);
});

test('clients are told with their interface where there are several', () => {
  const made = start('WORKING', { at: 0 });
  const seen = get('WORKING', { at: 5 });
  const over = (binding: string, done: typeof seen): typeof seen => ({
    ...done,
    exchange: { ...done.exchange, interface: door(binding).interface },
  });
  const { steps } = draw([over('JSONRPC', made), over('GRPC', seen)], [made.exchange]);
  expect(steps[0]).toMatch(/^main \(JSONRPC\) /);
  expect(steps[1]).toMatch(/^A \(GRPC\) get task 1 /);
  expect(draw([over('GRPC', seen)], []).steps[0]).toMatch(/^A get task 1 /);
});
