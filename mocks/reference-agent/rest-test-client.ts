import type { RunningAgent } from './agent.ts';
import type { AnyClient, CallOptions, Detail, HttpReply, Reply } from './test-client.ts';
import { anyClient, headersOf, readStream } from './test-client.ts';
import type { OperationName, StreamResponse } from './types.ts';

/** The test client on HTTP+JSON: the same calls, their answers put into the form that JSON-RPC has. */

export interface RestClient extends AnyClient {
  /** Any request below the interface's URL; undefined leaves a header out. */
  request(
    method: string,
    path: string,
    body?: string | Uint8Array,
    headers?: Readonly<Record<string, string | undefined>>,
  ): Promise<HttpReply>;
}

type Params = Readonly<Record<string, unknown>>;

/** Method and path of each operation, as the table of §5.3 has them; names in braces are taken out of the params. */
const operations: Readonly<Record<OperationName, readonly [method: 'GET' | 'POST' | 'DELETE', path: string]>> = {
  SendMessage: ['POST', '/message:send'],
  SendStreamingMessage: ['POST', '/message:stream'],
  GetTask: ['GET', '/tasks/{id}'],
  ListTasks: ['GET', '/tasks'],
  CancelTask: ['POST', '/tasks/{id}:cancel'],
  SubscribeToTask: ['POST', '/tasks/{id}:subscribe'],
  CreateTaskPushNotificationConfig: ['POST', '/tasks/{taskId}/pushNotificationConfigs'],
  GetTaskPushNotificationConfig: ['GET', '/tasks/{taskId}/pushNotificationConfigs/{id}'],
  ListTaskPushNotificationConfigs: ['GET', '/tasks/{taskId}/pushNotificationConfigs'],
  DeleteTaskPushNotificationConfig: ['DELETE', '/tasks/{taskId}/pushNotificationConfigs/{id}'],
  GetExtendedAgentCard: ['GET', '/extendedAgentCard'],
};

/** JSON-RPC codes by the reason of an ErrorInfo. */
export const codes: Readonly<Record<string, number>> = {
  TASK_NOT_FOUND: -32001,
  TASK_NOT_CANCELABLE: -32002,
  PUSH_NOTIFICATION_NOT_SUPPORTED: -32003,
  UNSUPPORTED_OPERATION: -32004,
  CONTENT_TYPE_NOT_SUPPORTED: -32005,
  EXTENDED_AGENT_CARD_NOT_CONFIGURED: -32007,
  EXTENSION_SUPPORT_REQUIRED: -32008,
  VERSION_NOT_SUPPORTED: -32009,
  UNAUTHENTICATED: -32000,
  PERMISSION_DENIED: -32000,
};

export interface StatusJson {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details?: readonly Detail[];
}

function codeOf({ code, details = [] }: StatusJson): number {
  const reason = details.find((detail) => detail.reason !== undefined)?.reason;
  if (reason !== undefined) return codes[reason] ?? 0;
  if (code === 500) return -32603;
  if (details.length === 0) return -32700;
  return code === 413 ? -32600 : -32602;
}

function replyOf<T>(json: unknown): Reply<T> {
  const { error } = json as { readonly error?: StatusJson };
  const common = { jsonrpc: '2.0', id: 1 };
  if (error) return { ...common, error: { code: codeOf(error), message: error.message, data: error.details } } as never;
  return { ...common, result: json } as Reply<T>;
}

export function restClient(
  { httpJsonUrl }: RunningAgent,
  ownHeaders: Readonly<Record<string, string>> = {},
): RestClient {
  const send = (
    method: string,
    path: string,
    body: string | Uint8Array | undefined,
    headers: Readonly<Record<string, string | undefined>>,
    signal?: AbortSignal,
  ): Promise<Response> =>
    fetch(`${httpJsonUrl}${path}`, {
      method,
      headers: headersOf(
        { 'A2A-Version': '1.0' },
        body === undefined ? {} : { 'Content-Type': 'application/a2a+json' },
        ownHeaders,
        headers,
      ),
      ...(body === undefined ? {} : { body: Buffer.from(body as string) }),
      ...(signal ? { signal } : {}),
    });

  const perform = (name: string, params: unknown, { headers = {}, query = '' }: CallOptions, signal?: AbortSignal) => {
    const [method, template] = operations[name as OperationName];
    const rest: Record<string, unknown> = { ...(params as Params | undefined) };
    const path = template.replaceAll(/\{(\w+)\}/g, (_, field: string) => {
      const value = String(rest[field]);
      delete rest[field];
      return encodeURIComponent(value);
    });
    if (method === 'POST') return send(method, path + query, JSON.stringify(rest), headers, signal);
    const search = new URLSearchParams(query);
    for (const [field, value] of Object.entries(rest)) search.set(field, String(value));
    return send(method, search.size === 0 ? path : `${path}?${search}`, undefined, headers, signal);
  };

  return {
    ...anyClient({
      async call<T>(method: string, params?: unknown, options: CallOptions = {}) {
        return replyOf<T>(await (await perform(method, params, options)).json());
      },
      async stream(method, params, options = {}) {
        const controller = new AbortController();
        const response = await perform(method, params, options, controller.signal);
        return readStream(response, controller, (data) => replyOf<StreamResponse>(JSON.parse(data)));
      },
    }),
    async request(method, path, body, headers = {}) {
      const response = await send(method, path, body, headers);
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
  };
}
