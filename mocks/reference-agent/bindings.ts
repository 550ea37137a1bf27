import type { Fault } from './hooks.ts';

/** The bindings that share the HTTP server, by their names in the card (§4.4.6). */
export const httpBindings = ['JSONRPC', 'HTTP+JSON'] as const;
export type HttpBindingName = (typeof httpBindings)[number];

/** The bindings that the agent speaks. */
export const bindings = [...httpBindings, 'GRPC'] as const;
export type Binding = (typeof bindings)[number];

/** The fault as calls of one binding meet it: nothing of it where it is meant for others. */
export const faultOn = (fault: Fault | undefined, binding: Binding): Fault | undefined =>
  fault?.only === undefined || fault.only.includes(binding) ? fault : undefined;
