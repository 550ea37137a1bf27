import type { ServerHttp2Stream } from 'node:http2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../../../mocks/testing/self-signed-certificate.ts';
import type { Deadlines } from '../../engine/check.ts';
import { curlOf } from '../../history/curl.ts';
import { HistoryRecorder } from '../../history/recorder.ts';
import { ownFaults } from '../../invariants/requests.ts';
import { Inexpressible, type BindingClientOptions } from '../binding-client.ts';
import type { TlsOptions } from '../http/connector.ts';
import type { HttpPort } from '../http/http-port.ts';
import { createHttpPort } from '../http/undici-port.ts';
import { createTaskBudget, type TaskBudget } from '../task-budget.ts';
import { serve, serveBytes } from '../testing/serve.ts';
import { grpcCodec } from './codec.ts';
import { encodeFrame } from './frames.ts';
import { createGrpcClient } from './grpc-client.ts';
import { encodeMessage } from './protobuf.ts';
import { refuse, reply, serveGrpc, type ReceivedCall } from './testing/grpc-server.ts';

const deadlines: Deadlines = { operationMs: 20_000, taskMs: 20_000, graceMs: 20, pollMs: 25 };

let port: HttpPort;
let recorder: HistoryRecorder;
let guard: TaskBudget;

const portWith = (tls: TlsOptions = {}): HttpPort => createHttpPort({ recorder, tls });

beforeEach(() => {
  recorder = new HistoryRecorder('test');
  port = portWith();
  guard = createTaskBudget(100);
});
afterEach(() => port.close());

const client = (url: string, more: Partial<BindingClientOptions> & { tenant?: string } = {}) => {
  const { tenant, ...options } = more;
  const ref = { binding: 'GRPC', version: '1.0', url, ...(tenant === undefined ? {} : { tenant }) };
  return createGrpcClient({ port, interface: ref, deadlines, guard, ...options });
};

const task = { id: 't1', contextId: 'c1', status: { state: 'TASK_STATE_COMPLETED' } };
const message = { messageId: 'm1', role: 'ROLE_USER', parts: [{ text: 'hello' }] };
const framed = (name: string, value: unknown): Uint8Array => encodeFrame(encodeMessage(name, value));
const ok = { 'grpc-status': '0' };
const answerTask = (stream: ServerHttp2Stream): void => reply(stream, [framed('Task', task)], ok);

/** `google.rpc.Status` of TASK_NOT_FOUND with its ErrorInfo, as in `grpc-status-details-bin`. */
const taskNotFound = (reason = 'TASK_NOT_FOUND'): string => {
  const info = Buffer.from(encodeMessage('google.rpc.ErrorInfo', { reason, domain: 'a2a-protocol.org' }));
  const field = (number: number, bytes: Uint8Array): Buffer =>
    Buffer.concat([Buffer.of((number << 3) | 2, bytes.length), bytes]);
  const any = Buffer.concat([field(1, Buffer.from('type.googleapis.com/google.rpc.ErrorInfo')), field(2, info)]);
  return Buffer.concat([Buffer.of(8, 5), field(2, Buffer.from('no such task')), field(3, any)])
    .toString('base64')
    .replace(/=+$/, '');
};

describe('a call', () => {
  test('is one POST of its method with one message; what came back is recorded as on the wire', async () => {
    await using server = await serveGrpc(answerTask);
    const { exchange, reply: said } = await client(server.url).call('GetTask', { id: 't1', historyLength: 0 });
    expect(said).toEqual({ kind: 'result', value: task });
    expect(server.calls[0]).toMatchObject({
      path: '/lf.a2a.v1.A2AService/GetTask',
      headers: { 'content-type': 'application/grpc+proto', te: 'trailers', 'a2a-version': '1.0', ':method': 'POST' },
      message: encodeMessage('GetTaskRequest', { id: 't1', historyLength: 0 }),
    });
    expect(exchange).toMatchObject({
      outcome: 'ok',
      endedBy: 'server',
      request: {
        method: 'POST',
        url: `${server.url}/lf.a2a.v1.A2AService/GetTask`,
        body: '{"id":"t1","historyLength":0}',
        bytes: Buffer.from(framed('GetTaskRequest', { id: 't1', historyLength: 0 })).toString('base64'),
      },
      response: {
        status: 200,
        body: JSON.stringify(task),
        bytes: Buffer.from(framed('Task', task)).toString('base64'),
        trailers: [['grpc-status', '0']],
      },
    });
    expect(ownFaults(recorder.history())).toEqual([]);
    expect(curlOf(exchange)).toBe(
      `grpcurl -plaintext -import-path . -proto a2a.proto -H 'a2a-version: 1.0' -d '{"id":"t1","historyLength":0}' ` +
        `${new URL(server.url).host} lf.a2a.v1.A2AService/GetTask`,
    );
  });

  test('metadata of the user and of the call goes with it, one connection for all', async () => {
    await using server = await serveGrpc(answerTask);
    const own = client(server.url, { headers: { Authorization: 'Bearer x' }, tenant: 'acme' });
    await own.call('GetTask', { id: 't1' }, { headers: { 'A2A-Version': null, 'X-New': '1' }, actor: 'other' });
    await own.call('GetTask', { id: 't1', tenant: 'own' });
    expect(server.calls[0]!.headers).toMatchObject({ authorization: 'Bearer x', 'x-new': '1' });
    expect(server.calls[0]!.headers['a2a-version']).toBeUndefined();
    expect(server.calls.map(({ message: sent }) => sent)).toEqual([
      encodeMessage('GetTaskRequest', { id: 't1', tenant: 'acme' }),
      encodeMessage('GetTaskRequest', { id: 't1', tenant: 'own' }),
    ]);
    expect(server.sessions).toHaveLength(1);
    expect(recorder.history().exchanges[0]?.actor).toBe('other');
  });

  test('an empty message is an answer', async () => {
    await using server = await serveGrpc((stream) => reply(stream, [encodeFrame(new Uint8Array())], ok));
    const params = { taskId: 't1', id: 'c1' };
    const { reply: said } = await client(server.url).call('DeleteTaskPushNotificationConfig', params);
    expect(said).toEqual({ kind: 'result', value: {} });
  });
});

describe('an error', () => {
  test.for<[string, (stream: ServerHttp2Stream, fields: Record<string, string>) => void]>([
    ['in the only header block', refuse],
    ['after a head', (stream, fields) => reply(stream, [], fields)],
  ])('%s is named by its ErrorInfo', async ([, send]) => {
    await using server = await serveGrpc((stream) =>
      send(stream, {
        'grpc-status': '5',
        'grpc-message': 'no task %E2%80%9Ct1%E2%80%9D',
        'grpc-status-details-bin': taskNotFound(),
      }),
    );
    const { exchange, reply: said } = await client(server.url).call('GetTask', { id: 't1' });
    expect(said).toMatchObject({
      kind: 'error',
      error: { name: 'TaskNotFoundError', code: 'NOT_FOUND', message: 'no task “t1”' },
    });
    expect(exchange.outcome).toBe('error');
    expect(JSON.parse(exchange.response!.body)).toMatchObject({
      code: 5,
      message: 'no such task',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'TASK_NOT_FOUND' }],
    });
    expect(grpcCodec.answers(exchange)).toMatchObject([{ said: { kind: 'error', code: 'NOT_FOUND' } }]);
  });

  test.for<[string, string, unknown]>([
    ['5', 'TASK_NOT_FOUND', { possible: ['TaskNotFoundError'] }],
    [
      '3',
      '',
      { possible: ['ContentTypeNotSupportedError', 'InvalidParamsError', 'InvalidRequestError', 'JSONParseError'] },
    ],
    ['13', '', { name: 'InternalError' }],
    ['16', '', { name: undefined, code: 'UNAUTHENTICATED' }],
  ])('status %s without ErrorInfo is what the table leaves open', async ([code, , error]) => {
    await using server = await serveGrpc((stream) => refuse(stream, { 'grpc-status': code }));
    const { reply: said } = await client(server.url).call('GetTask', { id: 't1' });
    expect(said).toMatchObject({ kind: 'error', error });
  });
});

describe('what is no answer', () => {
  test.for<[string, (stream: ServerHttp2Stream) => void, string]>([
    [
      'a page',
      (stream) => (stream.respond({ ':status': 404, 'content-type': 'text/html' }), stream.end('<p>')),
      'no grpc-status',
    ],
    [
      'no trailers',
      (stream) => (stream.respond({ ':status': 200, 'content-type': 'application/grpc' }), stream.end()),
      'no grpc-status',
    ],
    ['OK alone', (stream) => reply(stream, [], ok), 'status OK without a message'],
    ['two messages', (stream) => reply(stream, [framed('Task', task), framed('Task', task)], ok), '2 messages'],
    [
      'a cut message',
      (stream) => reply(stream, [framed('Task', task).subarray(0, 9)], ok),
      '9 bytes that are part of no',
    ],
    ['a compressed one', (stream) => reply(stream, [encodeFrame(encodeMessage('Task', task), 1)], ok), 'compressed'],
    ['no Task', (stream) => reply(stream, [encodeFrame(Buffer.from('0a7f61', 'hex'))], ok), 'the bytes are no Task'],
    ['a status of its own', (stream) => refuse(stream, { 'grpc-status': 'fine' }), '"fine" is no status'],
  ])('%s', async ([, answer, why]) => {
    await using server = await serveGrpc(answer);
    const { exchange, reply: said } = await client(server.url).call('GetTask', { id: 't1' });
    expect(said).toMatchObject({ kind: 'malformed', why: expect.stringContaining(why) as string });
    expect(exchange).toMatchObject({ outcome: 'error', endedBy: 'server' });
  });

  test('a stream that the server resets, with the reason', async () => {
    await using server = await serveGrpc((stream) => stream.close(2));
    const { exchange, reply: said } = await client(server.url).call('GetTask', { id: 't1' });
    expect(said).toMatchObject({ kind: 'none', failure: { kind: 'reset' } });
    expect(exchange).toMatchObject({ outcome: 'indefinite', endedBy: 'broken' });
    expect(exchange.failure?.message).toContain('INTERNAL_ERROR');
  });

  test('a server of HTTP/1.1 alone', async () => {
    await using server = await serve((_, response) => response.end('hello'));
    const { reply: said } = await client(server.url).call('GetTask', { id: 't1' });
    expect(said.kind).toBe('none');
  });

  test('a connection that ends, and a port where nobody listens', async () => {
    await using server = await serveBytes((socket) => socket.destroy());
    expect((await client(server.url).call('GetTask', { id: 't1' })).reply.kind).toBe('none');
    await server.close();
    const { reply: said } = await client(server.url).call('GetTask', { id: 't1' });
    expect(said).toMatchObject({ kind: 'none', failure: { kind: 'refused' } });
  });

  test('silence', async () => {
    await using server = await serveGrpc(() => undefined);
    const { reply: said } = await client(server.url).call('GetTask', { id: 't1' }, { timeoutMs: 30 });
    expect(said).toMatchObject({ kind: 'none', failure: { kind: 'timeout' } });
  });
});

test('a connection that the server takes its leave of is made anew', async () => {
  await using server = await serveGrpc((stream) => {
    answerTask(stream);
    stream.session?.goaway();
  });
  const own = client(server.url);
  await own.call('GetTask', { id: 't1' });
  expect((await own.call('GetTask', { id: 't1' })).reply.kind).toBe('result');
});

test('a call that the server refused without a look at it is sent again, once', async () => {
  let first = true;
  await using server = await serveGrpc((stream) => {
    if (first) stream.close(7);
    else answerTask(stream);
    first = false;
  });
  expect((await client(server.url).call('GetTask', { id: 't1' })).reply.kind).toBe('result');
  expect(recorder.history().exchanges).toHaveLength(1);
});

const update = (state: string) => ({ statusUpdate: { taskId: 't1', contextId: 'c1', status: { state } } });

describe('a stream', () => {
  test('brings its messages as they come, cut anywhere', async () => {
    const messages = [{ task }, update('TASK_STATE_WORKING')].map((value) => framed('StreamResponse', value));
    await using server = await serveGrpc((stream) => {
      const bytes = Buffer.concat(messages);
      reply(stream, [bytes.subarray(0, 3), bytes.subarray(3, 20), bytes.subarray(20)], ok);
    });
    const handle = await client(server.url).stream('SendStreamingMessage', { message });
    expect(handle.opened).toBe(true);
    const { exchange, events, reply: said } = await handle.done;
    expect(events.map((event) => event.reply)).toEqual([
      { kind: 'result', value: { task } },
      { kind: 'result', value: update('TASK_STATE_WORKING') },
    ]);
    expect(said).toBeUndefined();
    expect(exchange).toMatchObject({ outcome: 'ok', endedBy: 'server' });
    expect(exchange.events[0]).toMatchObject({ data: JSON.stringify({ task }), bytes: expect.any(String) as string });
    const before = guard.used;
    await client(server.url).call('SendMessage', { message: { ...message, taskId: 't1' } });
    expect(guard.used).toBe(before);
  });

  test.for<[string, (stream: ServerHttp2Stream, fields: Record<string, string>) => void]>([
    ['at once', refuse],
    ['after a head', (stream, fields) => reply(stream, [], fields)],
  ])('that is refused %s is none', async ([, send]) => {
    await using server = await serveGrpc((stream) =>
      send(stream, { 'grpc-status': '9', 'grpc-status-details-bin': taskNotFound('UNSUPPORTED_OPERATION') }),
    );
    const handle = await client(server.url).stream('SubscribeToTask', { id: 't1' });
    expect(handle.opened).toBe(false);
    expect((await handle.done).reply).toMatchObject({ kind: 'error', error: { name: 'UnsupportedOperationError' } });
  });

  test('that ends in an error has it as its last event', async () => {
    await using server = await serveGrpc((stream) =>
      reply(stream, [framed('StreamResponse', { task })], { 'grpc-status': '13', 'grpc-message': 'broken' }),
    );
    const handle = await client(server.url).stream('SendStreamingMessage', { message });
    const { events, exchange } = await handle.done;
    expect(events.map((event) => event.reply)).toMatchObject([
      { kind: 'result' },
      { kind: 'error', error: { name: 'InternalError', code: 'INTERNAL', message: 'broken' } },
    ]);
    expect(exchange.outcome).toBe('ok');
    expect(grpcCodec.answers(exchange).map(({ said }) => said.kind)).toEqual(['result', 'error']);
  });

  test('that is left by the client is reset, and what came is an answer', async () => {
    const left = Promise.withResolvers<number>();
    await using server = await serveGrpc((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.write(framed('StreamResponse', { task }));
      stream.on('close', () => left.resolve(stream.rstCode));
    });
    const handle = await client(server.url).stream('SendStreamingMessage', { message });
    await handle.next(() => true, deadlines.operationMs);
    handle.close();
    const { exchange } = await handle.done;
    expect(exchange).toMatchObject({ endedBy: 'client', outcome: 'ok' });
    expect(exchange.failure).toBeUndefined();
    expect(await left.promise).toBe(8);
  });

  test('that never ends is ended by its deadline; one that breaks off says so', async () => {
    await using server = await serveGrpc((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.write(framed('StreamResponse', { task }));
    });
    const open = () => client(server.url).stream('SendStreamingMessage', { message }, { streamMs: 50 });
    expect((await (await open()).done).exchange).toMatchObject({ endedBy: 'deadline', outcome: 'ok' });
    const handle = await client(server.url).stream('SendStreamingMessage', { message });
    server.sessions[0]!.destroy();
    expect((await handle.done).exchange).toMatchObject({ endedBy: 'broken', outcome: 'ok' });
  });

  test('whose head alone came is open', async () => {
    await using server = await serveGrpc((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    });
    const handle = await client(server.url).stream(
      'SendStreamingMessage',
      { message },
      { timeoutMs: 30, streamMs: 90 },
    );
    expect(handle.opened).toBe(true);
    expect((await handle.done).exchange).toMatchObject({ endedBy: 'deadline', outcome: 'indefinite' });
  });
});

describe('what is wrong on purpose', () => {
  const answer = (stream: ServerHttp2Stream): void => refuse(stream, { 'grpc-status': '12' });

  test('raw bytes go as they are, to any method, without any header', async () => {
    await using server = await serveGrpc(answer);
    const own = client(server.url);
    const bytes = encodeFrame(new Uint8Array([1]), 1, 9);
    await own.raw({ body: null, bytes, violation: 'a prefix that lies', operation: 'GetTask' });
    const headers = { te: null, 'content-type': null };
    const path = '/lf.a2a.v1.A2AService/Gauntlet';
    await own.raw({ body: 'text', violation: 'no message, no such method', path }, { headers });
    await own.raw({ body: null, bytes, violation: 'a send', path: '/lf.a2a.v1.A2AService/SendMessage' });
    expect(server.calls.map(({ path: at, body }) => [at, body.toString('hex')])).toEqual([
      ['/lf.a2a.v1.A2AService/GetTask', '010000000901'],
      [path, '74657874'],
      ['/lf.a2a.v1.A2AService/SendMessage', '010000000901'],
    ]);
    expect(server.calls[1]!.headers).not.toHaveProperty('te');
    expect(server.calls[1]!.headers).not.toHaveProperty('content-type');
    expect(guard.used).toBe(1);
    expect(recorder.history().exchanges[1]).toMatchObject({
      intent: { kind: 'malformed', violation: 'no message, no such method' },
      request: { body: 'text', bytes: 'dGV4dA==' },
    });
    expect(curlOf(recorder.history().exchanges[1]!)).toMatch(/^echo dGV4dA== \| base64 -d \| curl .*prior-knowledge/);
  });

  test('params that can be said are sent; a wrong type cannot', async () => {
    await using server = await serveGrpc(answer);
    const own = client(server.url);
    await own.callMalformed('SendMessage', {}, 'no message');
    await own.callMalformed('SendStreamingMessage', {}, 'no message');
    await expect(own.callMalformed('GetTask', { id: 't', historyLength: 'many' }, 'a word')).rejects.toThrow(
      Inexpressible,
    );
    expect(server.calls.map(({ path }) => path.split('/').at(-1))).toEqual(['SendMessage', 'SendStreamingMessage']);
    expect(guard.used).toBe(2);
  });
});

describe('the path in the URL of an interface', () => {
  const at =
    (prefix: string) =>
    (stream: ServerHttp2Stream, { path }: ReceivedCall) =>
      path.startsWith(`${prefix}/lf.`) ? answerTask(stream) : refuse(stream, { 'grpc-status': '12' });
  const paths = (calls: readonly ReceivedCall[]): readonly string[] =>
    calls.map(({ path }) => path.replace('/lf.a2a.v1.A2AService', ''));

  test.for<[string, string, readonly string[]]>([
    ['not part of the call', '', ['/GetTask', '/GetTask']],
    [
      'used by a server that knows its methods there only',
      '/a2a/grpc',
      ['/GetTask', '/a2a/grpc/GetTask', '/a2a/grpc/GetTask'],
    ],
    [
      'forgotten where nothing answers there either',
      '/other',
      ['/GetTask', '/a2a/grpc/GetTask', '/GetTask', '/a2a/grpc/GetTask'],
    ],
  ])('is %s', async ([, prefix, expected]) => {
    await using server = await serveGrpc(at(prefix));
    const own = client(`${server.url}/a2a/grpc/`);
    await own.call('GetTask', { id: 't1' });
    const { exchange } = await own.call('GetTask', { id: 't1' });
    expect(paths(server.calls)).toEqual(expected);
    expect(exchange.outcome).toBe(prefix === '/other' ? 'error' : 'ok');
    expect(ownFaults(recorder.history())).toEqual([]);
  });
});

describe('TLS', () => {
  const { key, cert } = selfSignedCertificate();
  const own = selfSignedCertificate('localhost');

  test('is spoken to https, with trust by its authority', async () => {
    await using server = await serveGrpc(answerTask, { key, cert });
    const distrusting = await client(server.url).call('GetTask', { id: 't1' });
    expect(distrusting.reply).toMatchObject({ kind: 'none', failure: { kind: 'tls' } });
    await port.close();
    port = portWith({ ca: cert });
    expect((await client(server.url).call('GetTask', { id: 't1' })).reply.kind).toBe('result');
  });

  test('shows the certificate of the client where it may', async () => {
    await using server = await serveGrpc(answerTask, { key, cert, ca: own.cert, requestCert: true });
    for (const may of [false, true]) {
      await port.close();
      port = portWith({ ca: cert, client: { ...own, mayPresentTo: (origin) => may && origin === server.url } });
      expect((await client(server.url).call('GetTask', { id: 't1' })).reply.kind).toBe(may ? 'result' : 'none');
    }
  });
});
