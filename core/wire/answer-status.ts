import { httpStatusOfGrpc } from '../../protocol/grpc-status.ts';
import type { Exchange } from '../history/exchange.ts';
import { statusOf } from './grpc/status.ts';

/**
 * What an answer is in terms of HTTP, for causes that every binding has (authentication, limits, gateways): its status, and of a
 * call of gRPC the one that `google.rpc.Code` names for its own. 0 where nothing answered.
 */
export function answerStatus({ interface: spoken, response }: Pick<Exchange, 'interface' | 'response'>): number {
  if (response === null) return 0;
  const status = spoken?.binding === 'GRPC' ? statusOf(response) : undefined;
  return status?.name === undefined ? response.status : httpStatusOfGrpc[status.name];
}

/** The same for a report: `HTTP 401`, `gRPC UNAUTHENTICATED`. */
export function describeStatus({ interface: spoken, response }: Pick<Exchange, 'interface' | 'response'>): string {
  const status = spoken?.binding === 'GRPC' && response !== null ? statusOf(response) : undefined;
  return status === undefined ? `HTTP ${response?.status ?? 0}` : `gRPC ${status.name ?? status.text}`;
}
