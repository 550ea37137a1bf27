import { requestMessages } from '../../protocol/operation-messages.ts';
import { validate } from '../../protocol/schemas/validate.ts';
import type { Problem } from '../../protocol/schemas/problem.ts';
import type { Exchange, History } from '../history/exchange.ts';
import { onceForEach } from '../history/once-for-each.ts';
import { codecOf } from '../wire/codecs.ts';

/** A request of the harness that was meant to be well-formed and is not: never the agent's fault. */
export interface OwnFault {
  readonly exchange: Exchange;
  /** One line a fault: what is wrong, and where. */
  readonly faults: readonly string[];
}

const describe = ({ path, expected, actual }: Problem): string => `params${path}: ${actual} instead of ${expected}`;

/** What is wrong with a request that was sent as a well-formed operation; empty for requests malformed on purpose. */
export const faultsOfOwnRequest = onceForEach((exchange: Exchange): readonly string[] => {
  const { intent } = exchange;
  if (intent.kind !== 'operation') return [];
  const problems = validate(requestMessages[intent.operation], intent.params).map(describe);
  return [...(codecOf(exchange)?.faultsOfRequest(exchange) ?? []), ...problems];
});

/** Every broken request of the harness itself: a run reports these as its own errors, and blames no agent for the answers. */
export function ownFaults(history: History): readonly OwnFault[] {
  return history.exchanges.flatMap((exchange) => {
    const faults = faultsOfOwnRequest(exchange);
    return faults.length === 0 ? [] : [{ exchange, faults }];
  });
}
