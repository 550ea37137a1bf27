import { isStreaming, operations, type Operation } from '../../../protocol/operations.ts';
import type { Intent } from '../../history/exchange.ts';
import { isObject } from '../../invariants/json.ts';
import type { BindingClient, BindingClientOptions } from '../binding-client.ts';
import { createHttpCaller, type Written } from '../http/http-caller.ts';
import { urlBelow } from '../http/request.ts';
import { jsonRpcCodec } from './codec.ts';
import { createIdSource } from './ids.ts';

export interface JsonRpcClientOptions extends BindingClientOptions {
  /** Ids of the requests; default: integers and strings in turn. */
  readonly nextId?: () => string | number;
}

const json = 'application/json';
const jsonOrStream = 'application/json, text/event-stream';

/** Speaks one JSON-RPC interface (§9): POST, one request a call, `text/event-stream` for streams. */
export function createJsonRpcClient(options: JsonRpcClientOptions): BindingClient {
  const { interface: ref, guard } = options;
  const nextId = options.nextId ?? createIdSource();
  const caller = createHttpCaller(jsonRpcCodec, options);

  /** The proto: clients put the interface's tenant into every request. */
  const withTenant = (params: unknown): unknown =>
    ref.tenant === undefined || ref.tenant === '' || !isObject(params) || 'tenant' in params
      ? params
      : { tenant: ref.tenant, ...params };

  const encode = (operation: Operation, params: unknown): string =>
    JSON.stringify({ jsonrpc: '2.0', id: nextId(), method: operations[operation].method, params });

  const write = (intent: Intent, body: string | null, method = 'POST', path = ''): Written => ({
    intent,
    method,
    url: urlBelow(ref.url, path),
    body,
    headers: {
      'Content-Type': json,
      Accept: 'operation' in intent && intent.operation && isStreaming(intent.operation) ? jsonOrStream : json,
      'A2A-Version': '1.0',
    },
  });

  return {
    interface: ref,

    async call(operation, params, callOptions = {}) {
      guard.spend({ operation, params });
      const sent = withTenant(params) as typeof params;
      return caller.send(write({ kind: 'operation', operation, params: sent }, encode(operation, sent)), callOptions);
    },

    async stream(operation, params, callOptions = {}) {
      guard.spend({ operation, params });
      const sent = withTenant(params) as typeof params;
      return caller.open(write({ kind: 'operation', operation, params: sent }, encode(operation, sent)), callOptions);
    },

    async raw({ body, bytes, violation, operation, method, path }, callOptions = {}) {
      const sends = /Send(?:Streaming)?Message/.test(
        bytes === undefined ? (body ?? '') : Buffer.from(bytes).toString(),
      );
      guard.spend({ ...(operation === undefined ? {} : { operation }), raw: { sends } });
      const intent: Intent = { kind: 'malformed', violation, ...(operation === undefined ? {} : { operation }) };
      const written = { ...write(intent, body, method, path), bytes };
      const streamed = operation !== undefined && isStreaming(operation);
      return streamed ? caller.refusal(written, callOptions) : caller.send(written, callOptions);
    },

    async callMalformed(operation, params, violation, callOptions = {}) {
      guard.spend({ operation, params });
      const written = write({ kind: 'malformed', violation, operation }, encode(operation, withTenant(params)));
      return isStreaming(operation) ? caller.refusal(written, callOptions) : caller.send(written, callOptions);
    },
  };
}
