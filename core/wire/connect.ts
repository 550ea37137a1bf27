import type { Binding } from '../../protocol/operations.ts';
import type { BindingClient, BindingClientOptions } from './binding-client.ts';
import { createGrpcClient } from './grpc/grpc-client.ts';
import { createHttpJsonClient } from './http-json/http-json-client.ts';
import { createJsonRpcClient } from './jsonrpc/jsonrpc-client.ts';

type Connect = (options: BindingClientOptions) => BindingClient;

/** The bindings that a run can speak. */
export const spokenBindings = ['JSONRPC', 'HTTP+JSON', 'GRPC'] as const satisfies readonly Binding[];

const clients: Readonly<Record<(typeof spokenBindings)[number], Connect>> = {
  JSONRPC: createJsonRpcClient,
  'HTTP+JSON': createHttpJsonClient,
  GRPC: createGrpcClient,
};

const isSpoken = (binding: string): binding is keyof typeof clients => Object.hasOwn(clients, binding);

/**
 * A client of an interface, over its binding.
 * @throws {RangeError} for a binding that is not spoken: discovery leaves such interfaces out
 */
export function createBindingClient(options: BindingClientOptions): BindingClient {
  const { binding } = options.interface;
  if (!isSpoken(binding)) throw new RangeError(`no client speaks ${binding}`);
  return clients[binding](options);
}
