import { describe, expect, test } from 'vitest';
import type { Report } from '../core/findings/report.ts';
import { headline, untestedByHint } from './headline.ts';
import { cleanReport, failingReport, sampleFinding, unreachableReport } from './testing/sample-report.ts';

const ended = (base: Report, code: number, end: Report['end'] = base.end): Report => ({
  ...base,
  end,
  exit: { code, meaning: 'meaning' },
});

describe('the outcome in one line', () => {
  test.for<[string, Report, string, RegExp]>([
    ['conformant', cleanReport, 'good', /^Conformant: nothing failed, 1 of \d+ applicable/],
    [
      'conformant with warnings',
      { ...cleanReport, findings: [sampleFinding('errors/missing-required-field', 'warn')] },
      'good',
      /^Conformant: nothing failed, 1 warning, /,
    ],
    [
      'failed',
      failingReport,
      'bad',
      /^Not conformant: 1 requirement failed, 1 warned, 1 stale baseline entry, 1 known/,
    ],
    ['stale only', { ...failingReport, findings: [] }, 'bad', /^Stale baseline: 1 stale baseline entry, /],
    [
      'strict',
      {
        ...failingReport,
        baseline: null,
        options: { ...failingReport.options, strict: true },
        findings: [sampleFinding('errors/missing-required-field', 'warn')],
      },
      'bad',
      /^Not conformant: 1 warned \(strict\)/,
    ],
    ['unreachable', unreachableReport, 'unknown', /^Nothing was measured: GET http:\S+ connection refused$/],
    ['all untested', ended({ ...cleanReport, findings: [] }, 3), 'unknown', /^Nothing was measured: no check/],
    [
      'lost',
      ended(failingReport, 3, { kind: 'target-lost', reason: 'connection refused' }),
      'unknown',
      /^The target stopped answering: connection refused \(1 requirement failed before/,
    ],
    ['interrupted', ended(failingReport, 130, { kind: 'interrupted' }), 'unknown', /^Interrupted, /],
    [
      'harness fault',
      ended({ ...cleanReport, findings: [sampleFinding('envelope/version', 'error')] }, 5),
      'unknown',
      /^Fault of the harness, 1 check error, /,
    ],
  ])('%s', ([, report, tone, text]) => {
    expect(headline(report)).toEqual({ tone, text: expect.stringMatching(text) as string });
  });
});

test('a row that another check measured is not listed as untested', () => {
  const row = 'get/history-length';
  const open = sampleFinding(row, 'untested', { reason: 'why', hint: 'do this' });
  expect(untestedByHint([open])).toEqual([{ hint: 'do this', reasons: [{ reason: 'why', requirements: [row] }] }]);
  expect(untestedByHint([open, sampleFinding(row, 'pass')])).toEqual([]);
});
