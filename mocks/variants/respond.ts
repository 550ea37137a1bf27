import type { IncomingMessage, OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** What variants do with responses before the agent writes them. */

export type HttpHook = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Answers in place of the agent, as whatever stands before it does. */
export function answer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  response.writeHead(status, { ...headers, 'Content-Length': String(Buffer.byteLength(body)) });
  response.end(body);
}

/** A request that is answered in any case must have been read. */
export function afterBody(request: IncomingMessage, then: () => void): void {
  request.resume().once('end', then);
}

/** Changes the header fields as they are written. */
export function changeHeaders(
  response: ServerResponse,
  change: (headers: OutgoingHttpHeaders) => OutgoingHttpHeaders,
): void {
  const writeHead = response.writeHead.bind(response) as (
    status: number,
    headers?: OutgoingHttpHeaders,
  ) => ServerResponse;
  const changed = (status: number, headers?: OutgoingHttpHeaders | OutgoingHttpHeader[]): ServerResponse =>
    writeHead(status, change(Array.isArray(headers) ? {} : (headers ?? {})));
  response.writeHead = changed as typeof response.writeHead;
}

/** So many bytes of a chunk are cut finely; the rest, which would only cost time, is not. */
const finelyCut = 150;

/** Sends the body in pieces cut anywhere, also within characters, each on its way before the next is written. */
export function trickle(response: ServerResponse, sizes: readonly number[]): void {
  const write = response.write.bind(response) as (chunk: Uint8Array) => boolean;
  const end = response.end.bind(response) as () => ServerResponse;
  let last = Promise.resolve();
  let turn = 0;
  const send = (chunk: unknown): void => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk as Uint8Array);
    last = last.then(async () => {
      for (let from = 0; from < bytes.length && !response.destroyed;) {
        const size = from < finelyCut ? sizes[turn++ % sizes.length]! : 97;
        write(bytes.subarray(from, from + size));
        from += size;
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  };
  response.socket?.setNoDelay(true);
  response.write = ((chunk: unknown) => {
    send(chunk);
    return true;
  }) as typeof response.write;
  response.end = ((chunk?: unknown) => {
    if (chunk !== undefined && chunk !== null) send(chunk);
    void last.then(() => end());
    return response;
  }) as typeof response.end;
}

/** Calls back later, and never once the process would end otherwise. */
export const later = (ms: number, action: () => void): void => {
  setTimeout(action, ms).unref();
};

export const pause = (ms: number): Promise<void> => new Promise((resolve) => later(ms, resolve));
