import { expect, test } from 'vitest';
import type { Finding, Verdict } from '../../core/findings/finding.ts';
import { madeFinding } from '../../core/findings/testing/made-up.ts';
import { variants } from '../../mocks/variants/catalogue.ts';
import { rows } from '../catalogue.ts';
import { describeOutcome, isUnaccused, judgeVariant } from './outcome.ts';

const finding = (requirement: string, verdict: Verdict, check = 'a/check'): Finding =>
  madeFinding(check, requirement, verdict);

const clean = new Set(['a/1', 'a/2', 'a/3', 'a/4', 'a/5']);
const passes = [...clean].map((row) => finding(row, 'pass'));
const variant = { id: 'v', warns: ['a/2', 'a/6'] };

test.for<[string, readonly Finding[], boolean, string]>([
  ['all passes', passes, true, 'v: unaccused, 5 rows pass'],
  ['a fail', [...passes, finding('a/6', 'fail')], false, 'v: fail a/6 by a/check: because'],
  ['a fail on a row that may be a warn', [...passes, finding('a/2', 'fail')], false, 'v: fail a/2 by a/check: because'],
  ['a named warn', [...passes, finding('a/6', 'warn')], true, 'v: unaccused, 5 rows pass'],
  ['a warn beside a pass', [...passes, finding('a/2', 'warn', 'b/check')], true, 'v: unaccused, 4 rows pass'],
  ['another warn', [...passes, finding('a/3', 'warn')], false, 'v: warn a/3 by a/check: because'],
  ['an error of the harness', [...passes, finding('a/9', 'error')], false, 'v: error a/9 by a/check: because'],
  ['three of five pass', passes.slice(2), true, 'v: unaccused, 3 rows pass'],
  ['two of five pass', passes.slice(3), false, 'v: only 2 rows pass, 3 have to'],
  ['nothing is measured', [finding('a/1', 'untested')], false, 'v: only 0 rows pass, 3 have to'],
])('%s', ([, findings, unaccused, description]) => {
  const outcome = judgeVariant(variant, findings, clean, 1);
  expect(isUnaccused(outcome)).toBe(unaccused);
  expect(describeOutcome(outcome)).toBe(description);
});

test('what was not measured is told, with the reason', () => {
  const findings = [finding('a/1', 'untested'), finding('a/1', 'pass', 'b/check'), finding('a/2', 'skip')];
  const { unmeasured } = judgeVariant(variant, [...findings, finding('b/other', 'untested')], clean, 1);
  expect(unmeasured.map(({ requirement, verdict }) => [requirement, verdict])).toEqual([['a/2', 'skip']]);
});

test('a run that failed is no success', () => {
  const outcome = { ...judgeVariant(variant, passes, clean, 1), failure: 'no card' };
  expect(isUnaccused(outcome)).toBe(false);
  expect(describeOutcome(outcome)).toBe('v: run failed: no card');
});

test('a row that may be a warn is a SHOULD, or has an ambiguity that names the readings', () => {
  const wrong = variants.flatMap(({ id, warns = [] }) =>
    warns.flatMap((name) => {
      const row = rows.get(name);
      return row && (row.level === 'SHOULD' || row.ambiguity !== undefined) ? [] : [`${id}: ${name}`];
    }),
  );
  expect(wrong).toEqual([]);
});
