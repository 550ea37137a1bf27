import type { Answer, HttpBinding } from './answer.ts';
import { cachingOf } from './answer.ts';
import { authenticate, type Caller } from './authentication.ts';
import type { Binding } from './bindings.ts';
import { faultOn } from './bindings.ts';
import type { ErrorContent, FieldViolation } from './errors.ts';
import { bodyTypeNotSupported, invalidParams, invalidRequest, methodNotFound, OperationError } from './errors.ts';
import type { Envelope, HttpQuestion, ReplyContext } from './hooks.ts';
import type { Operations } from './operations.ts';
import { decodeJson, mediaTypeError } from './request-body.ts';
import { checkVersion, serviceParameters } from './service-parameters.ts';
import type { Settings } from './settings.ts';
import type { OperationName } from './types.ts';
import { operationNames } from './types.ts';

/** The JSON-RPC 2.0 binding (§9): envelopes in, envelopes out; HTTP is somebody else's. */

export type RequestId = string | number | null;

interface ValidRequest {
  /** Undefined for a notification. */
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type ReviverWithSource = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** The id as it was written: what a double cannot hold would come back as another number. */
function exactId(text: string, id: number): RequestId {
  if (Number.isSafeInteger(id)) return id;
  const sources = new Map<unknown, string | undefined>();
  const remember: ReviverWithSource = function (key, value, { source }) {
    if (key === 'id') sources.set(this, source);
    return value;
  };
  const root: unknown = JSON.parse(text, remember as Parameters<typeof JSON.parse>[1]);
  const source = sources.get(root);
  const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => number };
  return source === undefined ? id : rawJSON(source);
}

const isId = (id: unknown): id is RequestId => id === null || typeof id === 'string' || typeof id === 'number';

const binding: Binding = 'JSONRPC';

export function createJsonRpc(settings: Settings, operations: Operations): HttpBinding {
  const fault = faultOn(settings.fault, binding);
  const policy = fault?.policy ?? {};

  /** An array only for the mutant that answers batches. */
  const message = (
    envelope: Envelope | readonly Envelope[],
    context: ReplyContext,
    status = 200,
    headers: Readonly<Record<string, string>> = {},
  ): Answer => ({
    kind: 'message',
    status,
    headers,
    value: envelope,
    reply: () =>
      Array.isArray(envelope) ? envelope : (fault?.reply?.(envelope as Envelope, context) ?? (envelope as Envelope)),
    context,
  });

  const failure = (
    content: ErrorContent,
    id: RequestId,
    question: HttpQuestion,
    request?: { readonly method: string; readonly params: unknown },
  ): Answer => {
    const { code, message: text, details } = content;
    const envelope: Envelope = {
      jsonrpc: '2.0',
      id,
      error: { code, message: text, ...(details ? { data: details } : {}) },
    };
    const context = { binding, method: request?.method, params: request?.params, request: question, errorCode: code };
    return message(envelope, context, content.httpStatus, content.httpHeaders);
  };

  /** The id to answer with, null where it cannot be told (JSON-RPC 2.0, §5). */
  const idOf = (json: unknown, text: string): RequestId | undefined => {
    if (!isObject(json)) return null;
    if (!Object.hasOwn(json, 'id') || (json['id'] === null && policy.nullIdIsNotification)) return undefined;
    const { id } = json as { id: unknown };
    if (policy.anyIdAccepted) return id as RequestId;
    if (!isId(id)) return null;
    return typeof id === 'number' ? exactId(text, id) : id;
  };

  const validate = (json: unknown, id: RequestId | undefined): ValidRequest => {
    if (Array.isArray(json)) throw invalidRequest([{ field: '', description: 'Batches are not supported' }]);
    if (!isObject(json)) throw invalidRequest([{ field: '', description: 'Must be an object' }]);
    const found: FieldViolation[] = [];
    if (json['jsonrpc'] !== '2.0' && !policy.envelopeVersionIgnored) {
      found.push({ field: 'jsonrpc', description: "Must be exactly '2.0'" });
    }
    if (Object.hasOwn(json, 'id') && !isId(json['id']) && !policy.anyIdAccepted) {
      found.push({ field: 'id', description: 'Must be a string, a number or null' });
    }
    const { method, params } = json as { method?: unknown; params?: unknown };
    if (typeof method !== 'string') found.push({ field: 'method', description: 'Must be a string' });
    if (Object.hasOwn(json, 'params') && (typeof params !== 'object' || params === null)) {
      found.push({ field: 'params', description: 'Must be an object' });
    }
    if (found.length > 0 || typeof method !== 'string') throw invalidRequest(found);
    return { id, method, params };
  };

  const perform = async (request: ValidRequest, question: HttpQuestion, caller: Caller): Promise<Answer> => {
    const { method, params } = request;
    const parameters = serviceParameters(question, policy.versionQueryIgnored);
    checkVersion(parameters, policy);
    const operation = operationNames.find((name) => name === method) as OperationName | undefined;
    if (!operation) throw methodNotFound(method, operationNames);
    if (Array.isArray(params)) {
      throw invalidParams([{ field: 'params', description: 'Parameters are given by name, in an object' }]);
    }
    const outcome = await operations.call({ operation, params, caller, parameters });
    const context: ReplyContext = { binding, method, params, request: question, errorCode: undefined };
    const id = request.id ?? null;
    const stream = outcome.kind === 'stream';
    const wrap = (payload: object | null): Envelope => {
      const result = payload && fault?.payload ? fault.payload(payload, { ...context, stream }) : payload;
      return { jsonrpc: '2.0', id, result };
    };
    if (outcome.kind === 'result') return message(wrap(outcome.result), context, 200, cachingOf(operation));
    const data = (event: object, index: number): object | string => {
      const envelope = wrap(event);
      return fault?.streamEnvelope?.(envelope, { ...context, index }) ?? envelope;
    };
    return { kind: 'stream', stream: outcome.stream, data, context };
  };

  /** Notifications are carried out and never answered, errors included (JSON-RPC 2.0, §4.1). */
  const notify = (request: ValidRequest, question: HttpQuestion, caller: Caller): Answer => {
    perform(request, question, caller).then(
      // A stream that nobody reads is given up.
      (answer) => answer.kind === 'stream' && answer.stream.cancel(),
      (error: unknown) => {
        if (error instanceof OperationError) return;
        settings.log({ level: 'error', event: 'notification failed', detail: String(error) });
      },
    );
    const { method, params } = request;
    return { kind: 'nothing', context: { binding, method, params, request: question, errorCode: undefined } };
  };

  const answerOne = async (json: unknown, text: string, question: HttpQuestion, caller: Caller): Promise<Answer> => {
    const id = idOf(json, text);
    let request: ValidRequest | undefined;
    try {
      request = validate(json, id);
      if (id === undefined && !policy.notificationsAnswered) return notify(request, question, caller);
      return await perform(request, question, caller);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      return failure(error.content, id ?? null, question, request);
    }
  };

  const answerBatch = async (
    requests: readonly unknown[],
    text: string,
    question: HttpQuestion,
    caller: Caller,
  ): Promise<Answer> => {
    const answers = await Promise.all(requests.map((each) => answerOne(each, text, question, caller)));
    const envelopes = answers.flatMap((answer) => (answer.kind === 'message' ? [answer.value as Envelope] : []));
    return message(envelopes, {
      binding,
      method: undefined,
      params: undefined,
      request: question,
      errorCode: undefined,
    });
  };

  return {
    refuse: (error, question) => failure(error.content, null, question),

    async handle({ question, body }): Promise<Answer> {
      let id: RequestId | undefined = null;
      try {
        const malformed = mediaTypeError(question, ['application/json'], bodyTypeNotSupported);
        if (malformed) throw malformed;
        let decoded: ReturnType<typeof decodeJson> | OperationError;
        try {
          decoded = decodeJson(body);
          id = idOf(decoded.json, decoded.text);
        } catch (error) {
          if (!(error instanceof OperationError)) throw error;
          decoded = error;
        }
        // Before anything is said about the request: strangers learn nothing about its validity.
        const caller = authenticate(question, settings, policy);
        if (decoded instanceof OperationError) throw decoded;
        const { json, text } = decoded;
        if (Array.isArray(json) && policy.batchAnswered) return await answerBatch(json, text, question, caller);
        return await answerOne(json, text, question, caller);
      } catch (error) {
        if (error instanceof OperationError) return failure(error.content, id ?? null, question);
        throw error;
      }
    },
  };
}
