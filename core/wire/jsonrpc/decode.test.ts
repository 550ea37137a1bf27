import { expect, test } from 'vitest';
import type { Exchange, Intent } from '../../history/exchange.ts';
import type { Reply } from '../reply.ts';
import { classifyBy } from '../codec.ts';
import { isStreamed } from '../http/event-stream.ts';
import { jsonRpcCodec } from './codec.ts';
import { decodeEvent, decodeReply, speaks } from './decode.ts';

const classify = classifyBy(jsonRpcCodec);

const unary: Intent = { kind: 'operation', operation: 'GetTask', params: {} };
const streaming: Intent = { kind: 'operation', operation: 'SubscribeToTask', params: {} };

const exchange = (
  body: string,
  more: Partial<Exchange> & { headers?: [string, string][]; status?: number } = {},
): Exchange => ({
  id: 'x1',
  actor: 'main',
  interface: null,
  intent: unary,
  request: { method: 'POST', url: 'http://a.test', headers: [], body: '{}' },
  response: {
    status: more.status ?? 200,
    headers: more.headers ?? [['Content-Type', 'application/json']],
    body,
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
  ...more,
});

const sse: [string, string][] = [['content-type', 'Text/Event-Stream;charset=utf-8']];
const error = (code: number | string, name: string | undefined, message = '', details: unknown = undefined) => ({
  kind: 'error',
  error: { name, code, message, details },
});

test.for<[string, string, unknown]>([
  ['a result', '{"jsonrpc":"2.0","id":1,"result":{"id":"t"}}', { kind: 'result', value: { id: 't' } }],
  ['a result of null', '{"jsonrpc":"2.0","id":1,"result":null}', { kind: 'result', value: null }],
  ['a result beside a null error', '{"result":1,"error":null}', { kind: 'result', value: 1 }],
  ['after a byte order mark', '\uFEFF{"result":1}', { kind: 'result', value: 1 }],
  [
    'an A2A error',
    '{"error":{"code":-32001,"message":"no","data":[{"@type":"x"}]}}',
    error(-32001, 'TaskNotFoundError', 'no', [{ '@type': 'x' }]),
  ],
  ['a JSON-RPC error', '{"error":{"code":-32700,"message":"no"}}', error(-32700, 'JSONParseError', 'no')],
  ['an unlisted error', '{"error":{"code":-1,"message":"no"}}', error(-1, undefined, 'no')],
  ['an error with a code that is text', '{"error":{"code":"-32001"}}', error('-32001', undefined)],
  ['an error without a code', '{"error":{"message":5}}', error('no code', undefined)],
  [
    'an error beside a result',
    '{"result":1,"error":{"code":-32603,"message":"no"}}',
    error(-32603, 'InternalError', 'no'),
  ],
])('%s', ([, body, reply]) => {
  expect(decodeReply(exchange(body))).toEqual(reply);
  expect(decodeEvent({ data: body })).toEqual(reply);
});

test.for<[string, string, string]>([
  ['an empty body', '', 'the body is empty'],
  ['a page', '<html>', 'no JSON'],
  ['a batch', '[{"result":1}]', 'no JSON-RPC response but an array'],
  ['null', 'null', 'no JSON-RPC response but null'],
  ['a text', '"ok"', 'no JSON-RPC response but a string'],
  ['neither', '{"jsonrpc":"2.0","id":1}', 'neither result nor error'],
  ['an error that is text', '{"error":"boom"}', 'the error is no object but a string'],
])('%s is malformed', ([, body, why]) => {
  const reply = decodeReply(exchange(body, { status: 502 }));
  expect(reply).toMatchObject({ kind: 'malformed', status: 502, why: expect.stringContaining(why) as string });
  expect(classify(exchange(body))).toBe('error');
});

test('a body that was compressed unasked is said to be so', () => {
  const headers: [string, string][] = [['Content-Encoding', 'gzip']];
  expect(decodeReply(exchange('\u001f\u008b', { headers }))).toMatchObject({
    why: expect.stringContaining('encoded as gzip') as string,
  });
});

test.for<[string, Partial<Exchange>, Reply['kind']]>([
  ['a failure', { response: null, endedBy: 'deadline', failure: { kind: 'timeout', message: 'late' } }, 'none'],
  ['a cut body', { endedBy: 'broken', failure: { kind: 'reset', message: 'cut' } }, 'none'],
  ['a stream without events', { intent: streaming, response: exchange('', { headers: sse }).response }, 'malformed'],
  [
    'a stream closed before any event',
    { intent: streaming, endedBy: 'client', response: exchange('', { headers: sse }).response },
    'none',
  ],
  [
    'a stream for a plain operation',
    { response: exchange('data: {"result":1}\n\n', { headers: sse }).response },
    'malformed',
  ],
])('%s', ([, more, kind]) => {
  expect(decodeReply(exchange('{"result":1}', more)).kind).toBe(kind);
});

test('a stream says what its first event says, however it ended', () => {
  const events = ['{"result":1}', '{"error":{"code":-32603,"message":"no"}}'].map((data) => ({ at: 1, data }));
  const streamed = exchange('', {
    intent: streaming,
    headers: sse,
    events,
    endedBy: 'broken',
    failure: { kind: 'reset', message: 'cut' },
  });
  expect(decodeReply(streamed)).toEqual({ kind: 'result', value: 1 });
  expect(decodeReply({ ...streamed, events: events.slice(1) })).toMatchObject({ kind: 'error' });
  expect([isStreamed(streamed), classify(streamed)]).toEqual([true, 'ok']);
});

test('a plain refusal of a stream is no stream', () => {
  expect(isStreamed(exchange('{"error":{"code":-32004}}', { intent: streaming }))).toBe(false);
});

test.for<[string, { data: string; event?: string }, boolean]>([
  ['a response', { data: '{"result":1}' }, true],
  ['a response of a name of its own', { data: '{"result":1}', event: 'task' }, true],
  ['an error under the name of errors', { data: '{"error":{"code":1,"message":"no"}}', event: 'error' }, true],
  ['what is no response, and pretends to be one', { data: '{"type":"ping"}' }, true],
  ['the same under the name of messages', { data: '{"type":"ping"}', event: 'message' }, true],
  ['a ping under its own name', { data: '{"type":"ping"}', event: 'ping' }, false],
  ['an event without data', { data: '', event: 'ping' }, false],
  ['no data at all', { data: '' }, false],
])('speaks: %s', ([, event, spoken]) => {
  expect(speaks(event)).toBe(spoken);
});

test('the answer of a stream is its first event that speaks', () => {
  const events = [
    { at: 1, data: '', event: 'ping' },
    { at: 2, data: '{"type":"ping"}', event: 'ping' },
    { at: 3, data: '{"result":{"id":"t"}}' },
  ];
  expect(decodeReply(exchange('', { intent: streaming, headers: sse, events }))).toEqual({
    kind: 'result',
    value: { id: 't' },
  });
});
