import { standardBindings, type Binding } from '../../protocol/operations.ts';
import type { BindingClient, BindingClientOptions } from './binding-client.ts';
import { createHttpJsonClient } from './http-json/http-json-client.ts';
import { createJsonRpcClient } from './jsonrpc/jsonrpc-client.ts';

type Connect = (options: BindingClientOptions) => BindingClient;

const clients: ReadonlyMap<string, Connect> = new Map<Binding, Connect>([
  ['JSONRPC', createJsonRpcClient],
  ['HTTP+JSON', createHttpJsonClient],
]);

/** The bindings that a run can speak. */
export const spokenBindings: readonly Binding[] = standardBindings.filter((name) => clients.has(name));

/**
 * A client of an interface, over its binding.
 * @throws {RangeError} for a binding that is not spoken: discovery leaves such interfaces out
 */
export function createBindingClient(options: BindingClientOptions): BindingClient {
  const connect = clients.get(options.interface.binding);
  if (connect === undefined) throw new RangeError(`no client speaks ${options.interface.binding}`);
  return connect(options);
}
