import { interfaceKey, type InterfaceRef } from '../target/target.ts';
import type { Exchange, History } from './exchange.ts';

/** What of a history was spoken on one interface, deliveries to its webhooks included. */
export function historyOf(ref: InterfaceRef, history: History): History {
  const key = interfaceKey(ref);
  const isOf = ({ interface: of }: Exchange): boolean => of !== null && interfaceKey(of) === key;
  const { exchanges, deliveries = [] } = history;
  return { ...history, exchanges: exchanges.filter(isOf), deliveries: deliveries.filter(isOf) };
}
