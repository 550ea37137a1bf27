import type { Exchange, History, InjectedFault, WebhookDelivery } from './exchange.ts';

/** Collects the exchanges of a run; the only place where a history grows. */
export class HistoryRecorder {
  readonly clock: string;
  readonly #exchanges: Exchange[] = [];
  readonly #deliveries: WebhookDelivery[] = [];
  readonly #faults: InjectedFault[] = [];
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

  /** Called once a notification is complete, or was broken off. */
  recordDelivery(delivery: WebhookDelivery): void {
    this.#deliveries.push(delivery);
  }

  /** Called once a fault is over. */
  recordFault(fault: InjectedFault): void {
    this.#faults.push(fault);
  }

  onExchange(listener: (exchange: Exchange) => void): void {
    this.#listeners.push(listener);
  }

  /** A copy, ordered by the start of the request. */
  history(): History {
    const exchanges = this.#exchanges.toSorted((a, b) => a.startedAt - b.startedAt);
    const deliveries = this.#deliveries.toSorted((a, b) => a.startedAt - b.startedAt);
    const faults = this.#faults.toSorted((a, b) => a.injectedAt - b.injectedAt);
    return {
      exchanges,
      ...(deliveries.length === 0 ? {} : { deliveries }),
      ...(faults.length === 0 ? {} : { faults }),
    };
  }
}
