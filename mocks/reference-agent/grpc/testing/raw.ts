import type { IncomingHttpHeaders } from 'node:http2';
import { connect, constants } from 'node:http2';
import { frameOf } from '../frames.ts';
import { serviceName } from '../messages.ts';

/** HTTP/2 as it is, for what no client of gRPC sends, or tells of. */

export interface RawReply {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Code of RST_STREAM, 0 where the stream ended by itself. */
  readonly rst: number;
}

export interface RawRequest {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default a frame with nothing in it. */
  readonly body?: Uint8Array;
}

export async function rawCall(url: string, method: string, request: RawRequest = {}): Promise<RawReply> {
  const session = connect(url);
  // A connection that is cut ends its streams too.
  session.on('error', () => undefined);
  const stream = session.request({
    ':method': 'POST',
    ':path': request.path ?? `/${serviceName}/${method}`,
    'content-type': 'application/grpc',
    'a2a-version': '1.0',
    te: 'trailers',
    ...request.headers,
  });
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  const chunks: Buffer[] = [];
  stream.on('response', (received) => (headers = received));
  stream.on('trailers', (received) => (trailers = received));
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.end(request.body ?? frameOf(Buffer.alloc(0)));
  await closed;
  session.close();
  const rst = stream.rstCode ?? constants.NGHTTP2_NO_ERROR;
  // Without the symbols that node adds.
  const plain = (received: IncomingHttpHeaders): IncomingHttpHeaders => Object.fromEntries(Object.entries(received));
  return { headers: plain(headers), trailers: plain(trailers), body: Buffer.concat(chunks), rst };
}

/** The bytes of the messages in a body; a frame that is cut off is as long as what is there. */
export function messagesIn(body: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const length = body.readUInt32BE(at + 1);
    messages.push(body.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  return messages;
}
