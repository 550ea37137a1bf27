import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { entityTag, paths } from './card.ts';
import { bodyTypeNotSupported, invalidRequest, type OperationError } from './errors.ts';
import type { HttpAnswer, HttpQuestion } from './hooks.ts';
import type { JsonRpc, RpcAnswer } from './jsonrpc.ts';
import type { Settings } from './settings.ts';
import { eventStreamHeaders, frameOf, writeEventStream } from './sse.ts';
import type { Timers } from './timers.ts';

/** Routes: the card, the keys of its signatures, the JSON-RPC endpoint, and where authorizations are granted. */
export interface Routes {
  /** Serialised once: the signature is not the same twice. */
  readonly card: () => string;
  readonly jwks: () => string;
  readonly jsonrpc: JsonRpc;
  /** False for an unknown authorization request. */
  readonly grant: (grantId: string) => boolean;
  readonly startedAt: Date;
}

/** How much of a body beyond the limit is read and thrown away so that the client gets to see the answer. */
const discardFactor = 16;

type BodyResult =
  { readonly kind: 'body'; readonly body: Buffer } | { readonly kind: 'too-large' } | { readonly kind: 'aborted' };

async function readBody(
  request: IncomingMessage,
  limit: number,
  join: (chunks: readonly Buffer[]) => Buffer = Buffer.concat,
): Promise<BodyResult> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      if (size > limit * discardFactor) return { kind: 'too-large' };
    }
  } catch {
    // The client has gone away in the middle of its request: there is nobody to tell.
    return { kind: 'aborted' };
  }
  return size > limit ? { kind: 'too-large' } : { kind: 'body', body: join(chunks) };
}

function questionOf(request: IncomingMessage): HttpQuestion | undefined {
  if (!URL.canParse(request.url ?? '', 'http://localhost')) return undefined;
  const url = new URL(request.url ?? '', 'http://localhost');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  return { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, headers };
}

const plainText = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpAnswer => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  body,
});

const notFound = plainText(404, 'Not Found\n');
const methodNotAllowed = (allow: string): HttpAnswer => plainText(405, 'Method Not Allowed\n', { Allow: allow });

const etagMatches = (header: string, etag: string): boolean =>
  header.split(',').some((candidate) => ['*', etag].includes(candidate.trim().replace(/^W\//, '')));

/** §8.6.1 and RFC 9110 §13: If-None-Match comes before If-Modified-Since. */
function notModified({ headers }: HttpQuestion, etag: string, modified: Date): boolean {
  if (headers['if-none-match'] !== undefined) return etagMatches(headers['if-none-match'], etag);
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && Math.floor(modified.getTime() / 1000) * 1000 <= since;
}

/** What is wrong with the form of the body, if anything: §9.1 wants JSON, RFC 8259 wants UTF-8. */
function mediaTypeError({ headers }: HttpQuestion): OperationError | undefined {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') return bodyTypeNotSupported('Content-Encoding', encoding, 'identity');
  const given = headers['content-type'] ?? 'application/json';
  const [type = '', ...parameters] = given.toLowerCase().split(';');
  const charset = /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/;
  const foreign = parameters.some((parameter) => !['utf-8', 'utf8', undefined].includes(charset.exec(parameter)?.[1]));
  if (type.trim() === 'application/json' && !foreign) return undefined;
  return bodyTypeNotSupported('Content-Type', given, 'application/json');
}

const isStreamingError = ({ context: { method, errorCode } }: RpcAnswer): boolean =>
  errorCode !== undefined && (method === 'SendStreamingMessage' || method === 'SubscribeToTask');

export function createHttpServer(settings: Settings, routes: Routes, timers: Timers): Server {
  const { fault } = settings;

  const send = (response: ServerResponse, { status, headers, body }: HttpAnswer, withoutBody = false): void => {
    const carriesBody = status !== 204 && status !== 304;
    response.writeHead(status, {
      ...headers,
      ...(carriesBody ? { 'Content-Length': String(Buffer.byteLength(body)) } : {}),
    });
    response.end(withoutBody || !carriesBody ? undefined : body);
  };

  const cardAnswer = (question: HttpQuestion): HttpAnswer => {
    const body = routes.card();
    const etag = entityTag(body);
    const caching = {
      'Cache-Control': 'public, max-age=300',
      ETag: etag,
      'Last-Modified': routes.startedAt.toUTCString(),
    };
    const answer: HttpAnswer = notModified(question, etag, routes.startedAt)
      ? { status: 304, headers: caching, body: '' }
      : { status: 200, headers: { 'Content-Type': 'application/json', ...caching }, body };
    return fault?.cardResponse?.(answer, { request: question }) ?? answer;
  };

  const sendRpc = async (response: ServerResponse, answer: RpcAnswer): Promise<void> => {
    if (answer.kind === 'stream') {
      await writeEventStream(response, answer, { timers, keepAliveMs: settings.keepAliveMs, fault });
      return;
    }
    const { context } = answer;
    let http: HttpAnswer;
    if (answer.kind === 'nothing') {
      http = { status: 204, headers: {}, body: '' };
    } else {
      const { envelope } = answer;
      if (fault?.policy?.errorsAsStreamEvents && isStreamingError(answer)) {
        send(response, { status: 200, headers: eventStreamHeaders, body: frameOf(JSON.stringify(envelope)) });
        return;
      }
      const reply = Array.isArray(envelope) ? envelope : (fault?.reply?.(envelope as never, context) ?? envelope);
      if (reply === 'hang') return;
      if (reply === 'reset') {
        response.socket?.resetAndDestroy();
        return;
      }
      http = {
        status: answer.status,
        headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...answer.headers },
        body: typeof reply === 'string' ? reply : JSON.stringify(reply),
      };
    }
    send(response, fault?.httpResponse?.(http, context) ?? http);
  };

  const handleRpc = async (request: IncomingMessage, response: ServerResponse, question: HttpQuestion) => {
    const limit = fault?.policy?.bodyLimitIgnored ? Number.MAX_SAFE_INTEGER : settings.maxBodyBytes;
    const read = await readBody(request, limit, fault?.requestBody);
    if (read.kind === 'aborted') return;
    if (read.kind === 'too-large') {
      const error = invalidRequest([{ field: '', description: `Must not be larger than ${limit} bytes` }], {
        httpStatus: 413,
        httpHeaders: { Connection: 'close' },
      });
      if (!response.destroyed) await sendRpc(response, routes.jsonrpc.refuse(error, question));
      return;
    }
    const malformed = mediaTypeError(question);
    const answer = malformed
      ? routes.jsonrpc.refuse(malformed, question)
      : await routes.jsonrpc.handle({ question, body: read.body });
    if (!response.destroyed) await sendRpc(response, answer);
    else if (answer.kind === 'stream') answer.stream.cancel();
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const question = questionOf(request);
    if (!question) {
      send(response, plainText(400, 'Bad Request\n'));
      return;
    }
    const intercepted = fault?.intercept?.(question);
    if (intercepted === 'hang') return;
    if (intercepted === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    if (intercepted) {
      send(response, intercepted);
      return;
    }
    const { method, path } = question;
    const isRead = method === 'GET' || method === 'HEAD';
    if (path === paths.card || path === paths.jwks) {
      const answer = !isRead
        ? methodNotAllowed('GET, HEAD')
        : path === paths.card
          ? cardAnswer(question)
          : { status: 200, headers: { 'Content-Type': 'application/jwk-set+json' }, body: routes.jwks() };
      send(response, answer, method === 'HEAD');
    } else if (path === paths.jsonrpc || path === `${paths.jsonrpc}/`) {
      if (method === 'POST') await handleRpc(request, response, question);
      else send(response, methodNotAllowed('POST'), method === 'HEAD');
    } else if (path.startsWith(paths.grants)) {
      if (method !== 'POST') send(response, methodNotAllowed('POST'), method === 'HEAD');
      else if (routes.grant(path.slice(paths.grants.length))) send(response, { status: 204, headers: {}, body: '' });
      else send(response, notFound);
    } else {
      send(response, notFound, method === 'HEAD');
    }
  };

  const server = createServer((request, response) => {
    const next = (): void => {
      handle(request, response).catch((error: unknown) => {
        settings.log({ level: 'error', event: 'request failed', detail: String(error) });
        if (response.headersSent) response.destroy();
        else send(response, plainText(500, 'Internal Server Error\n'));
      });
    };
    if (fault?.http) fault.http(request, response, next);
    else next();
  });
  // Longer than what clients keep idle connections for, so that they are not closed under a request.
  server.keepAliveTimeout = 65_000;
  return server;
}
