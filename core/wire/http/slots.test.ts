import { expect, test } from 'vitest';
import { createSlots, createSlotsByInterface } from './slots.ts';

test('no more than the given number at a time, in the order of asking', async () => {
  const slots = createSlots(2);
  const order: string[] = [];
  const first = await slots.acquire();
  const second = await slots.acquire();
  const third = slots.acquire().then((release) => (order.push('third'), release));
  const fourth = slots.acquire().then((release) => (order.push('fourth'), release));
  await Promise.resolve();
  expect(order).toEqual([]);
  first?.();
  first?.();
  await third;
  expect(order).toEqual(['third']);
  second?.();
  await fourth;
  expect(order).toEqual(['third', 'fourth']);
});

test('who gives up waiting leaves the place to the next', async () => {
  const slots = createSlots(1);
  const release = await slots.acquire();
  const impatient = new AbortController();
  const givenUp = slots.acquire(impatient.signal);
  const patient = slots.acquire();
  impatient.abort();
  expect(await givenUp).toBeUndefined();
  release?.();
  expect(await patient).toBeTypeOf('function');
  expect(await slots.acquire(AbortSignal.abort())).toBeUndefined();
});

test('each interface has slots of its own, and so has what is spoken to none', async () => {
  const slots = createSlotsByInterface(1);
  const ref = { binding: 'JSONRPC', version: '1.0', url: 'http://a.test/rpc' };
  expect(await slots(ref).acquire()).toBeTypeOf('function');
  expect(await slots({ ...ref, binding: 'HTTP+JSON' }).acquire()).toBeTypeOf('function');
  expect(await slots(null).acquire()).toBeTypeOf('function');
  const impatient = new AbortController();
  const waiting = slots({ ...ref }).acquire(impatient.signal);
  impatient.abort();
  expect(await waiting).toBeUndefined();
});
