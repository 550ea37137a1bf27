import type { Answer } from '../reference-agent/answer.ts';
import type { Binding } from '../reference-agent/bindings.ts';
import type { LayerFault } from './layer-fault.ts';
import type { SeenTasks } from './upstream-stream.ts';

/** One interface of the agent behind the layer. */
export interface LayerInterface {
  /** Of the agent. */
  readonly url: string;
  /** As it acts on this binding. */
  readonly fault: LayerFault;
  readonly seen: SeenTasks;
  /** A card of the agent's as the layer shows it: with the layer's own URLs. */
  readonly showCard: (card: object) => object;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The agent gave no answer: neither does the layer. */
export const brokenOff = (binding: Binding): Answer => ({
  kind: 'message',
  status: 502,
  headers: {},
  value: {},
  reply: () => 'reset',
  context: {
    binding,
    method: undefined,
    params: undefined,
    request: { method: 'POST', path: '', query: new URLSearchParams(), headers: {} },
    errorCode: undefined,
  },
});
