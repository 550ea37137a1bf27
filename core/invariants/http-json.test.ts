import { describe, expect, test } from 'vitest';
import type { PatchRelease } from '../../protocol/errors.ts';
import type { Operation } from '../../protocol/operations.ts';
import type { Exchange, History, StreamEvent } from '../history/exchange.ts';
import { errorAnswers } from './error-answers.ts';
import { httpJsonAnswers } from './http-json-answers.ts';
import { httpJsonErrors } from './http-json-errors.ts';
import type { InvariantFacts } from './invariant.ts';
import { sampleFacts } from './testing/exchanges.ts';

interface Shape {
  readonly operation?: Operation;
  /** Meant for no operation. */
  readonly meaningless?: boolean;
  readonly method?: string;
  readonly path?: string;
  readonly requestType?: string;
  readonly status?: number;
  readonly type?: string;
  /** A string is sent as it is, anything else as JSON. */
  readonly answer?: unknown;
  readonly events?: readonly unknown[];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const task = { id: 't1', status: { state: 'TASK_STATE_WORKING' } };

const exchange = (shape: Shape, index: number): Exchange => {
  const { operation = 'GetTask', method = 'GET', path = '/tasks/t1', status = 200, answer = task, events } = shape;
  const type = shape.type ?? (events === undefined ? 'application/a2a+json' : 'text/event-stream');
  return {
    id: `x${index + 1}`,
    actor: 'main',
    interface: { binding: 'HTTP+JSON', version: '1.0', url: 'http://a.test' },
    intent: shape.meaningless
      ? { kind: 'malformed', violation: 'no such path' }
      : { kind: 'operation', operation, params: {} },
    request: {
      method,
      url: `http://a.test${path}`,
      headers: shape.requestType === undefined ? [] : [['Content-Type', shape.requestType]],
      body: method === 'POST' ? '{}' : null,
    },
    response: {
      status,
      headers: [['content-type', type]],
      body: events === undefined ? text(answer) : events.map((event) => `data: ${text(event)}\n\n`).join(''),
      validUtf8: true,
      truncated: false,
      headAt: 1,
    },
    events: (events ?? []).map((event, at): StreamEvent => ({ at, data: text(event) })),
    endedBy: 'server',
    startedAt: index * 10,
    endedAt: index * 10 + 5,
    clock: 'c',
    outcome: 'ok',
  };
};

const historyOf = (...shapes: readonly Shape[]): History => ({ exchanges: shapes.map(exchange) });

const judged = (history: History, facts: InvariantFacts = sampleFacts): Record<string, string> =>
  Object.fromEntries(
    [httpJsonAnswers, httpJsonErrors, errorAnswers].flatMap((invariant) =>
      Object.entries(invariant.judge(history, facts)).map(([row, { kind }]) => [row, kind]),
    ),
  );

/** Rows that are violated or ambiguous, where the target is held to a patch release. */
const blamedBy = (specPatch: PatchRelease | undefined, ...shapes: readonly Shape[]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(judged(historyOf(...shapes), { ...sampleFacts, specPatch })).filter(
      ([, kind]) => kind === 'violated' || kind === 'ambiguous',
    ),
  );

const blamed = (...shapes: readonly Shape[]): Record<string, string> => blamedBy(undefined, ...shapes);

const info = (reason: string) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  domain: 'a2a-protocol.org',
  reason,
});
const status = (code: number, details?: unknown): object => ({ error: { code, message: 'no', details } });
const notFound: Shape = { status: 404, answer: status(404, [info('TASK_NOT_FOUND')]) };
const stream = (...events: readonly unknown[]): Shape => ({
  operation: 'SubscribeToTask',
  method: 'POST',
  path: '/tasks/t1:subscribe',
  events,
});

describe('what is right blames no row', () => {
  test.for<[string, readonly Shape[]]>([
    ['a result', [{}]],
    ['a result with a charset', [{ type: 'application/a2a+json; charset=utf-8' }]],
    ['an error', [{}, notFound]],
    ['an error without details, which are for A2A’s own', [{ status: 400, answer: status(400) }]],
    ['a status of v1.0.0', [{ status: 409, answer: status(409, [info('TASK_NOT_CANCELABLE')]) }]],
    ['a status of v1.0.1', [{ status: 400, answer: status(400, [info('TASK_NOT_CANCELABLE')]) }]],
    ['a stream', [stream({ task }, { statusUpdate: {} })]],
    ['an error in a stream', [stream({ task }, status(500))]],
    ['no content of a deletion', [{ operation: 'DeleteTaskPushNotificationConfig', status: 204, answer: '' }]],
    ['a page of a proxy', [{}, { status: 502, type: 'text/html', answer: '<html>' }]],
    ['JSON of a gateway', [{}, { status: 401, type: 'application/json', answer: { code: 401, message: 'no' } }]],
    ['a page for an unknown path', [{}, { meaningless: true, path: '/x', status: 404, answer: 'no such page' }]],
    ['a page for a route that is never served', [{ status: 404, type: 'text/plain', answer: 'no' }]],
    ['a page that answers no operation', [{ meaningless: true, path: '/x', type: 'text/html', answer: '<html>' }]],
    [
      'a page under a tenant that is known elsewhere',
      [{ path: '/acme/tasks/t1', status: 404, answer: 'no' }, { path: '/tasks/t1?tenant=acme' }],
    ],
    ['a request of the type of v1.0.1', [{ method: 'POST', requestType: 'application/a2a+json' }]],
  ])('%s', ([, shapes]) => {
    expect(blamed(...shapes)).toEqual({});
  });
});

describe('one defect blames one row', () => {
  test.for<[string, readonly Shape[], string]>([
    ['a list as result', [{ answer: [] }], 'http-json/result-object'],
    ['an envelope', [{ answer: { jsonrpc: '2.0', id: 1, result: task } }], 'http-json/result-object'],
    ['text', [{ type: 'text/plain', answer: 'done' }], 'http-json/result-object'],
    ['JSON as text/plain', [{ type: 'text/plain' }], 'http-json/content-type'],
    ['a stream with 201', [{ ...stream({ task }), status: 201 }], 'http-json/stream-content-type'],
    ['a stream as JSON', [{ ...stream({ task }), type: 'application/json' }], 'http-json/stream-content-type'],
    ['an envelope in an event', [stream({ jsonrpc: '2.0', id: 1, result: { task } })], 'http-json/stream-events'],
    ['text in an event', [stream({ task }, 'done')], 'http-json/stream-events'],
    [
      'a page for an error of a served route',
      [{}, { status: 404, type: 'text/plain', answer: 'no' }],
      'http-json/error-body',
    ],
    [
      'a status without its wrapper',
      [{}, { status: 404, answer: { code: 404, message: 'no' } }],
      'http-json/error-body',
    ],
    ['an error without a message', [{ status: 400, answer: { error: { code: 400 } } }], 'http-json/error-body'],
    ['another code', [{ status: 400, answer: status(-32602) }], 'http-json/error-code'],
    ['an error under a success', [{ status: 200, answer: status(400) }], 'http-json/error-code'],
    ['details without @type', [{ status: 400, answer: status(400, [{ field: 'id' }]) }], 'http-json/error-details'],
    ['details that are no list', [{ status: 400, answer: status(400, { field: 'id' }) }], 'http-json/error-details'],
    [
      'the status of another error',
      [{ status: 400, answer: status(400, [info('TASK_NOT_FOUND')]) }],
      'errors/code-mapping',
    ],
    ['an empty message', [{ status: 400, answer: { error: { code: 400, message: '' } } }], 'errors/message-text'],
  ])('%s', ([, shapes, row]) => {
    expect(blamed(...shapes)).toEqual({ [row]: 'violated' });
  });
});

describe('cases of two readings', () => {
  const problem = { type: 'https://a2a-protocol.org/errors/version-not-supported', title: 'no', status: 400 };
  test.for<[string, readonly Shape[], string]>([
    ['the media type of v1.0.0', [{ type: 'application/json' }], 'http-json/content-type'],
    [
      'a problem, as in the examples',
      [{}, { status: 400, type: 'application/problem+json', answer: problem }],
      'http-json/error-body',
    ],
    ['a code of google.rpc', [{ status: 404, answer: status(5) }], 'http-json/error-code'],
    [
      'a request of the type of v1.0.1 that is refused for it',
      [{ method: 'POST', requestType: 'application/a2a+json', status: 415, type: 'text/plain', answer: 'no' }],
      'http-json/request-content-type',
    ],
  ])('%s', ([, shapes, row]) => {
    expect(blamed(...shapes)).toEqual({ [row]: 'ambiguous' });
  });
});

describe('a patch release that is chosen decides alone', () => {
  const cancelled = (code: number): Shape => ({ status: code, answer: status(code, [info('TASK_NOT_CANCELABLE')]) });
  const refused: Shape = {
    method: 'POST',
    requestType: 'application/a2a+json',
    status: 415,
    type: 'text/plain',
    answer: 'no',
  };
  test.for<[string, Shape, PatchRelease, string | undefined]>([
    ['409 for a task that cannot be canceled', cancelled(409), '1.0.0', undefined],
    ['409 for a task that cannot be canceled', cancelled(409), '1.0.1', 'errors/code-mapping'],
    ['400 for a task that cannot be canceled', cancelled(400), '1.0.0', 'errors/code-mapping'],
    ['400 for a task that cannot be canceled', cancelled(400), '1.0.1', undefined],
    ['404 for a task that is not there', notFound, '1.0.0', undefined],
    ['404 for a task that is not there', notFound, '1.0.1', undefined],
    ['application/json', { type: 'application/json' }, '1.0.0', undefined],
    ['application/json', { type: 'application/json' }, '1.0.1', 'http-json/content-type'],
    ['application/a2a+json, which v1.0.0 registers', {}, '1.0.0', undefined],
    ['a request of application/a2a+json that is refused', refused, '1.0.0', undefined],
    ['a request of application/a2a+json that is refused', refused, '1.0.1', 'http-json/request-content-type'],
  ])('%s, %s', ([, shape, patch, row]) => {
    expect(blamedBy(patch, shape)).toEqual(row === undefined ? {} : { [row]: 'violated' });
  });
});

test('exchanges over another binding are none of its business', () => {
  const over = historyOf({ answer: 'text' });
  const exchanges = over.exchanges.map((one) => ({ ...one, interface: { ...one.interface!, binding: 'JSONRPC' } }));
  const { 'http-json/result-object': result } = httpJsonAnswers.judge({ exchanges }, sampleFacts);
  expect(result.kind).toBe('untested');
});
