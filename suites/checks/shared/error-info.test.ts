import { describe, expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorInfoDomain, errorInfoType } from '../../../protocol/errors.ts';
import { got, noAnswer } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { httpAnswer, httpError, httpNamed, httpPage } from '../../testing/http-answers.ts';
import { grpcErrorInfo } from '../grpc/error-info.ts';
import { errorInfo } from '../http-json/error-info.ts';

const fine = got('COMPLETED');

const observed = (answer: CallResult, known: readonly CallResult[] = [fine, fine]) => ({
  known,
  cases: [{ what: 'GetTask of an unknown task', expected: 'TaskNotFoundError', answer } as const],
});

const info = (reason: string): object => ({ '@type': errorInfoType, reason, domain: errorInfoDomain });

describe('over HTTP+JSON', () => {
  const problem = { title: 'Not Found', status: 404 };
  test.for<[string, CallResult, string]>([
    ['an error that names itself', httpNamed('TaskNotFoundError'), 'holds'],
    ['without details', httpError(404), 'violated'],
    ['details of another domain', httpError(404, [{ '@type': errorInfoType, reason: 'TASK_NOT_FOUND' }]), 'violated'],
    ['another reason of A2A', httpError(404, [info('VERSION_NOT_SUPPORTED')]), 'untested'],
    ['another status', httpError(400, [info('TASK_NOT_FOUND')]), 'untested'],
    ['a problem', httpAnswer(404, problem, { type: 'application/problem+json' }), 'ambiguous'],
    ['a page of the web server', httpPage(404), 'untested'],
    ['a limit', httpError(429), 'untested'],
    ['silence', noAnswer(), 'untested'],
  ])('%s', ([, answer, kind]) => {
    expect(errorInfo.judge(observed(answer), factsWith())['http-json/error-info'].kind).toBe(kind);
  });
});

describe('over gRPC', () => {
  const status = (code: string, details: readonly object[] = [], name?: 'TaskNotFoundError'): CallResult => ({
    ...fine,
    reply: { kind: 'error', error: { name, code, message: 'no', details } },
  });
  test.for<[string, CallResult, string]>([
    ['an error that names itself', status('NOT_FOUND', [info('TASK_NOT_FOUND')], 'TaskNotFoundError'), 'holds'],
    ['without details', status('NOT_FOUND', [], 'TaskNotFoundError'), 'violated'],
    ['another status', status('INTERNAL', [info('TASK_NOT_FOUND')]), 'untested'],
    ['silence', noAnswer(), 'untested'],
  ])('%s', ([, answer, kind]) => {
    expect(grpcErrorInfo.judge(observed(answer), factsWith())['grpc/error-info'].kind).toBe(kind);
  });

  test('a method that the server lacks', () => {
    const cases = [{ what: 'x', expected: 'VersionNotSupportedError', answer: status('UNIMPLEMENTED') } as const];
    expect(grpcErrorInfo.judge({ known: [fine], cases }, factsWith())['grpc/error-info'].kind).toBe('untested');
  });
});

test('nothing is said where the known task is not shown', () => {
  const judged = errorInfo.judge(observed(httpError(404), [fine, noAnswer()]), factsWith());
  expect(judged['http-json/error-info'].kind).toBe('untested');
});
