import { expect, test } from 'vitest';
import { resultOf } from '../suites/testing/answers.ts';
import { stepsShown } from './explore.ts';
import { sampleFinding } from './testing/sample-report.ts';

const finding = { ...sampleFinding('get/idempotent', 'warn'), curl: [] };
const evidence = (count: number) => Array.from({ length: count }, () => resultOf({ id: 't1' }).exchange);

test('what no one case shows has its exchanges for steps, and says how many are left out', () => {
  const steps = stepsShown({ ...finding, evidence: evidence(8) });
  expect(steps).toHaveLength(7);
  expect(steps[0]).toMatch(/ → HTTP 200 /);
  expect(steps[6]).toBe('… and 2 more exchanges: see report.json');
});

test('a drawn case has steps of its own', () => {
  const counterexample = { suite: 'properties', seed: 1, path: '0', steps: ['one'], curl: [] } as const;
  expect(stepsShown({ ...finding, evidence: evidence(1), counterexample })).toEqual([]);
});
