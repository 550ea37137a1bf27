import { expect, test } from 'vitest';
import type { ChaosSection } from '../core/findings/chaos-section.ts';
import type { LoadSection } from '../core/findings/load-section.ts';
import type { Report } from '../core/findings/report.ts';
import { createRedactor } from '../core/history/redact.ts';
import { sampleFinding } from '../reports/testing/sample-report.ts';
import { chaosSection, loadSection } from '../reports/testing/sample-runs.ts';
import { exitOf } from './run-chaos.ts';
import { judgeLoadRun } from './run-load.ts';

const pass = sampleFinding('get/terminal-stable', 'pass');
const warn = sampleFinding('get/terminal-stable', 'warn');
const fail = sampleFinding('get/terminal-stable', 'fail');
const error = sampleFinding('envelope/client-format', 'error');

const [rate, signal] = loadSection.thresholds;
const untested = { ...signal!, verdict: 'untested', measured: null, interval: null, samples: 0 } as const;
const complete = { kind: 'complete' } as const;
const broken = { verdict: 'fail', broken: ['rate', 'errors'] } as const;

test.for<[string, Partial<LoadSection> | null, Report['findings'], Report['end'], number, string]>([
  ['held', {}, [pass], complete, 0, 'the load held: every threshold was measured and met, no invariant broke'],
  [
    'held, no row in the sample',
    {},
    [],
    complete,
    0,
    'the load held: every threshold was measured and met, no invariant broke',
  ],
  ['held, with warnings', {}, [warn], complete, 0, 'the load held, with warnings'],
  ['plain', { thresholds: [rate!, untested] }, [pass], complete, 0, 'the load held (not asked for: p99-signal)'],
  ['a threshold broke', broken, [pass], complete, 4, 'broken under load: rate, errors'],
  [
    'a MUST failed too',
    { ...broken, broken: ['rate', 'load/own-task-id'] },
    [fail],
    complete,
    1,
    'a MUST failed under load; broken too: rate',
  ],
  ['a MUST failed', { verdict: 'fail', broken: ['load/own-task-id'] }, [fail], complete, 1, 'a MUST failed under load'],
  [
    'not enough samples',
    { verdict: 'inconclusive', thresholds: [rate!, { ...signal!, verdict: 'inconclusive' }] },
    [pass],
    complete,
    3,
    'not every threshold could be told: p99-signal inconclusive',
  ],
  [
    'no sample',
    { verdict: 'inconclusive', thresholds: [rate!, untested] },
    [pass],
    complete,
    3,
    'not every threshold could be told: p99-signal untested',
  ],
  ['no sample at all', { verdict: 'untested', thresholds: [untested] }, [], complete, 3, 'nothing could be measured'],
  ['the target died', broken, [fail], { kind: 'target-lost', reason: 'gone' }, 3, 'the target stopped answering'],
  ['no target', null, [], { kind: 'unreachable', reason: 'refused' }, 3, 'nothing could be measured'],
  ['the harness failed', broken, [fail, error], complete, 5, 'a fault of the harness'],
  [
    'interrupted',
    broken,
    [fail],
    { kind: 'interrupted' },
    130,
    'interrupted; the report holds what was measured so far',
  ],
  [
    'interrupted before it began',
    null,
    [],
    { kind: 'interrupted' },
    130,
    'interrupted; the report holds what was measured so far',
  ],
])('load: %s', ([, changes, findings, end, code, meaning]) => {
  const section = changes === null ? null : { ...loadSection, ...changes };
  const run = section === null ? null : { section, findings, tasksCreated: 1, exchanges: 1 };
  const judged = judgeLoadRun(run, end, createRedactor());
  expect(judged.exit).toEqual({ code, meaning });
  expect(judged.load).toEqual(section ?? undefined);
});

const [passed, failed, inconclusive, interrupted] = chaosSection.experiments;
const section = (changes: Partial<ChaosSection>): ChaosSection => ({
  ...chaosSection,
  end: { kind: 'complete', reason: null },
  broken: [],
  ...changes,
});

test.for<[string, ChaosSection, Report['findings'], number, string]>([
  ['all held', section({ verdict: 'pass', experiments: [passed!] }), [pass], 0, 'every hypothesis and invariant held'],
  [
    'a contract broke',
    section({
      verdict: 'fail',
      broken: ['agent-killed: chaos/nothing-lost'],
      experiments: [passed!, failed!, inconclusive!],
    }),
    [pass],
    4,
    'broken: agent-killed: chaos/nothing-lost',
  ],
  [
    'a MUST failed',
    section({ verdict: 'fail', broken: ['agent-killed: x'], experiments: [failed!] }),
    [fail],
    1,
    'a MUST failed in an experiment',
  ],
  [
    'one inconclusive',
    section({ verdict: 'inconclusive', experiments: [passed!, inconclusive!] }),
    [pass],
    3,
    'not every experiment was conclusive: stream-cut',
  ],
  [
    'none conclusive',
    section({ verdict: 'inconclusive', experiments: [inconclusive!] }),
    [pass],
    3,
    'nothing could be measured: every experiment was inconclusive',
  ],
  [
    'none at all',
    section({ verdict: 'inconclusive', experiments: [] }),
    [],
    3,
    'nothing could be measured: every experiment was inconclusive',
  ],
  [
    'interrupted',
    section({ end: { kind: 'interrupted', reason: 'x' }, experiments: [interrupted!] }),
    [fail],
    130,
    'interrupted; the report holds what was measured so far',
  ],
])('chaos: %s', ([, of, findings, code, meaning]) => {
  expect(exitOf(of, findings)).toEqual({ code, meaning });
});
