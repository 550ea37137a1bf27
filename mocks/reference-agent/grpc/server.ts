import { once } from 'node:events';
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { constants, createSecureServer, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { faultOn } from '../bindings.ts';
import type { GrpcReply, HttpAnswer, HttpQuestion, ReplyContext } from '../hooks.ts';
import type { Settings } from '../settings.ts';
import type { Timers } from '../timers.ts';
import { connectionsOf, serverOptions } from '../tls.ts';
import type { GrpcAnswer, GrpcBinding } from './binding.ts';
import { plainReply } from './binding.ts';
import { frameOf, timeoutOf } from './frames.ts';
import { plainStatus, StatusError, trailersOf } from './status.ts';

/** gRPC over HTTP/2 on a port of its own: by TLS with ALPN, or without, where clients know beforehand what is spoken. */

export interface GrpcServer {
  /** Rejects where the port cannot be had. */
  listen(port: number, host: string): Promise<void>;
  address(): AddressInfo;
  /** Cuts all connections. */
  close(): Promise<void>;
}

const questionOf = (headers: IncomingHttpHeaders): HttpQuestion => ({
  method: headers[constants.HTTP2_HEADER_METHOD] as string,
  path: headers[constants.HTTP2_HEADER_PATH] as string,
  query: new URLSearchParams(),
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  ),
});

/** The whole body; undefined where the client goes away in the middle, StatusError where it is too large. */
function readBody(stream: ServerHttp2Stream, limit: number): Promise<Buffer[] | StatusError | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else resolve(new StatusError('RESOURCE_EXHAUSTED', `A request must not be larger than ${limit} bytes`));
    });
    stream.once('end', () => resolve(chunks));
    stream.once('close', () => resolve(undefined));
  });
}

export function createGrpcServer(settings: Settings, binding: GrpcBinding, timers: Timers): GrpcServer {
  const fault = faultOn(settings.fault, 'GRPC');
  const sessions = new Set<ServerHttp2Session>();
  const options = settings.fault?.grpcServer ?? {};
  const server: Http2Server =
    settings.tls === undefined
      ? createServer(options)
      : (createSecureServer({ ...options, ...serverOptions(settings.tls) }) as unknown as Http2Server);
  const cutConnections = connectionsOf(server);

  const gone = (stream: ServerHttp2Stream): boolean => stream.destroyed || stream.closed;
  const reset = (stream: ServerHttp2Stream): void => stream.close(constants.NGHTTP2_INTERNAL_ERROR);

  const fail = (stream: ServerHttp2Stream, error: unknown): void => {
    settings.log({ level: 'error', event: 'request failed', detail: String(error) });
    if (!gone(stream)) reset(stream);
  };

  const sendHttp = (stream: ServerHttp2Stream, { status, headers, body }: HttpAnswer): void => {
    const own = Object.entries(headers).filter(([name]) => !/^(connection|transfer-encoding)$/i.test(name));
    stream.respond({ ':status': status, ...Object.fromEntries(own) });
    stream.end(body);
  };

  /** At the speed at which the client reads. */
  const write = async (stream: ServerHttp2Stream, message: Uint8Array): Promise<void> => {
    if (stream.write(frameOf(message))) return;
    const settled = new AbortController();
    const { signal } = settled;
    try {
      await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]);
    } finally {
      // Leaves no listener behind, however often the client is slow.
      settled.abort();
    }
  };

  const begin = (stream: ServerHttp2Stream, headers: Readonly<Record<string, string>>): void =>
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...headers }, { waitForTrailers: true });

  /** Messages and status; on a stream that has begun its end. Undefined hangs. */
  const finish = async (stream: ServerHttp2Stream, plain: GrpcReply, context: ReplyContext): Promise<void> => {
    const reply = fault?.grpcReply?.(plain, { ...context, stream: stream.headersSent }) ?? plain;
    if (reply === 'hang') return;
    if (reply === 'reset') return reset(stream);
    const { headers, messages, status, trailers } = reply;
    const last = { ...(status ? trailersOf(status) : {}), ...trailers };
    if (!stream.headersSent && messages.length === 0) {
      const only = { ':status': 200, 'content-type': 'application/grpc', ...headers, ...last };
      stream.respond(only, { endStream: true });
      return;
    }
    stream.once('wantTrailers', () => stream.sendTrailers(last));
    if (!stream.headersSent) begin(stream, headers);
    for (const message of messages) await write(stream, message);
    stream.end();
  };

  const writeStream = async (
    stream: ServerHttp2Stream,
    answer: Extract<GrpcAnswer, { kind: 'stream' }>,
  ): Promise<void> => {
    let ended = false;
    stream.once('close', () => {
      if (!ended) answer.stream.cancel();
    });
    begin(stream, {});
    for (let index = 0; ; index += 1) {
      const item = await answer.stream.next();
      // A stream whose deadline has passed has had its end.
      if (gone(stream) || stream.writableEnded) return;
      if (!('end' in item)) {
        await write(stream, answer.message(item.event, index));
        continue;
      }
      ended = true;
      if (item.end === 'close') await finish(stream, plainReply, answer.context);
      if (item.end === 'reset') reset(stream);
      return;
    }
  };

  /** The task goes on, whatever becomes of the call. */
  const expire = async (stream: ServerHttp2Stream, ms: number, question: HttpQuestion, signal: AbortSignal) => {
    try {
      await timers.delay(ms, signal);
    } catch {
      // The call has ended, or the agent has.
      return;
    }
    if (gone(stream) || stream.writableEnded) return;
    const { context } = binding.refuse(new StatusError('DEADLINE_EXCEEDED', ''), question);
    const status = plainStatus('DEADLINE_EXCEEDED', `The deadline of ${ms} ms has passed`);
    await finish(stream, { ...plainReply, status }, context);
    // Ends what the operation still wanted to stream.
    stream.emit('expired');
  };

  const handle = async (stream: ServerHttp2Stream, question: HttpQuestion): Promise<void> => {
    const intercepted = settings.fault?.intercept?.(question);
    if (intercepted === 'hang') return;
    if (intercepted === 'reset') {
      stream.session?.destroy();
      return;
    }
    if (intercepted) return sendHttp(stream, intercepted);
    if (question.method !== 'POST') return sendHttp(stream, { status: 405, headers: { allow: 'POST' }, body: '' });
    if (!/^application\/grpc($|[+;])/i.test(question.headers['content-type'] ?? '')) {
      return sendHttp(stream, { status: 415, headers: {}, body: '' });
    }
    const send = async (answer: GrpcAnswer): Promise<void> => {
      if (answer.kind === 'stream') {
        if (gone(stream) || stream.headersSent) return answer.stream.cancel();
        stream.once('expired', () => answer.stream.cancel());
        return writeStream(stream, answer);
      }
      if (!gone(stream) && !stream.headersSent) await finish(stream, answer.reply, answer.context);
    };
    try {
      const deadline = timeoutOf(question.headers['grpc-timeout']);
      if (deadline !== undefined) {
        const over = new AbortController();
        stream.once('close', () => over.abort());
        expire(stream, deadline, question, over.signal).catch((error: unknown) => fail(stream, error));
      }
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      stream.resume();
      return send(binding.refuse(error, question));
    }
    const limit = fault?.policy?.bodyLimitIgnored ? Number.MAX_SAFE_INTEGER : settings.maxBodyBytes;
    const chunks = await readBody(stream, limit);
    if (chunks === undefined) return;
    if (chunks instanceof StatusError) return send(binding.refuse(chunks, question));
    const body = fault?.requestBody?.(chunks) ?? Buffer.concat(chunks);
    await send(await binding.handle({ question, body }));
  };

  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    // A client that goes away, or that speaks something else.
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const next = (own = headers): void => {
      handle(stream, questionOf(own)).catch((error: unknown) => fail(stream, error));
    };
    if (fault?.grpcCall) fault.grpcCall(stream, headers, next);
    else next();
  });

  return {
    async listen(port, host) {
      server.listen(port, host);
      await once(server, 'listening');
    },
    address: () => server.address() as AddressInfo,
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const session of sessions) session.destroy();
      cutConnections();
      await closed.promise;
    },
  };
}
