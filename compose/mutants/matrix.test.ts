import { expect, test } from 'vitest';

import type { Finding } from '../../core/findings/finding.ts';
import { madeFinding as finding } from '../../core/findings/testing/made-up.ts';
import { isClean, judgeMutant } from './matrix.ts';

const mutant = { id: 'm', description: 'd', breaks: ['a/x'], mayBreak: ['c/z'], killedBy: ['a/check'] };

test.for<[string, Finding[], boolean]>([
  ['killed by its check', [finding('a/check', 'a/x', 'fail'), finding('b/check', 'b/y', 'pass')], true],
  ['a SHOULD row is killed by a warn', [finding('a/check', 'a/x', 'warn')], true],
  ['survived', [finding('a/check', 'a/x', 'pass')], false],
  ['untested is no kill', [finding('a/check', 'a/x', 'untested')], false],
  ['killed by another check only', [finding('b/check', 'a/x', 'fail')], false],
  ['wrong blame', [finding('a/check', 'a/x', 'fail'), finding('b/check', 'b/y', 'fail')], false],
  [
    'a warn on another row is wrong blame too',
    [finding('a/check', 'a/x', 'fail'), finding('b/check', 'b/y', 'warn')],
    false,
  ],
  [
    'a row that it may break too is no blame',
    [finding('a/check', 'a/x', 'fail'), finding('b/check', 'c/z', 'fail')],
    true,
  ],
  ['a harness error is never a kill', [finding('a/check', 'a/x', 'error')], false],
])('%s', ([, findings, clean]) => {
  expect(isClean(judgeMutant(mutant, findings, 1))).toBe(clean);
});
