import type { ServiceError } from '@grpc/grpc-js';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import type { RunningAgent } from '../../agent.ts';
import { codes } from '../../rest-test-client.ts';
import type { AnyClient, CallOptions, Detail, Reply } from '../../test-client.ts';
import { anyClient, headersOf } from '../../test-client.ts';
import type { OperationName, StreamResponse } from '../../types.ts';
import { decodeMessage, encodeMessage } from '../codec.ts';
import { methods, rpcStatus, serviceName } from '../messages.ts';

/** The test client on gRPC, over `@grpc/grpc-js`: the same calls, their answers put into the form that JSON-RPC has. */

export interface GrpcReplyOf<T> {
  /** Undefined in an error. */
  readonly message: T | undefined;
  readonly error: ServiceError | undefined;
  readonly headers: Metadata | undefined;
  readonly trailers: Metadata | undefined;
}

export interface GrpcClient extends AnyClient, Disposable {
  /** One unary call: bytes as they are, or a request in ProtoJSON. */
  request(
    method: string,
    request: object | Uint8Array,
    options?: { readonly metadata?: CallOptions['headers'] },
  ): Promise<GrpcReplyOf<Buffer>>;
  close(): void;
}

/** What stands in `grpc-status-details-bin`. */
export const detailsOf = ({
  metadata,
}: ServiceError): { code: number; message: string; details?: Detail[] } | undefined => {
  const [bytes] = metadata.get('grpc-status-details-bin');
  return bytes === undefined ? undefined : (decodeMessage(rpcStatus, bytes as Buffer) as never);
};

/** With the fields' names as JSON has them. */
const inJson = (detail: Detail): Detail =>
  detail.fieldViolations
    ? {
        ...detail,
        fieldViolations: detail.fieldViolations.map(({ field, description }) => ({
          field: field.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
          description,
        })),
      }
    : detail;

/** JSON-RPC codes by the status of an error without a reason. */
const plainCodes: Readonly<Partial<Record<status, number>>> = {
  [status.INVALID_ARGUMENT]: -32602,
  [status.INTERNAL]: -32603,
  [status.RESOURCE_EXHAUSTED]: -32600,
};

function errorReply<T>(error: ServiceError): Reply<T> {
  const details = detailsOf(error)?.details;
  const reason = details?.find((detail) => detail.reason !== undefined)?.reason;
  const code = (reason === undefined ? plainCodes[error.code] : codes[reason]) ?? 0;
  return { jsonrpc: '2.0', id: 1, error: { code, message: error.details, data: details?.map(inJson) } } as never;
}

const encoded = (method: string, request: object | Uint8Array): Buffer =>
  request instanceof Uint8Array
    ? Buffer.from(request)
    : encodeMessage(methods[method as OperationName].request, request);

export function grpcClient(agent: RunningAgent, ownHeaders: Readonly<Record<string, string>> = {}): GrpcClient {
  const client = new Client((agent.grpcUrl ?? '').replace('http://', ''), credentials.createInsecure());
  const metadataOf = (headers: CallOptions['headers'] = {}): Metadata => {
    const metadata = new Metadata();
    for (const [name, value] of headersOf({ 'A2A-Version': '1.0' }, ownHeaders, headers)) metadata.set(name, value);
    return metadata;
  };
  const path = (method: string): string => `/${serviceName}/${method}`;
  const same = (bytes: Buffer): Buffer => bytes;

  const open = (method: OperationName, request: object, options: CallOptions) =>
    client.makeServerStreamRequest(
      path(method),
      same,
      (bytes: Buffer): object => decodeMessage(methods[method].response, bytes),
      encoded(method, request),
      metadataOf(options.headers),
    );

  const request: GrpcClient['request'] = (method, content, { metadata = {} } = {}) =>
    new Promise((resolve) => {
      let headers: Metadata | undefined;
      let trailers: Metadata | undefined;
      let outcome: Pick<GrpcReplyOf<Buffer>, 'message' | 'error'> | undefined;
      const done = (): void => {
        if (outcome && trailers) resolve({ ...outcome, headers, trailers });
      };
      const call = client.makeUnaryRequest(
        path(method),
        same,
        same,
        encoded(method, content),
        metadataOf(metadata),
        (error, message) => {
          outcome = { message, error: error ?? undefined };
          done();
        },
      );
      call.on('metadata', (received: Metadata) => (headers = received));
      call.on('status', ({ metadata: received }: { readonly metadata: Metadata }) => {
        trailers = received;
        done();
      });
    });

  return {
    ...anyClient({
      async call<T>(method: string, params?: unknown, { headers = {} }: CallOptions = {}): Promise<Reply<T>> {
        const name = method as OperationName;
        if (methods[name].stream) {
          const call = open(name, (params ?? {}) as object, { headers });
          return new Promise((resolve) => {
            call.on('error', (error) => resolve(errorReply<T>(error as ServiceError)));
            call.on('data', (result: T) => {
              resolve({ jsonrpc: '2.0', id: 1, result } as Reply<T>);
              call.cancel();
            });
          });
        }
        const { message, error } = await request(method, (params ?? {}) as object, { metadata: headers });
        if (error || !message) return errorReply<T>(error as ServiceError);
        return { jsonrpc: '2.0', id: 1, result: decodeMessage(methods[name].response, message) } as Reply<T>;
      },
      async stream(method, params, options = {}) {
        const call = open(method as OperationName, params as object, options);
        const events = call[Symbol.asyncIterator]() as AsyncIterator<StreamResponse>;
        const next = async (): Promise<Reply<StreamResponse> | undefined> => {
          const { done, value } = await events.next();
          return done ? undefined : ({ jsonrpc: '2.0', id: 1, result: value } as Reply<StreamResponse>);
        };
        // The iterator tells of errors; a call that is canceled has one that nobody waits for.
        const began = new Promise<boolean>((resolve) => {
          call.on('error', () => resolve(false));
          call.on('metadata', () => resolve(true));
        });
        const close = (): void => call.cancel();
        return {
          status: 200,
          headers: new Headers({ 'Content-Type': (await began) ? 'text/event-stream' : 'application/json' }),
          next,
          async rest() {
            const rest: StreamResponse[] = [];
            for (let reply = await next(); reply; reply = await next()) rest.push(reply.result);
            return rest;
          },
          close,
          [Symbol.dispose]: close,
        };
      },
    }),
    request,
    close: () => client.close(),
    [Symbol.dispose]: () => client.close(),
  };
}
