import type { Exchange, History } from './exchange.ts';

/** Collects the exchanges of a run; the only place where a history grows. */
export class HistoryRecorder {
  readonly clock: string;
  readonly #exchanges: Exchange[] = [];
  readonly #listeners: ((exchange: Exchange) => void)[] = [];
  #next = 1;

  constructor(clock: string) {
    this.clock = clock;
  }

  nextId(): string {
    return `x${this.#next++}`;
  }

  /** Called once an exchange is complete. */
  record(exchange: Exchange): void {
    this.#exchanges.push(exchange);
    for (const listener of this.#listeners) listener(exchange);
  }

  onExchange(listener: (exchange: Exchange) => void): void {
    this.#listeners.push(listener);
  }

  /** A copy, ordered by the start of the request. */
  history(): History {
    return { exchanges: this.#exchanges.toSorted((a, b) => a.startedAt - b.startedAt) };
  }
}
