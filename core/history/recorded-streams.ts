import type { StreamingOperation } from '../../protocol/operations.ts';
import { isStreaming } from '../../protocol/operations.ts';
import { isObject } from '../invariants/json.ts';
import { codecOf } from '../wire/codecs.ts';
import type { Exchange, History } from './exchange.ts';
import { streamItems, type StreamItem } from './stream-view.ts';

/** A stream of a well-formed operation, as a history holds it. */
export interface RecordedStream {
  readonly exchange: Exchange;
  readonly operation: StreamingOperation;
  /** Not empty, and not begun by an error, which is a refusal. */
  readonly items: readonly [StreamItem, ...StreamItem[]];
  /** Whether another message to the task may have had its effect while the stream was open: also one that was sent before. */
  readonly continued: boolean;
}

/** Every stream that the agent opened for a well-formed operation. */
export function recordedStreams({ exchanges }: History): readonly RecordedStream[] {
  return exchanges.flatMap((exchange): RecordedStream[] => {
    const { intent, events, response } = exchange;
    const codec = codecOf(exchange);
    if (intent.kind !== 'operation' || !isStreaming(intent.operation) || codec === undefined) return [];
    const spoken = events.filter((event) => codec.speaks(event));
    const items = streamItems(
      spoken.map((event) => ({ at: event.at, reply: codec.decodeEvent(event, response?.status) })),
    );
    const [first, ...rest] = items;
    if (first === undefined || first.kind === 'error') return [];
    const continued = exchanges.some(
      (other) => other !== exchange && isMessageTo(other, first.taskId) && other.startedAt < exchange.endedAt,
    );
    return [{ exchange, operation: intent.operation, items: [first, ...rest], continued }];
  });
}

function isMessageTo({ intent }: Exchange, taskId: string | undefined): boolean {
  const message = intent.kind === 'operation' ? intent.params['message'] : undefined;
  return taskId !== undefined && isObject(message) && message['taskId'] === taskId;
}
