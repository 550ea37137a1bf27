import { authenticate } from '../authentication.ts';
import type { Binding } from '../bindings.ts';
import { faultOn } from '../bindings.ts';
import { OperationError } from '../errors.ts';
import type { GrpcReply, HttpQuestion, ReplyContext } from '../hooks.ts';
import type { Operations } from '../operations.ts';
import { checkVersion, serviceParameters } from '../service-parameters.ts';
import type { Settings } from '../settings.ts';
import type { OutputStream } from '../streams.ts';
import type { OperationName } from '../types.ts';
import { operationNames } from '../types.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import { messageIn } from './frames.ts';
import { methods, serviceName } from './messages.ts';
import { grpcStatusOf, ok, StatusError } from './status.ts';
import { WireError } from './wire-format.ts';

/** The gRPC binding (§10): framed messages in, messages and a status out; HTTP/2 is somebody else's. */

const binding: Binding = 'GRPC';

export type GrpcAnswer =
  | { readonly kind: 'reply'; readonly reply: GrpcReply; readonly context: ReplyContext }
  | {
      readonly kind: 'stream';
      readonly stream: OutputStream;
      /** One event as a message, after the binding's hooks. */
      readonly message: (event: object, index: number) => Uint8Array;
      readonly context: ReplyContext;
    };

export interface GrpcBinding {
  handle(call: { readonly question: HttpQuestion; readonly body: Buffer }): Promise<GrpcAnswer>;
  /** A status of gRPC's own making: deadline, size. */
  refuse(error: StatusError, question: HttpQuestion): GrpcAnswer;
}

const operationOf = (path: string): OperationName | undefined =>
  operationNames.find((name) => path === `/${serviceName}/${name}`);

export const plainReply: GrpcReply = { headers: {}, messages: [], status: ok, trailers: {} };

/** Those of HTTP's own that mean something beyond it. */
const trailerNames = ['www-authenticate', 'retry-after'];

export function createGrpc(settings: Settings, operations: Operations): GrpcBinding {
  const fault = faultOn(settings.fault, binding);
  const policy = fault?.policy ?? {};

  const contextOf = (question: HttpQuestion, params?: unknown, errorCode?: number): ReplyContext => ({
    binding,
    method: operationOf(question.path),
    params,
    request: question,
    errorCode,
  });

  const refuse = ({ status }: StatusError, question: HttpQuestion, params?: unknown): GrpcAnswer => ({
    kind: 'reply',
    reply: { ...plainReply, status },
    context: contextOf(question, params),
  });

  const failure = ({ content }: OperationError, question: HttpQuestion, params: unknown): GrpcAnswer => {
    const trailers = Object.entries(content.httpHeaders ?? {})
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => trailerNames.includes(name));
    return {
      kind: 'reply',
      reply: { ...plainReply, status: grpcStatusOf(content), trailers: Object.fromEntries(trailers) },
      context: contextOf(question, params, content.code),
    };
  };

  const decode = (operation: OperationName, body: Buffer): object => {
    try {
      return decodeMessage(methods[operation].request, messageIn(body));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      throw new StatusError('INTERNAL', `The request is not a ${methods[operation].request.name}: ${error.message}`);
    }
  };

  return {
    refuse,

    async handle({ question, body }) {
      let params: unknown;
      try {
        const operation = operationOf(question.path);
        if (!operation) throw new StatusError('UNIMPLEMENTED', `There is no method ${question.path}`);
        // Before anything is said about the request: strangers learn nothing about its validity.
        const caller = authenticate(question, settings, policy);
        params = decode(operation, body);
        const parameters = serviceParameters(question, policy.versionQueryIgnored);
        checkVersion(parameters, policy);
        const outcome = await operations.call({ operation, params, caller, parameters });
        const context = contextOf(question, params);
        const stream = outcome.kind === 'stream';
        const { response } = methods[operation];
        const encode = (payload: object | null): Buffer =>
          encodeMessage(
            response,
            (payload && fault?.payload ? fault.payload(payload, { ...context, stream }) : payload) ?? {},
          );
        if (outcome.kind === 'result') {
          return { kind: 'reply', reply: { ...plainReply, messages: [encode(outcome.result)] }, context };
        }
        const message = (event: object, index: number): Uint8Array => {
          const own = encode(event);
          return fault?.grpcEvent?.(own, { ...context, index }) ?? own;
        };
        return { kind: 'stream', stream: outcome.stream, message, context };
      } catch (error) {
        if (error instanceof StatusError) return refuse(error, question, params);
        if (error instanceof OperationError) return failure(error, question, params);
        throw error;
      }
    },
  };
}
