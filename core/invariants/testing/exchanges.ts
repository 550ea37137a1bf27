import type { Operation } from '../../../protocol/operations.ts';
import { isStreaming } from '../../../protocol/operations.ts';
import type { Exchange, History } from '../../history/exchange.ts';
import type { InterfaceRef, Target } from '../../target/target.ts';
import type { InvariantFacts } from '../invariant.ts';

/** Hand-made exchanges for table tests of invariants. */
export const sampleInterface: InterfaceRef = { binding: 'JSONRPC', version: '1.0', url: 'http://127.0.0.1:9/rpc' };

const target: Target = {
  url: 'http://127.0.0.1:9',
  cardUrl: 'http://127.0.0.1:9/.well-known/agent-card.json',
  card: {},
  interfaces: [sampleInterface],
  unmeasured: [],
  capabilities: { streaming: true, pushNotifications: false, extendedAgentCard: false, requiredExtensions: [] },
  dialect: 'a2a-1.0',
  contracts: [],
};

export const sampleFacts: InvariantFacts = { target, interface: sampleInterface };

export interface Shape {
  /** The operation asked for; `malformed` makes it a request that is wrong on purpose. */
  readonly operation?: Operation;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly malformed?: string;
  /** A malformed request that is meant for no operation. */
  readonly meaningless?: boolean;
  /** Body of the request as text, where it is not the JSON-RPC call of `operation`. */
  readonly requestBody?: string;
  readonly requestType?: string;
  /** `A2A-Version`; default `1.0`. */
  readonly version?: string;
  readonly id?: unknown;
  readonly status?: number;
  /** Null for no such header. */
  readonly type?: string | null;
  readonly encoding?: string;
  /** A string is sent as it is, anything else as JSON. */
  readonly answer?: unknown;
  /** Stream events, as text or as JSON; makes the answer a stream. */
  readonly events?: readonly unknown[];
  readonly eventName?: string;
  readonly validUtf8?: boolean;
  readonly at?: number;
  readonly until?: number;
  readonly endedBy?: Exchange['endedBy'];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const userMessage = (extra: object = {}) => ({
  messageId: 'm1',
  role: 'ROLE_USER',
  parts: [{ text: 'hello' }],
  ...extra,
});

const sampleParams = (operation: Operation): Readonly<Record<string, unknown>> =>
  operation.startsWith('Send') ? { message: userMessage() } : { id: 't1' };

/** One exchange; what is not given is right. */
export function exchange(number: number, shape: Shape): Exchange {
  const { operation = 'GetTask', malformed, id = number, at = number * 100, until = at + 10 } = shape;
  const params = shape.params ?? sampleParams(operation);
  const streams = shape.events !== undefined;
  const body = shape.requestBody ?? JSON.stringify({ jsonrpc: '2.0', id, method: operation, params });
  const type = shape.type === undefined ? (streams ? 'text/event-stream' : 'application/json') : shape.type;
  const answer = streams ? shape.events.map((event) => `data: ${text(event)}\n\n`).join('') : text(shape.answer ?? '');
  return {
    id: `x${number}`,
    actor: 'main',
    interface: sampleInterface,
    intent:
      malformed === undefined
        ? { kind: 'operation', operation, params }
        : { kind: 'malformed', violation: malformed, ...(shape.meaningless ? {} : { operation }) },
    request: {
      method: 'POST',
      url: sampleInterface.url,
      headers: [
        ['Content-Type', shape.requestType ?? 'application/json'],
        ['A2A-Version', shape.version ?? '1.0'],
      ],
      body,
    },
    response: {
      status: shape.status ?? 200,
      headers: [
        ...(type === null ? [] : ([['content-type', type]] as const)),
        ...(shape.encoding === undefined ? [] : ([['content-encoding', shape.encoding]] as const)),
      ],
      body: answer,
      validUtf8: shape.validUtf8 ?? true,
      truncated: false,
      headAt: at + 1,
    },
    events: (shape.events ?? []).map((event, index) => ({
      at: at + 1 + index,
      data: text(event),
      ...(shape.eventName === undefined ? {} : { event: shape.eventName }),
    })),
    endedBy: shape.endedBy ?? 'server',
    startedAt: at,
    endedAt: until,
    clock: 'c',
    outcome: 'ok',
  };
}

/** Exchanges numbered from 1, 100 ms apart, each ended before the next begins. */
export const historyOf = (...shapes: readonly Shape[]): History => ({
  exchanges: shapes.map((shape, index) => exchange(index + 1, shape)),
});

export const result = (id: unknown, value: unknown) => ({ jsonrpc: '2.0', id, result: value });

export const error = (id: unknown, code: number, extra: object = {}) => ({
  jsonrpc: '2.0',
  id,
  error: { code, message: 'no', ...extra },
});

export const sampleTask = (extra: object = {}) => ({
  id: 't1',
  contextId: 'c1',
  status: { state: 'TASK_STATE_WORKING', timestamp: '2025-10-28T10:30:00.123Z' },
  ...extra,
});

/** A GetTask whose answer is `task`. */
export const got = (number: number, task: object, extra: Shape = {}): Shape => ({
  answer: result(number, task),
  ...extra,
});

/** A stream of SendStreamingMessage (or another operation) whose events are `results`. */
export const streamed = (
  number: number,
  results: readonly unknown[],
  extra: Shape = {},
  operation: Operation = 'SendStreamingMessage',
): Shape => {
  if (!isStreaming(operation)) throw new RangeError(`${operation} is no streaming operation`);
  return { operation, events: results.map((value) => result(number, value)), ...extra };
};
