import { nested, notUtf8, type BadInput } from './bad-input-kind.ts';

/** Bodies that are no JSON, no Request object, or hold what parsers stumble over. */
export function jsonRpcBadInputs(unknownId: string): readonly BadInput[] {
  const request = (params: unknown, method = 'GetTask'): string =>
    JSON.stringify({ jsonrpc: '2.0', id: 'robustness', method, params });
  const withMember = (member: string): string =>
    request({ id: unknownId, x: 0 }, 'CancelTask').replace('"x":0', member);
  const inputs: readonly (Omit<BadInput, 'request'> & { readonly body: string })[] = [
    { input: 'text that is no JSON', invalid: true, body: 'hello' },
    { input: 'JSON cut off before its end', invalid: true, body: request({ id: unknownId }).slice(0, -5) },
    { input: 'an empty body', invalid: true, body: '' },
    { input: 'JSON null', invalid: true, body: 'null' },
    { input: 'params that are a number', invalid: true, body: request(7) },
    { input: 'an id that is an object', invalid: true, body: request({ id: { id: unknownId } }) },
    { input: 'params null', invalid: true, body: request(null) },
    { input: '200 levels of nesting', invalid: false, body: withMember(`"metadata":${nested(200)}`) },
    { input: 'a number beyond every range', invalid: false, body: withMember('"metadata":{"n":1e400}') },
    { input: 'an integer of 400 digits', invalid: false, body: withMember(`"historyLength":${'9'.repeat(400)}`) },
    { input: 'NUL in a string', invalid: false, body: request({ id: 'gauntlet\u0000unknown' }) },
    { input: 'a lone surrogate in a string', invalid: false, body: withMember('"metadata":{"s":"\\ud800"}') },
    { input: 'a member named __proto__', invalid: false, body: withMember('"__proto__":{"id":"polluted"}') },
    { input: 'an id of 64 KiB', invalid: false, body: request({ id: 'x'.repeat(65_536) }) },
    {
      input: 'Content-Type: text/plain',
      invalid: false,
      body: request({ id: unknownId }),
      options: { headers: { 'Content-Type': 'text/plain' } },
    },
  ];
  const latin = notUtf8(withMember('"metadata":{"s":"Ã("}'));
  return [
    ...inputs.map(({ body, ...input }) => ({ ...input, request: { body } })),
    { input: 'bytes in a string that are no UTF-8', invalid: false, request: { body: null, bytes: latin } },
  ];
}
