import { expect, test } from 'vitest';
import { worstOf } from './runner.ts';

test.for([
  [['pass', 'pass'], 'pass'],
  [['pass', 'inconclusive'], 'inconclusive'],
  [['inconclusive', 'fail', 'pass'], 'fail'],
  [['pass', 'interrupted'], 'inconclusive'],
  [[], 'inconclusive'],
] as const)('%j: %s', ([verdicts, worst]) => {
  expect(worstOf(verdicts)).toBe(worst);
});
