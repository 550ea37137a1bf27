import { expect, test } from 'vitest';
import { holds, untested, violated } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import type { ErrorName } from '../../../protocol/errors.ts';
import { errorOf, noAnswer, resultOf } from '../../testing/answers.ts';
import { control, judgeRefusal, otherCause, worst } from './refusal.ts';

const good = control('good', resultOf({}));
const bad = control('bad', resultOf({}), errorOf('InternalError'));

const withStatus = (answer: CallResult, status: number): CallResult => ({
  ...answer,
  exchange: { ...answer.exchange, response: { ...resultOf({}).exchange.response!, status } },
});
const page = (status: number): CallResult =>
  withStatus({ ...resultOf({}), reply: { kind: 'malformed', why: 'no JSON', status } }, status);
const unlisted: CallResult = {
  ...errorOf('InternalError'),
  reply: { kind: 'error', error: { name: undefined, code: -31999, message: 'who are you', details: undefined } },
};

const saying = (name: ErrorName | undefined, message: string, details?: unknown): CallResult => ({
  ...errorOf('InternalError'),
  reply: { kind: 'error', error: { name, code: -32050, message, details } },
});
const retryInfo = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' }];

test.for<[string, CallResult, typeof good, string]>([
  ['the right error', errorOf('TaskNotFoundError'), good, 'holds'],
  ['the right error, as HTTP 404', withStatus(errorOf('TaskNotFoundError'), 404), good, 'holds'],
  ['the right error without a control proves nothing', errorOf('TaskNotFoundError'), bad, 'untested'],
  ['another error', errorOf('InvalidParamsError'), good, 'violated'],
  ['another error of the table, as HTTP 503', withStatus(errorOf('InvalidParamsError'), 503), good, 'violated'],
  ['an internal error', errorOf('InternalError'), good, 'violated'],
  ['a system error, as HTTP 503', withStatus(errorOf('InternalError'), 503), good, 'untested'],
  ['a rate limit told in JSON-RPC', withStatus(errorOf('InternalError'), 429), good, 'untested'],
  ['a tolerated error', errorOf('InvalidRequestError'), good, 'ambiguous'],
  ['accepted', resultOf({}), good, 'violated'],
  ['silence', noAnswer(), good, 'untested'],
  ['a page of a gateway', page(502), good, 'untested'],
  ['rate limiting', page(429), good, 'untested'],
  ['authentication', withStatus(unlisted, 401), good, 'untested'],
  ['a crash', page(500), good, 'violated'],
  ['a limit, as an internal error', saying('InternalError', 'Rate limit exceeded'), good, 'untested'],
  ['a limit, as an error of its own', saying(undefined, 'Too many open streams'), good, 'untested'],
  ['a limit, in a detail', saying(undefined, 'Nein', retryInfo), good, 'untested'],
  ['a code of its own that says no such thing', saying(undefined, 'No'), good, 'violated'],
  ['an error of the table that says so', saying('InvalidParamsError', 'Too many parts'), good, 'violated'],
])('%s', ([, answer, proof, kind]) => {
  const tolerated = [{ errors: ['InvalidRequestError'], readings: ['this', 'that'] }] as const;
  const judged = judgeRefusal({ what: 'it', answer, expected: 'TaskNotFoundError', control: proof, tolerated });
  expect(judged.kind).toBe(kind);
});

test('an accepted request may have a reason of its own', () => {
  const refusal = { what: 'it', answer: resultOf({}), expected: 'TaskNotFoundError', control: good } as const;
  expect(judgeRefusal({ ...refusal, accepted: () => untested('why not', 'hint') }).kind).toBe('untested');
  expect(judgeRefusal({ ...refusal, accepted: () => undefined }).kind).toBe('violated');
});

test('silence is named as a cause, an answer of the agent is none', () => {
  expect(otherCause(noAnswer())).toContain('timeout');
  expect(otherCause(errorOf('InternalError'))).toBeUndefined();
});

test('an error after a lost answer may tell of what was done then, where the request changes anything', () => {
  const again = (operation: 'CancelTask' | 'GetTask'): CallResult => {
    const answer = errorOf('TaskNotCancelableError');
    return {
      ...answer,
      repeated: true,
      exchange: { ...answer.exchange, intent: { kind: 'operation', operation, params: {} } },
    };
  };
  expect(otherCause(again('CancelTask'))).toContain('may have been done before');
  expect(otherCause(again('GetTask'))).toBeUndefined();
  // The same error each time.
  expect(otherCause({ ...errorOf('InternalError'), repeated: true })).toBeUndefined();
  expect(otherCause({ ...again('CancelTask'), reply: saying(undefined, 'No').reply })).toBeUndefined();
});

test('the worst judgement wins, and any measurement over none', () => {
  const wrong = violated({ reason: 'r', expected: 'e', actual: 'a' });
  expect(worst([holds('ok'), wrong, untested('no', 'hint')])).toEqual(wrong);
  expect(worst([untested('no', 'hint'), holds('ok')]).kind).toBe('holds');
  expect(worst([]).kind).toBe('untested');
  expect(worst([wrong, holds('ok'), { ...wrong, reason: 'again' }]).reason).toBe('r; again');
});
