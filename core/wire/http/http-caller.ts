import { sendOptions } from '../send-options.ts';
import type { Exchange, Intent, WireRequest } from '../../history/exchange.ts';
import type { BindingClientOptions, CallOptions, CallResult } from '../binding-client.ts';
import { classifyBy, type Codec } from '../codec.ts';
import type { HttpSend } from './http-port.ts';
import { OpenStream } from './open-stream.ts';
import { mergeHeaders, withQuery } from './request.ts';

/** One request as a binding wrote it, before the headers of the user and of the call. */
export interface Written {
  readonly intent: Intent;
  readonly method: string;
  readonly url: string;
  readonly body: string | null;
  /** Sent instead of the body, for what is no text. */
  readonly bytes?: Uint8Array | undefined;
  /** The binding's own. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What the bindings over HTTP share: headers, deadlines, reading answers and streams, and learning of tasks from them. */
export interface HttpCaller {
  send(written: Written, options: CallOptions): Promise<CallResult>;
  /** Resolves once the head (or a failure) is there. */
  open(written: Written, options: CallOptions & { readonly streamMs?: number }): Promise<OpenStream>;
  /** A refusal may come as an event stream too; one that was wrongly accepted is not read on. */
  refusal(written: Written, options: CallOptions): Promise<CallResult>;
}

export function createHttpCaller(codec: Codec, client: BindingClientOptions): HttpCaller {
  const { port, interface: ref, deadlines, guard } = client;
  const classify = classifyBy(codec);

  const prepare = (
    { intent, method, url, body, bytes, headers: own }: Written,
    { headers = {}, query = {}, actor = 'main', timeoutMs = deadlines.operationMs, ...others }: CallOptions,
  ): HttpSend => {
    const request: WireRequest = {
      method,
      url: withQuery(url, Object.entries(query)),
      headers: mergeHeaders(own, client.headers ?? {}, headers),
      body: bytes === undefined ? body : Buffer.from(bytes).toString(),
      ...(bytes === undefined ? {} : { bytes: Buffer.from(bytes).toString('base64') }),
    };
    return {
      request,
      intent,
      interface: ref,
      actor,
      timeoutMs,
      classify,
      ...sendOptions(others),
    };
  };

  const finished = (exchange: Exchange): CallResult => {
    const reply = codec.decodeReply(exchange);
    if (reply.kind === 'result') guard.learn(reply.value);
    return { exchange, reply };
  };

  const open = async (send: HttpSend, streamMs = deadlines.taskMs + 2 * deadlines.graceMs): Promise<OpenStream> => {
    const stream = new OpenStream(codec, (onEvent) =>
      port.open({
        ...send,
        stream: {
          streamMs,
          onEvent: (event) => {
            if (!codec.speaks(event)) return;
            const reply = codec.decodeEvent(event);
            if (reply.kind === 'result') guard.learn(reply.value);
            onEvent({ at: event.at, reply });
          },
        },
      }),
    );
    await stream.headed();
    return stream;
  };

  return {
    send: async (written, options) => finished(await port.send(prepare(written, options))),
    open: (written, options) => open(prepare(written, options), options.streamMs),

    async refusal(written, options) {
      const send = prepare(written, options);
      const stream = await open(send);
      const first = await stream.next(() => true, send.timeoutMs);
      if (first?.reply.kind === 'error') await stream.next(() => false, deadlines.graceMs);
      stream.close();
      return finished((await stream.done).exchange);
    },
  };
}
