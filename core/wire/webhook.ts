import type { WebhookDelivery } from '../history/exchange.ts';
import type { InterfaceRef } from '../target/target.ts';

export interface WebhookOptions {
  /** Of the check that registers it. */
  readonly interface: InterfaceRef;
  /** HTTP status of the answer to the delivery of this number (0 for the first); default 200 for all. */
  readonly answer?: (number: number) => number;
}

/** One URL that an agent may be told to notify (§4.3). */
export interface Webhook {
  /** As it is registered: unique in the run. */
  readonly url: string;
  /** Whole notifications so far, in the order of their arrival; grows until the receiver is closed. */
  readonly deliveries: readonly WebhookDelivery[];
  /** Resolves with true as soon as `condition` holds, with false where `milliseconds` passed or the signal was aborted first. */
  until(
    condition: (deliveries: readonly WebhookDelivery[]) => boolean,
    milliseconds: number,
    signal?: AbortSignal,
  ): Promise<boolean>;
}

/** Where webhooks are received; every notification is recorded into the history. */
export interface WebhookPort {
  open(options: WebhookOptions): Webhook;
  /** Ends all connections; nothing is recorded any more. */
  close(): Promise<void>;
}
