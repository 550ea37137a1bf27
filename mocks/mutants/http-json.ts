import type { ErrorContent } from '../reference-agent/errors.ts';
import type { Fault, HttpAnswer } from '../reference-agent/hooks.ts';
import { isTerminal } from '../reference-agent/types.ts';
import { asObject, at, errorInfo } from './params.ts';
import { rewriteObjects } from './rewrite.ts';
import type { Mutant } from './mutant.ts';

const answersInvariant = 'invariants/http-json-answers';
const errorsInvariant = 'invariants/http-json-errors';
const base = '/a2a/rest';

const mutant = (
  id: string,
  description: string,
  breaks: readonly string[],
  killedBy: readonly string[],
  fault: Mutant['fault'],
  more: Pick<Mutant, 'profile' | 'options' | 'mayBreak'> = {},
): Mutant => ({
  id: `http-json/${id}`,
  description,
  breaks,
  killedBy,
  fault,
  ...more,
  options: { bindings: ['HTTP+JSON'], ...more.options },
});

type Line = { readonly method: string; readonly url: URL };

/** Another request than the one that came; the path is what follows the base of the interface. */
const readsAs =
  (
    change: (line: Line, path: string) => { readonly method?: string; readonly url?: URL } | undefined,
  ): NonNullable<Fault['http']> =>
  (request, _, next) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith(`${base}/`)) {
      const other = change({ method: request.method ?? 'GET', url }, url.pathname.slice(base.length));
      if (other?.method !== undefined) request.method = other.method;
      if (other?.url !== undefined) request.url = `${other.url.pathname}${other.url.search}`;
    }
    next();
  };

/** A place that the server does not have. */
const nowhere = (url: URL): { readonly url: URL } => ({ url: new URL(`${base}/nowhere`, url) });

/** The same URL with another query. */
function withQuery(url: URL, change: (query: URLSearchParams) => void): { readonly url: URL } {
  const other = new URL(url);
  change(other.searchParams);
  return { url: other };
}

/** Answers before the agent does, once the request has come. */
const answers =
  (
    of: (
      method: string,
      path: string,
    ) => { readonly status: number; readonly type?: string; readonly body?: string } | undefined,
  ): NonNullable<Fault['http']> =>
  (request, response, next) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const own = pathname.startsWith(`${base}/`) ? of(request.method ?? 'GET', pathname.slice(base.length)) : undefined;
    if (own === undefined) return next();
    request.resume().once('end', () => {
      response.writeHead(own.status, own.type === undefined ? {} : { 'Content-Type': own.type }).end(own.body);
    });
  };

const invalidArgument = (message: string): HttpAnswer => ({
  status: 400,
  headers: { 'Content-Type': 'application/a2a+json' },
  body: JSON.stringify({ error: { code: 400, status: 'INVALID_ARGUMENT', message } }),
});

interface StatusBody {
  readonly error: { readonly code: number; readonly details?: readonly object[] } & Readonly<Record<string, unknown>>;
}

/** Errors in another form; results stay. */
const errorBody =
  (change: (body: StatusBody, code: number) => object): NonNullable<Fault['restReply']> =>
  (body, { errorCode }) =>
    errorCode === undefined ? body : change(body as StatusBody, errorCode);

const withDetails = (body: StatusBody, details: readonly object[] | undefined): object => {
  const { details: _, ...error } = body.error;
  return { error: { ...error, ...(details === undefined ? {} : { details }) } };
};

const isA2A = (code: number): boolean => code <= -32001 && code >= -32009;

const isKnownPath = (path: string): boolean => /^\/(?:message:|tasks|extendedAgentCard)/.test(path);

const otherError = (code: number, reason: string): ErrorContent => ({
  code,
  message: 'The request cannot be served',
  details: errorInfo(reason),
});

/** §11: methods and paths, queries, bodies, errors, streams. */
export const httpJsonMutants: readonly Mutant[] = [
  mutant(
    'extended-card-elsewhere',
    'The declared extended card is at /card instead of /extendedAgentCard',
    ['http-json/routes'],
    ['http-json/routes'],
    { http: readsAs(({ url }, path) => (path === '/extendedAgentCard' ? nowhere(url) : undefined)) },
  ),
  mutant(
    'no-subscribe-route',
    'Streaming is declared, and /tasks/{id}:subscribe is not there by any method',
    ['http-json/subscribe-route'],
    ['http-json/routes'],
    { http: readsAs(({ url }, path) => (path.endsWith(':subscribe') ? nowhere(url) : undefined)) },
    // What is not there has no right error for its causes either.
    { mayBreak: ['errors/subscribe-terminal-task', 'errors/subscribe-unknown-task'] },
  ),
  mutant(
    'tenant-unknown',
    'Lists are there neither under the tenant of the interface nor with it as a field',
    ['http-json/tenant'],
    ['http-json/tenant'],
    {
      http: readsAs(({ url }, path) =>
        path === '/acme/tasks' || (path === '/tasks' && url.searchParams.has('tenant')) ? nowhere(url) : undefined,
      ),
    },
    { options: { tenants: ['acme'] }, mayBreak: ['http-json/routes'] },
  ),
  mutant(
    'list-without-object',
    'ListTasks is answered with the bare list of tasks',
    ['http-json/result-object'],
    [answersInvariant],
    { restReply: (body, { method }) => (method === 'ListTasks' && 'tasks' in body ? (body.tasks as object) : body) },
    { mayBreak: ['list/answered'] },
  ),
  mutant('text-plain', 'Results come as text/plain', ['http-json/content-type'], [answersInvariant], {
    httpResponse: (answer, { errorCode }) =>
      errorCode === undefined ? { ...answer, headers: { ...answer.headers, 'Content-Type': 'text/plain' } } : answer,
  }),
  mutant(
    'a2a-json-refused',
    'Requests of type application/a2a+json are refused with 415',
    ['http-json/request-content-type'],
    [errorsInvariant],
    {
      http: (request, response, next) => {
        if (request.headers['content-type'] !== 'application/a2a+json') return next();
        request.resume().once('end', () => response.writeHead(415).end());
      },
    },
  ),
  mutant(
    'case-sensitive-headers',
    'A2A-Version is read in that spelling alone',
    ['http-json/parameter-case'],
    ['http-json/parameter-case'],
    {
      http: (request, _, next) => {
        if (!request.rawHeaders.includes('A2A-Version')) delete request.headers['a2a-version'];
        next();
      },
    },
  ),
  mutant(
    'page-size-unread',
    'The query is read under snake_case names: page_size, and not pageSize',
    ['http-json/query-names'],
    ['http-json/query'],
    { http: readsAs(({ url }) => withQuery(url, (query) => query.delete('pageSize'))) },
    // What is not read is not refused either.
    { mayBreak: ['http-json/invalid-query', 'list/page-size', 'list/page-size-used', 'list/page-size-validated'] },
  ),
  mutant(
    'capital-booleans',
    'Booleans in the query are True and False; true and false are refused',
    ['http-json/query-values'],
    ['http-json/query'],
    // Refused here: what an agent makes of a value that it does not know is its own affair.
    {
      intercept: ({ path, query }) =>
        path.startsWith(base) && /^(?:true|false)$/.test(query.get('includeArtifacts') ?? '')
          ? invalidArgument('includeArtifacts: neither True nor False')
          : undefined,
    },
  ),
  mutant(
    'path-not-decoded',
    'Ids are taken from the path as they are written, percent signs and all',
    ['http-json/percent-encoding'],
    ['http-json/query'],
    {
      http: readsAs(({ url }, path) => {
        const other = new URL(url);
        other.pathname = `${base}${path.replaceAll('%', '%25')}`;
        return { url: other };
      }),
    },
  ),
  mutant(
    'broken-json-accepted',
    'A body that is no JSON is answered as a success',
    ['http-json/invalid-body'],
    ['http-json/malformed'],
    {
      httpResponse: (answer, { errorCode }) => (errorCode === -32700 ? { ...answer, status: 200, body: '{}' } : answer),
    },
  ),
  mutant(
    'bad-page-size-ignored',
    'A pageSize that is a word counts as none',
    ['http-json/invalid-query'],
    ['http-json/malformed'],
    {
      http: readsAs(({ url }) =>
        withQuery(url, (query) => {
          if (/[a-z]/.test(query.get('pageSize') ?? '')) query.delete('pageSize');
        }),
      ),
    },
  ),
  mutant(
    'page-for-every-path',
    'Every unknown path is answered with the page of an app',
    ['http-json/unknown-path'],
    ['http-json/unknown-places'],
    {
      http: answers((_, path) => (isKnownPath(path) ? undefined : { status: 200, type: 'text/html', body: '<html>' })),
    },
  ),
  mutant(
    'delete-answered',
    'DELETE of a task, which is no operation, is answered with 204',
    ['http-json/wrong-method'],
    ['http-json/unknown-places'],
    {
      http: answers((method, path) =>
        method === 'DELETE' && /^\/tasks\/[^/]+$/.test(path) ? { status: 204 } : undefined,
      ),
    },
  ),
  mutant(
    'bare-status',
    'Errors are google.rpc.Status without the member error around it',
    ['http-json/error-body'],
    [errorsInvariant],
    { restReply: errorBody(({ error }) => error) },
  ),
  mutant('json-rpc-code', 'error.code is the code of JSON-RPC', ['http-json/error-code'], [errorsInvariant], {
    restReply: errorBody(({ error }, code) => ({ error: { ...error, code } })),
  }),
  mutant(
    'untyped-details',
    'Details of errors that are none of A2A’s own have no @type',
    ['http-json/error-details', 'http-json/validation-details'],
    [errorsInvariant, 'http-json/malformed'],
    {
      restReply: errorBody((body, code) =>
        isA2A(code)
          ? body
          : withDetails(
              body,
              body.error.details?.map((detail) => {
                const { '@type': _, ...rest } = asObject(detail);
                return rest;
              }),
            ),
      ),
    },
  ),
  mutant(
    'own-detail-type',
    'Details of validation errors are of a type of its own',
    ['http-json/validation-details'],
    ['http-json/malformed'],
    {
      restReply: errorBody((body, code) =>
        isA2A(code)
          ? body
          : withDetails(
              body,
              body.error.details?.map((detail) => ({ ...detail, '@type': 'example.com/Violation' })),
            ),
      ),
    },
  ),
  mutant(
    'no-error-info',
    'Errors of A2A carry no ErrorInfo: several share a status, and nothing tells them apart',
    ['http-json/error-info'],
    ['http-json/error-info'],
    { restReply: errorBody((body, code) => (isA2A(code) ? withDetails(body, undefined) : body)) },
  ),
  mutant(
    'reason-as-type',
    'The reason of ErrorInfo is the name of the error, TaskNotFoundError',
    ['http-json/error-info'],
    ['http-json/error-info'],
    {
      restReply: errorBody((body, code) => (isA2A(code) ? withDetails(body, errorInfo('TaskNotFoundError')) : body)),
    },
  ),
  mutant('streams-created', 'Streams begin with HTTP 201', ['http-json/stream-content-type'], [answersInvariant], {
    streamHead: (head) => ({ ...head, status: 201 }),
  }),
  mutant(
    'heartbeat-events',
    'Streams carry events that are no StreamResponse, to keep the connection alive',
    ['http-json/stream-events'],
    [answersInvariant],
    {
      streamFrame: (frame, { index }) =>
        index === 0 && frame.includes('"task"') ? `${frame}data: {"type":"heartbeat"}\n\n` : frame,
    },
  ),
];

const both = { options: { bindings: ['JSONRPC', 'HTTP+JSON'] } } as const;

const equivalence = (
  id: string,
  description: string,
  breaks: readonly string[],
  killedBy: readonly string[],
  fault: Mutant['fault'],
  more: Pick<Mutant, 'profile' | 'mayBreak'> = {},
): Mutant => ({ id: `equivalence/${id}`, description, breaks, killedBy, fault, ...more, ...both });

/** Remembers over which binding a task was made. */
const cancelOverItsOwn = (): Fault => {
  const madeOver = new Map<unknown, string>();
  return {
    result(result, { operation, binding }) {
      const id = at(result, 'task', 'id');
      if (operation === 'SendMessage' && !madeOver.has(id)) madeOver.set(id, binding);
      return result;
    },
    refuse({ operation, binding, task }) {
      const maker = madeOver.get(task?.id);
      const isForeign = operation === 'CancelTask' && maker !== undefined && maker !== binding;
      return isForeign && !isTerminal(task!.status.state) ? otherError(-32001, 'TASK_NOT_FOUND') : undefined;
    },
  };
};

/** Remembers over which binding a configuration was made. */
const configsOfOneDoor = (): Fault => {
  const madeOver = new Map<unknown, string>();
  return {
    result(result, { operation, binding }) {
      if (operation === 'CreateTaskPushNotificationConfig') madeOver.set(at(result, 'id'), binding);
      return result;
    },
    refuse({ operation, binding, params }) {
      const maker = madeOver.get(at(params, 'id'));
      return operation === 'GetTaskPushNotificationConfig' && maker !== undefined && maker !== binding
        ? otherError(-32001, 'TASK_NOT_FOUND')
        : undefined;
    },
  };
};

/** §5.1: interfaces of one agent that are not of one mind. */
export const equivalenceMutants: readonly Mutant[] = [
  equivalence(
    'list-over-one-binding',
    'ListTasks is there over HTTP+JSON and not over JSON-RPC',
    ['equivalence/operations'],
    ['equivalence/interfaces'],
    {
      only: ['JSONRPC'],
      refuse: ({ operation }) =>
        operation === 'ListTasks' ? { code: -32601, message: 'ListTasks is not implemented' } : undefined,
    },
    { mayBreak: ['list/answered'] },
  ),
  equivalence(
    'names-differ',
    'Over HTTP+JSON artifacts have other names',
    ['equivalence/results'],
    ['equivalence/interfaces'],
    {
      only: ['HTTP+JSON'],
      payload: (payload) =>
        rewriteObjects(payload, (object) => ('artifactId' in object ? { ...object, name: 'another name' } : object)),
    },
  ),
  equivalence(
    'errors-differ',
    'A message to a task that has ended is TaskNotFoundError over HTTP+JSON',
    ['equivalence/errors', 'errors/send-terminal-task'],
    ['equivalence/interfaces', 'errors/terminal-task'],
    {
      only: ['HTTP+JSON'],
      error: (error, { operation }) =>
        operation === 'SendMessage' && error.code === -32004 ? otherError(-32001, 'TASK_NOT_FOUND') : error,
    },
  ),
  equivalence(
    'tasks-of-one-door',
    'A task at work can be canceled over the interface that made it alone',
    ['equivalence/live-tasks'],
    ['equivalence/live-tasks'],
    cancelOverItsOwn,
  ),
  equivalence(
    'config-task-of-path-unread',
    'Over HTTP+JSON the task of a new push configuration is not taken from the path, and is missed',
    ['equivalence/push-configs', 'push/supported'],
    ['equivalence/push-configs', 'push/configs'],
    {
      only: ['HTTP+JSON'],
      refuse: ({ operation }) =>
        operation === 'CreateTaskPushNotificationConfig' ? { code: -32602, message: 'taskId is required' } : undefined,
    },
  ),
  equivalence(
    'configs-of-one-door',
    'A push configuration can be read over the interface that made it alone',
    ['equivalence/push-configs'],
    ['equivalence/push-configs'],
    configsOfOneDoor,
  ),
  equivalence(
    'one-open-door',
    'Credentials are demanded over JSON-RPC, and not looked at over HTTP+JSON',
    [
      'equivalence/authentication',
      'errors/authentication-missing',
      'errors/authentication-invalid',
      'security/forged-token',
      'security/other-scheme',
      // Whoever is not known is one principal.
      'security/get-scoped',
      'security/cancel-scoped',
      'security/subscribe-scoped',
      'security/send-scoped',
      'list/authorization-scoping',
      'push/access',
    ],
    ['equivalence/interfaces', 'security/authentication'],
    { only: ['HTTP+JSON'], policy: { authenticationIgnored: true } },
    // Who is not known has tasks of their own.
    {
      profile: 'bearer',
      mayBreak: [
        'equivalence/results',
        'equivalence/live-tasks',
        'equivalence/errors',
        'errors/not-found-or-forbidden',
      ],
    },
  ),
];
