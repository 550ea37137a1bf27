import type { Answer, HttpBinding, HttpRequest } from '../reference-agent/answer.ts';
import type { ErrorContent } from '../reference-agent/errors.ts';
import type { Envelope, ReplyContext } from '../reference-agent/hooks.ts';
import { operationNames } from '../reference-agent/types.ts';
import { detailsIn } from './error-content.ts';
import { forward, type ForwardedMessage } from './forward-http.ts';
import { brokenOff, isObject, parseJson, type LayerInterface } from './layer-interface.ts';
import { changeError, changeResult, type CallContext } from './payload-faults.ts';
import { faultyStream, RawEvent, type UpstreamEvent } from './upstream-stream.ts';

const binding = 'JSONRPC';

/** The JSON-RPC interface of an agent (§9), with the fault in what it answers. */
export function createJsonRpcLayer(layer: LayerInterface): HttpBinding {
  const { url, fault, seen } = layer;
  const answerMessage = (
    { status, headers, body }: ForwardedMessage,
    call: CallContext | undefined,
    context: Omit<ReplyContext, 'errorCode'>,
  ): Answer => {
    const envelope = parseJson(body);
    if (!isObject(envelope) || !('result' in envelope || 'error' in envelope)) {
      return {
        kind: 'message',
        status,
        headers,
        value: {},
        reply: () => body,
        context: { ...context, errorCode: undefined },
      };
    }
    const changed = changeEnvelope(envelope as unknown as Envelope, layer, call, context);
    const errorCode = changed.error?.code;
    const own = { ...context, errorCode };
    return {
      kind: 'message',
      status,
      headers,
      value: changed,
      reply: () => fault.reply?.(changed, own) ?? ((changed as unknown) === envelope ? body : changed),
      context: own,
    };
  };

  return {
    refuse: () => brokenOff(binding),

    async handle(request: HttpRequest): Promise<Answer> {
      const json = parseJson(Buffer.from(request.body).toString('utf8'));
      const { method, params, id } = isObject(json) ? json : {};
      const operation = operationNames.find((name) => name === method);
      const call = operation && ({ binding, operation, params } as const);
      const context = {
        binding,
        method: typeof method === 'string' ? method : undefined,
        params,
        request: request.question,
      } as const;
      const answer = await forward(url, request).catch(() => undefined);
      if (answer === undefined) return brokenOff(binding);
      if (answer.kind === 'message') return answerMessage(answer, call, context);
      const own = { ...context, errorCode: undefined };
      async function* payloads(events: AsyncIterable<string>): AsyncGenerator<UpstreamEvent, void> {
        for await (const data of events) {
          const envelope = parseJson(data);
          const payload = isObject(envelope) ? envelope['result'] : undefined;
          yield isObject(payload) ? { payload } : { raw: isObject(envelope) ? envelope : { data } };
        }
      }
      return {
        kind: 'stream',
        stream: faultyStream({
          events: payloads(answer.events),
          call: call ?? { binding, operation: 'SendStreamingMessage', params },
          fault,
          seen,
          cancel: answer.cancel,
        }),
        data: (event, index) => {
          if (event instanceof RawEvent) return event.value;
          const result = fault.payload?.(event, { ...own, stream: true }) ?? event;
          const envelope: Envelope = { jsonrpc: '2.0', id: id as Envelope['id'], result };
          return fault.streamEnvelope?.(envelope, { ...own, index }) ?? envelope;
        },
        context: own,
      };
    },
  };
}

/** The envelope with the fault in its result or error; the same one where nothing is changed. */
function changeEnvelope(
  envelope: Envelope,
  layer: LayerInterface,
  call: CallContext | undefined,
  context: Omit<ReplyContext, 'errorCode'>,
): Envelope {
  if (call === undefined) return envelope;
  const withResult = (result: object | null): Envelope => {
    const payload = changeResult(result, layer, call, context);
    if (payload === envelope.result) return envelope;
    return { jsonrpc: '2.0', id: envelope.id, result: payload };
  };
  if (!isObject(envelope.error)) return withResult(envelope.result as object | null);
  const { code, message, data } = envelope.error as { code: number; message: string; data?: unknown };
  const details = detailsIn(data);
  const content: ErrorContent = { code, message, ...(details === undefined ? {} : { details }) };
  const changed = changeError(content, layer.fault, call);
  if (changed === content) return envelope;
  if ('result' in changed) return withResult(changed.result);
  const error = { code: changed.code, message: changed.message, ...(changed.details ? { data: changed.details } : {}) };
  return { jsonrpc: '2.0', id: envelope.id, error };
}
