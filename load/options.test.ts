import { expect, test } from 'vitest';
import { LoadError } from './load-error.ts';
import { plannedTasks, resolveOptions, type LoadOptions } from './options.ts';
import { indicativeReason } from './summarize.ts';

const url = 'http://127.0.0.1:1';

test('the defaults', () => {
  const settings = resolveOptions({ url });
  expect(settings).toMatchObject({ rate: 400, durationMs: 600_000, mode: 'streaming', purges: false, clocks: 'auto' });
  expect(settings.thresholds).toEqual({
    ratePerMinute: 400,
    rateTolerance: 0.01,
    p99SignalMs: 200,
    confidence: 0.95,
    lost: 0,
    errorRate: 0.01,
    dropped: 0,
  });
  // As many users as tasks can be under way until the time limit.
  expect(settings.maxVUs).toBe(Math.ceil((400 * 62) / 60) + 10);
  expect(indicativeReason(settings)).toBeNull();
});

test('the rate that is sent is the rate that is demanded, unless that is set too', () => {
  expect(resolveOptions({ url, rate: 100 }).thresholds.ratePerMinute).toBe(100);
  expect(resolveOptions({ url, rate: 100, thresholds: { ratePerMinute: 50, lost: 2 } }).thresholds).toMatchObject({
    ratePerMinute: 50,
    lost: 2,
    p99SignalMs: 200,
  });
});

test('a short run says that it is only indicative', () => {
  expect(indicativeReason({ durationMs: 60_000 })).toContain('60 s');
});

test.for([
  [400, 60_000, 400],
  [400, 5_000, 34],
  [1, 1_000, 1],
] as const)('%i a minute for %i ms are %i tasks', ([rate, durationMs, planned]) => {
  expect(plannedTasks({ rate, durationMs })).toBe(planned);
});

test.for<[Partial<LoadOptions>, LoadError['kind'], RegExp]>([
  [{ rate: 0 }, 'invalid-option', /^rate is 0$/],
  [{ rate: 0.5 }, 'invalid-option', /^rate is 0.5$/],
  [{ durationMs: 10 }, 'invalid-option', /^durationMs is 10$/],
  [{ maxVUs: Number.NaN }, 'invalid-option', /^maxVUs is NaN$/],
  [{ message: { parts: [] } }, 'invalid-option', /no parts/],
  [{ maxTasks: 300 }, 'too-many-tasks', /4002 tasks, 300/],
])('%j: %s', ([options, kind, says]) => {
  const refused = (): unknown => resolveOptions({ url, ...options });
  expect(refused).toThrow(LoadError);
  expect(refused).toThrow(expect.objectContaining({ kind, message: expect.stringMatching(says) as string }) as Error);
});
