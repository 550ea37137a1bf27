import type { CallResult } from '../../../core/wire/binding-client.ts';

/** The members of a plain JSON-RPC answer; undefined where it is none. */
export function responseObject({ exchange }: CallResult): Readonly<Record<string, unknown>> | undefined {
  if (exchange.response === null || exchange.endedBy !== 'server') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(exchange.response.body);
  } catch {
    return undefined;
  }
  const isResponse = typeof value === 'object' && value !== null && ('result' in value || 'error' in value);
  return isResponse ? (value as Readonly<Record<string, unknown>>) : undefined;
}
