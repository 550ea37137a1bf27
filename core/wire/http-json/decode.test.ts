import { expect, test } from 'vitest';
import type { Exchange, Headers, Intent } from '../../history/exchange.ts';
import type { Operation } from '../../../protocol/operations.ts';
import { httpJsonCodec } from './codec.ts';

const exchange = (
  status: number,
  body: unknown,
  more: { type?: string; operation?: Operation; headers?: Headers } & Partial<Exchange> = {},
): Exchange => {
  const { type = 'application/a2a+json', operation = 'GetTask', headers = [], ...rest } = more;
  const intent: Intent = { kind: 'operation', operation, params: {} };
  return {
    id: 'x1',
    actor: 'main',
    interface: { binding: 'HTTP+JSON', version: '1.0', url: 'http://a.test' },
    intent,
    request: { method: 'GET', url: 'http://a.test/tasks/t1', headers: [], body: null },
    response: {
      status,
      headers: [['Content-Type', type], ...headers],
      body: typeof body === 'string' ? body : JSON.stringify(body),
      validUtf8: true,
      truncated: false,
      headAt: 1,
    },
    events: [],
    endedBy: 'server',
    startedAt: 0,
    endedAt: 2,
    clock: 'test',
    outcome: 'ok',
    ...rest,
  };
};

const info = (reason: string, more: object = {}) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  domain: 'a2a-protocol.org',
  reason,
  ...more,
});
const status = (code: number, details?: unknown, message = 'no') => ({ error: { code, message, details } });
const problem = { type: 'https://a2a-protocol.org/errors/version-not-supported', title: 'no', status: 400 };

test.for<[string, Exchange, object]>([
  ['a message of the proto', exchange(200, { id: 't1' }), { kind: 'result', value: { id: 't1' } }],
  ['201', exchange(201, { id: 'c1' }), { kind: 'result' }],
  ['an empty object', exchange(200, {}), { kind: 'result', value: {} }],
  ['an empty body', exchange(200, ''), { kind: 'malformed', why: /empty/ }],
  ['a list', exchange(200, []), { kind: 'malformed', why: /an array/ }],
  ['a page', exchange(200, '<html>', { type: 'text/html' }), { kind: 'malformed', why: /text\/html/ }],
  ['a JSON-RPC response', exchange(200, { jsonrpc: '2.0', result: {} }), { kind: 'malformed', why: /JSON-RPC/ }],
  [
    'a JSON-RPC error',
    exchange(200, { jsonrpc: '2.0', error: { code: -32601, message: 'no' } }),
    { kind: 'malformed', why: /JSON-RPC/ },
  ],
  [
    'no content of a deletion',
    exchange(204, '', { operation: 'DeleteTaskPushNotificationConfig' }),
    { kind: 'result', value: {} },
  ],
  ['no content of anything else', exchange(204, ''), { kind: 'malformed' }],
  ['a page of an error', exchange(404, 'Not Found', { type: 'text/plain' }), { kind: 'malformed', status: 404 }],
  ['JSON of a web server', exchange(404, { detail: 'Not Found' }), { kind: 'malformed', status: 404 }],
  ['another JSON of a web server', exchange(404, { error: 'Not Found' }), { kind: 'malformed', status: 404 }],
])('%s', ([, of, reply]) => {
  const { why, ...rest } = reply as { why?: RegExp };
  const decoded = httpJsonCodec.decodeReply(of);
  expect(decoded).toMatchObject(rest);
  if (why !== undefined) expect(decoded).toMatchObject({ why: expect.stringMatching(why) as string });
});

test.for<[string, Exchange, object]>([
  ['named by its ErrorInfo', exchange(404, status(404, [info('TASK_NOT_FOUND')])), { name: 'TaskNotFoundError' }],
  [
    'named by an ErrorInfo of another domain',
    exchange(400, status(400, [info('TASK_NOT_CANCELABLE', { domain: 'x' })])),
    { name: 'TaskNotCancelableError' },
  ],
  ['named by its problem type', exchange(400, problem), { name: 'VersionNotSupportedError', code: 400 }],
  [
    'in the form without a wrapper',
    exchange(400, { code: 9, message: 'no', details: [info('UNSUPPORTED_OPERATION')] }),
    { name: 'UnsupportedOperationError', code: 400, message: 'no' },
  ],
  ['under a success', exchange(200, status(404, [info('TASK_NOT_FOUND')])), { name: 'TaskNotFoundError', code: 404 }],
  ['of the server', exchange(500, status(500)), { name: 'InternalError', code: 500 }],
  ['of a web framework', exchange(422, status(422)), { name: 'InvalidParamsError' }],
  ['of nothing in the table', exchange(401, status(401)), { name: undefined, code: 401 }],
  ['a method that is not there', exchange(501, status(501)), { name: undefined, code: 501 }],
  ['without a code', exchange(403, { error: { message: 5 } }), { name: undefined, code: 403, message: '' }],
])('an error %s', ([, of, error]) => {
  expect(httpJsonCodec.decodeReply(of)).toMatchObject({ kind: 'error', error });
});

test('a status that errors share names none, but says which it may be', () => {
  const possible = (of: Exchange): readonly string[] => {
    const reply = httpJsonCodec.decodeReply(of);
    return reply.kind === 'error' && reply.error.name === undefined ? (reply.error.possible ?? []) : ['named'];
  };
  expect(possible(exchange(404, status(404)))).toEqual(['TaskNotFoundError']);
  expect(possible(exchange(409, status(409)))).toEqual(['TaskNotCancelableError']);
  const ofBadRequest = possible(exchange(400, status(400)));
  expect(ofBadRequest).toContain('TaskNotCancelableError');
  expect(ofBadRequest).toContain('InvalidParamsError');
  // It names itself: an error that is none of A2A's own.
  const own = possible(exchange(400, status(400, [info('BAD_COLOUR', { domain: 'example.com' })])));
  expect(own).not.toContain('TaskNotCancelableError');
  expect(own).toContain('InvalidParamsError');
  expect(possible(exchange(401, status(401)))).toEqual([]);
});

test('an event is a StreamResponse, or an error under a code of its own', () => {
  const decode = (value: unknown) => httpJsonCodec.decodeEvent({ data: JSON.stringify(value) });
  expect(decode({ task: { id: 't1' } })).toEqual({ kind: 'result', value: { task: { id: 't1' } } });
  expect(decode(status(404, [info('TASK_NOT_FOUND')]))).toMatchObject({
    kind: 'error',
    error: { name: 'TaskNotFoundError', code: 404 },
  });
  expect(decode(status(500))).toMatchObject({ kind: 'error', error: { name: 'InternalError' } });
  expect(decode('text').kind).toBe('malformed');
  expect(decode({ jsonrpc: '2.0', result: { task: {} } }).kind).toBe('malformed');
});

test.for<[string, { data: string; event?: string }, boolean]>([
  ['a StreamResponse', { data: '{"task":{}}' }, true],
  ['one of a name of its own', { data: '{"statusUpdate":{}}', event: 'status' }, true],
  ['what is none', { data: '{"type":"ping"}' }, true],
  ['a ping under its own name', { data: '{"type":"ping"}', event: 'ping' }, false],
  ['no data', { data: '', event: 'ping' }, false],
])('speaks: %s', ([, event, spoken]) => {
  expect(httpJsonCodec.speaks(event)).toBe(spoken);
});

test('what an exchange says, as received', () => {
  const said = (of: Exchange) => httpJsonCodec.answers(of).map((answer) => answer.said);
  expect(said(exchange(200, { id: 't1' }))).toEqual([{ kind: 'result', value: { id: 't1' } }]);
  expect(said(exchange(404, status(7, [1])))).toEqual([{ kind: 'error', code: 404, message: 'no', details: [1] }]);
  expect(said(exchange(400, { ...problem, detail: 'why' }))).toMatchObject([{ kind: 'error', message: 'why' }]);
  expect(said(exchange(200, 'text'))).toEqual([{ kind: 'other' }]);
  expect(said(exchange(502, 'Bad Gateway'))).toEqual([]);
  expect(said(exchange(200, { id: 't1' }, { endedBy: 'broken' }))).toEqual([]);
  expect(said(exchange(200, { id: 't1' }, { headers: [['Content-Encoding', 'gzip']] }))).toEqual([]);
  expect(said(exchange(200, { id: 't1' }, { intent: { kind: 'fetch', what: 'card' } }))).toEqual([]);
  const events = ['{"task":{}}', '{"error":{"code":500,"message":"no"}}', 'text'].map((data) => ({ at: 1, data }));
  const streamed = { type: 'text/event-stream', operation: 'SubscribeToTask', events } as const;
  expect(said(exchange(200, '', streamed))).toEqual([
    { kind: 'result', value: { task: {} } },
    { kind: 'error', code: 500, message: 'no', details: undefined },
    { kind: 'other' },
  ]);
  // A stream where none was asked for is a wrong Content-Type, and judged as that alone.
  expect(said(exchange(200, 'data: {"task":{}}\n\n', { type: 'text/event-stream' }))).toEqual([]);
});

test('requests of the harness are held against the routes', () => {
  const faults = (request: Partial<Exchange['request']>) =>
    httpJsonCodec.faultsOfRequest({
      ...exchange(200, {}),
      request: { method: 'GET', url: 'http://a.test/tasks/t1', headers: [], body: null, ...request },
    });
  expect(faults({})).toEqual([]);
  expect(faults({ url: 'http://a.test/tasks' })).toEqual(['GET http://a.test/tasks is not GetTask']);
  expect(faults({ url: 'http://a.test/redirected' })).toEqual([]);
  expect(faults({ body: '{}' })).toEqual(['Content-Type is no JSON']);
  expect(faults({ body: '{}', headers: [['Content-Type', 'application/a2a+json; charset=utf-8']] })).toEqual([]);
});
