import { streamItems, type StreamItem } from '../../core/history/stream-view.ts';
import type { Exchange } from '../../core/history/exchange.ts';
import { artifact, errorOf, noAnswer, task } from './answers.ts';
import type { WatchedStream } from '../checks/streaming/watch.ts';

/** Made-up streams for table tests of judges: no I/O behind them. */

type Json = Readonly<Record<string, unknown>>;

export const taskEvent = (state: string, more: Json = {}): Json => ({ task: task(state, more) });

export const statusEvent = (state: string, note?: string, timestamp?: string): Json => ({
  statusUpdate: {
    taskId: 't1',
    contextId: 'c1',
    status: {
      state: `TASK_STATE_${state}`,
      ...(note === undefined ? {} : { message: { parts: [{ text: note }] } }),
      ...(timestamp === undefined ? {} : { timestamp }),
    },
  },
});

export const chunkEvent = (id: string, text: string, flags: Json = {}): Json => ({
  artifactUpdate: { taskId: 't1', contextId: 'c1', artifact: { ...artifact(id), parts: [{ text }] }, ...flags },
});

export const messageEvent: Json = { message: { messageId: 'm1', role: 'ROLE_AGENT', parts: [{ text: 'hello' }] } };

/** An event that is a JSON-RPC error; of the agent's own system where it is `broken`. */
export const errorEvent = 'error';
export const brokenEvent = 'broken';

type Event = Json | typeof errorEvent | typeof brokenEvent;

const errorNames = { error: 'UnsupportedOperationError', broken: 'InternalError' } as const;

/** Events that arrive a millisecond (or `apart`) after each other, the first at `from`. */
export const itemsOf = (events: readonly Event[], from = 0, apart = 1): readonly StreamItem[] =>
  streamItems(
    events.map((event, index) => ({
      at: from + index * apart,
      reply: typeof event === 'string' ? errorOf(errorNames[event]).reply : { kind: 'result', value: event },
    })),
  );

export interface WatchedOptions extends Partial<Omit<WatchedStream, 'exchange' | 'items'>> {
  /** When the first event arrives, and how many milliseconds lie between two. */
  readonly from?: number;
  readonly apart?: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly endedBy?: Exchange['endedBy'];
}

/** A stream that was read; by default closed by the agent, and due by its terminal event where it has one. */
export function watched(events: readonly Event[], options: WatchedOptions = {}): WatchedStream {
  const { from = 0, apart = 1, startedAt = from, endedBy = 'server', ...more } = options;
  const items = itemsOf(events, from, apart);
  const endedAt = options.endedAt ?? (items.at(-1)?.at ?? from) + 1;
  const terminal = items.some((item) => item.terminal);
  return {
    exchange: { ...noAnswer().exchange, startedAt, endedAt, endedBy },
    items,
    refusal: undefined,
    end: 'closed',
    due: items[0]?.kind === 'message' ? 'Message' : terminal ? 'terminal event' : undefined,
    got: undefined,
    ...more,
  };
}
