import type { Exchange, Headers, History, StreamEvent } from '../core/history/exchange.ts';
import { isObject, parseJson } from '../core/invariants/json.ts';
import type { InterfaceRef } from '../core/target/target.ts';
import type { TaskLine } from './journal.ts';

/** What the journal does not say of each send, since it is the same for all. */
export interface HistoryFacts {
  readonly interface: InterfaceRef;
  readonly operation: 'SendStreamingMessage' | 'SendMessage';
  /** Beside those of the protocol, without the values of those that may be secret. */
  readonly headers: Headers;
  /** The clock of the history, and microseconds since the Unix epoch at its zero. */
  readonly clock: string;
  readonly zeroMicros: number;
}

/** Names one send in a history: `load-12`. */
export const exchangeId = ({ i }: Pick<TaskLine, 'i'>): string => `load-${i}`;

/**
 * A sampled send as an exchange, with everything that was on the wire; undefined where it was not kept whole. The journal holds
 * events, not bytes: the body of a stream is empty and marked as cut.
 */
export function exchangeOf(task: TaskLine, facts: HistoryFacts): Exchange | undefined {
  const { raw } = task;
  if (raw === undefined || raw.cut === true) return undefined;
  const at = (micros: number): number => (micros - facts.zeroMicros) / 1_000;
  const parsed = parseJson(raw.req);
  const params = isObject(parsed) && isObject(parsed['params']) ? parsed['params'] : {};
  const streamed = facts.operation === 'SendStreamingMessage' && (task.ev ?? []).length > 0;
  const answered = task.http !== undefined && task.http !== 0;
  const endedBy = endedByOf(task);
  return {
    id: exchangeId(task),
    actor: 'load',
    interface: facts.interface,
    intent: { kind: 'operation', operation: facts.operation, params },
    request: { method: 'POST', url: raw.url, headers: requestHeaders(facts), body: raw.req },
    response: answered
      ? {
          status: task.http,
          headers: raw.hdr ?? [],
          body: streamed ? '' : (raw.data[0] ?? ''),
          validUtf8: true,
          truncated: streamed,
          headAt: at(task.hd ?? task.ret),
        }
      : null,
    events: streamed ? eventsOf(task, at) : [],
    endedBy,
    startedAt: at(task.inv),
    endedAt: at(task.ret),
    clock: facts.clock,
    outcome: outcomeOf(task),
    ...(failureOf(task) ?? {}),
  };
}

/** The sampled sends and the reads after the run, in the order of their start. */
export const historyOf = (exchanges: readonly Exchange[]): History => ({
  exchanges: exchanges.toSorted((a, b) => a.startedAt - b.startedAt),
});

function requestHeaders({ operation, headers }: HistoryFacts): Headers {
  const accept = operation === 'SendStreamingMessage' ? 'text/event-stream' : 'application/json';
  return [['Content-Type', 'application/json'], ['Accept', accept], ['A2A-Version', '1.0'], ...headers];
}

function eventsOf({ raw, ev = [], inv }: TaskLine, at: (micros: number) => number): readonly StreamEvent[] {
  return raw!.data.map((data, index) => {
    const event = raw!.names?.[index];
    return { at: at(inv + (ev[index]?.[1] ?? 0)), data, ...(event === undefined ? {} : { event }) };
  });
}

function endedByOf({ out, held, code }: TaskLine): Exchange['endedBy'] {
  if (code === 'eof') return 'server';
  if (out === 'timeout') return 'deadline';
  if (out === 'canceled' || out === 'waiting' || held === true) return 'client';
  return out === 'transport' || out === 'cut' ? 'broken' : 'server';
}

/** A stream has said what became of the operation with its first event, however it ended. */
function outcomeOf({ out, ev = [] }: TaskLine): Exchange['outcome'] {
  if (ev[0] !== undefined && ev[0][0] !== 'error' && ev[0][0] !== 'other') return 'ok';
  switch (out) {
    case 'rpc-error':
    case 'http':
    case 'malformed':
      return 'error';
    case 'transport':
    case 'timeout':
    case 'canceled':
    case 'cut':
      return 'indefinite';
    case 'completed':
    case 'message':
    case 'waiting':
    case 'accepted':
    case 'failed':
      return 'ok';
  }
}

const failureKinds: Readonly<Record<string, NonNullable<Exchange['failure']>['kind']>> = {
  timeout: 'timeout',
  refused: 'refused',
  reset: 'reset',
  dns: 'dns',
  canceled: 'aborted',
};

function failureOf({ out, code = '', err = '' }: TaskLine): Pick<Exchange, 'failure'> | undefined {
  const broken = out === 'transport' || out === 'timeout' || out === 'canceled' || (out === 'cut' && code !== 'eof');
  if (!broken) return undefined;
  return { failure: { kind: failureKinds[code] ?? 'other', message: err } };
}
