import { once } from 'node:events';
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { ErrorContent } from '../reference-agent/errors.ts';
import type { GrpcAnswer, GrpcBinding } from '../reference-agent/grpc/binding.ts';
import { plainReply } from '../reference-agent/grpc/binding.ts';
import { decodeMessage, encodeMessage } from '../reference-agent/grpc/codec.ts';
import { messageIn } from '../reference-agent/grpc/frames.ts';
import { methods, rpcStatus, serviceName, type MethodShape } from '../reference-agent/grpc/messages.ts';
import { codeNames, grpcStatusOf, ok, plainStatus } from '../reference-agent/grpc/status.ts';
import type { GrpcReply, GrpcStatus, HttpQuestion, ReplyContext } from '../reference-agent/hooks.ts';
import { operationNames } from '../reference-agent/types.ts';
import { detailsIn, errorOf } from './error-content.ts';
import type { LayerInterface } from './layer-interface.ts';
import { changeError, changeResult, type CallContext } from './payload-faults.ts';
import { faultyStream, type UpstreamEvent } from './upstream-stream.ts';

const binding = 'GRPC';
const prefixBytes = 5;

/** Headers and trailers that are said by whoever sends the message: the layer says its own. */
const ownHeaders = new Set([
  'content-type',
  'date',
  'grpc-status',
  'grpc-message',
  'grpc-status-details-bin',
  'grpc-encoding',
]);

const metadataOf = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(':') || ownHeaders.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );

/** What the agent answered; `messages` ends when its stream does, and the status is known then. */
interface Upstream {
  readonly messages: AsyncIterable<Buffer>;
  readonly headers: () => Record<string, string>;
  readonly trailers: () => Record<string, string>;
  readonly status: () => GrpcStatus | undefined;
  readonly cancel: () => void;
}

function statusIn(trailers: IncomingHttpHeaders): GrpcStatus | undefined {
  const code = trailers['grpc-status'];
  if (code === undefined) return undefined;
  const bytes = trailers['grpc-status-details-bin'];
  const message = trailers['grpc-message'];
  return {
    code: Number(code),
    message: typeof message === 'string' ? decodeURIComponent(message) : '',
    details: typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : undefined,
  };
}

async function* messagesOf(call: ClientHttp2Stream): AsyncGenerator<Buffer, void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of call as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= prefixBytes) {
      const end = prefixBytes + rest.readUInt32BE(1);
      if (rest.length < end) break;
      yield rest.subarray(prefixBytes, end);
      rest = rest.subarray(end);
    }
  }
}

async function send(session: ClientHttp2Session, question: HttpQuestion, body: Buffer): Promise<Upstream> {
  const headers = Object.fromEntries(
    Object.entries(question.headers).filter(
      ([name, value]) => !name.startsWith(':') && name !== 'grpc-accept-encoding' && value !== undefined,
    ),
  );
  const call = session.request({ ...headers, ':method': 'POST', ':path': question.path });
  let trailing: IncomingHttpHeaders = {};
  call.on('trailers', (received) => (trailing = received));
  call.end(body);
  const [initial] = (await once(call, 'response')) as [IncomingHttpHeaders];
  return {
    messages: messagesOf(call),
    headers: () => ('grpc-status' in initial ? {} : metadataOf(initial)),
    trailers: () => metadataOf('grpc-status' in initial ? initial : trailing),
    status: () => statusIn(trailing) ?? statusIn(initial),
    cancel: () => call.close(constants.NGHTTP2_CANCEL),
  };
}

const operationCodes = new Set<string | undefined>(['INVALID_ARGUMENT', 'NOT_FOUND', 'FAILED_PRECONDITION']);

/** Undefined for a status of gRPC's own making, which is no error of an operation. */
const errorIn = ({ code, message, details }: GrpcStatus): ErrorContent | undefined => {
  if (details === undefined && !operationCodes.has(codeNames[code])) return undefined;
  const status = details instanceof Uint8Array ? decodeMessage(rpcStatus, details) : undefined;
  return errorOf(codeNames[code] ?? code, message, detailsIn(status?.['details']));
};

const tryOr = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

/** The details as hooks know them, so that they can be changed with the code that they repeat; bytes where they cannot be written again. */
function readable(status: GrpcStatus): GrpcStatus {
  const { code, message, details: bytes } = status;
  if (!(bytes instanceof Uint8Array)) return status;
  const details = tryOr(() => {
    const read = detailsIn(decodeMessage(rpcStatus, bytes)['details']);
    encodeMessage(rpcStatus, { code, message, details: read });
    return read;
  });
  return details === undefined ? status : { ...status, details };
}

export interface GrpcLayer extends GrpcBinding {
  close(): void;
}

/** The gRPC interface of an agent (§10), with the fault in what it answers. What no hook changes goes through byte by byte. */
export function createGrpcLayer(layer: LayerInterface): GrpcLayer {
  const { url, fault, seen } = layer;
  let session: ClientHttp2Session | undefined;
  const connected = (): ClientHttp2Session => {
    if (session === undefined || session.destroyed || session.closed) {
      session = connect(new URL(url).origin);
      // A call says what became of it.
      session.on('error', () => undefined);
    }
    return session;
  };

  const unary = async (
    upstream: Upstream,
    first: readonly Buffer[],
    shape: MethodShape | undefined,
    call: CallContext | undefined,
    context: Omit<ReplyContext, 'errorCode'>,
  ): Promise<GrpcAnswer> => {
    const messages = [...first];
    for await (const message of upstream.messages) messages.push(message);
    const status = upstream.status();
    const shown = status && fault.grpcReply !== undefined ? readable(status) : status;
    const reply: GrpcReply = { headers: upstream.headers(), messages, status: shown, trailers: upstream.trailers() };
    const answer = (changed: Partial<GrpcReply>, errorCode?: number): GrpcAnswer => ({
      kind: 'reply',
      reply: { ...reply, ...changed },
      context: { ...context, errorCode },
    });
    if (shape === undefined || call === undefined || status === undefined) return answer({});
    const succeed = (plain: object | null, bytes: Buffer | undefined): GrpcAnswer => {
      const payload = changeResult(plain, layer, call, context);
      const message = payload === plain && bytes !== undefined ? bytes : encodeMessage(shape.response, payload ?? {});
      return answer({ messages: [message], status: ok });
    };
    if (status.code === 0) {
      const [message] = messages;
      const plain = message && tryOr(() => decodeMessage(shape.response, message));
      return plain === undefined ? answer({}) : succeed(plain, message);
    }
    const content = tryOr(() => errorIn(status));
    if (content === undefined) return answer({});
    const changed = changeError(content, fault, call);
    if (changed === content) return answer({}, content.code);
    return 'result' in changed
      ? succeed(changed.result, undefined)
      : answer({ status: grpcStatusOf(changed) }, changed.code);
  };

  return {
    refuse: ({ status }, question) => ({
      kind: 'reply',
      reply: { ...plainReply, status },
      context: { binding, method: undefined, params: undefined, request: question, errorCode: undefined },
    }),

    async handle({ question, body }): Promise<GrpcAnswer> {
      const operation = operationNames.find((name) => question.path === `/${serviceName}/${name}`);
      const shape = operation && methods[operation];
      const params = shape && tryOr(() => decodeMessage(shape.request, messageIn(body)));
      const call = operation && ({ binding, operation, params } as const);
      const context = { binding, method: operation, params, request: question } as const;
      const lost = (): GrpcAnswer => ({
        kind: 'reply',
        reply: { ...plainReply, status: plainStatus('UNAVAILABLE', 'The agent behind the layer gave no answer') },
        context: { ...context, errorCode: undefined },
      });
      const upstream = await send(connected(), question, body).catch(() => undefined);
      if (upstream === undefined) return lost();
      if (shape?.stream !== true || call === undefined) return unary(upstream, [], shape, call, context).catch(lost);
      const iterator = upstream.messages[Symbol.asyncIterator]();
      const first = await iterator.next().catch(() => undefined);
      if (first === undefined) return lost();
      const rest = { ...upstream, messages: { [Symbol.asyncIterator]: () => iterator } };
      if (first.done === true) return unary(rest, [], shape, call, context).catch(lost);
      async function* events(): AsyncGenerator<UpstreamEvent, void> {
        yield { payload: decodeMessage(methods[call!.operation].response, first!.value as Buffer) };
        for await (const message of rest.messages) {
          yield { payload: decodeMessage(methods[call!.operation].response, message) };
        }
        // An error at the end of a stream is shown as a stream that breaks off.
        if (upstream!.status()?.code !== 0) throw new Error('the stream of the agent failed');
      }
      const own = { ...context, errorCode: undefined };
      return {
        kind: 'stream',
        stream: faultyStream({ events: events(), call, fault, seen, cancel: upstream.cancel }),
        message: (event, index) => {
          const payload = fault.payload?.(event, { ...own, stream: true }) ?? event;
          const message = encodeMessage(shape.response, payload);
          return fault.grpcEvent?.(message, { ...own, index }) ?? message;
        },
        context: own,
      };
    },

    close: () => session?.destroy(),
  };
}
