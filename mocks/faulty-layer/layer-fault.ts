import type { Fault } from '../reference-agent/hooks.ts';

/**
 * The hooks of a fault that act on what an agent answers: a layer in front of an agent can do the same to it. All others reach
 * into the agent itself: its store, its work, what it accepts, the webhooks that it calls.
 */
export const layerHooks = [
  'only',
  'card',
  'signedCard',
  'cardResponse',
  'http',
  'intercept',
  'httpResponse',
  'streamHead',
  'reply',
  'restReply',
  'payload',
  'streamEnvelope',
  'restEvent',
  'grpcReply',
  'grpcEvent',
  'event',
  'streamFrame',
  'streamEnd',
  'task',
  'message',
  'result',
  'error',
] as const satisfies readonly (keyof Fault)[];

export type LayerFault = Pick<Fault, (typeof layerHooks)[number]>;

/** Whether a layer can do all that the fault does. */
export const isLayerFault = (fault: Fault): boolean =>
  Object.keys(fault).every((hook) => layerHooks.some((known) => known === hook));
