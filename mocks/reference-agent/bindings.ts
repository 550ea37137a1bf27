import type { Fault } from './hooks.ts';

/** The bindings that the agent speaks, by their names in the card (§4.4.6). */
export const bindings = ['JSONRPC', 'HTTP+JSON'] as const;
export type Binding = (typeof bindings)[number];

/** The fault as calls of one binding meet it: nothing of it where it is meant for others. */
export const faultOn = (fault: Fault | undefined, binding: Binding): Fault | undefined =>
  fault?.only === undefined || fault.only.includes(binding) ? fault : undefined;
