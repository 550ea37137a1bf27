import { createParser } from 'eventsource-parser';

/** One event as the decoder gives it: the joined `data:` lines, and the fields that came with it. */
export interface SseEvent {
  readonly data: string;
  readonly id?: string;
  readonly event?: string;
}

export interface SseDecoder {
  /** Takes the next bytes, cut anywhere; calls back for every event that they complete. */
  push(chunk: Uint8Array): void;
}

/**
 * Incremental decoding of `text/event-stream` (HTML §9.2.6): an event counts only once its blank line has come, so an event that
 * is cut off by the end of the stream is dropped, as every EventSource does.
 */
export function createSseDecoder(onEvent: (event: SseEvent) => void): SseDecoder {
  // Cut characters are held back until they are whole; the byte order mark is left to the parser, which takes one away.
  const text = new TextDecoder('utf-8', { ignoreBOM: true });
  const parser = createParser({
    onEvent: ({ data, id, event }) =>
      onEvent({ data, ...(id === undefined ? {} : { id }), ...(event === undefined ? {} : { event }) }),
  });
  return {
    push: (chunk) => parser.feed(text.decode(chunk, { stream: true })),
  };
}
