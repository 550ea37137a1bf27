import { expect, test } from 'vitest';
import type { Report, ReportedFinding } from '../../core/findings/report.ts';
import { foundIn } from './run-once.ts';

const finding = (requirement: string, verdict: ReportedFinding['verdict']): ReportedFinding =>
  ({ check: 'a/check', requirement, verdict, reason: 'because', interface: null, evidence: [] }) as never;

const report = (findings: readonly ReportedFinding[], more: object = {}): Report =>
  ({ end: { kind: 'complete' }, exit: { code: 0, meaning: 'conformant' }, findings, ...more }) as never;

test.for<[string, Report, readonly string[]]>([
  ['passes and skips', report([finding('a/1', 'pass'), finding('a/2', 'skip')]), []],
  ['untested, and on the list', report([finding('a/listed', 'untested')]), []],
  ['untested in one place, and measured in another', report([finding('a/1', 'untested'), finding('a/1', 'pass')]), []],
  ['untested beyond the list', report([finding('a/1', 'untested')]), ['untested a/1 by a/check: because']],
  ['a warning', report([finding('a/1', 'warn')]), ['warn a/1 by a/check: because']],
  ['an error', report([finding('a/1', 'error')]), ['error a/1 by a/check: because']],
  ['an early end', report([], { end: { kind: 'target-lost' } }), ['the run ended early: target-lost']],
  ['another exit code', report([], { exit: { code: 3, meaning: 'nothing' } }), ['exit code 3: nothing']],
])('%s', ([, given, expected]) => {
  expect(foundIn(given, new Set(['a/listed']))).toEqual(expected);
});
