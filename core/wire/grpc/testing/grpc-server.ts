import { once } from 'node:events';
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { readFrames } from '../frames.ts';

/** A call as a test server received it. */
export interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The first message; empty where the body has none. */
  readonly message: Uint8Array;
}

export interface GrpcTestServer extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
  /** Of every connection so far. */
  readonly sessions: readonly ServerHttp2Session[];
}

/** A real server of HTTP/2 on a port of the system's choice: with prior knowledge, or over TLS; disposing it cuts its connections. */
export async function serveGrpc(
  answer: (stream: ServerHttp2Stream, call: ReceivedCall) => void,
  tls?: SecureServerOptions,
): Promise<GrpcTestServer> {
  const calls: ReceivedCall[] = [];
  const sessions: ServerHttp2Session[] = [];
  const server: Http2Server = tls === undefined ? createServer() : (createSecureServer(tls) as unknown as Http2Server);
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const body = Buffer.concat(chunks);
      const message = Uint8Array.from(readFrames(body).frames[0]?.message ?? []);
      const call = { path: String(headers[':path']), headers, body, message };
      calls.push(call);
      answer(stream, call);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    calls,
    sessions,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

type Fields = Readonly<Record<string, string>>;

/** Head, messages as they are (prefixes included), trailers. */
export function reply(
  stream: ServerHttp2Stream,
  messages: readonly Uint8Array[],
  trailers: Fields,
  head: Fields = {},
): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto', ...head }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  for (const message of messages) stream.write(message);
  stream.end();
}

/** One header block that is the whole answer ("Trailers-Only"). */
export function refuse(stream: ServerHttp2Stream, fields: Fields): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...fields }, { endStream: true });
}
