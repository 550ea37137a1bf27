import { describe, expect, test } from 'vitest';
import type { Counterexample, Finding } from '../../core/findings/finding.ts';
import type { SuiteFigures } from '../../core/findings/explore-section.ts';
import type { Report } from '../../core/findings/report.ts';
import { cleanReport, jsonRpc, sampleFinding } from '../../reports/testing/sample-report.ts';
import { judgeReplay, type Drawn } from './replay-cases.ts';

const row = 'get/terminal-stable';
const rest = { ...jsonRpc, binding: 'HTTP+JSON', url: 'http://127.0.0.1:4000/rest' };

const drawn = (suite: Counterexample['suite'], more: Partial<Counterexample> = {}): Counterexample => ({
  suite,
  seed: 7,
  path: '3:0',
  steps: ['one step'],
  ...more,
});

const before = (check: string, counterexample: Counterexample): Drawn => ({
  ...sampleFinding(row, 'fail', { check }),
  counterexample,
});

const figures: SuiteFigures = {
  ...{ suite: 'properties', runs: 1, commands: 0, requests: 9, unsteady: 0 },
  ...{ end: 'runs', durationMs: 5 },
};

interface Again {
  readonly findings?: readonly Finding[];
  readonly runs?: number;
  readonly end?: Report['end'];
  readonly interfaces?: Report['target']['interfaces'];
  readonly capabilities?: object;
  /** Why the suite could not make its case. */
  readonly why?: string;
}

const report = ({ findings = [], runs = 1, end, interfaces = [jsonRpc], capabilities = {}, why }: Again): Report => ({
  ...cleanReport,
  target: { ...cleanReport.target, card: { capabilities }, interfaces },
  end: end ?? { kind: 'complete' },
  findings: findings as Report['findings'],
  explore: {
    options: { suites: ['properties'], runs: 1, maxCommands: 30, timeMs: 1_000 },
    suites: [{ ...figures, runs, ...(why === undefined ? {} : { end: 'not-elicited', reason: why }) }],
  },
});

const request = before('properties', drawn('properties'));
const sequence = before('state-machine', drawn('state-machine', { hitRate: { hits: 2, runs: 2 } }));
const seldom = before('state-machine', drawn('state-machine', { hitRate: { hits: 1, runs: 6 } }));
const invariant = before('invariants/terminal-state', drawn('properties'));

const now = (of: Finding, verdict: Finding['verdict']): Finding => ({ ...of, verdict });

describe('a case that was made again', () => {
  test.for<[string, Drawn, Again, string]>([
    ['shows the fault', request, { findings: [now(request, 'fail')] }, 'FAILED'],
    ['shows that it holds', request, { findings: [now(request, 'pass')] }, 'FIXED'],
    ['could not be judged', request, { findings: [now(request, 'untested')] }, 'NOT MEASURED'],
    ['was not sent on that interface', request, {}, 'NOT MEASURED'],
    ['breaks no invariant any more', invariant, {}, 'FIXED'],
    ['breaks it still', invariant, { findings: [now(invariant, 'fail')] }, 'FAILED'],
    ['has no such interface', invariant, { interfaces: [rest] }, 'NOT MEASURED'],
    ['was not made', invariant, { runs: 0 }, 'NOT MEASURED'],
    ['ended the target', invariant, { end: { kind: 'target-lost', reason: 'no answer' } }, 'NOT MEASURED'],
    ['accuses of nothing', sequence, { runs: 6 }, 'FIXED'],
    ['did not show what shows seldom', seldom, { runs: 6 }, 'NOT MEASURED'],
    ['showed what shows seldom', seldom, { findings: [now(seldom, 'fail')] }, 'FAILED'],
    ['is another one by the interfaces', sequence, { runs: 6, interfaces: [jsonRpc, rest] }, 'NOT MEASURED'],
    ['is the same request with more interfaces', invariant, { interfaces: [rest, jsonRpc] }, 'FIXED'],
    ['is another one by the card', invariant, { capabilities: { streaming: true } }, 'NOT MEASURED'],
    [
      'breaks something else',
      sequence,
      { runs: 6, findings: [{ ...sampleFinding('list/order', 'fail'), counterexample: drawn('state-machine') }] },
      'NOT MEASURED',
    ],
  ])('%s', ([, finding, again, outcome]) => {
    const result = judgeReplay(finding, report({}), report(again), false);
    expect(result.outcome).toBe(outcome);
  });

  test('that accuses of nothing says so, of the interface that it was made on', () => {
    const moved = { ...jsonRpc, url: 'http://127.0.0.1:5000/rpc' };
    const { now: shown } = judgeReplay(sequence, report({}), report({ runs: 6, interfaces: [moved] }), true);
    expect(shown).toMatchObject({
      interface: moved,
      verdict: 'pass',
      reason: 'the case was made again, and accuses of nothing (6 tries)',
    });
    expect(shown).not.toHaveProperty('actual');
  });

  test('that was not taken up is neither fixed nor failed, and says why', () => {
    const why = '3 of 4 requests of the case were not taken up: HTTP 429 looks like rate limiting';
    for (const finding of [sequence, invariant, request]) {
      const { outcome, now: shown } = judgeReplay(finding, report({}), report({ runs: 0, why }), false);
      expect(outcome).toBe('NOT MEASURED');
      expect(shown).toMatchObject({ verdict: 'untested', reason: `the case could not be made again: ${why}` });
    }
  });

  test('fails all the same where another one was drawn', () => {
    const again = report({ findings: [now(sequence, 'fail')], interfaces: [jsonRpc, rest] });
    expect(judgeReplay(sequence, report({}), again, false).outcome).toBe('FAILED');
  });
});
