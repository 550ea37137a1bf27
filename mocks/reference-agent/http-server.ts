import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Answer, HttpBinding } from './answer.ts';
import type { Binding, HttpBindingName } from './bindings.ts';
import { faultOn } from './bindings.ts';
import { entityTag, paths } from './card.ts';
import { invalidRequest } from './errors.ts';
import type { HttpAnswer, HttpQuestion } from './hooks.ts';
import { readBody } from './request-body.ts';
import type { Settings } from './settings.ts';
import { eventStreamHeaders, frameOf, writeEventStream } from './sse.ts';
import type { Timers } from './timers.ts';
import { serverOptions } from './tls.ts';

/** Routes: the card, the keys of its signatures, the bindings, and where authorizations are granted. */
export interface Routes {
  /** Serialised once: the signature is not the same twice. */
  readonly card: () => string;
  readonly jwks: () => string;
  readonly bindings: Readonly<Record<HttpBindingName, HttpBinding>>;
  /** False for an unknown authorization request. */
  readonly grant: (grantId: string) => boolean;
  readonly startedAt: Date;
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

const isStreamingError = ({ context: { method, errorCode } }: Answer): boolean =>
  errorCode !== undefined && (method === 'SendStreamingMessage' || method === 'SubscribeToTask');

export function createHttpServer(settings: Settings, routes: Routes, timers: Timers): Server {
  const { fault } = settings;
  const speaks = (binding: Binding): boolean => settings.bindings.includes(binding);

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

  const sendAnswer = async (response: ServerResponse, answer: Answer, withoutBody = false): Promise<void> => {
    const { context } = answer;
    const own = faultOn(fault, context.binding);
    if (answer.kind === 'stream') {
      await writeEventStream(response, answer, { timers, keepAliveMs: settings.keepAliveMs, fault: own });
      return;
    }
    let http: HttpAnswer;
    if (answer.kind === 'nothing') {
      http = { status: 204, headers: {}, body: '' };
    } else {
      if (own?.policy?.errorsAsStreamEvents && isStreamingError(answer)) {
        send(response, { status: 200, headers: eventStreamHeaders, body: frameOf(JSON.stringify(answer.value)) });
        return;
      }
      const reply = answer.reply();
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
    send(response, own?.httpResponse?.(http, context) ?? http, withoutBody);
  };

  const handleCall = async (
    binding: HttpBindingName,
    request: IncomingMessage,
    response: ServerResponse,
    question: HttpQuestion,
  ) => {
    const own = faultOn(fault, binding);
    const limit = own?.policy?.bodyLimitIgnored ? Number.MAX_SAFE_INTEGER : settings.maxBodyBytes;
    const read = await readBody(request, limit, own?.requestBody);
    if (read.kind === 'aborted') return;
    if (read.kind === 'too-large') {
      const error = invalidRequest([{ field: '', description: `Must not be larger than ${limit} bytes` }], {
        httpStatus: 413,
        httpHeaders: { Connection: 'close' },
      });
      if (!response.destroyed) await sendAnswer(response, routes.bindings[binding].refuse(error, question));
      return;
    }
    const answer = await routes.bindings[binding].handle({ question, body: read.body });
    if (!response.destroyed) await sendAnswer(response, answer, question.method === 'HEAD');
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
    } else if (speaks('JSONRPC') && (path === paths.jsonrpc || path === `${paths.jsonrpc}/`)) {
      if (method === 'POST') await handleCall('JSONRPC', request, response, question);
      else send(response, methodNotAllowed('POST'), method === 'HEAD');
    } else if (speaks('HTTP+JSON') && `${path}/`.startsWith(`${paths.httpJson}/`)) {
      await handleCall('HTTP+JSON', request, response, question);
    } else if (path.startsWith(paths.grants)) {
      if (method !== 'POST') send(response, methodNotAllowed('POST'), method === 'HEAD');
      else if (routes.grant(path.slice(paths.grants.length))) send(response, { status: 204, headers: {}, body: '' });
      else send(response, notFound);
    } else {
      send(response, notFound, method === 'HEAD');
    }
  };

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const next = (): void => {
      handle(request, response).catch((error: unknown) => {
        settings.log({ level: 'error', event: 'request failed', detail: String(error) });
        if (response.headersSent) response.destroy();
        else send(response, plainText(500, 'Internal Server Error\n'));
      });
    };
    if (fault?.http) fault.http(request, response, next);
    else next();
  };
  const server: Server =
    settings.tls === undefined ? createServer(listener) : createTlsServer(serverOptions(settings.tls), listener);
  // Longer than what clients keep idle connections for, so that they are not closed under a request.
  server.keepAliveTimeout = 65_000;
  return server;
}
