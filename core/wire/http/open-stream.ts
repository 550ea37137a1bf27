import { countDown } from '../../engine/countdown.ts';
import type { ReceivedEvent, StreamHandle } from '../binding-client.ts';
import type { Codec } from '../codec.ts';
import { isStreamed } from './event-stream.ts';
import type { HttpStream } from './http-port.ts';

/** A stream while it is read; `next` goes on after the event that it gave last. */
export class OpenStream implements StreamHandle {
  readonly events: ReceivedEvent[] = [];
  readonly done: StreamHandle['done'];
  readonly #stream: HttpStream;
  readonly #watchers = new Set<() => void>();
  #opened = false;
  #ended = false;
  #seen = 0;

  constructor(codec: Codec, open: (onEvent: (event: ReceivedEvent) => void) => HttpStream) {
    this.#stream = open((event) => {
      this.events.push(event);
      this.#wake();
    });
    this.done = this.#stream.done.then((exchange) => {
      this.#ended = true;
      this.#wake();
      const { events } = this;
      return isStreamed(exchange) ? { exchange, events } : { exchange, events, reply: codec.decodeReply(exchange) };
    });
  }

  get opened(): boolean {
    return this.#opened;
  }

  /** Resolves with the head of the answer, or with the failure to get one. */
  async headed(): Promise<void> {
    const head = await this.#stream.head;
    this.#opened = head?.opened ?? false;
  }

  close(): void {
    this.#stream.close();
  }

  next(until: (event: ReceivedEvent) => boolean, deadlineMs: number): Promise<ReceivedEvent | undefined> {
    const found = Promise.withResolvers<ReceivedEvent | undefined>();
    let checked = this.#seen;
    const look = (): void => {
      try {
        for (; checked < this.events.length; checked += 1) {
          const event = this.events[checked]!;
          if (!until(event)) continue;
          this.#seen = checked + 1;
          return found.resolve(event);
        }
        if (this.#ended) found.resolve(undefined);
      } catch (error) {
        found.reject(error);
      }
    };
    const stop = countDown(deadlineMs, () => found.resolve(undefined));
    this.#watchers.add(look);
    look();
    return found.promise.finally(() => {
      stop();
      this.#watchers.delete(look);
    });
  }

  #wake(): void {
    for (const look of [...this.#watchers]) look();
  }
}
