import type { ChaosSection, ExperimentResult } from '../../core/findings/chaos-section.ts';
import type { LoadSection } from '../../core/findings/load-section.ts';
import type { Report } from '../../core/findings/report.ts';
import { cleanReport, jsonRpc, sampleExchange, sampleFinding } from './sample-report.ts';

/** Reports of load, chaos and generated cases made by hand, for the tests of what reads them. Figures are invented. */

const latency = { samples: 1_200, p50: 1.234, p90: 12.345, p99: 123.45, max: 1_234.5 };

export const loadSection: LoadSection = {
  scenario: 'steady',
  mode: 'streaming',
  options: {
    taskTimeoutMs: 60_000,
    plain: false,
    message: [{ text: "it's a task" }],
    purges: false,
    clocks: 'auto',
    stampKey: 'emittedAt',
    historySample: 1_000,
    drainMs: 10_000,
    thresholds: {
      ratePerMinute: 400,
      rateTolerance: 0.01,
      p99SignalMs: 200,
      confidence: 0.95,
      lost: 0,
      errorRate: 0.01,
      dropped: 0,
    },
  },
  generator: { name: 'k6', version: '2.2.0', origin: 'cache', extension: true, maxVUs: 425, cpuSeconds: 1.2 },
  interface: jsonRpc,
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
      requirement: 'send/task-id-generated',
      verdict: 'pass',
      reason: 'none of 400 tasks have the id of another send',
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
      reason: '400 tasks/min were finished while 400 were asked for',
    },
    {
      id: 'p99-signal',
      verdict: 'pass',
      demanded: '< 200 ms',
      measured: 123.45,
      interval: { low: 100, high: 150, confidence: 0.95 },
      samples: 1_200,
      reason: 'p99 is 123 ms (100 to 150 ms at 95 %, 1200 signals)',
    },
  ],
  verdict: 'pass',
  broken: [],
  indicative: 'a run of 60 s has few tasks: its p99 is only indicative',
};

/** A load that held. */
export const loadReport: Report = {
  ...cleanReport,
  seed: 0,
  target: { ...cleanReport.target, embedded: null },
  exit: { code: 0, meaning: 'the load held: every threshold was measured and met, no invariant broke' },
  load: loadSection,
};

const untestedSignal = 'this k6 (path) is a stock one without k6/x/a2a';

/** A load that broke in every way at once. */
export const brokenLoadReport: Report = {
  ...loadReport,
  exit: { code: 1, meaning: 'a MUST failed under load; broken too: rate, lost' },
  findings: [
    sampleFinding('send/task-id-generated', 'fail', {
      check: 'load/own-task-id',
      reason: 'judged over every task of the run: 3 of 390 tasks were new work under the id of a task that had ended',
      expected: 'Each send got a task of its own',
      actual: '3 of 390 tasks were new work under the id of a task that had ended: t1 for m2',
      evidence: [sampleExchange],
      curl: ['curl -sS http://127.0.0.1:4000/rpc'],
    }),
  ],
  load: {
    ...loadSection,
    mode: 'plain',
    generator: { ...loadSection.generator, origin: 'path', extension: false, cpuSeconds: null },
    offered: { ...loadSection.offered, started: 390, dropped: 10 },
    tasks: { ...loadSection.tasks, acknowledged: 390, finishedPerMinute: null },
    errors: [
      { outcome: 'http', code: '429', count: 390, example: 'Too Many \u001b[31mRequests' },
      ...(['timeout', 'cut', 'malformed', 'rpc-error', 'failed'] as const).map(
        (outcome) => ({ outcome, code: outcome, count: 1, example: '' }) as const,
      ),
    ],
    latency: { ...loadSection.latency, signal: { untested: untestedSignal } },
    signalBasis: { kind: 'none', reason: untestedSignal },
    finalReads: { ...loadSection.finalReads, acknowledged: 390, read: 380, found: 378, lost: 2, unread: 10 },
    invariants: [
      {
        id: 'load/own-task-id',
        title: 'Each send got a task of its own',
        requirement: 'send/task-id-generated',
        verdict: 'fail',
        reason: '3 of 390 tasks were new work under the id of a task that had ended: t1 for m2',
      },
      {
        id: 'load/stamps-in-order',
        title: 'Status timestamps of a stream never go back',
        requirement: null,
        verdict: 'warn',
        reason: '1 of 390 tasks have a status timestamp earlier than the one before: t7',
      },
    ],
    thresholds: [
      { ...loadSection.thresholds[0]!, verdict: 'fail', reason: 'only 10' },
      {
        ...loadSection.thresholds[1]!,
        verdict: 'untested',
        measured: null,
        interval: null,
        samples: 0,
        reason: untestedSignal,
      },
      {
        id: 'lost',
        verdict: 'fail',
        demanded: '<= 0',
        measured: 2,
        interval: null,
        samples: 380,
        reason: '2 of 390 acknowledged tasks are not found by GetTask (t3, t4)',
      },
    ],
    verdict: 'fail',
    broken: ['rate', 'lost', 'load/own-task-id'],
    indicative: null,
  },
};

const passed: ExperimentResult = {
  id: 'slow-agent',
  title: 'Slow agent',
  hypothesis: 'Clients that lose patience and send again get the one task that they asked for.',
  verdict: 'pass',
  reason: '2 invariants hold',
  durationMs: 2_530,
  before: { holds: true, reason: 'a streamed task and an echo reach their end' },
  after: { holds: true, reason: 'a streamed task and an echo reach their end' },
  faults: [
    {
      fault: 'latency',
      target: 'link to the agent',
      description: 'link to the agent: requests are late by 600 ms ± 100 ms',
      plannedAtMs: 500,
      lagMs: 4.2,
      undoneAtMs: 1_500,
    },
  ],
  detectMs: 251,
  recoverMs: 1_400,
  tasks: { sent: 35, resent: 11, acknowledged: 35, completed: 35, lost: 0 },
  invariants: [
    {
      id: 'chaos/nothing-lost',
      title: 'An acknowledged task is never lost',
      provenance: 'contract:durability',
      verdict: 'pass',
      reason: '35 acknowledged tasks, all found',
      decisive: true,
    },
    {
      id: 'invariants/terminal-state',
      title: 'A task has one terminal state',
      provenance: 'spec:get/terminal-stable',
      verdict: 'pass',
      reason: 'none left it',
      decisive: false,
    },
  ],
  exchanges: 120,
  timeline: [
    { atMs: 0, kind: 'hypothesis', text: 'holds: a streamed task and an echo reach their end' },
    { atMs: 504.2, kind: 'fault', text: 'link to the agent: requests are late by 600 ms ± 100 ms' },
    { atMs: 755, kind: 'noticed', text: 'a client noticed' },
    { atMs: 1_500, kind: 'undone', text: 'link to the agent: requests are late by 600 ms ± 100 ms' },
  ],
};

const [lossless, terminal] = passed.invariants;

export const chaosSection: ChaosSection = {
  environment: 'embedded',
  end: { kind: 'interrupted', reason: 'interrupted by the user' },
  verdict: 'fail',
  broken: ['agent-killed: chaos/nothing-lost', 'agent-killed: invariants/terminal-state (spec:get/terminal-stable)'],
  effectLag: { samples: 3, medianMs: 4.2, maxMs: 8.8 },
  experiments: [
    passed,
    {
      ...passed,
      id: 'agent-killed',
      title: 'Agent killed in mid-task',
      verdict: 'fail',
      reason: 'chaos/nothing-lost (contract:durability): 2 of 35 tasks: t3; t4',
      tasks: { ...passed.tasks, completed: 33, lost: 2 },
      recoverMs: null,
      invariants: [
        { ...lossless!, verdict: 'fail', reason: '2 of 35 tasks: t3; t4' },
        { ...terminal!, verdict: 'fail', reason: 'a task left its end: TASK_STATE_WORKING' },
      ],
    },
    {
      ...passed,
      id: 'stream-cut',
      title: 'Stream cut and resubscribe',
      verdict: 'inconclusive',
      reason: 'the steady state was not there before the fault: the registry does not answer',
      before: { holds: false, reason: 'the registry does not answer' },
      after: null,
      faults: [],
      detectMs: null,
      recoverMs: null,
      tasks: { sent: 0, resent: 0, acknowledged: 0, completed: null, lost: null },
      invariants: [],
      timeline: [],
    },
    {
      ...passed,
      id: 'agent-paused',
      title: 'Agent paused',
      verdict: 'interrupted',
      reason: 'interrupted after: agent: paused (SIGSTOP)',
      after: null,
      recoverMs: null,
      tasks: { ...passed.tasks, completed: null, lost: null },
      invariants: [],
    },
  ],
};

/** Experiments that ended in every way. */
export const chaosReport: Report = {
  ...cleanReport,
  end: { kind: 'interrupted', reason: 'interrupted by the user' },
  exit: { code: 130, meaning: 'interrupted; the report holds what was measured so far' },
  findings: [
    sampleFinding('get/terminal-stable', 'fail', {
      check: 'invariants/terminal-state',
      reason: 'a task left its end',
      expected: 'TASK_STATE_COMPLETED',
      actual: 'TASK_STATE_WORKING',
      experiment: 'agent-killed',
    }),
  ],
  chaos: chaosSection,
};

/** Generated cases that found faults: one request, and two clients at once. */
export const exploreReport: Report = {
  ...cleanReport,
  exit: { code: 1, meaning: 'a MUST failed (or a SHOULD with --strict), or a baseline entry is stale' },
  findings: [
    sampleFinding('list/order', 'pass', { check: 'state-machine', reason: '12 generated cases: newest first' }),
    sampleFinding('errors/invalid-params', 'fail', {
      check: 'properties',
      reason: 'ListTasks: pageSize is a word: accepted (seen in 2 of 3 tries)',
      expected: 'InvalidParamsError (-32602)',
      actual: 'a result',
      evidence: [sampleExchange],
      curl: ['curl -sS -i http://127.0.0.1:4000/rpc --data-raw \'{"method":"ListTasks"}\''],
      counterexample: {
        suite: 'properties',
        seed: 42,
        path: '5:1:1',
        steps: ['ListTasks {"pageSize":"many"}, where pageSize is a word', 'JSONRPC answered: a result'],
        curl: ['curl -sS -i http://127.0.0.1:4000/rpc --data-raw \'{"method":"ListTasks"}\''],
      },
    }),
    sampleFinding('cancel/final', 'fail', {
      check: 'concurrency/order',
      reason: 'a cancel while the task ends: CANCELED was told, then COMPLETED; made again it showed in 3 of 5',
      expected: 'CANCELED to the end',
      actual: 'COMPLETED',
      curl: ['curl -sS -i http://127.0.0.1:4000/rpc --data-raw \'{"method":"CancelTask"}\''],
      counterexample: {
        suite: 'concurrency',
        seed: 42,
        path: '0/cancel-against-complete/3:0',
        steps: [
          'A message makes task 1 → SUBMITTED (0.0 to 2.1 ms, x1)',
          'B cancels task 1 → CANCELED (3.0 to 5.4 ms, x2)',
          'A reads task 1 afterwards → COMPLETED (9.0 to 9.9 ms, x3)',
        ],
        lanes: ['A|[1-----]..............[3-]', 'B|.........[2-----]'],
        hitRate: { hits: 3, runs: 5 },
        curl: [
          'curl -sS -i http://127.0.0.1:4000/rpc --data-raw \'{"method":"SendMessage"}\'',
          'curl -sS -i http://127.0.0.1:4000/rpc --data-raw \'{"method":"CancelTask"}\'',
        ],
      },
    }),
    sampleFinding('get/returns-task', 'warn', {
      check: 'state-machine',
      reason: 'task t1, last seen in WORKING, is not found any more (seen in 2 of 3 tries)',
      readings: ['§3.1.3: a task that has not ended is returned', '§3.3.2: it may have ended, and been purged'],
      counterexample: {
        ...{ suite: 'state-machine', seed: 42, path: '7', replayPath: 'AAB:D', curl: [] },
        steps: ['over JSONRPC', 'GetTask of task 0: expected the task, in any state; came TaskNotFoundError'],
        hitRate: { hits: 1, runs: 2 },
      },
    }),
    sampleFinding('get/terminal-stable', 'warn', {
      check: 'invariants/terminal-state',
      reason: 'an ended task was shown before its end',
      readings: ['§3.1.3: the current state', 'a copy that lags'],
    }),
  ],
  explore: {
    options: { suites: ['properties', 'state-machine', 'concurrency'], runs: 100, maxCommands: 30, timeMs: 60_000 },
    suites: [
      { suite: 'properties', runs: 100, commands: 0, requests: 384, unsteady: 0, end: 'runs', durationMs: 1_300 },
      { suite: 'state-machine', runs: 12, commands: 230, requests: 640, unsteady: 1, end: 'time', durationMs: 60_010 },
      {
        ...{ suite: 'concurrency', runs: 40, commands: 400, requests: 900, unsteady: 0, durationMs: 9_000 },
        ...{ end: 'tasks', reason: 'this run may create no more than 100 tasks' },
      },
    ],
    exposures: [
      {
        interface: cleanReport.target.interfaces[0]!,
        operation: 'GetTask',
        results: { answers: 212, oneIn: 71 },
        errors: { answers: 29, oneIn: 10 },
      },
      {
        interface: cleanReport.target.interfaces[0]!,
        operation: 'GetExtendedAgentCard',
        results: { answers: 0, oneIn: null },
        errors: { answers: 5, oneIn: 2 },
      },
    ],
  },
};
