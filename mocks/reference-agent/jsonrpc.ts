import { authenticate, type Caller } from './authentication.ts';
import type { ErrorContent, FieldViolation } from './errors.ts';
import { invalidParams, invalidRequest, methodNotFound, OperationError, parseError } from './errors.ts';
import type { Envelope, HttpQuestion, ReplyContext } from './hooks.ts';
import type { Operations } from './operations.ts';
import { checkVersion, parseExtensions, type ServiceParameters } from './service-parameters.ts';
import type { Settings } from './settings.ts';
import type { OutputStream } from './streams.ts';
import type { OperationName } from './types.ts';
import { operationNames } from './types.ts';

/** The JSON-RPC 2.0 binding (§9): envelopes in, envelopes out; HTTP is somebody else's. */

export type RequestId = string | number | null;

/** What is to be sent. */
export type RpcAnswer =
  | {
      readonly kind: 'envelope';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** An array only for the mutant that answers batches. */
      readonly envelope: Envelope | readonly Envelope[];
      readonly context: ReplyContext;
    }
  /** A notification: nothing is to be said. */
  | { readonly kind: 'nothing'; readonly context: ReplyContext }
  | {
      readonly kind: 'stream';
      readonly stream: OutputStream;
      readonly wrap: (event: object) => Envelope;
      readonly context: ReplyContext;
    };

export interface RpcRequest {
  readonly question: HttpQuestion;
  readonly body: Uint8Array;
}

interface ValidRequest {
  /** Undefined for a notification. */
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: unknown;
}

/** Deeper input could be read but not written again (§13.4: limits on the complexity of requests). */
const maxDepth = 100;

function isDeeperThan(limit: number, json: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const char = json[index];
    if (inString) {
      if (char === '\\') index += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') {
      depth += 1;
      if (depth > limit) return true;
    } else if (char === '}' || char === ']') depth -= 1;
  }
  return false;
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

/** The service parameters: headers (§9.2), the version as a query parameter too (§3.6.1). */
function serviceParameters({ headers, query }: HttpQuestion, ignoreQuery = false): ServiceParameters {
  const fromQuery = ignoreQuery ? undefined : [...query].find(([name]) => name.toLowerCase() === 'a2a-version')?.[1];
  return { version: headers['a2a-version'] ?? fromQuery, extensions: parseExtensions(headers['a2a-extensions']) };
}

export function createJsonRpc(settings: Settings, operations: Operations) {
  const { fault } = settings;
  const policy = fault?.policy ?? {};

  const failure = (
    content: ErrorContent,
    id: RequestId,
    question: HttpQuestion,
    request?: { readonly method: string; readonly params: unknown },
  ): RpcAnswer => ({
    kind: 'envelope',
    status: content.httpStatus ?? 200,
    headers: content.httpHeaders ?? {},
    envelope: {
      jsonrpc: '2.0',
      id,
      error: {
        code: content.code,
        message: content.message,
        ...(content.details ? { data: content.details } : {}),
      },
    },
    context: { method: request?.method, params: request?.params, request: question, errorCode: content.code },
  });

  const decode = (body: Uint8Array): { readonly text: string; readonly json: unknown } => {
    let text: string;
    let json: unknown;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(body);
      json = JSON.parse(text) as unknown;
    } catch {
      throw parseError();
    }
    if (isDeeperThan(maxDepth, text)) {
      throw invalidRequest([{ field: '', description: `Must not be nested deeper than ${maxDepth} levels` }]);
    }
    return { text, json };
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

  const perform = async (request: ValidRequest, question: HttpQuestion, caller: Caller): Promise<RpcAnswer> => {
    const { method, params } = request;
    const parameters = serviceParameters(question, policy.versionQueryIgnored);
    checkVersion(parameters, policy);
    const operation = operationNames.find((name) => name === method) as OperationName | undefined;
    if (!operation) throw methodNotFound(method, operationNames);
    if (Array.isArray(params)) {
      throw invalidParams([{ field: 'params', description: 'Parameters are given by name, in an object' }]);
    }
    const outcome = await operations.call({ operation, params, caller, parameters });
    const context: ReplyContext = { method, params, request: question, errorCode: undefined };
    const id = request.id ?? null;
    const stream = outcome.kind === 'stream';
    const wrap = (payload: object | null): Envelope => {
      const result = payload && fault?.payload ? fault.payload(payload, { ...context, stream }) : payload;
      return { jsonrpc: '2.0', id, result };
    };
    if (outcome.kind === 'stream') return { kind: 'stream', stream: outcome.stream, wrap, context };
    const headers: Record<string, string> =
      operation === 'GetExtendedAgentCard' ? { 'Cache-Control': 'private, max-age=60', Vary: 'Authorization' } : {};
    return { kind: 'envelope', status: 200, headers, envelope: wrap(outcome.result), context };
  };

  /** Notifications are carried out and never answered, errors included (JSON-RPC 2.0, §4.1). */
  const notify = (request: ValidRequest, question: HttpQuestion, caller: Caller): RpcAnswer => {
    perform(request, question, caller).then(
      // A stream that nobody reads is given up.
      (answer) => answer.kind === 'stream' && answer.stream.cancel(),
      (error: unknown) => {
        if (error instanceof OperationError) return;
        settings.log({ level: 'error', event: 'notification failed', detail: String(error) });
      },
    );
    const { method, params } = request;
    return { kind: 'nothing', context: { method, params, request: question, errorCode: undefined } };
  };

  const answerOne = async (json: unknown, text: string, question: HttpQuestion, caller: Caller): Promise<RpcAnswer> => {
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
  ): Promise<RpcAnswer> => {
    const answers = await Promise.all(requests.map((each) => answerOne(each, text, question, caller)));
    const envelopes = answers.flatMap((answer) => (answer.kind === 'envelope' ? [answer.envelope].flat() : []));
    const context: ReplyContext = { method: undefined, params: undefined, request: question, errorCode: undefined };
    return { kind: 'envelope', status: 200, headers: {}, envelope: envelopes, context };
  };

  return {
    /** An error of HTTP's making (size, media type) in JSON-RPC's form. */
    refuse: (error: OperationError, question: HttpQuestion): RpcAnswer => failure(error.content, null, question),

    async handle({ question, body }: RpcRequest): Promise<RpcAnswer> {
      let id: RequestId | undefined = null;
      try {
        let decoded: ReturnType<typeof decode> | OperationError;
        try {
          decoded = decode(body);
          id = idOf(decoded.json, decoded.text);
        } catch (error) {
          if (!(error instanceof OperationError)) throw error;
          decoded = error;
        }
        // Before anything is said about the request: strangers learn nothing about its validity.
        const caller = authenticate(question.headers['authorization'], settings, policy);
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

export type JsonRpc = ReturnType<typeof createJsonRpc>;
