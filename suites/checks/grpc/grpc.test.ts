import { describe, expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { a2aErrors, type A2AErrorName } from '../../../protocol/errors.ts';
import { errorOf, noAnswer, resultOf } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { grpcErrorInfo } from './error-info.ts';
import { grpcFraming } from './framing.ts';
import { grpcMalformed } from './malformed.ts';

const good = resultOf({ id: 't1' });

/** An error of a status, with an ErrorInfo or without. */
function failed(code: string, info?: { reason?: string; domain?: string }): CallResult {
  const { exchange } = errorOf('InternalError');
  const named = Object.values(a2aErrors).find(({ reason }) => reason === info?.reason);
  const details = info && [
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', domain: 'a2a-protocol.org', ...info },
  ];
  return { exchange, reply: { kind: 'error', error: { name: named?.name, code, message: 'no', details } } };
}

const page = (status: number): CallResult => ({
  ...good,
  reply: { kind: 'malformed', why: 'no grpc-status', status },
});

describe('grpc/error-info', () => {
  const judge = (expected: A2AErrorName, answer: CallResult, known: CallResult = good) =>
    grpcErrorInfo.judge({ known: [known], cases: [{ what: 'x', expected, answer }] }, factsWith())['grpc/error-info']
      .kind;

  test.for<[string, A2AErrorName, CallResult, string]>([
    ['its ErrorInfo', 'TaskNotFoundError', failed('NOT_FOUND', { reason: 'TASK_NOT_FOUND' }), 'holds'],
    [
      'the status of v1.0.0',
      'VersionNotSupportedError',
      failed('UNIMPLEMENTED', { reason: 'VERSION_NOT_SUPPORTED' }),
      'holds',
    ],
    ['no ErrorInfo', 'TaskNotFoundError', failed('NOT_FOUND'), 'violated'],
    ['another domain', 'TaskNotFoundError', failed('NOT_FOUND', { reason: 'TASK_NOT_FOUND', domain: 'x' }), 'violated'],
    [
      'another error',
      'TaskNotCancelableError',
      failed('FAILED_PRECONDITION', { reason: 'UNSUPPORTED_OPERATION' }),
      'untested',
    ],
    ['another status', 'TaskNotFoundError', failed('INTERNAL'), 'untested'],
    ['no such method', 'VersionNotSupportedError', failed('UNIMPLEMENTED'), 'untested'],
    ['a result', 'TaskNotFoundError', good, 'untested'],
    ['silence', 'TaskNotFoundError', noAnswer(), 'untested'],
  ])('%s', ([, expected, answer, kind]) => {
    expect(judge(expected, answer)).toBe(kind);
  });

  test('without its control nothing is judged', () => {
    expect(judge('TaskNotFoundError', failed('NOT_FOUND'), noAnswer())).toBe('untested');
  });
});

describe('grpc/malformed', () => {
  const judge = (answer: CallResult, unknownMethod: CallResult, control: CallResult = good) => {
    const noMessages = [{ violation: 'x', answer }];
    const judged = grpcMalformed.judge({ good: [control], noMessages, unknownMethod }, factsWith());
    return [judged['grpc/invalid-message'].kind, judged['grpc/unknown-method'].kind];
  };

  test.for<[string, CallResult, CallResult, readonly [string, string]]>([
    ['as gRPC has it', failed('INTERNAL'), failed('UNIMPLEMENTED'), ['holds', 'holds']],
    ['any error', failed('INVALID_ARGUMENT'), failed('NOT_FOUND'), ['holds', 'violated']],
    ['accepted', good, good, ['violated', 'violated']],
    ['a proxy without such a route', failed('INTERNAL'), page(404), ['holds', 'holds']],
    ['a page', failed('INTERNAL'), page(200), ['holds', 'violated']],
    ['silent', noAnswer(), noAnswer(), ['untested', 'untested']],
  ])('%s', ([, answer, unknownMethod, kinds]) => {
    expect(judge(answer, unknownMethod)).toEqual(kinds);
  });

  test('without its control nothing is judged', () => {
    expect(judge(good, good, noAnswer())).toEqual(['untested', 'untested']);
  });
});

describe('grpc/framing', () => {
  const judge = (answer: CallResult, control: CallResult = good) => {
    const one = { row: 'grpc/framing', violation: 'x', expected: 'an error', answer } as const;
    return grpcFraming.judge({ good: [control], cases: [one] }, factsWith())['grpc/framing'].kind;
  };
  const reset: CallResult = { ...noAnswer(), reply: { kind: 'none', failure: { kind: 'reset', message: 'reset' } } };

  test.for<[string, CallResult, string]>([
    ['served', good, 'violated'],
    ['an error', failed('INTERNAL'), 'holds'],
    ['another error', failed('UNIMPLEMENTED'), 'holds'],
    ['a reset', reset, 'holds'],
    ['HTTP alone', page(415), 'holds'],
    ['silence', noAnswer(), 'untested'],
    [
      'a gateway',
      { ...page(503), exchange: { ...good.exchange, response: { ...good.exchange.response!, status: 503 } } },
      'untested',
    ],
  ])('%s: %s', ([, answer, kind]) => {
    expect(judge(answer)).toBe(kind);
  });

  test('without its control nothing is judged', () => {
    expect(judge(good, failed('UNAUTHENTICATED'))).toBe('untested');
  });
});
