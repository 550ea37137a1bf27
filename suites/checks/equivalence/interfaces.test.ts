import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../core/history/exchange.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { errorOf, got, noAnswer, resultOf, task } from '../../testing/answers.ts';
import { httpError, httpNamed, httpPage, httpResult } from '../../testing/http-answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { interfaces } from './interfaces.ts';
import { judgeAuthentication, judgeErrors, judgeOperations, judgeResults, type Reading } from './judges.ts';
import { differencesOf } from './same-task.ts';

describe('a task is the same', () => {
  const one = task('COMPLETED', { artifacts: [{ artifactId: 'a', parts: [{ text: 'x' }] }] });
  test.for<[string, object, readonly string[]]>([
    ['with its members in another order', Object.fromEntries(Object.entries(one).toReversed()), []],
    ['with unset members written out', { ...one, history: [], metadata: null }, []],
    ['with metadata of its own', { ...one, metadata: { via: 'rest' } }, []],
    [
      'with another writing of a time',
      { ...one, status: { ...(one['status'] as object), timestamp: '2026-01-01T00:00:00Z' } },
      [],
    ],
    ['but for its context', { ...one, contextId: 'c2' }, ['contextId']],
    ['but for its state', { ...one, status: { state: 'TASK_STATE_FAILED' } }, ['status']],
    ['but for its artifacts', { ...one, artifacts: [] }, ['artifacts']],
    ['but for its history', { ...one, history: [{ messageId: 'm', role: 'ROLE_USER', parts: [] }] }, ['history']],
  ])('%s', ([, other, differences]) => {
    expect(differencesOf(one, other)).toEqual(differences);
  });
});

test.for<[string, string, boolean]>([
  ['2026-01-01T00:00:07.999Z', '2026-01-01T00:00:07Z', true],
  ['2026-01-01T00:00:07.999Z', '2026-01-01T00:00:08Z', true],
  ['2026-01-01T00:00:07.123600Z', '2026-01-01T00:00:07.124Z', true],
  ['2026-01-01T00:00:07.123Z', '2026-01-01T00:00:07.124Z', true],
  ['2026-01-01T00:00:07.123999999Z', '2026-01-01T00:00:07.123Z', true],
  ['2026-01-01T00:00:07.123Z', '2026-01-01T00:00:07.125Z', false],
  ['2026-01-01T00:00:07.123456Z', '2026-01-01T00:00:07.123459Z', false],
  ['2026-01-01T00:00:07.999Z', '2026-01-01T00:00:09Z', false],
  ['soon', 'soon', true],
  ['soon', '2026-01-01T00:00:07Z', false],
])('%s and %s are one moment, cut or rounded: %s', ([one, other, same]) => {
  const at = (timestamp: string) => ({ ...task('COMPLETED'), status: { state: 'TASK_STATE_COMPLETED', timestamp } });
  expect(differencesOf(at(one), at(other))).toEqual(same ? [] : ['status']);
});

describe('results', () => {
  const ref = (binding: string) => ({ binding, version: '1.0', url: 'http://a.test' });
  const read = (more: Partial<Reading>): string =>
    judgeResults([
      {
        id: 't1',
        by: ref('JSONRPC'),
        over: ref('HTTP+JSON'),
        first: httpResult(task('COMPLETED')),
        later: undefined,
        made: [got('COMPLETED'), got('COMPLETED')],
        ...more,
      },
    ]).kind;
  const other = httpResult(task('FAILED'));
  const withKey = (answer: CallResult, key: string): CallResult => ({
    ...answer,
    exchange: { ...answer.exchange, request: { ...answer.exchange.request, headers: [['X-Key', key]] } } as Exchange,
  });

  test.for<[string, Partial<Reading>, string]>([
    ['the same', {}, 'holds'],
    ['the same a moment later', { first: other, later: httpResult(task('COMPLETED')) }, 'ambiguous'],
    ['another', { first: other, later: other }, 'violated'],
    ['unknown there', { first: other, later: httpNamed('TaskNotFoundError') }, 'violated'],
    ['unknown there, without a name', { first: other, later: httpError(404) }, 'violated'],
    ['a page', { first: other, later: httpPage(404) }, 'untested'],
    ['a guard', { first: other, later: httpPage(401) }, 'untested'],
    ['silence', { first: other, later: noAnswer() }, 'untested'],
    ['a task that changes', { first: other, later: other, made: [got('WORKING'), got('COMPLETED')] }, 'untested'],
    [
      'a task that its own interface does not show',
      { made: [errorOf('TaskNotFoundError'), got('COMPLETED')] },
      'untested',
    ],
    ['other credentials', { first: other, later: withKey(other, 'b') }, 'untested'],
  ])('%s', ([, more, kind]) => {
    expect(read(more)).toBe(kind);
  });
});

const asked = (...answers: readonly CallResult[]) => [{ what: 'it', answers }];

test('one that answers otherwise when asked again is not accused', () => {
  const [alike, other] = [errorOf('TaskNotFoundError'), errorOf('InternalError')];
  const kind = (again: readonly CallResult[]): string =>
    judgeErrors([{ what: 'it', answers: [alike, other], again }]).kind;
  expect([kind([alike, alike]), kind([other, alike]), kind([alike, other])]).toEqual([
    'untested',
    'untested',
    'violated',
  ]);
});

test('where the credentials went to one interface alone, what they say proves nothing', () => {
  const known: CallResult = {
    ...resultOf({}),
    exchange: { ...resultOf({}).exchange, request: { ...resultOf({}).exchange.request, headers: [['X-Key', 'a']] } },
  };
  const stranger = httpNamed('UnsupportedOperationError');
  expect(judgeErrors(asked(known, stranger)).kind).toBe('untested');
  expect(judgeOperations(asked(known, stranger)).kind).toBe('untested');
  expect(judgeAuthentication(asked(known, stranger)[0]!).kind).toBe('untested');
});

test('where each interface may go its own way, none is accused', () => {
  const answers = [errorOf('VersionNotSupportedError'), errorOf('TaskNotFoundError')];
  const readings = ['one', 'the other'] as const;
  expect(judgeErrors([{ what: 'it', answers, readings }]).kind).toBe('ambiguous');
});

test.for<[string, readonly CallResult[], string]>([
  ['the same', [errorOf('TaskNotFoundError'), httpNamed('TaskNotFoundError')], 'holds'],
  ['another', [errorOf('TaskNotFoundError'), httpNamed('UnsupportedOperationError')], 'violated'],
  ['a result', [errorOf('TaskNotFoundError'), httpResult({})], 'violated'],
  ['without a name', [errorOf('TaskNotFoundError'), httpError(404)], 'untested'],
  ['a page', [errorOf('TaskNotFoundError'), httpPage(404)], 'untested'],
  ['a limit', [errorOf('TaskNotFoundError'), httpPage(429)], 'untested'],
  ['no error at all', [resultOf({}), httpResult({})], 'untested'],
])('errors: %s', ([, answers, kind]) => {
  expect(judgeErrors(asked(...answers)).kind).toBe(kind);
});

test.for<[string, readonly CallResult[], string]>([
  ['served by all', [resultOf({}), httpNamed('TaskNotFoundError')], 'holds'],
  ['denied by all', [errorOf('MethodNotFoundError'), httpPage(405)], 'holds'],
  ['denied by one', [errorOf('UnsupportedOperationError'), httpResult({})], 'violated'],
  ['not there on one', [resultOf({}), httpPage(404)], 'violated'],
  ['unclear on one', [resultOf({}), httpError(400)], 'untested'],
  ['a guard on one', [resultOf({}), httpPage(401)], 'untested'],
])('operations: %s', ([, answers, kind]) => {
  expect(judgeOperations(asked(...answers)).kind).toBe(kind);
});

test.for<[string, readonly CallResult[], string]>([
  ['rejected by all', [errorOf('InternalError'), httpPage(401)], 'holds'],
  ['served by one', [resultOf({}), httpPage(401)], 'violated'],
  ['served by all', [resultOf({}), httpResult({})], 'untested'],
  ['silence', [noAnswer(), httpResult({})], 'untested'],
])('authentication: %s', ([, answers, kind]) => {
  expect(judgeAuthentication(asked(...answers)[0]!).kind).toBe(kind);
});

test('one interface, or two of other tenants, say nothing of each other', () => {
  const { target } = factsWith();
  const [need] = interfaces.needs;
  const other = { binding: 'HTTP+JSON', version: '1.0', url: 'http://127.0.0.1/rest' };
  const decide = (more: Partial<typeof target>) =>
    need!.decide({
      target: { ...target, ...more },
      interface: null,
      behaviours: null,
      intrusive: false,
      webhooks: false,
      secondPrincipal: false,
    })?.verdict;
  const { interfaces: first } = target;
  expect(decide({})).toBe('skip');
  expect(decide({ interfaces: [...first, other] })).toBeUndefined();
  expect(decide({ interfaces: [...first, { ...other, tenant: 'acme' }] })).toBe('untested');
  expect(decide({ unmeasured: [{ interface: other, reason: 'left out' }] })).toBe('untested');
});
