import { httpBindings } from '../reference-agent/bindings.ts';
import type { StatusBody } from '../reference-agent/http-json-errors.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import type { HttpHook } from './respond.ts';
import { afterBody, answer, changeHeaders } from './respond.ts';
import type { Variant } from './variant.ts';

/** Variants of the HTTP+JSON binding; JSON-RPC beside it is as ever. */

const base = '/a2a/rest';
const only = ['HTTP+JSON'] as const;

const isStatus = (body: object): body is StatusBody => 'error' in body && typeof body.error === 'object';

/** Errors on their way out, and what is said beside them. */
const inErrors = (change: (error: StatusBody['error']) => object): Fault => ({
  only,
  restReply: (body) => (isStatus(body) ? { ...body, error: change(body.error) } : body),
});

/** Another status for errors with a JSON-RPC code, in the status line and in the body. */
const withStatuses = (statuses: Readonly<Record<number, readonly [http: number, name: string]>>): Fault => ({
  only,
  restReply: (body, { errorCode }) => {
    const other = errorCode === undefined ? undefined : statuses[errorCode];
    // What HTTP itself refuses is no error of the table.
    if (!other || !isStatus(body) || ![400, 404, 500].includes(body.error.code)) return body;
    return { ...body, error: { ...body.error, code: other[0], status: other[1] } };
  },
  httpResponse: (response, { errorCode }) => {
    const other = errorCode === undefined ? undefined : statuses[errorCode];
    return other && [400, 404, 500].includes(response.status) ? { ...response, status: other[0] } : response;
  },
});

const contentType = (type: string): Fault => ({
  only,
  httpResponse: (response) => ({ ...response, headers: { ...response.headers, 'Content-Type': type } }),
});

/** Calls of the binding go through; all else is served as ever. */
const forCalls =
  (hook: HttpHook): HttpHook =>
  (request, response, next) => {
    if (request.url?.startsWith(base)) hook(request, response, next);
    else next();
  };

const movedTo = (status: number): HttpHook => {
  const there = '/moved/rest';
  return (request, response, next) => {
    const url = request.url ?? '';
    if (url.startsWith(base)) {
      afterBody(request, () => answer(response, status, { Location: there + url.slice(base.length) }, ''));
      return;
    }
    if (url.startsWith(there)) request.url = base + url.slice(there.length);
    next();
  };
};

/** Subscriptions by one method alone. */
const subscribeOnlyBy = (allowed: 'GET' | 'POST'): Fault => ({
  http: forCalls((request, response, next) => {
    const subscribes = /:subscribe(\?|$)/.test(request.url ?? '');
    if (!subscribes || request.method === allowed) return next();
    afterBody(request, () => answer(response, 405, { Allow: allowed, 'Content-Type': 'text/plain' }, 'No\n'));
  }),
});

const variant = (id: string, description: string, allowedBy: string, fault: Variant['fault']): Variant => ({
  id: `rest/${id}`,
  description,
  allowedBy,
  options: { bindings: httpBindings },
  ...(fault === undefined ? {} : { fault }),
});

export const restVariants: readonly Variant[] = [
  {
    ...variant('preferred', 'HTTP+JSON comes before JSON-RPC in the card', '§8.3.1: ordered by preference', undefined),
    options: { bindings: ['HTTP+JSON', 'JSONRPC'] },
  },
  {
    ...variant(
      'plain-json',
      'Bodies are application/json',
      'v1.0.0 §11.1: application/json; v1.0.1: application/a2a+json SHOULD be used',
      contentType('application/json'),
    ),
    warns: ['http-json/content-type'],
  },
  variant(
    'charset',
    'The content type has a charset, odd case and blanks',
    'RFC 9110 §8.3: media types are case-insensitive and may have parameters',
    contentType('Application/A2A+JSON ;charset="UTF-8"'),
  ),
  variant(
    'statuses-of-1.0.0',
    'Errors have the HTTP statuses of v1.0.0 where v1.0.1 has changed them',
    '§3.6: patch versions do not affect compatibility; §5.4 of v1.0.0: 409, 415, 502',
    withStatuses({
      [-32002]: [409, 'FAILED_PRECONDITION'],
      [-32003]: [400, 'UNIMPLEMENTED'],
      [-32004]: [400, 'UNIMPLEMENTED'],
      [-32005]: [415, 'INVALID_ARGUMENT'],
      [-32006]: [502, 'INTERNAL'],
      [-32009]: [400, 'UNIMPLEMENTED'],
    }),
  ),
  variant(
    'validation-422',
    'Parameters that fail validation are answered with 422',
    '§3.3.2: 400 is an example for validation errors; the table of §5.4 has only those of A2A',
    withStatuses({ [-32602]: [422, 'INVALID_ARGUMENT'] }),
  ),
  variant(
    'status-without-name',
    'Errors have no status beside code and message',
    '§11.6: code, message and details are mapped; google.rpc.Status has no other field',
    inErrors(({ status: _, ...error }) => error),
  ),
  variant(
    'further-details',
    'Errors have localized messages and help before and after what the text asks for',
    '§11.6: further objects MAY be in the details; Any of any type',
    inErrors(({ details = [], ...error }) => ({
      ...error,
      details: [
        { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'de', message: 'Das geht so nicht' },
        ...details,
        { '@type': 'https://example.com/types/Trace', traceId: 'abc', nested: { parts: [null] } },
      ],
    })),
  ),
  variant('further-members', 'Bodies and errors have members that nobody knows', '§5.7: unknown fields are ignored', {
    only,
    restReply: (body) => ({
      _links: { self: '/' },
      ...body,
      ...(isStatus(body) ? { error: { ...body.error, help: 'none' } } : {}),
    }),
    restEvent: (data) => ({ ...data, _sequence: 1 }),
  }),
  variant(
    'pretty-printed',
    'JSON is indented, in several data lines where it is an event',
    'RFC 8259 §2: whitespace; the event stream format joins data lines',
    {
      only,
      restReply: (body) => `${JSON.stringify(body, null, 4)}\r\n`,
      restEvent: (data) => JSON.stringify(data, null, 4).replaceAll('\n', '\ndata: '),
    },
  ),
  variant(
    'delete-204',
    'A deleted configuration is answered with 204 and nothing',
    '§3.1.10: the confirmation is implementation-specific',
    {
      only,
      httpResponse: (response, { method, errorCode }) =>
        method === 'DeleteTaskPushNotificationConfig' && errorCode === undefined
          ? { status: 204, headers: {}, body: '' }
          : response,
    },
  ),
  variant(
    'routes-of-the-web-server',
    'Unknown paths and methods are answered by the web server, with a page',
    'RFC 9110 §15.5.5: no form is named for what is not the agent',
    {
      only,
      httpResponse: (response, { errorCode }) =>
        errorCode === -32601
          ? {
              ...response,
              headers: { ...response.headers, 'Content-Type': 'text/html' },
              body: `<h1>${response.status}</h1>`,
            }
          : response,
    },
  ),
  variant('chunked', 'Bodies come without a length, in chunks', 'RFC 9112 §7.1', {
    http: forCalls((_, response, next) => {
      changeHeaders(response, ({ 'Content-Length': _length, ...rest }) => rest);
      next();
    }),
  }),
  variant(
    'moved',
    'The declared URL answers every call with 308 and a relative Location',
    '§11.1: over HTTP, of which redirects are a part (RFC 9110 §15.4.9)',
    { http: movedTo(308) },
  ),
  variant(
    'url-with-slash',
    'The declared URL ends in a slash, and two slashes in a row lead nowhere',
    'RFC 3986 §3.3: a path may end in a slash; §11.3: the paths follow the URL',
    {
      card: (card) => ({
        ...card,
        supportedInterfaces: card.supportedInterfaces.map((own) =>
          own.protocolBinding === 'HTTP+JSON' ? { ...own, url: `${own.url}/` } : own,
        ),
      }),
    },
  ),
  variant(
    'subscribes-by-post',
    'SubscribeToTask is for POST alone',
    '§5.3, §11.3.2: POST /tasks/{id}:subscribe',
    subscribeOnlyBy('POST'),
  ),
  variant(
    'subscribes-by-get',
    'SubscribeToTask is for GET alone',
    'a2a.proto: the annotation of SubscribeToTask is get',
    subscribeOnlyBy('GET'),
  ),
  {
    ...variant(
      'closed-when-interrupted',
      'Streams of HTTP+JSON close at INPUT_REQUIRED and AUTH_REQUIRED, those of JSON-RPC do not',
      '§11.7: until a terminal or interrupted state, at which point the stream closes',
      { only, policy: { streamsEndWhenInterrupted: true, interruptedSubscriptionsEnd: true } },
    ),
    warns: ['streaming/auth-required-open'],
  },
  variant(
    'errors-as-events',
    'An error of a streaming operation is the first event of an event stream',
    '§11.7: the stream carries JSON; no form is named for an error before it',
    { only, policy: { errorsAsStreamEvents: true } },
  ),
  variant('names-of-json-alone', 'The names of the proto are unknown in bodies and queries', '§5.5, §11.5: camelCase', {
    only,
    policy: { protoNamesRefused: true },
  }),
];
