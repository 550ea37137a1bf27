import { describe, expect, test } from 'vitest';
import type { PatchRelease } from '../../protocol/errors.ts';
import type { History } from '../history/exchange.ts';
import type { Invariant } from './invariant.ts';
import { jsonRpcEnvelope } from './json-rpc-envelope.ts';
import { jsonRpcErrorObjects } from './json-rpc-errors.ts';
import { jsonRpcTransport } from './json-rpc-transport.ts';
import { text } from './text.ts';
import { error, historyOf, result, sampleFacts, sampleTask, streamed, type Shape } from './testing/exchanges.ts';

const rpc: readonly Invariant[] = [jsonRpcEnvelope, jsonRpcErrorObjects, jsonRpcTransport, text];

/** Rows by judgement, over the four invariants; what holds or is untested is left out. */
function blamed(history: History, specPatch?: PatchRelease): Record<string, string> {
  return Object.fromEntries(
    rpc
      .flatMap((invariant) => Object.entries(invariant.judge(history, { ...sampleFacts, specPatch })))
      .filter(([, { kind }]) => kind !== 'holds' && kind !== 'untested')
      .map(([row, { kind }]) => [row, kind]),
  );
}

const judged = (history: History, row: string) =>
  rpc.map((invariant) => invariant.judge(history, sampleFacts)[row]).find((judgement) => judgement !== undefined)!;

const task = sampleTask();
const info = {
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason: 'TASK_NOT_FOUND',
  domain: 'a2a-protocol.org',
};
const versionData = [{ ...info, reason: 'VERSION_NOT_SUPPORTED' }];
const notFound = (id: unknown, data: unknown = [info]) => error(id, -32001, { data });
const malformed = (shape: Shape): Shape => ({ malformed: 'on purpose', ...shape });

describe('what is right', () => {
  test.for<[string, Shape]>([
    ['a result', { answer: result(1, task) }],
    ['a result with charset', { answer: result(1, task), type: 'Application/JSON; charset=utf-8' }],
    ['an A2A error', { answer: notFound(1) }],
    ['an error without data', { answer: error(1, -32601) }],
    ['an error with HTTP 400', { answer: notFound(1), status: 400 }],
    ['a string id', { id: 'a', answer: result('a', task) }],
    ['id 0', { id: 0, answer: result(0, task) }],
    ['an empty id', { id: '', answer: result('', task) }],
    ['a stream', streamed(1, [{ task }, { statusUpdate: {} }])],
    ['a stream with named events', streamed(1, [{ task }], { eventName: 'error' })],
    ['an error instead of a stream', { operation: 'SubscribeToTask', answer: notFound(1) }],
    ['an error as the only event', { operation: 'SubscribeToTask', events: [notFound(1)] }],
    ['null for an invalid request', malformed({ requestBody: '{"id":1}', answer: error(null, -32600) })],
    ['the id of an invalid request', malformed({ requestBody: '{"id":1}', answer: error(1, -32600) })],
    ['null for a wrong content type', malformed({ requestType: 'text/plain', answer: error(null, -32602) })],
    ['null for broken JSON', malformed({ requestBody: '{', answer: error(null, -32700) })],
    ['an id found in broken JSON', malformed({ requestBody: '{"id":1,', answer: error(1, -32700) })],
    ['null for bad input of any kind', malformed({ meaningless: true, answer: error(null, -32000) })],
    ['an id found in JSON without quotes', malformed({ requestBody: '{id: 1}', answer: error(1, -32700) })],
    ['null for JSON that is no object', malformed({ requestBody: '42', answer: error(null, -32600) })],
    ['whatever id for an id of a wrong type', malformed({ id: {}, answer: error({}, -32600) })],
    ['nothing for a notification', malformed({ requestBody: '{"jsonrpc":"2.0","method":"GetTask"}', answer: '' })],
    [
      'an answer to a notification',
      malformed({ requestBody: '{"jsonrpc":"2.0","method":"X"}', answer: error(null, -32601) }),
    ],
    ['a batch', malformed({ requestBody: '[{"id":1},{"id":2}]', answer: [result(2, task), result(1, task)] })],
    ['one refusal for a batch', malformed({ requestBody: '[{"id":1}]', answer: error(null, -32600) })],
    ['null data', { answer: error(1, -32601, { data: null }) }],
    ['a null result', { operation: 'DeleteTaskPushNotificationConfig', answer: result(1, null) }],
    ['null from an authentication layer', { answer: error(null, -32000), status: 401 }],
    ['null from an authentication layer, as HTTP 200', { answer: error(null, -32000) }],
    ['null from a layer that looks at the version', { answer: error(null, -32009, { data: versionData }) }],
    ['an unlisted error without details', { answer: error(1, -32050) }],
  ])('%s', ([, shape]) => {
    expect(blamed(historyOf(shape))).toEqual({});
  });
});

describe('what is no answer of the agent is not judged', () => {
  test.for<[string, Shape]>([
    ['an HTML page with 404', { answer: '<html>Not Found</html>', status: 404, type: 'text/html' }],
    ['an HTML page with 413', malformed({ answer: '<pre>Too Large</pre>', status: 413, type: 'text/html' })],
    ['JSON with 401 that is no JSON-RPC', { answer: { error: 'unauthorized' }, status: 401 }],
    ['an empty 202', malformed({ answer: '', status: 202, type: null })],
    ['an answer cut off', { answer: '{"jsonrpc":', endedBy: 'broken' }],
    ['compressed bytes', { answer: '\u{FFFD}\u{FFFD}', validUtf8: false, encoding: 'gzip' }],
  ])('%s', ([, shape]) => {
    const history = historyOf(shape);
    expect(blamed(history)).toEqual({});
    expect(judged(history, 'envelope/version').kind).toBe('untested');
  });

  test('nothing at all', () => {
    for (const invariant of rpc)
      for (const judgement of Object.values(invariant.judge({ exchanges: [] }, sampleFacts)))
        expect(judgement).toMatchObject({ kind: 'untested', hint: expect.stringMatching(/./) });
  });
});

describe('one defect blames one row', () => {
  const { jsonrpc: _, ...unversioned } = result(1, task);
  test.for<[string, Shape, string]>([
    ['no jsonrpc', { answer: unversioned }, 'envelope/version'],
    ['jsonrpc as number', { answer: { ...result(1, task), jsonrpc: 2 } }, 'envelope/version'],
    ['id as string', { answer: result('1', task) }, 'envelope/id-echoed'],
    ['no id', { answer: { jsonrpc: '2.0', result: task } }, 'envelope/id-echoed'],
    ['null for id 0', { id: 0, answer: notFound(null) }, 'envelope/id-echoed'],
    ['null for invalid params', malformed({ answer: error(null, -32602) }), 'envelope/id-echoed'],
    [
      'an id in a stream',
      { operation: 'SubscribeToTask', events: [result(1, {}), result(2, {})] },
      'envelope/id-echoed',
    ],
    ['an id for broken JSON', malformed({ requestBody: '{', answer: error(0, -32700) }), 'envelope/id-null'],
    [
      'no id for broken JSON',
      malformed({ requestBody: '{', answer: { jsonrpc: '2.0', error: { code: -32700, message: '' } } }),
      'envelope/id-null',
    ],
    ['another id, where the agent says it could not parse', { answer: error(0, -32700) }, 'envelope/id-null'],
    ['result and error', { answer: { ...result(1, task), ...notFound(1) } }, 'envelope/result-or-error'],
    ['result and null error', { answer: { ...result(1, task), error: null } }, 'envelope/result-or-error'],
    ['neither', { answer: { jsonrpc: '2.0', id: 1 } }, 'envelope/result-or-error'],
    ['error as string', { answer: { jsonrpc: '2.0', id: 1, error: 'boom' } }, 'envelope/error-object'],
    ['code as string', { answer: error(1, '-32001' as unknown as number) }, 'envelope/error-object'],
    ['no message', { answer: { jsonrpc: '2.0', id: 1, error: { code: -32000 } } }, 'envelope/error-object'],
    ['untyped data', { answer: error(1, -32602, { data: [{ field: 'x' }] }) }, 'envelope/error-data'],
    ['data as string', { answer: error(1, -32602, { data: 'details' }) }, 'envelope/error-data'],
    ['no ErrorInfo', { answer: error(1, -32001) }, 'envelope/error-info'],
    ['another reason', { answer: notFound(1, [{ ...info, reason: 'TaskNotFound' }]) }, 'envelope/error-info'],
    ['another domain', { answer: notFound(1, [{ ...info, domain: 'example.org' }]) }, 'envelope/error-info'],
    ['a bare task', { answer: task }, 'envelope/response-object'],
    ['a page', { answer: '<html></html>', type: 'text/html' }, 'envelope/response-object'],
    ['nothing', { answer: '' }, 'envelope/response-object'],
    ['text/plain', { answer: result(1, task), type: 'text/plain' }, 'envelope/content-type'],
    ['no content type', { answer: result(1, task), type: null }, 'envelope/content-type'],
    ['a stream for GetTask', { events: [result(1, task)] }, 'envelope/content-type'],
    ['events as JSON', streamed(1, [{ task }], { type: 'application/json' }), 'envelope/stream-content-type'],
    ['a stream with 201', streamed(1, [{ task }], { status: 201 }), 'envelope/stream-content-type'],
    ['a bare event', { operation: 'SubscribeToTask', events: [{ task }] }, 'envelope/stream-events'],
    ['text in an event', { operation: 'SubscribeToTask', events: ['done'] }, 'envelope/stream-events'],
    ['bytes of Latin-1', { answer: result(1, task), validUtf8: false }, 'envelope/utf-8'],
    ['a byte order mark', { answer: `\uFEFF${JSON.stringify(result(1, task))}` }, 'envelope/utf-8'],
  ])('%s', ([, shape, row]) => {
    const history = historyOf(shape);
    expect(blamed(history)).toEqual({ [row]: 'violated' });
    expect(judged(history, row)).toMatchObject({ evidence: [{ id: 'x1' }] });
  });
});

describe('cases of two readings', () => {
  test.for([-32601, -32000, -32050])('an object as data of %s, which is no error of A2A’s own', (code) => {
    expect(blamed(historyOf({ answer: error(1, code, { data: { method: 'x' } }) }))).toEqual({
      'envelope/error-data': 'ambiguous',
    });
  });

  test('but not of an A2A error', () => {
    expect(blamed(historyOf({ answer: notFound(1, info) }))).toEqual({
      'envelope/error-data': 'violated',
      'envelope/error-info': 'violated',
    });
  });

  const untyped = { data: { method: 'x' } };
  const ownType = { data: [{ '@type': 'example.com/Violation' }] };
  const wellKnown = { data: [...ownType.data, { '@type': 'type.googleapis.com/google.rpc.BadRequest' }] };
  test.for<[string, number, object, string | undefined, Record<string, string>]>([
    ['an object, which v1.0.0 shows', -32601, untyped, '1.0.0', { 'envelope/error-data': 'ambiguous' }],
    ['an object, by v1.0.1', -32601, untyped, '1.0.1', { 'envelope/error-data': 'violated' }],
    ['a type of its own', -32602, ownType, undefined, { 'envelope/validation-details': 'ambiguous' }],
    ['a type of its own, by v1.0.0', -32602, ownType, '1.0.0', {}],
    ['a type of its own, by v1.0.1', -32602, ownType, '1.0.1', { 'envelope/validation-details': 'violated' }],
    ['a type of its own of another error', -32603, ownType, '1.0.1', {}],
    ['a well-known type among others', -32602, wellKnown, '1.0.1', {}],
  ])('as data: %s', ([, code, data, patch, expected]) => {
    expect(blamed(historyOf({ answer: error(1, code, data) }), patch as PatchRelease | undefined)).toEqual(expected);
  });

  test('a named event that is no response', () => {
    const shape: Shape = { operation: 'SubscribeToTask', events: ['{"ping":1}'], eventName: 'ping' };
    expect(blamed(historyOf(shape))).toEqual({ 'envelope/stream-events': 'ambiguous' });
  });
});

test('a violation counts, and shows the first three exchanges', () => {
  const wrong: Shape = { answer: result('?', task) };
  const judgement = judged(historyOf({ answer: result(1, task) }, wrong, wrong, wrong, wrong), 'envelope/id-echoed');
  expect(judgement).toMatchObject({
    kind: 'violated',
    reason: '4 of 5 JSON-RPC answers have another id than their request',
    expected: 'id 2',
    actual: 'id "?"',
    evidence: [{ id: 'x2' }, { id: 'x3' }, { id: 'x4' }],
  });
});

test('a clear violation counts more than one of two readings', () => {
  const history = historyOf({ answer: error(1, -32601, { data: {} }) }, { answer: error(2, -32602, { data: 'x' }) });
  expect(judged(history, 'envelope/error-data')).toMatchObject({ kind: 'violated', evidence: [{ id: 'x2' }] });
});

test('a stream that was read as one body is judged by its events', () => {
  const shape = streamed(1, [{ task }]);
  const [exchange] = historyOf(shape).exchanges;
  expect(blamed({ exchanges: [{ ...exchange!, events: [] }] })).toEqual({});
  expect(judged({ exchanges: [{ ...exchange!, events: [] }] }, 'envelope/stream-events').kind).toBe('holds');
});
