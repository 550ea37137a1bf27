import { connect as connectTcp } from 'node:net';
import { constants } from 'node:http2';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningAgent } from '../agent.ts';
import { startReferenceAgent } from '../agent.ts';
import type { Fault } from '../hooks.ts';
import { message } from '../test-client.ts';
import { isTerminal } from '../types.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import { frameOf } from './frames.ts';
import { methods } from './messages.ts';
import { codeNames } from './status.ts';
import { grpcClient } from './testing/client.ts';
import type { RawRequest } from './testing/raw.ts';
import { messagesIn, rawCall } from './testing/raw.ts';

/** gRPC on the wire, and the hooks that only it has. */

const start = (fault: Fault = {}): Promise<RunningAgent> =>
  startReferenceAgent({ stepMs: 1, bindings: ['GRPC'], fault });

let agent: RunningAgent;
beforeAll(async () => {
  agent = await start();
});
afterAll(() => agent.close());

const call = (method: string, request: RawRequest = {}, { grpcUrl = '' }: RunningAgent = agent) =>
  rawCall(grpcUrl, method, request);
const statusOf = ({ 'grpc-status': code }: Readonly<Record<string, unknown>>) => codeNames[Number(code)];
const framed = (method: keyof typeof methods, json: object): Buffer =>
  frameOf(encodeMessage(methods[method].request, json));
const send = (text: string): Buffer => framed('SendMessage', { message: message([{ text }]) });
const deleted = frameOf(Buffer.alloc(0));

describe('on the wire', () => {
  test('a result: headers, one frame, trailers', async () => {
    const { headers, body, trailers, rst } = await call('ListTasks');
    expect(headers).toMatchObject({ ':status': 200, 'content-type': 'application/grpc' });
    expect(headers).not.toHaveProperty('grpc-status');
    expect(messagesIn(body)).toHaveLength(1);
    expect([trailers, rst]).toEqual([{ 'grpc-status': '0' }, 0]);
  });

  test('an error: trailers only, text in percent encoding, details in base64 without padding', async () => {
    const { headers, body, trailers } = await call('GetTask', { body: framed('GetTask', { id: 'x' }) });
    expect(headers).toMatchObject({ ':status': 200, 'grpc-status': '5', 'grpc-message': 'Task not found' });
    expect(headers['grpc-status-details-bin']).toMatch(/^[\w+/]+$/);
    expect([body.length, trailers]).toEqual([0, {}]);
    const { headers: version } = await call('GetTask', { headers: { 'a2a-version': '9%' } });
    expect(version['grpc-message']).toBe("A2A version '9%25' is not supported");
  });

  test.for([
    ['no message', { body: Buffer.alloc(0) }, 'UNIMPLEMENTED'],
    ['two messages', { body: Buffer.concat([deleted, deleted]) }, 'UNIMPLEMENTED'],
    ['a compressed message', { body: Buffer.from([1, 0, 0, 0, 0]) }, 'UNIMPLEMENTED'],
    ['half a prefix', { body: Buffer.from([0, 0]) }, 'INTERNAL'],
    ['half a message', { body: Buffer.from([0, 0, 0, 0, 2, 0]) }, 'INTERNAL'],
    ['what is no string', { body: frameOf(Buffer.from([0x0a, 1, 0xff])) }, 'INTERNAL'],
    ['no timeout', { headers: { 'grpc-timeout': 'soon' } }, 'INTERNAL'],
    ['another service', { path: '/a2a.v1.A2AService/ListTasks' }, 'UNIMPLEMENTED'],
    ['no version', { headers: { 'a2a-version': '' } }, 'FAILED_PRECONDITION'],
    ['a type with a suffix', { headers: { 'content-type': 'application/grpc+proto' } }, 'OK'],
  ] as const)('%s', async ([, request, expected]) => {
    const { headers, trailers } = await call('ListTasks', request);
    expect(statusOf({ ...headers, ...trailers })).toBe(expected);
  });

  test('what is not gRPC gets the statuses of HTTP', async () => {
    expect((await call('ListTasks', { headers: { 'content-type': 'application/json' } })).headers[':status']).toBe(415);
    expect((await call('ListTasks', { headers: { ':method': 'PUT' } })).headers[':status']).toBe(405);
  });

  test('a message that does not fit into the window of the client', async () => {
    const text = 'x'.repeat(1_000_000);
    const { body, trailers } = await call('SendStreamingMessage', { body: send(text) });
    expect(statusOf(trailers)).toBe('OK');
    expect(messagesIn(body).some((bytes) => bytes.length > text.length)).toBe(true);
  });

  test('HTTP/1.1 is not spoken, and harms nobody', async () => {
    const { hostname, port } = new URL(agent.grpcUrl ?? '');
    const socket = connectTcp(Number(port), hostname);
    socket.on('error', () => undefined).resume();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'close');
    expect(statusOf((await call('ListTasks')).trailers)).toBe('OK');
  });

  test('the deadline ends a blocking call and a stream; the task goes on', async () => {
    const made = Promise.withResolvers<string>();
    await using own = await start({ taskId: (id) => (made.resolve(id), id) });
    const headers = { 'grpc-timeout': '50m' };
    const blocked = await call('SendMessage', { headers, body: send('tck-cancel') }, own);
    expect(statusOf(blocked.headers)).toBe('DEADLINE_EXCEEDED');
    const id = await made.promise;
    const streamed = await call('SubscribeToTask', { headers, body: framed('SubscribeToTask', { id }) }, own);
    // Without trailers where the deadline passes before the stream begins.
    expect(statusOf({ ...streamed.headers, ...streamed.trailers })).toBe('DEADLINE_EXCEEDED');
    using client = grpcClient(own);
    expect(isTerminal((await client.get(id)).status.state)).toBe(false);
  });
});

describe('hooks', () => {
  test('grpcReply: metadata, messages, status and trailers of a result, an error and the end of a stream', async () => {
    await using own = await start({
      grpcReply: (reply, { method, stream, errorCode, binding }) => ({
        headers: { ...reply.headers, 'x-method': method ?? 'none' },
        messages: reply.messages.map((bytes) => Buffer.concat([bytes, Buffer.from([0xff])])),
        status: reply.status && { ...reply.status, message: 'ü', details: Uint8Array.of(1, 2, 3) },
        trailers: { 'x-context': [binding, stream, errorCode ?? 'none'].join(' ') },
      }),
    });
    const result = await call('ListTasks', {}, own);
    expect(result.headers['x-method']).toBe('ListTasks');
    expect(messagesIn(result.body)[0]?.at(-1)).toBe(0xff);
    expect(result.trailers).toEqual({
      'grpc-status': '0',
      'grpc-message': '%C3%BC',
      'grpc-status-details-bin': 'AQID',
      'x-context': 'GRPC false none',
    });
    const error = await call('GetTask', { body: framed('GetTask', { id: 'x' }) }, own);
    expect(error.headers).toMatchObject({
      'grpc-status': '5',
      'x-context': 'GRPC false -32001',
      'x-method': 'GetTask',
    });
    const stream = await call('SendStreamingMessage', { body: send('replies-with-message') }, own);
    expect(stream.trailers).toMatchObject({ 'grpc-status': '0', 'x-context': 'GRPC true none' });
  });

  test('grpcReply: other statuses of HTTP, and none of gRPC', async () => {
    await using own = await start({
      grpcReply: (reply, { method }) =>
        method === 'ListTasks'
          ? { ...reply, status: undefined }
          : { ...reply, headers: { ':status': '503', 'content-type': 'text/html' }, messages: [], status: undefined },
    });
    const silent = await call('ListTasks', {}, own);
    expect([messagesIn(silent.body).length, silent.trailers]).toEqual([1, {}]);
    const { headers } = await call('GetTask', {}, own);
    expect(headers).toMatchObject({ ':status': 503, 'content-type': 'text/html' });
    expect(headers).not.toHaveProperty('grpc-status');
  });

  test('grpcReply: hang and reset', async () => {
    await using own = await start({ grpcReply: (_, { method }) => (method === 'ListTasks' ? 'hang' : 'reset') });
    expect((await call('GetTask', {}, own)).rst).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    const hanging = call('ListTasks', {}, own).then(() => 'ended');
    expect(await Promise.race([hanging, call('GetTask', {}, own).then(() => 'still waiting')])).toBe('still waiting');
    await own.close();
    expect(await hanging).toBe('ended');
  });

  test('grpcEvent and payload', async () => {
    await using own = await start({
      payload: (payload, { stream }) =>
        stream ? { ...payload, task: undefined, message: { messageId: 'mine' } } : payload,
      grpcEvent: (bytes, { index }) => (index === 0 ? bytes : Buffer.alloc(0)),
    });
    const { body } = await call('SendStreamingMessage', { body: send('completes') }, own);
    const events = messagesIn(body).map((bytes) => decodeMessage(methods.SendStreamingMessage.response, bytes));
    expect(events).toEqual([{ message: { messageId: 'mine' } }, {}, {}, {}]);
  });

  test('result, error, and an answer with nothing in it', async () => {
    await using own = await start({
      result: () => null,
      error: ({ code, message: text }) =>
        code === -32001 ? { code: -32603, message: text, httpStatus: 503 } : { result: {} },
    });
    expect(messagesIn((await call('ListTasks', {}, own)).body)).toEqual([Buffer.alloc(0)]);
    const { headers } = await call('GetTask', { body: framed('GetTask', { id: 'x' }) }, own);
    expect(statusOf(headers)).toBe('UNAVAILABLE');
    expect(statusOf((await call('GetTask', {}, own)).trailers)).toBe('OK');
  });

  test.for([
    ['close', 0, 'OK'],
    ['reset', constants.NGHTTP2_INTERNAL_ERROR, undefined],
  ] as const)('streamEnd: %s', async ([end, rst, status]) => {
    await using own = await start({ streamEnd: () => end });
    const reply = await call('SendStreamingMessage', { body: send('completes') }, own);
    expect([reply.rst, statusOf(reply.trailers)]).toEqual([rst, status]);
    expect(messagesIn(reply.body).length).toBeGreaterThan(1);
  });

  test('intercept: an answer of HTTP, and a connection that is cut', async () => {
    await using own = await start({
      intercept: ({ path }) =>
        path.endsWith('ListTasks') ? { status: 503, headers: { 'Retry-After': '1' }, body: 'busy' } : 'reset',
    });
    const { headers, body } = await call('ListTasks', {}, own);
    expect([headers[':status'], headers['retry-after'], body.toString()]).toEqual([503, '1', 'busy']);
    expect((await call('GetTask', {}, own)).headers).toEqual({});
  });

  test('requestBody', async () => {
    await using own = await start({ requestBody: () => framed('GetTask', { id: 'another' }) });
    using client = grpcClient(own);
    expect((await client.call('GetTask', { id: 'x' })).error.data[0]?.metadata?.['taskId']).toBe('another');
  });

  test('a hook that throws resets the stream, and nothing else', async () => {
    await using own = await start({
      grpcReply: (reply, { method }) => {
        if (method === 'GetTask') throw new Error('broken');
        return reply;
      },
    });
    expect((await call('GetTask', {}, own)).rst).not.toBe(0);
    expect((await call('GetTask', { headers: { 'grpc-timeout': '1n' } }, own)).rst).not.toBe(0);
    expect(statusOf((await call('ListTasks', {}, own)).trailers)).toBe('OK');
  });
});
