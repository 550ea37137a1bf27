import { constants, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';
import type { Headers, WireRequest } from '../../history/exchange.ts';
import type { Sessions } from './sessions.ts';

export interface CallListener {
  onHead(status: number, headers: Headers): void;
  onData(chunk: Uint8Array): void;
  onTrailers(trailers: Headers): void;
  /** The server ended the stream as it should. */
  onEnd(): void;
  onError(error: unknown): void;
}

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

const codeNames = new Map(
  Object.entries(constants).flatMap(([name, code]) =>
    /^NGHTTP2_(?:[A-Z0-9]+_)*(?:ERROR|CANCEL|STREAM|CLOSED|TIMEOUT|CALM|SECURITY|REQUIRED)$/.test(name) &&
    !name.startsWith('NGHTTP2_ERR_') &&
    typeof code === 'number'
      ? [[code, name.replace('NGHTTP2_', '')] as const]
      : [],
  ),
);

/** Pairs of the raw header block; pseudo-header fields are no header fields. */
function fieldsOf(raw: readonly string[]): Headers {
  const fields: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (!raw[index]!.startsWith(':')) fields.push([raw[index]!, raw[index + 1]!]);
  }
  return fields;
}

function headersOf({ method, url, headers }: WireRequest): OutgoingHttpHeaders {
  const { host, pathname, search, protocol } = new URL(url);
  return {
    ':method': method,
    ':scheme': protocol.slice(0, -1),
    ':authority': host,
    ':path': `${pathname}${search}`,
    ...Object.fromEntries(headers),
  };
}

const isNotProcessed = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_HTTP2_INVALID_SESSION' || error.code === 'ERR_HTTP2_GOAWAY_SESSION');

const resetBy = (code: number): Error =>
  Object.assign(new Error(`the server reset the stream: ${codeNames.get(code) ?? `code ${code}`}`), {
    code: 'ERR_HTTP2_STREAM_ERROR',
  });

/**
 * One call over HTTP/2: a request with its whole body, and what comes back. A stream that the server refused without looking at it
 * (RFC 9113 §8.7) is sent again, once. After `abort` the listener hears nothing more and the stream is reset.
 */
export function startCall(
  sessions: Sessions,
  request: WireRequest,
  data: Uint8Array,
  listener: CallListener,
): { abort(): void } {
  let stream: ClientHttp2Stream | undefined;
  let over = false;
  const finish = (tell: () => void): void => {
    if (over) return;
    over = true;
    tell();
  };

  const begin = async (mayTryAgain: boolean): Promise<void> => {
    const session = await sessions.get(new URL(request.url).origin);
    if (over) return;
    const opened = session.request(headersOf(request), { endStream: false });
    stream = opened;
    let failed: unknown;
    let answered = false;
    opened.on('response', (_headers, _flags, raw?: unknown) => {
      answered = true;
      const fields = raw as readonly string[];
      if (!over) listener.onHead(Number(_headers[':status'] ?? 0), fieldsOf(fields));
    });
    opened.on('trailers', (_headers, _flags, raw?: unknown) => {
      if (!over) listener.onTrailers(fieldsOf(raw as readonly string[]));
    });
    opened.on('data', (chunk: Uint8Array) => {
      if (!over) listener.onData(chunk);
    });
    opened.on('error', (error) => {
      failed = error;
    });
    opened.once('close', () => {
      const { rstCode, aborted } = opened;
      if (rstCode === NGHTTP2_REFUSED_STREAM && !answered && mayTryAgain) return void attempt(false);
      finish(() => {
        if (rstCode !== NGHTTP2_NO_ERROR) listener.onError(sessionError(failed) ?? resetBy(rstCode));
        else if (failed !== undefined) listener.onError(failed);
        else if (aborted || !answered) listener.onError(lost());
        else listener.onEnd();
      });
    });
    opened.end(data);
  };

  const attempt = async (mayTryAgain: boolean): Promise<void> => {
    try {
      await begin(mayTryAgain);
    } catch (error) {
      if (mayTryAgain && isNotProcessed(error)) return attempt(false);
      finish(() => listener.onError(error));
    }
  };
  void attempt(true);

  return {
    abort() {
      over = true;
      stream?.close(NGHTTP2_CANCEL);
    },
  };
}

/** What became of the connection says more than the reset of each of its streams. */
const sessionError = (error: unknown): unknown =>
  error instanceof Error && 'code' in error && error.code !== 'ERR_HTTP2_STREAM_ERROR' ? error : undefined;

const lost = (): Error => Object.assign(new Error('the connection ended inside the answer'), { code: 'ECONNRESET' });
