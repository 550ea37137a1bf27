import { sendOptions } from '../send-options.ts';
import { isStreaming, type Operation } from '../../../protocol/operations.ts';
import { requestMessages } from '../../../protocol/operation-messages.ts';
import type { Intent } from '../../history/exchange.ts';
import { isObject } from '../../invariants/json.ts';
import {
  Inexpressible,
  type BindingClient,
  type BindingClientOptions,
  type CallOptions,
  type CallResult,
} from '../binding-client.ts';
import { classifyBy } from '../codec.ts';
import type { GrpcSend } from '../http/http-port.ts';
import { OpenStream } from '../http/open-stream.ts';
import { mergeHeaders } from '../http/request.ts';
import { grpcCodec } from './codec.ts';
import { methodPath, operationAt, responseName } from './decode.ts';
import { grpcEndpoint } from './endpoint.ts';
import { encodeFrame } from './frames.ts';
import { decodeMessage, encodeMessage } from './protobuf.ts';

interface Written {
  readonly intent: Intent;
  readonly path: string;
  readonly method?: string;
  readonly body: string | null;
  readonly data: Uint8Array;
}

const ownHeaders = {
  'content-type': 'application/grpc+proto',
  te: 'trailers',
  'a2a-version': '1.0',
};

/**
 * Speaks one gRPC interface (§10). A path in the URL of the interface is not part of gRPC, whose paths are those of its methods;
 * where a server knows them only below that path, it is spoken to there.
 */
export function createGrpcClient(options: BindingClientOptions): BindingClient {
  const { interface: ref, guard, port, deadlines } = options;
  const { origin, prefix } = grpcEndpoint(ref.url);
  const classify = classifyBy(grpcCodec);
  let known: string | undefined = prefix === '' ? '' : undefined;

  /** The proto: clients put the interface's tenant into every request. */
  const withTenant = (params: unknown): unknown =>
    ref.tenant === undefined || ref.tenant === '' || !isObject(params) || 'tenant' in params
      ? params
      : { tenant: ref.tenant, ...params };

  const write = (operation: Operation, params: unknown, intent: Intent): Written => {
    let message: Uint8Array;
    try {
      message = encodeMessage(requestMessages[operation], params);
    } catch (error) {
      throw new Inexpressible('gRPC', error instanceof Error ? error.message : String(error));
    }
    const said = decodeMessage(requestMessages[operation], message);
    const body = 'why' in said ? '' : JSON.stringify(said.value);
    return { intent, path: methodPath(operation), body, data: encodeFrame(message) };
  };

  const prepare = (
    { intent, path, method = 'POST', body, data }: Written,
    before: string,
    { headers = {}, actor = 'main', timeoutMs = deadlines.operationMs, ...others }: CallOptions,
  ): GrpcSend => {
    const url = `${origin}${before}${path}`;
    const operation = operationAt(url);
    return {
      request: { method, url, headers: mergeHeaders(ownHeaders, options.headers ?? {}, headers), body },
      data,
      response: operation === undefined ? undefined : responseName(operation),
      intent,
      interface: ref,
      actor,
      timeoutMs,
      classify,
      ...sendOptions(others),
    };
  };

  const finished = (exchange: CallResult['exchange']): CallResult => {
    const reply = grpcCodec.decodeReply(exchange);
    if (reply.kind === 'result') guard.learn(reply.value);
    return { exchange, reply };
  };

  const send = async (written: Written, before: string, callOptions: CallOptions): Promise<CallResult> =>
    finished(await port.grpc(prepare(written, before, callOptions)).done);

  const open = async (
    written: Written,
    before: string,
    callOptions: CallOptions & { readonly streamMs?: number },
  ): Promise<OpenStream> => {
    const { streamMs = deadlines.taskMs + 2 * deadlines.graceMs } = callOptions;
    const stream = new OpenStream(grpcCodec, (onEvent) =>
      port.grpc({
        ...prepare(written, before, callOptions),
        stream: {
          streamMs,
          onEvent: (event) => {
            const reply = grpcCodec.decodeEvent(event);
            if (reply.kind === 'result') guard.learn(reply.value);
            onEvent({ at: event.at, reply });
          },
        },
      }),
    );
    await stream.headed();
    return stream;
  };

  /** A refusal may come after the head of a stream; one that was wrongly accepted is not read on. */
  const refusal = async (written: Written, before: string, callOptions: CallOptions): Promise<CallResult> => {
    const stream = await open(written, before, callOptions);
    await stream.next(() => true, callOptions.timeoutMs ?? deadlines.operationMs);
    stream.close();
    return finished((await stream.done).exchange);
  };

  const isNoService = ({ reply }: CallResult): boolean =>
    reply.kind === 'malformed' || (reply.kind === 'error' && reply.error.code === 'UNIMPLEMENTED' && !reply.error.name);

  /** Below the path of the URL only where the server knows no such method without it. */
  async function below<Tried>(
    ask: (before: string) => Promise<Tried>,
    plain: (tried: Tried) => Promise<CallResult | undefined>,
  ): Promise<Tried> {
    const first = await ask(known ?? '');
    if (known !== undefined) return first;
    const answer = await plain(first);
    if (answer?.reply.kind === 'none') return first;
    if (answer !== undefined && isNoService(answer)) {
      const second = await ask(prefix);
      const other = await plain(second);
      if (other !== undefined && (isNoService(other) || other.reply.kind === 'none')) return first;
      known = prefix;
      return second;
    }
    known = '';
    return first;
  }

  const asked = (written: Written, streamed: boolean, callOptions: CallOptions): Promise<CallResult> =>
    below(
      (before) => (streamed ? refusal : send)(written, before, callOptions),
      (answer) => Promise.resolve(answer),
    );

  return {
    interface: ref,

    async call(operation, params, callOptions = {}) {
      const sent = withTenant(params) as typeof params;
      const written = write(operation, sent, { kind: 'operation', operation, params: sent });
      guard.spend({ operation, params });
      return asked(written, false, callOptions);
    },

    async stream(operation, params, callOptions = {}) {
      const sent = withTenant(params) as typeof params;
      const written = write(operation, sent, { kind: 'operation', operation, params: sent });
      guard.spend({ operation, params });
      return below(
        (before) => open(written, before, callOptions),
        async (stream) => {
          if (stream.opened) return undefined;
          const { exchange, reply } = await stream.done;
          return reply === undefined ? undefined : { exchange, reply };
        },
      );
    },

    async raw({ body, bytes, violation, operation, method = 'POST', path }, callOptions = {}) {
      const place = path ?? methodPath(operation ?? 'GetTask');
      const meant = operationAt(`${origin}${place}`);
      const sends = meant === 'SendMessage' || meant === 'SendStreamingMessage';
      guard.spend({ ...(operation === undefined ? {} : { operation }), raw: { sends } });
      const intent: Intent = { kind: 'malformed', violation, ...(operation === undefined ? {} : { operation }) };
      const written = { intent, path: place, method, body, data: bytes ?? Buffer.from(body ?? '') };
      return (operation !== undefined && isStreaming(operation) ? refusal : send)(written, known ?? '', callOptions);
    },

    async callMalformed(operation, params, violation, callOptions = {}) {
      const written = write(operation, withTenant(params), { kind: 'malformed', violation, operation });
      guard.spend({ operation, params });
      return asked(written, isStreaming(operation), callOptions);
    },
  };
}
