import type { Exchange } from './exchange.ts';

const quote = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

/** Headers that curl sets itself. */
const own = new Set(['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding', 'user-agent']);

/** One line that makes the (redacted) request of an exchange again. Control characters in the body are kept by `$'…'`. */
export function curlOf({ request, events, intent }: Exchange): string {
  const streaming = events.length > 0 || (intent.kind === 'operation' && /Streaming|Subscribe/.test(intent.operation));
  const parts = ['curl', '-sS', ...(streaming ? ['-N'] : []), '-i', ...(/[[\]{}]/.test(request.url) ? ['-g'] : [])];
  if (request.method !== (request.body === null ? 'GET' : 'POST')) parts.push('-X', quote(request.method));
  parts.push(quote(request.url));
  for (const [name, value] of request.headers) {
    if (!own.has(name.toLowerCase())) parts.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`));
  }
  const named = new Set(request.headers.map(([name]) => name.toLowerCase()));
  // What curl would add by itself is taken away.
  for (const name of ['Accept', ...(request.body === null ? [] : ['Content-Type'])]) {
    if (!named.has(name.toLowerCase())) parts.push('-H', `${name}:`);
  }
  if (request.body !== null) parts.push('--data-raw', quoteBody(request.body));
  return parts.join(' ');
}

function quoteBody(body: string): string {
  if (!/[\u0000-\u001f\u007f]/.test(body)) return quote(body);
  const escaped = body
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll(/[\u0000-\u001f\u007f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `$'${escaped}'`;
}
