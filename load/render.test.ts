import { describe, expect, test } from 'vitest';
import { renderLoad } from './render.ts';
import { loadSectionSchema, type LoadSection } from './section.ts';

const latency = { samples: 1_200, p50: 1.234, p90: 12.345, p99: 123.45, max: 1_234.5 };

const section: LoadSection = {
  scenario: 'steady',
  mode: 'streaming',
  generator: { name: 'k6', version: '2.2.0', origin: 'cache', extension: true, maxVUs: 425, cpuSeconds: 1.2 },
  interface: { binding: 'JSONRPC', version: '1.0', url: 'http://127.0.0.1:1/rpc' },
  offered: {
    ratePerMinute: 400,
    durationMs: 60_000,
    planned: 400,
    started: 400,
    dropped: 0,
    startedAt: '2026-01-02T03:04:05.678Z',
    ranMs: 60_000,
  },
  end: { kind: 'complete', reason: null },
  tasks: { acknowledged: 400, byOutcome: { completed: 400 }, finishedPerMinute: 400, events: 2_400, heldOpen: 0 },
  errors: [],
  latency: { submit: latency, firstSignal: latency, signal: latency, completion: latency, generatorLag: latency },
  signalBasis: { kind: 'emission-stamp', reason: "counted from the agent's own stamps" },
  finalReads: {
    acknowledged: 400,
    read: 400,
    found: 400,
    lost: 0,
    lostExamples: [],
    purged: 0,
    unread: 0,
    unfinished: 0,
  },
  sampledTasks: 400,
  invariants: [
    {
      id: 'load/own-task-id',
      title: 'Each send got a task of its own',
      requirement: null,
      verdict: 'pass',
      reason: 'none',
    },
  ],
  thresholds: [
    {
      id: 'rate',
      verdict: 'pass',
      demanded: '>= 396 tasks/min',
      measured: 400,
      interval: null,
      samples: 400,
      reason: 'held',
    },
    {
      id: 'p99-signal',
      verdict: 'pass',
      demanded: '< 200 ms',
      measured: 123.45,
      interval: { low: 100, high: 150, confidence: 0.95 },
      samples: 1_200,
      reason: 'p99 is 123 ms',
    },
  ],
  verdict: 'pass',
  broken: [],
  indicative: 'a run of 60 s has few tasks: its p99 is only indicative',
};

test('the section is what its schema says', () => {
  expect(loadSectionSchema.parse(section)).toEqual(section);
  expect(() => loadSectionSchema.parse({ ...section, verdict: 'green' })).toThrow();
  expect(() => loadSectionSchema.parse({ ...section, extra: 1 })).toThrow();
});

test('a run that held', () => {
  expect(renderLoad(section)).toMatchInlineSnapshot(`
    "Load: 400 tasks/min for 1 min, SendStreamingMessage to http://127.0.0.1:1/rpc
      generator  k6 2.2.0 (cache), with k6/x/a2a, 1.2 s of processor time
      tasks      400 started (400 planned), 0 dropped, 400/min finished, 2400 events
      read back  400 of 400 acknowledged tasks by GetTask: 400 found, 0 lost

      latency in ms        p50      p90      p99      max  samples
      submit              1.23     12.3      123     1235     1200
      first signal        1.23     12.3      123     1235     1200
      signal              1.23     12.3      123     1235     1200
      completion          1.23     12.3      123     1235     1200
      generator lag       1.23     12.3      123     1235     1200
      signal latency is counted from the agent's own stamps

      pass         rate         >= 396 tasks/min   held
      pass         p99-signal   < 200 ms           p99 is 123 ms
      pass         invariants   1 hold, 0 do not (every task by its stream and final read; 400 tasks by all their messages)

    Load verdict: pass
    Note: a run of 60 s has few tasks: its p99 is only indicative"
  `);
});

describe('what is wrong is named', () => {
  test('errors, invariants, thresholds, the end', () => {
    const text = renderLoad({
      ...section,
      end: { kind: 'target-lost', reason: 'the target stopped answering 12 s after the start (connection refused)' },
      errors: [{ outcome: 'http', code: '429', count: 390, example: 'Too Many Requests' }],
      invariants: [
        {
          id: 'load/own-task-id',
          title: 't',
          requirement: 'send/task-id-generated',
          verdict: 'fail',
          reason: '3 of 400 tasks',
        },
      ],
      thresholds: [{ ...section.thresholds[0]!, verdict: 'fail', reason: 'only 10' }],
      verdict: 'fail',
      broken: ['rate', 'load/own-task-id'],
      finalReads: { ...section.finalReads, read: 390, found: 388, lost: 2, unread: 10 },
    });
    expect(text).toContain('target-lost: the target stopped answering 12 s');
    expect(text).toContain('390 of 400 acknowledged tasks by GetTask: 388 found, 2 lost, 10 not read');
    expect(text).toContain('390 × http 429: Too Many Requests');
    expect(text).toContain('load/own-task-id (send/task-id-generated): 3 of 400 tasks');
    expect(text).toContain('Load verdict: fail, broken: rate, load/own-task-id');
  });

  test('what was not measured', () => {
    const untested = { untested: 'a stock k6 sees answers only whole' };
    const text = renderLoad({
      ...section,
      latency: { ...section.latency, signal: untested },
      signalBasis: { kind: 'none', reason: untested.untested },
      thresholds: [{ ...section.thresholds[1]!, verdict: 'untested', measured: null, interval: null, samples: 0 }],
      verdict: 'inconclusive',
    });
    expect(text).toMatch(/signal +untested: a stock k6 sees/);
    expect(text).toContain('Load verdict: inconclusive (p99-signal untested)');
  });

  test('colours are the caller’s', () => {
    const bold = (text: string): string => `<${text}>`;
    expect(renderLoad(section, { good: bold, bad: bold, doubtful: bold, strong: bold })).toContain(
      '<Load verdict: pass>',
    );
  });
});
