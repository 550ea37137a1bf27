import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Report } from '../core/findings/report.ts';
import { rows } from '../protocol/requirements/rows.ts';
import { renderConsole } from './console.ts';
import { cleanReport, failingReport, sampleFinding, unreachableReport } from './testing/sample-report.ts';
import { brokenLoadReport, chaosReport, exploreReport, loadReport } from './testing/sample-runs.ts';

const golden = (name: string): string => join(import.meta.dirname, 'golden', name);
const options = { reportPath: 'a2a-gauntlet-report/report.json', color: false } as const;

test.for<[string, Report, 'quiet' | 'normal' | 'verbose']>([
  ['console-failing.txt', failingReport, 'normal'],
  ['console-failing-verbose.txt', failingReport, 'verbose'],
  ['console-failing-quiet.txt', failingReport, 'quiet'],
  ['console-clean.txt', cleanReport, 'normal'],
  ['console-unreachable.txt', unreachableReport, 'normal'],
  ['console-load.txt', loadReport, 'normal'],
  ['console-load-broken.txt', brokenLoadReport, 'normal'],
  ['console-chaos.txt', chaosReport, 'normal'],
  ['console-explore.txt', exploreReport, 'normal'],
  ['console-explore-verbose.txt', exploreReport, 'verbose'],
])('%s', async ([file, report, detail]) => {
  await expect(renderConsole(report, { ...options, detail })).toMatchFileSnapshot(golden(file));
});

test('no line is wider than asked for', () => {
  for (const width of [60, 80, 100]) {
    const widest = renderConsole(failingReport, { ...options, width }).split('\n');
    // The table has a width of its own, and commands are there to be copied.
    const lines = widest.filter((line) => !/^(area|-+$)| \/ |^ +replay /.test(line));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  }
});

test('failures that went away are told of, and only where there were some', () => {
  const said = (report: Report): string => renderConsole(report, { ...options, width: 200 });
  expect(said({ ...cleanReport, accidents: 12 })).toContain('12 requests failed inside the agent');
  expect(said(cleanReport)).not.toContain('failed inside');
});

test('with colour it says the same', () => {
  const colored = renderConsole(failingReport, { ...options, color: true });
  expect(colored).toContain('\u001b[31m');
  expect(stripVTControlCharacters(colored)).toBe(renderConsole(failingReport, options));
});

test('what an agent says cannot steer the terminal', () => {
  const [finding] = failingReport.findings;
  const hostile = {
    ...failingReport,
    findings: [{ ...finding!, verdict: 'fail', actual: 'a\u001b]0;x\u0007\nb\u202e' } as const],
  };
  const text = renderConsole(hostile, options);
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  expect(text).toContain('a\\x1b]0;x\\x07 b\\u202e');
});

test('findings stand in the order of the table, failures first', () => {
  const findings = [
    sampleFinding('errors/get-unknown-task', 'fail'),
    sampleFinding('envelope/version', 'warn'),
    sampleFinding('get/artifacts', 'fail'),
    sampleFinding('envelope/id-null', 'fail'),
  ];
  const heads = renderConsole({ ...failingReport, findings }, options).match(/^(FAIL|WARN) +\S+/gm);
  expect(heads).toEqual([
    'FAIL  envelope/id-null',
    'FAIL  get/artifacts',
    'FAIL  errors/get-unknown-task',
    'WARN  envelope/version',
  ]);
});

test('a long list of what is untested is cut, and says so', () => {
  const untested = (count: number): Report => ({
    ...cleanReport,
    findings: [...rows.keys()]
      .slice(0, count)
      .map((row) => sampleFinding(row, 'untested', { reason: `reason of ${row}`, hint: `hint of ${row}` })),
  });
  const shown = (count: number, detail: 'normal' | 'verbose'): number =>
    renderConsole(untested(count), { ...options, detail }).match(/^ {2}reason of /gm)?.length ?? 0;
  expect([shown(9, 'normal'), shown(10, 'normal'), shown(10, 'verbose')]).toEqual([9, 8, 10]);
  expect(renderConsole(untested(10), options)).toMatch(/^ {2}and 2 more requirements: see --verbose or report\.json$/m);
});

test('every file that was written is named', () => {
  const text = renderConsole(cleanReport, { ...options, otherPaths: ['a2a-gauntlet-report/report.md'] });
  expect(text).toMatch(/^report: a2a-gauntlet-report\/report\.json, a2a-gauntlet-report\/report\.md$/m);
});
