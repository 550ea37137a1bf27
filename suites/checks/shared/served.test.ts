import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, noAnswer, resultOf } from '../../testing/answers.ts';
import { isServed, isUnderstood } from './served.ts';

test.for<[string, CallResult, boolean, boolean]>([
  ['a result', resultOf({}), true, true],
  ['an error of A2A', errorOf('TaskNotFoundError'), true, true],
  ['another version', errorOf('VersionNotSupportedError'), false, false],
  ['params', errorOf('InvalidParamsError'), false, true],
  ['no such method', errorOf('MethodNotFoundError'), false, false],
  ['a system error', errorOf('InternalError'), false, false],
  ['silence', noAnswer(), false, false],
])('%s', ([, answer, served, understood]) => {
  expect([isServed(answer), isUnderstood(answer)]).toEqual([served, understood]);
});
