import { expect, test } from 'vitest';
import { parseLoadOptions, type LoadFlags } from './load-options.ts';
import { UsageError } from './usage-error.ts';

const parse = (flags: Partial<LoadFlags>) => parseLoadOptions({ reportDir: '.', color: false, ...flags }, {});

test('flags become options; what is not said is left to the defaults', async () => {
  expect(await parse({})).toEqual({ headers: {}, insecure: false, owned: [], purges: false, thresholds: {} });
  expect(
    await parse({
      rate: '1200',
      duration: '2m',
      taskTimeout: '5s',
      plain: true,
      maxVus: '30',
      message: 'hello',
      purges: true,
      maxTasks: '5000',
      p99Signal: '50ms',
      maxErrors: '2.5%',
      maxLost: '1',
      maxDropped: '2',
    }),
  ).toMatchObject({
    rate: 1200,
    durationMs: 120_000,
    taskTimeoutMs: 5_000,
    mode: 'plain',
    maxVUs: 30,
    message: { parts: [{ text: 'hello' }] },
    purges: true,
    maxTasks: 5000,
    thresholds: { p99SignalMs: 50, errorRate: 0.025, lost: 1, dropped: 2 },
  });
});

test.for<[string, Partial<LoadFlags>]>([
  ['--rate', { rate: 'fast' }],
  ['--rate', { rate: '0' }],
  ['--duration', { duration: '10 minutes' }],
  ['--max-vus', { maxVus: 'many' }],
  ['--max-errors', { maxErrors: 'few' }],
  ['--max-errors', { maxErrors: '101%' }],
  ['--p99-signal', { p99Signal: '-1' }],
])('%s %o is wrong usage, in one line that names the flag', async ([flag, flags]) => {
  const error: unknown = await parse(flags).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect((error as Error).message).toContain(flag);
  expect((error as Error).message).not.toContain('\n');
});
