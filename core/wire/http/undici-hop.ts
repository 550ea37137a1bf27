import type { Agent, Dispatcher } from 'undici';
import type { Headers, WireRequest } from '../../history/exchange.ts';

export interface HopListener {
  onHead(status: number, headers: Headers): void;
  onData(chunk: Uint8Array): void;
  onEnd(): void;
  onError(error: unknown): void;
}

/** The header fields as on the wire: undici's own are parsed, folded and lower-cased. */
function rawHeaders(raw: Dispatcher.DispatchController['rawHeaders']): Headers {
  if (!Array.isArray(raw)) return [];
  const text = (value: Buffer | string): string => (typeof value === 'string' ? value : value.toString('latin1'));
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) headers.push([text(raw[index]!), text(raw[index + 1]!)]);
  return headers;
}

/**
 * One request and its answer, without redirects, retries or decompression. After `abort` the listener hears nothing more and
 * the connection is closed.
 */
export function sendHop(agent: Agent, request: WireRequest, listener: HopListener): { abort(): void } {
  let controller: Dispatcher.DispatchController | undefined;
  let over = false;
  const stop = (): void => {
    over = true;
    controller?.abort(new Error('stopped by the harness'));
  };
  const fail = (error: unknown): void => {
    if (over) return;
    over = true;
    listener.onError(error);
  };

  try {
    const url = new URL(request.url);
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: request.headers.flat(),
        body: request.bytes === undefined ? request.body : Buffer.from(request.bytes, 'base64'),
        // The port has its own deadlines, on the whole answer.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      {
        onRequestStart(started) {
          controller = started;
          if (over) stop();
        },
        onResponseStart(_, status) {
          // 1xx are not the answer.
          if (!over && status >= 200) listener.onHead(status, rawHeaders(controller?.rawHeaders));
        },
        onResponseData(_, chunk) {
          if (!over) listener.onData(chunk);
        },
        onResponseEnd() {
          if (over) return;
          over = true;
          listener.onEnd();
        },
        onResponseError(_, error) {
          fail(error);
        },
      },
    );
  } catch (error) {
    // A request that cannot be written at all (a header field with a line break, a scheme without a client).
    fail(error);
  }

  return {
    abort() {
      if (!over) stop();
    },
  };
}
