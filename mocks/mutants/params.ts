/** What hooks look up in params and results that they get as they are on the wire. */

type Json = Readonly<Record<string, unknown>>;

export const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

/** The member at a path of member names; undefined where there is none. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => asObject(inner)[name], value);

/** A value that is a text; '' for any other. */
export const nameOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Details of an A2A error as §9.5 wants them. */
export const errorInfo = (reason: string) => [
  { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'a2a-protocol.org' },
];

/** The JSON-RPC error answer in place of an envelope. */
export const refuse = (id: string | number | null, code: number, message: string, reason: string): object => ({
  jsonrpc: '2.0',
  id,
  error: { code, message, data: errorInfo(reason) },
});
