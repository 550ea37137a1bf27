import type { Fault, ReplyContext } from '../reference-agent/hooks.ts';
import { answer, afterBody, type HttpHook } from './respond.ts';
import type { Variant } from './variant.ts';

const base = '/a2a/rest';

type Body = Readonly<Record<string, unknown>>;

const pathOf = (url: string | undefined): string => new URL(url ?? '/', 'http://localhost').pathname.slice(base.length);

const isRest = (url: string | undefined): boolean => url?.startsWith(`${base}/`) ?? false;

/** Refuses requests as a web server does that has no such route. */
const without =
  (isMissing: (method: string, path: string, url: URL) => boolean, status = 404): HttpHook =>
  (request, response, next) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!isRest(request.url) || !isMissing(request.method ?? 'GET', pathOf(request.url), url)) return next();
    afterBody(request, () => answer(response, status, { 'Content-Type': 'text/html' }, `<h1>${status}</h1>`));
  };

const configPath = /\/pushNotificationConfigs\/[^/]+$/;
const knownPath =
  /^(?:\/acme)?\/(?:message:(?:send|stream)|tasks|tasks\/[^/]+(?:\/pushNotificationConfigs(?:\/[^/]+)?)?|extendedAgentCard)$/;

const inErrors = (change: (error: Body, context: ReplyContext) => object): Fault => ({
  restReply: (body, context) =>
    context.errorCode === undefined ? body : change((body as { error: Body }).error, context),
});

/** Another status for errors, in the status line and in the body. */
const withStatus = (codeOf: (errorCode: number) => number | undefined): Fault => ({
  httpResponse: (response, { errorCode }) => {
    const status = errorCode === undefined ? undefined : codeOf(errorCode);
    if (status === undefined) return response;
    const body = JSON.parse(response.body) as { error: Body };
    return { ...response, status, body: JSON.stringify({ error: { ...body.error, code: status } }) };
  },
});

const rpcCodes: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAUTHENTICATED: 16,
};

const problemType = (details: unknown): string | undefined => {
  const reason = Array.isArray(details) ? (details[0] as { reason?: unknown } | undefined)?.reason : undefined;
  return typeof reason === 'string'
    ? `https://a2a-protocol.org/errors/${reason.toLowerCase().replaceAll('_', '-')}`
    : undefined;
};

const rest = (
  id: string,
  description: string,
  allowedBy: string,
  more: Omit<Variant, 'id' | 'description' | 'allowedBy'>,
): Variant => ({
  id: `rest/${id}`,
  description,
  allowedBy,
  ...more,
  options: { bindings: ['HTTP+JSON'], ...more.options },
});

/** Agents on HTTP+JSON that follow the rarer reading, or leave out what is optional. */
export const restReadingVariants: readonly Variant[] = [
  rest('alone', 'HTTP+JSON is the only binding', '§5.2: agents choose what they support', {}),
  rest('with-a-tenant', 'The interface has a tenant', 'a2a.proto AgentInterface.tenant', {
    options: { bindings: ['HTTP+JSON', 'JSONRPC'], tenants: ['acme'] },
  }),
  rest('application-json-only', 'Requests of another type than application/json are refused', 'v1.0.0 §11.1', {
    warns: ['http-json/request-content-type'],
    fault: {
      http: (request, response, next) => {
        if (!isRest(request.url) || request.headers['content-type'] !== 'application/a2a+json') return next();
        afterBody(request, () => answer(response, 415, { 'Content-Type': 'text/plain' }, 'Unsupported Media Type'));
      },
    },
  }),
  rest('unprocessable', 'Validation errors are 422, without details', '§3.3.2: 400 is an example', {
    warns: ['errors/validation-details'],
    fault: {
      ...withStatus((code) => (code === -32602 ? 422 : undefined)),
      ...inErrors(({ details, ...error }, { errorCode }) => ({
        error: errorCode === -32602 ? error : { ...error, details },
      })),
    },
  }),
  rest('without-details', 'Errors that are none of A2A’s own have no details', '§3.3.2, §11.6: details are optional', {
    warns: ['errors/validation-details'],
    fault: inErrors(({ details, ...error }, { errorCode }) => ({
      error: errorCode! <= -32001 && errorCode! >= -32009 ? { ...error, details } : error,
    })),
  }),
  rest(
    'rpc-codes',
    'The code in the body of an error is the number of google.rpc.Code',
    'google.rpc.Status; §11.6 shows the HTTP status',
    {
      warns: ['http-json/error-code'],
      fault: inErrors((error) => ({ error: { ...error, code: rpcCodes[String(error['status'])] ?? 2 } })),
    },
  ),
  rest('problems', 'Errors are application/problem+json', '§6.4 and §6.5 show them so', {
    warns: ['http-json/error-body', 'http-json/error-info'],
    fault: {
      ...inErrors(({ code, message, details }) => ({
        type: problemType(details) ?? 'about:blank',
        title: 'Refused',
        status: code,
        detail: message,
        errors: details,
      })),
      httpResponse: (response, { errorCode }) =>
        errorCode === undefined
          ? response
          : { ...response, headers: { ...response.headers, 'Content-Type': 'application/problem+json' } },
    },
  }),
  rest('tenant-as-field', 'The tenant is a field of the request, the paths have none', '§8.3.2, §11.3', {
    warns: ['http-json/tenant'],
    options: { tenants: ['acme'] },
    fault: { http: without((_, path) => path.startsWith('/acme/')) },
  }),
  rest('pages-for-unknown-routes', 'A web server refuses what is none of the table', 'RFC 9110; no text of A2A', {
    // 404 for a method that is not there.
    warns: ['http-json/wrong-method'],
    fault: {
      http: without(
        (method, path) =>
          !knownPath.test(path) ||
          (path === '/message:send'
            ? method !== 'POST'
            : method === 'PUT' || (method === 'DELETE' && !configPath.test(path))),
      ),
    },
  }),
];
