import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, noAnswer, sent } from '../../testing/answers.ts';
import { judgeOptionalField } from './optional-field.ts';

const ok = sent('COMPLETED');
const invalid = errorOf('InvalidParamsError');
const unsupported = errorOf('UnsupportedOperationError');

test.for<[string, readonly CallResult[], readonly CallResult[], string]>([
  ['served', [ok], [ok], 'holds'],
  ['called invalid', [ok, ok], [invalid, invalid], 'violated'],
  ['called invalid once', [ok, ok], [invalid, ok], 'untested'],
  ['refused in another way', [ok, ok], [unsupported, unsupported], 'ambiguous'],
  ['refused in two ways', [ok, ok], [invalid, errorOf('InternalError')], 'ambiguous'],
  ['refused as over', [ok, ok], [errorOf('TaskNotCancelableError'), errorOf('TaskNotCancelableError')], 'untested'],
  ['silent', [ok], [noAnswer()], 'untested'],
  ['refused without it, too', [invalid, invalid], [invalid, invalid], 'untested'],
])('%s', ([, plain, filled, kind]) => {
  expect(judgeOptionalField({ field: 'metadata', plain, filled }).kind).toBe(kind);
});

test('a value that the agent may have a rule for', () => {
  expect(judgeOptionalField({ field: 'x', plain: [ok, ok], filled: [invalid, invalid] }, ['a', 'b']).kind).toBe(
    'ambiguous',
  );
});
