import type { Answer, HttpBinding } from './answer.ts';
import { cachingOf } from './answer.ts';
import { authenticate, type Caller } from './authentication.ts';
import type { Binding } from './bindings.ts';
import { faultOn } from './bindings.ts';
import { paths } from './card.ts';
import type { ErrorContent } from './errors.ts';
import { invalidParams, methodNotAllowed, OperationError, routeNotFound, unsupportedMediaType } from './errors.ts';
import type { HttpQuestion, ReplyContext } from './hooks.ts';
import { routeOf, type Route } from './http-json-routes.ts';
import type { Operations } from './operations.ts';
import { decodeJson, mediaTypeError } from './request-body.ts';
import { readPath, readQuery, withPath } from './request-parameters.ts';
import { requestTypes } from './request-types.ts';
import { statusOf } from './http-json-errors.ts';
import { checkVersion, serviceParameters, type ServiceParameters } from './service-parameters.ts';
import type { Settings } from './settings.ts';
import type { OperationName } from './types.ts';

/** The HTTP+JSON binding (§11): resources and methods in, plain objects out. */

const binding: Binding = 'HTTP+JSON';

/** §11.1; plain JSON says the same with less. The first is what is answered with. */
const mediaTypes = ['application/a2a+json', 'application/json'] as const;

/** Requests that the path says everything about: they may do without a body. */
const bodyless: readonly OperationName[] = ['CancelTask', 'SubscribeToTask'];

export function createHttpJson(settings: Settings, operations: Operations): HttpBinding {
  const fault = faultOn(settings.fault, binding);
  const policy = fault?.policy ?? {};

  const message = (
    body: object,
    context: ReplyContext,
    status = 200,
    headers: Readonly<Record<string, string>> = {},
  ): Answer => ({
    kind: 'message',
    status,
    headers: { 'Content-Type': mediaTypes[0], ...headers },
    value: body,
    reply: () => fault?.restReply?.(body, context) ?? body,
    context,
  });

  const failure = (
    content: ErrorContent,
    question: HttpQuestion,
    request: { readonly method?: OperationName; readonly params?: unknown } = {},
  ): Answer => {
    const body = statusOf(content);
    const { method, params } = request;
    const context: ReplyContext = { binding, method, params, request: question, errorCode: content.code };
    return message(body, context, body.error.code, content.httpHeaders);
  };

  /** The body as JSON; undefined where there is none to be read. */
  const decode = (operation: OperationName, question: HttpQuestion, body: Uint8Array): unknown => {
    if (question.method !== 'POST') return undefined;
    if (body.length === 0 && bodyless.includes(operation)) return {};
    return decodeJson(body).json;
  };

  const compose = (operation: OperationName, json: unknown, query: URLSearchParams): unknown => {
    const type = requestTypes[operation];
    if (json === null) throw invalidParams([{ field: type.name, description: 'Must be an object, got null' }]);
    return json ?? readQuery(type, query);
  };

  const perform = async (
    operation: OperationName,
    params: unknown,
    question: HttpQuestion,
    caller: Caller,
    parameters: ServiceParameters,
  ): Promise<Answer> => {
    const outcome = await operations.call({ operation, params, caller, parameters });
    const context: ReplyContext = { binding, method: operation, params, request: question, errorCode: undefined };
    const stream = outcome.kind === 'stream';
    const plain = (payload: object | null): object =>
      (payload && fault?.payload ? fault.payload(payload, { ...context, stream }) : payload) ?? {};
    if (outcome.kind === 'result') return message(plain(outcome.result), context, 200, cachingOf(operation));
    const data = (event: object, index: number): object | string => {
      const own = plain(event);
      return fault?.restEvent?.(own, { ...context, index }) ?? own;
    };
    return { kind: 'stream', stream: outcome.stream, data, context };
  };

  const answer = async (
    { operation, fields }: Extract<Route, { kind: 'operation' }>,
    question: HttpQuestion,
    body: Uint8Array,
  ): Promise<Answer> => {
    let params: unknown;
    try {
      const malformed =
        question.method === 'POST' && body.length > 0
          ? mediaTypeError(question, mediaTypes, unsupportedMediaType)
          : undefined;
      if (malformed) throw malformed;
      // Before anything is said about the request: strangers learn nothing about its validity.
      const caller = authenticate(question, settings, policy);
      params = decode(operation, question, body);
      const parameters = serviceParameters(question, policy.versionQueryIgnored);
      checkVersion(parameters, policy);
      params = withPath(compose(operation, params, question.query), readPath(fields));
      return await perform(operation, params, question, caller, parameters);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      return failure(error.content, question, { method: operation, params });
    }
  };

  return {
    refuse: (error, question) => failure(error.content, question),

    async handle({ question, body }) {
      const { method, path } = question;
      const route = routeOf(method, path.slice(paths.httpJson.length));
      switch (route.kind) {
        case 'nothing':
          return failure(routeNotFound(path).content, question);
        case 'wrong-method':
          return failure(methodNotAllowed(method, route.allowed).content, question);
        case 'operation':
          return await answer(route, question, body);
      }
    },
  };
}
