import { expect, test } from 'vitest';
import type { ErrorName } from '../../../protocol/errors.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, got, noAnswer, resultOf, unnamed } from '../../testing/answers.ts';
import { config, registered } from '../../testing/deliveries.ts';
import { blamesUrl, creationRefused } from './creation-refused.ts';

const saying = (message: string, details?: unknown, name: ErrorName = 'InvalidParamsError'): CallResult => {
  const answer = errorOf(name);
  if (answer.reply.kind !== 'error') return answer;
  return { ...answer, reply: { kind: 'error', error: { ...answer.reply.error, message, details } } };
};

const [invalid, notFound] = [errorOf('InvalidParamsError'), errorOf('TaskNotFoundError')];

test.for<[string, readonly [CallResult, CallResult], string | undefined, CallResult?]>([
  ['created', [config('a'), config('b')], undefined],
  ['one created', [invalid, config('b')], undefined],
  ['both refused', [invalid, invalid], 'ambiguous'],
  ['both refused, without a name', [unnamed('InvalidParamsError'), unnamed('InvalidParamsError')], 'ambiguous'],
  ['the system failed', [errorOf('InternalError'), errorOf('InternalError')], 'ambiguous'],
  ['refused for the URL', [saying('The webhook URL is not allowed'), invalid], 'untested'],
  ['the task is unknown', [notFound, notFound], 'violated'],
  ['the task is unknown at first', [notFound, invalid], 'ambiguous'],
  ['the task is over', [notFound, notFound], undefined, got('COMPLETED')],
  ['the task is gone', [notFound, notFound], undefined, notFound],
  ['a limit', [saying('Too many requests', undefined, 'InternalError'), invalid], undefined],
  ['no answer', [noAnswer(), invalid], undefined],
  ['no configuration', [resultOf({}), resultOf({})], undefined],
])('%s: %s', ([, [one, other], kind, task = got('INPUT_REQUIRED')]) => {
  expect(creationRefused([registered('a', one), registered('b', other)], task)?.kind).toBe(kind);
});

test.for<[string, unknown, boolean]>([
  ['Invalid parameters', [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', domain: 'a2a-protocol.org' }], false],
  ['Invalid parameters', [{ fieldViolations: [{ field: 'url', description: 'localhost is not allowed' }] }], true],
  ['Private addresses are not allowed', undefined, true],
  ['Cannot resolve the name', undefined, true],
  ['invalid pushNotificationConfig.callbackUrl', undefined, true],
  ["Parameter 'taskId' may not be null", undefined, false],
  ['url is required', undefined, false],
])('%s, %o: whether it blames the URL: %s', ([message, details, expected]) => {
  expect(blamesUrl(saying(message, details))).toBe(expected);
});
