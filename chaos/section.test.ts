import { expect, test } from 'vitest';
import { chaosExit, worstOf } from './section.ts';

test.for([
  [['pass', 'pass'], 'complete', 0],
  [['pass', 'inconclusive'], 'complete', 3],
  [['inconclusive', 'fail', 'pass'], 'complete', 4],
  [[], 'complete', 3],
  [['fail'], 'interrupted', 130],
] as const)('%j, %s: exit %i', ([verdicts, kind, code]) => {
  expect(chaosExit({ verdict: worstOf(verdicts), end: { kind, reason: null } })).toBe(code);
});
