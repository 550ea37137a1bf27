import type { HttpSend } from '../http/http-port.ts';

/** A plain request of a test: GET, or POST where there is a body. */
export const to = (
  url: string,
  more: Partial<HttpSend> & { body?: string; headers?: [string, string][] } = {},
): HttpSend => ({
  request: {
    method: more.body === undefined ? 'GET' : 'POST',
    url,
    headers: more.headers ?? [],
    body: more.body ?? null,
  },
  intent: { kind: 'fetch', what: 'test' },
  interface: null,
  actor: 'main',
  timeoutMs: 20_000,
  classify: ({ response }) => (response?.status === 200 ? 'ok' : 'error'),
  ...more,
});
