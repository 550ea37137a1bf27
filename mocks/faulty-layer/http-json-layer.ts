import type { Answer, HttpBinding, HttpRequest } from '../reference-agent/answer.ts';
import { paths } from '../reference-agent/card.ts';
import type { ReplyContext } from '../reference-agent/hooks.ts';
import { statusOf } from '../reference-agent/http-json-errors.ts';
import { routeOf } from '../reference-agent/http-json-routes.ts';
import { detailsIn, errorOf } from './error-content.ts';
import { forward, type ForwardedMessage } from './forward-http.ts';
import { brokenOff, isObject, parseJson, type JsonObject, type LayerInterface } from './layer-interface.ts';
import { changeError, changeResult, type CallContext } from './payload-faults.ts';
import { faultyStream, RawEvent, type UpstreamEvent } from './upstream-stream.ts';

const binding = 'HTTP+JSON';

/** The request as one message: fields of the path, of the query, and of the body; undefined where that is no object. */
function paramsOf({ question, body }: HttpRequest, fields: Readonly<Record<string, string>>): JsonObject | undefined {
  const json = body.length === 0 ? {} : parseJson(Buffer.from(body).toString('utf8'));
  if (!isObject(json)) return undefined;
  return {
    ...json,
    ...Object.fromEntries(question.query),
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, decodeURIComponent(value)])),
  };
}

/** The HTTP+JSON interface of an agent (§11), with the fault in what it answers. */
export function createHttpJsonLayer(layer: LayerInterface): HttpBinding {
  const { url, fault, seen } = layer;
  const base = url.replace(/\/$/, '');

  const answerMessage = (
    { status, headers, body }: ForwardedMessage,
    call: CallContext | undefined,
    context: Omit<ReplyContext, 'errorCode'>,
  ): Answer => {
    const json = parseJson(body);
    const message = (value: object, code: number | undefined, http = status): Answer => {
      const own = { ...context, errorCode: code };
      const plain = value === json ? body : value;
      return {
        kind: 'message',
        status: http,
        headers,
        value,
        reply: () => fault.restReply?.(value, own) ?? plain,
        context: own,
      };
    };
    if (!isObject(json)) {
      const own = { ...context, errorCode: undefined };
      return { kind: 'message', status, headers, value: {}, reply: () => body, context: own };
    }
    const succeed = (result: object | null, http?: number): Answer => {
      if (call === undefined) return message(json, undefined);
      return message(changeResult(result, layer, call, context) ?? {}, undefined, http);
    };
    if (status < 400) return succeed(json);
    const error = isObject(json['error']) ? json['error'] : json;
    const found = errorOf(status, error['message'], detailsIn(error['details']));
    const content = call?.params === undefined && found.code === -32602 ? { ...found, code: -32700 } : found;
    const changed = call === undefined ? content : changeError(content, fault, call);
    if (changed === content) return message(json, content.code);
    if ('result' in changed) return succeed(changed.result, 200);
    const own = statusOf(changed);
    return message(own, changed.code, own.error.code);
  };

  return {
    refuse: () => brokenOff(binding),

    async handle(request: HttpRequest): Promise<Answer> {
      const { question } = request;
      const path = question.path.slice(paths.httpJson.length);
      const route = routeOf(question.method, path);
      const call: CallContext | undefined =
        route.kind === 'operation'
          ? { binding, operation: route.operation, params: paramsOf(request, route.fields) }
          : undefined;
      const context = { binding, method: call?.operation, params: call?.params, request: question } as const;
      const answer = await forward(base + path, request).catch(() => undefined);
      if (answer === undefined) return brokenOff(binding);
      if (answer.kind === 'message') return answerMessage(answer, call, context);
      const own = { ...context, errorCode: undefined };
      async function* payloads(events: AsyncIterable<string>): AsyncGenerator<UpstreamEvent, void> {
        for await (const data of events) {
          const json = parseJson(data);
          if (!isObject(json)) yield { raw: { data } };
          else yield 'error' in json ? { raw: json } : { payload: json };
        }
      }
      return {
        kind: 'stream',
        stream: faultyStream({
          events: payloads(answer.events),
          call: call ?? { binding, operation: 'SendStreamingMessage', params: undefined },
          fault,
          seen,
          cancel: answer.cancel,
        }),
        data: (event, index) => {
          if (event instanceof RawEvent) return event.value;
          const payload = fault.payload?.(event, { ...own, stream: true }) ?? event;
          return fault.restEvent?.(payload, { ...own, index }) ?? payload;
        },
        context: own,
      };
    },
  };
}
