import { describe, expect, test } from 'vitest';
import type { Report } from '../core/findings/report.ts';
import { headline, untestedGroups } from './headline.ts';
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
      'no more than known failures',
      {
        ...cleanReport,
        findings: [{ ...sampleFinding('errors/get-unknown-task', 'fail'), baseline: { reason: 'known' } }],
      },
      'good',
      /^Nothing new failed, 1 known failure, /,
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
    [
      'strict, beside what the text leaves open',
      {
        ...failingReport,
        baseline: null,
        options: { ...failingReport.options, strict: true },
        findings: [
          sampleFinding('errors/missing-required-field', 'warn'),
          sampleFinding('errors/version-absent', 'warn', { readings: ['one', 'another'] }),
        ],
      },
      'bad',
      /^Not conformant: 1 warned \(strict\), 1 ambiguous, /,
    ],
    ['unreachable', unreachableReport, 'unknown', /^Nothing was measured: GET http:\S+ connection refused$/],
    ['all untested', ended({ ...cleanReport, findings: [] }, 3), 'unknown', /^Nothing was measured: no check/],
    [
      'the card alone',
      ended({ ...cleanReport, findings: [sampleFinding('agent-card/available', 'pass')] }, 3),
      'unknown',
      /^Not told: meaning; /,
    ],
    [
      'lost',
      ended(failingReport, 3, { kind: 'target-lost', reason: 'connection refused' }),
      'unknown',
      /^The target stopped answering: connection refused; 1 requirement failed before, /,
    ],
    [
      'lost, in the words of the engine',
      ended(failingReport, 3, {
        kind: 'target-lost',
        reason: 'the target no longer answers (first refused at x7: (a) b)',
      }),
      'unknown',
      /^The target stopped answering: first refused at x7: \(a\) b; /,
    ],
    [
      'interrupted',
      ended(failingReport, 130, { kind: 'interrupted' }),
      'unknown',
      /^Interrupted, 1 requirement failed so far, /,
    ],
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

describe('what is untested', () => {
  const [a, b, c] = ['get/history-length', 'get/artifacts', 'get/idempotent'] as const;
  const open = (row: string, reason: string, hint: string) => sampleFinding(row, 'untested', { reason, hint });

  test('a row that another check measured is not', () => {
    const finding = open(a, 'why', 'do this');
    expect(untestedGroups([finding])).toEqual([
      { hints: ['do this'], reasons: [{ reason: 'why', requirements: [a] }] },
    ]);
    expect(untestedGroups([finding, sampleFinding(a, 'pass')])).toEqual([]);
  });

  test('is put together by hint', () => {
    expect(
      untestedGroups([open(a, 'no x', 'do this'), open(b, 'no y', 'do this'), open(c, 'no z', 'do that')]),
    ).toEqual([
      {
        hints: ['do this'],
        reasons: [
          { reason: 'no x', requirements: [a] },
          { reason: 'no y', requirements: [b] },
        ],
      },
      { hints: ['do that'], reasons: [{ reason: 'no z', requirements: [c] }] },
    ]);
  });

  test('or by reason, where that says more at once', () => {
    expect(untestedGroups([open(a, 'silent', 'do x'), open(b, 'silent', 'do y'), open(c, 'silent', 'do z')])).toEqual([
      { hints: ['do x', 'do y', 'do z'], reasons: [{ reason: 'silent', requirements: [a, b, c] }] },
    ]);
  });
});
