import { describe, expect, test } from 'vitest';
import type { PatchRelease } from '../../../protocol/errors.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import type { A2AErrorName } from '../../../protocol/errors.ts';
import { noAnswer, task } from '../../testing/answers.ts';
import { cardExchange } from '../../testing/card-answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { httpAnswer, httpError, httpNamed, httpPage, httpResult, infoOf } from '../../testing/http-answers.ts';
import { goodCard } from '../../testing/card-answers.ts';
import { judgeRefusal } from '../shared/refusal.ts';
import { errorInfo } from './error-info.ts';
import { malformed } from './malformed.ts';
import { parameterCase } from './parameter-case.ts';
import { query } from './query.ts';
import { routes } from './routes.ts';
import { tenant } from './tenant.ts';
import { unknownPlaces } from './unknown-places.ts';

const facts = factsWith();
const known = httpResult(task('COMPLETED'));
const found = (...ids: readonly string[]): CallResult =>
  httpResult({ tasks: ids.map((id) => task('COMPLETED', { id })) }, { operation: 'ListTasks' });

describe('routes', () => {
  type Asked = Parameters<typeof routes.judge>[0]['asked'][number];
  const judge = (asked: Omit<Asked, 'operation'>, subscribe: Parameters<typeof routes.judge>[0]['subscribe'] = null) =>
    routes.judge({ controls: [known, known], asked: [{ operation: 'CancelTask', ...asked }], subscribe }, facts);

  test.for<[string, CallResult, boolean, string]>([
    ['a result', known, true, 'holds'],
    ['an error of its own', httpNamed('TaskNotCancelableError'), true, 'holds'],
    ['an error without a name', httpError(400), true, 'holds'],
    ['a page', httpPage(404), true, 'violated'],
    ['an unnamed 404 for what is there', httpError(404), true, 'violated'],
    ['a wrong method', httpPage(405), true, 'violated'],
    ['405, written as an error', httpError(405), true, 'violated'],
    ['405 for what may not be there', httpError(405), false, 'violated'],
    ['a page for what may not be there', httpPage(404), false, 'untested'],
    ['an unnamed 404 for what may not be there', httpError(404), false, 'holds'],
    ['authentication', httpPage(401), true, 'untested'],
    ['a crash', httpPage(500), true, 'untested'],
    ['silence', noAnswer(), true, 'untested'],
  ])('%s', ([, answer, isKnown, kind]) => {
    expect(judge({ answer, known: isKnown })['http-json/routes'].kind).toBe(kind);
  });

  const ended = httpNamed('UnsupportedOperationError');
  test.for<[string, CallResult, CallResult, string]>([
    ['both', ended, ended, 'holds'],
    ['POST', ended, httpPage(405), 'holds'],
    ['GET', httpPage(405), ended, 'holds'],
    ['GET, beside an unnamed 404', httpError(404), ended, 'holds'],
    ['neither', httpPage(405), httpPage(404), 'violated'],
    ['neither, as errors', httpError(405), httpError(404), 'violated'],
    ['a guard', httpPage(401), httpPage(405), 'untested'],
    ['a crash', httpPage(500), httpPage(405), 'untested'],
  ])('subscribe by %s', ([, post, get, kind]) => {
    const judged = judge({ answer: known, known: true }, { post, get });
    expect(judged['http-json/subscribe-route'].kind).toBe(kind);
  });
});

describe('tenant', () => {
  const card = { exchange: cardExchange(), card: goodCard, problem: undefined };
  test.for<[string, CallResult, CallResult, string]>([
    ['in the path', found(), httpPage(404), 'holds'],
    ['as a field alone', httpPage(404), found(), 'ambiguous'],
    ['an error of the API', httpNamed('TaskNotFoundError'), httpPage(404), 'holds'],
    ['nowhere', httpPage(404), httpError(404), 'violated'],
    ['a guard', httpPage(401), httpPage(404), 'untested'],
    ['a crash', httpPage(500), httpPage(404), 'untested'],
  ])('%s', ([, inPath, asField, kind]) => {
    expect(tenant.judge({ inPath, asField, card }, facts)['http-json/tenant'].kind).toBe(kind);
  });

  test('a dead agent is not accused', () => {
    const dead = { ...card, card: undefined };
    const page = httpPage(404);
    expect(tenant.judge({ inPath: page, asField: page, card: dead }, facts)['http-json/tenant'].kind).toBe('untested');
  });
});

describe('query', () => {
  type Observation = Parameters<typeof query.judge>[0];
  const good: Observation = {
    ids: ['t1', 't2'],
    outside: 't3',
    all: [found('t2', 't1'), found('t2', 't1')],
    one: found('t2'),
    typed: [{ parameter: 'includeArtifacts=true', answer: found('t2', 't1') }],
    encodedList: found('t1', 't2'),
    known,
    encodedGet: known,
  };
  const judge = (more: Partial<Observation>) =>
    Object.fromEntries(
      Object.entries(query.judge({ ...good, ...more }, facts)).map(([row, { kind }]) => [row.split('/')[1], kind]),
    );

  test('what is right', () => {
    expect(judge({})).toEqual({ 'query-names': 'holds', 'query-values': 'holds', 'percent-encoding': 'holds' });
    expect(judge({ one: httpResult({}) })['query-names']).toBe('holds');
  });

  test.for<[string, Partial<Observation>, string, string]>([
    ['pageSize is not read', { one: found('t2', 't1') }, 'query-names', 'violated'],
    ['contextId is not read', { all: [found('t1', 't2', 't3'), found('t1', 't2')] }, 'query-names', 'violated'],
    ['a value is refused', { typed: [{ parameter: 'p', answer: httpError(400) }] }, 'query-values', 'violated'],
    [
      'a filter is not supported',
      { typed: [{ parameter: 'p', answer: httpNamed('UnsupportedOperationError') }] },
      'query-values',
      'ambiguous',
    ],
    ['a crash on a value', { typed: [{ parameter: 'p', answer: httpPage(500) }] }, 'query-values', 'untested'],
    ['an encoded id is unknown', { encodedGet: httpNamed('TaskNotFoundError') }, 'percent-encoding', 'violated'],
    ['an encoded context is empty', { encodedList: found() }, 'percent-encoding', 'violated'],
    ['a guard against encoded paths', { encodedGet: httpPage(403) }, 'percent-encoding', 'holds'],
    ['no answer to an encoded id', { encodedGet: noAnswer(), encodedList: noAnswer() }, 'percent-encoding', 'untested'],
  ])('%s', ([, more, row, kind]) => {
    expect(judge(more)[row]).toBe(kind);
  });

  test('without the control nothing is judged', () => {
    expect(judge({ ids: null, known: httpError(404) })).toEqual({
      'query-names': 'untested',
      'query-values': 'holds',
      'percent-encoding': 'untested',
    });
    expect(judge({ all: [found('t1')], one: found('t1', 't2') })['query-names']).toBe('untested');
  });
});

describe('malformed', () => {
  const badRequest = { '@type': 'type.googleapis.com/google.rpc.BadRequest' };
  const judge = (
    answer: CallResult,
    list: readonly CallResult[] = [found(), found()],
    specPatch?: PatchRelease,
  ): readonly string[] => {
    const cases = [{ violation: 'bad', answer }];
    const judged = malformed.judge({ list, bodies: cases, queries: cases }, { ...facts, specPatch });
    return Object.values(judged).map(({ kind }) => kind);
  };

  test.for<[string, CallResult, string, string]>([
    ['a validation error with details', httpError(400, [badRequest]), 'holds', 'holds'],
    ['a validation error without details', httpError(400), 'holds', 'untested'],
    ['a validation error with details of its own', httpError(400, [{ '@type': 'x/Bad' }]), 'holds', 'ambiguous'],
    ['a page', httpPage(400), 'holds', 'untested'],
    ['422', httpAnswer(422, { detail: 'no' }), 'holds', 'untested'],
    ['an error under a success', httpAnswer(200, { error: { code: 400, message: 'no' } }), 'holds', 'untested'],
    ['a result', httpResult({}), 'violated', 'untested'],
    ['a page of a success', httpPage(200), 'violated', 'untested'],
    ['a crash', httpPage(500), 'ambiguous', 'untested'],
    ['a route that is not there', httpPage(404), 'untested', 'untested'],
    ['a limit', httpPage(429), 'untested', 'untested'],
    ['silence', noAnswer(), 'untested', 'untested'],
  ])('%s', ([, answer, rejected, details]) => {
    expect(judge(answer)).toEqual([rejected, rejected, details]);
  });

  test('details of its own are not what v1.0.1 recommends', () => {
    expect(judge(httpError(400, [{ '@type': 'x/Bad' }]), undefined, '1.0.1')).toEqual(['holds', 'holds', 'violated']);
  });

  test('without the control nothing is judged', () => {
    expect(judge(httpResult({}), [httpError(500)]).slice(0, 2)).toEqual(['untested', 'untested']);
  });
});

describe('unknown places', () => {
  const judge = (answer: CallResult, served = found()) =>
    Object.values(
      unknownPlaces.judge({ served, paths: [{ line: 'x', answer }], methods: [{ line: 'x', answer }] }, facts),
    ).map(({ kind }) => kind);

  test.for<[string, CallResult, readonly string[]]>([
    ['404', httpPage(404), ['holds', 'ambiguous']],
    ['404 as an error', httpError(404), ['holds', 'ambiguous']],
    ['405', httpPage(405), ['ambiguous', 'holds']],
    ['501', httpPage(501), ['ambiguous', 'holds']],
    ['400', httpError(400), ['ambiguous', 'ambiguous']],
    ['a page of a success', httpPage(200), ['violated', 'violated']],
    ['a guard', httpPage(403), ['untested', 'untested']],
    ['silence', noAnswer(), ['untested', 'untested']],
  ])('%s', ([, answer, kinds]) => {
    expect(judge(answer)).toEqual(kinds);
  });

  test('without the control nothing is judged', () => {
    expect(judge(httpPage(200), httpPage(404))).toEqual(['untested', 'untested']);
  });
});

describe('error info', () => {
  const judge = (answer: CallResult, expected: A2AErrorName = 'TaskNotFoundError', control = known) =>
    errorInfo.judge({ known: [control, control], cases: [{ what: 'it', expected, answer }] }, facts)[
      'http-json/error-info'
    ].kind;

  test.for<[string, CallResult, string]>([
    ['named', httpNamed('TaskNotFoundError'), 'holds'],
    ['without details', httpError(404), 'violated'],
    ['with another domain', httpError(404, [{ ...infoOf('TaskNotFoundError'), domain: 'x' }]), 'violated'],
    ['without @type', httpError(404, [{ ...infoOf('TaskNotFoundError'), '@type': undefined }]), 'violated'],
    [
      'with the name as reason',
      httpError(404, [{ ...infoOf('TaskNotFoundError'), reason: 'TaskNotFound' }]),
      'violated',
    ],
    ['another error', httpNamed('UnsupportedOperationError'), 'untested'],
    ['a page', httpPage(404), 'untested'],
    ['a problem', httpAnswer(404, { title: 'no', status: 404 }, { type: 'application/problem+json' }), 'ambiguous'],
    ['a result', known, 'untested'],
    ['a guard', httpPage(401), 'untested'],
  ])('%s', ([, answer, kind]) => {
    expect(judge(answer)).toBe(kind);
  });

  test('a status of either patch counts; without the control nothing is judged', () => {
    expect(judge(httpError(409), 'TaskNotCancelableError')).toBe('violated');
    expect(judge(httpError(400), 'TaskNotCancelableError')).toBe('violated');
    expect(judge(httpError(404), 'TaskNotFoundError', httpPage(404))).toBe('untested');
  });
});

describe('parameter case', () => {
  const usual = { name: 'A2A-Version', own: known, unsupported: httpNamed('VersionNotSupportedError') };
  const judge = (own: CallResult, unsupported: CallResult, first = usual, after = known) => {
    const others = [{ name: 'a2a-version', own, unsupported }];
    return parameterCase.judge({ usual: first, others, after }, facts)['http-json/parameter-case'].kind;
  };

  test.for<[string, CallResult, CallResult, string]>([
    ['read alike', known, httpNamed('VersionNotSupportedError'), 'holds'],
    ['not read: refused', httpNamed('VersionNotSupportedError'), httpNamed('VersionNotSupportedError'), 'violated'],
    ['not read: served', known, known, 'violated'],
    ['a limit', httpPage(429), known, 'untested'],
  ])('%s', ([, own, unsupported, kind]) => {
    expect(judge(own, unsupported)).toBe(kind);
  });

  test('an agent that reads no version says nothing', () => {
    expect(judge(known, known, { ...usual, unsupported: known })).toBe('untested');
  });

  test('nor does one that has lost what was asked for', () => {
    const gone = httpNamed('TaskNotFoundError');
    expect(judge(gone, gone, usual, gone)).toBe('untested');
  });
});

describe('refusals that do not name their error', () => {
  const control = { what: 'good', ok: true, results: [known] };
  test.for<[string, CallResult, Parameters<typeof judgeRefusal>[0]['expected'], string]>([
    ['the named error', httpNamed('UnsupportedOperationError'), 'UnsupportedOperationError', 'holds'],
    ['its status', httpError(400), 'UnsupportedOperationError', 'untested'],
    ['its status, as a page', httpPage(404), 'TaskNotFoundError', 'untested'],
    ['another status', httpError(404), 'UnsupportedOperationError', 'violated'],
    ['another error', httpNamed('TaskNotFoundError'), 'UnsupportedOperationError', 'violated'],
    ['validation, which needs no name', httpError(400), 'InvalidParamsError', 'holds'],
    ['validation by a framework', httpError(422), 'InvalidParamsError', 'holds'],
    ['an A2A error for validation', httpNamed('UnsupportedOperationError'), 'InvalidParamsError', 'violated'],
    ['a crash', httpPage(500), 'InvalidParamsError', 'violated'],
  ])('%s', ([, answer, expected, kind]) => {
    expect(judgeRefusal({ what: 'it', answer, expected, control }).kind).toBe(kind);
  });

  test('a route that is not there may be an operation that is not there', () => {
    const tolerated = [{ errors: ['MethodNotFoundError'], readings: ['this', 'that'] }] as const;
    const judge = (answer: CallResult) =>
      judgeRefusal({ what: 'it', answer, expected: 'UnsupportedOperationError', control, tolerated }).kind;
    expect([judge(httpPage(404)), judge(httpPage(405)), judge(httpPage(400))]).toEqual([
      'ambiguous',
      'ambiguous',
      'untested',
    ]);
  });
});
