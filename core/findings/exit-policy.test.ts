import { expect, test } from 'vitest';
import type { Verdict } from './finding.ts';
import { exitCode, type ExitCode, type ExitInput } from './exit-policy.ts';

const of = (...found: Verdict[]): ExitInput['findings'] => found.map((verdict) => ({ verdict }));

test.for<[string, ExitInput, ExitCode]>([
  ['all pass', { findings: of('pass', 'pass') }, 0],
  ['skips and untested beside a pass', { findings: of('pass', 'skip', 'untested') }, 0],
  ['a warn', { findings: of('pass', 'warn') }, 0],
  ['a warn, strict', { findings: of('pass', 'warn'), strict: true }, 1],
  ['an ambiguous warn, strict', { findings: [{ verdict: 'warn', readings: ['a', 'b'] }], strict: true }, 0],
  ['a fail', { findings: of('pass', 'fail') }, 1],
  ['a fail that the baseline expects', { findings: of('pass', 'fail'), expected: new Set([1]) }, 0],
  ['an expected and an unexpected fail', { findings: of('fail', 'fail'), expected: new Set([1]) }, 1],
  ['an expected warn, strict', { findings: of('pass', 'warn'), strict: true, expected: new Set([1]) }, 0],
  ['a stale baseline entry', { findings: of('pass'), staleBaselineEntries: 1 }, 1],
  ['no findings', { findings: [] }, 3],
  ['nothing measured is never green', { findings: of('skip', 'untested') }, 3],
  ['nothing measured, stale entry', { findings: of('untested'), staleBaselineEntries: 1 }, 3],
  ['target lost after a fail', { findings: of('fail'), unreachable: true }, 3],
  ['harness error beside a fail', { findings: of('fail', 'error') }, 5],
  ['harness fault while unreachable', { findings: [], harnessFault: true, unreachable: true }, 5],
  ['usage error before all else', { findings: of('error'), usageError: true, harnessFault: true }, 2],
  ['a broken threshold', { findings: of('pass'), thresholdBroken: true }, 4],
  ['a broken threshold, no row measured', { findings: [], measured: true, thresholdBroken: true }, 4],
  ['every threshold met, no row measured', { findings: [], measured: true }, 0],
  ['one that could not be told', { findings: of('pass'), measured: true, undecided: true }, 3],
  ['a broken one and one that could not be told', { findings: of('pass'), thresholdBroken: true, undecided: true }, 4],
  ['a fail beside one that could not be told', { findings: of('fail'), undecided: true }, 1],
  ['target lost beside a broken threshold', { findings: of('pass'), unreachable: true, thresholdBroken: true }, 3],
  ['a fail beside a broken threshold', { findings: of('fail'), thresholdBroken: true }, 1],
  ['interrupted', { findings: of('fail'), interrupted: true }, 130],
])('%s → exit %s', ([, input, code]) => {
  expect(exitCode(input)).toBe(code);
});
