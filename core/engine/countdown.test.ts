import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { countDown } from './countdown.ts';

/** Holds the thread up for at least so many milliseconds. */
const holdUp = (milliseconds: number, isEnough = (): boolean => true): void => {
  const until = performance.now() + milliseconds;
  while (performance.now() < until || !isEnough());
};

const passed = (milliseconds: number): Promise<number> => {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    countDown(milliseconds, () => resolve(performance.now() - startedAt));
  });
};

test.for([0, 5, 250])('%d ms pass', async (milliseconds) => {
  expect(await passed(milliseconds)).toBeGreaterThanOrEqual(milliseconds - 2);
});

test('time in which the harness is held up does not count', async () => {
  const time = passed(300);
  setImmediate(() => holdUp(400));
  // But for what is left of the stretch in which it was.
  expect(await time).toBeGreaterThanOrEqual(300 + 400 - 250);
});

/** Answers whatever it is sent a moment later, whatever the other thread does, and says that it has. */
const answering = `
const { createServer } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const answer = (socket) => socket.write('late', () => Atomics.store(workerData, 0, 1));
const server = createServer((socket) => socket.once('data', () => setTimeout(answer, 80, socket)));
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;

test('what came while the harness was held up is read first', async () => {
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(answering, { eval: true, workerData: answered });
  const [port] = (await once(worker, 'message')) as [number];
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const order: string[] = [];
  socket.once('data', () => order.push('data'));
  socket.write('hello');
  const over = new Promise<void>((resolve) => {
    countDown(50, () => resolve(void order.push('over')));
  });
  // After which timers are looked at first, sockets next.
  setImmediate(() => holdUp(100, () => Atomics.load(answered, 0) === 1));
  await over;
  expect(order).toEqual(['data', 'over']);
  socket.destroy();
  await worker.terminate();
});

test('what was ended does not call back', async () => {
  let called = false;
  countDown(20, () => (called = true))();
  await passed(60);
  expect(called).toBe(false);
});
