import { isStreaming, type Operation } from '../../../protocol/operations.ts';
import type { Intent } from '../../history/exchange.ts';
import { isObject } from '../../invariants/json.ts';
import type { BindingClient, BindingClientOptions, CallOptions, CallResult } from '../binding-client.ts';
import { createHttpCaller, type Written } from '../http/http-caller.ts';
import { urlBelow, withQuery } from '../http/request.ts';
import { httpJsonCodec } from './codec.ts';
import { mapRequest, readRequest } from './request-mapping.ts';
import { createWays, mediaTypes, type Way } from './ways.ts';

const accepted = mediaTypes.join(', ');

/**
 * Speaks one HTTP+JSON interface (§11): a method and a path for each operation, `text/event-stream` for streams. Every request
 * that is sent to find out which of two readings a server follows is recorded like any other.
 */
export function createHttpJsonClient(options: BindingClientOptions): BindingClient {
  const { interface: ref, guard } = options;
  const caller = createHttpCaller(httpJsonCodec, options);
  const tenant = ref.tenant === '' ? undefined : ref.tenant;
  const ways = createWays(tenant !== undefined);

  /** The proto: clients put the interface's tenant into every request. */
  const withTenant = (params: unknown): unknown =>
    tenant === undefined || !isObject(params) || 'tenant' in params ? params : { tenant, ...params };

  const headersOf = (mediaType: string | undefined, streamed: boolean): Written['headers'] => ({
    ...(mediaType === undefined ? {} : { 'Content-Type': mediaType }),
    Accept: streamed ? `text/event-stream, ${accepted}` : accepted,
    'A2A-Version': '1.0',
  });

  const write = (operation: Operation, params: unknown, intent: Intent, way: Way): Written => {
    const { method, path, query, body } = mapRequest(way.route, params, way.tenantPlace);
    const text = method === 'POST' ? (JSON.stringify(body) ?? '') : null;
    return {
      intent,
      method,
      url: withQuery(urlBelow(ref.url, path), query),
      body: text,
      headers: headersOf(text === null ? undefined : way.mediaType, isStreaming(operation)),
    };
  };

  const unary = (operation: Operation, params: unknown, intent: Intent, callOptions: CallOptions) =>
    ways.ask(operation, async (way) => {
      const answer = await caller.send(write(operation, params, intent, way), callOptions);
      return { answer, plain: answer };
    });

  const refused = (operation: Operation, params: unknown, intent: Intent, callOptions: CallOptions) =>
    ways.ask(operation, async (way) => {
      const answer = await caller.refusal(write(operation, params, intent, way), callOptions);
      return { answer, plain: answer };
    });

  return {
    interface: ref,

    async call(operation, params, callOptions = {}): Promise<CallResult> {
      guard.spend({ operation, params });
      const sent = withTenant(params) as typeof params;
      return unary(operation, sent, { kind: 'operation', operation, params: sent }, callOptions);
    },

    async stream(operation, params, callOptions = {}) {
      guard.spend({ operation, params });
      const sent = withTenant(params) as typeof params;
      const intent: Intent = { kind: 'operation', operation, params: sent };
      return ways.ask(operation, async (way) => {
        const answer = await caller.open(write(operation, sent, intent, way), callOptions);
        if (answer.opened) return { answer };
        const { exchange, reply } = await answer.done;
        return reply === undefined ? { answer } : { answer, plain: { exchange, reply } };
      });
    },

    raw: ({ body: text, bytes, violation, operation, method = 'POST', path = '' }, callOptions = {}) => {
      const body = bytes === undefined ? text : Buffer.from(bytes).toString();
      const intent: Intent = { kind: 'malformed', violation, ...(operation === undefined ? {} : { operation }) };
      const streamed = operation !== undefined && isStreaming(operation);
      let counted = false;
      return ways.askRaw(({ tenantPlace, mediaType }) => {
        const before = tenantPlace === 'path' && tenant !== undefined ? `/${encodeURIComponent(tenant)}` : '';
        const place = urlBelow(ref.url, `${before}${path}`);
        // A body is sent as it is; a request without one names the tenant in its query.
        const asField = tenantPlace === 'field' && tenant !== undefined && body === null;
        const url = asField ? withQuery(place, [['tenant', tenant]]) : place;
        const meant = readRequest({ method, url, body }, ref.url)?.operation;
        const sends = meant === 'SendMessage' || meant === 'SendStreamingMessage';
        // What was refused for its media type was not read.
        if (!counted) guard.spend({ ...(operation === undefined ? {} : { operation }), raw: { sends } });
        counted = true;
        const headers = headersOf(body === null ? undefined : mediaType, streamed);
        const written: Written = { intent, method, url, body, bytes, headers };
        return streamed ? caller.refusal(written, callOptions) : caller.send(written, callOptions);
      });
    },

    async callMalformed(operation, params, violation, callOptions = {}) {
      guard.spend({ operation, params });
      const ask = isStreaming(operation) ? refused : unary;
      return ask(operation, withTenant(params), { kind: 'malformed', violation, operation }, callOptions);
    },
  };
}
