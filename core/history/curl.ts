import type { Exchange } from './exchange.ts';

const quote = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

/** Headers that curl sets itself. */
const own = new Set(['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding', 'user-agent']);

/**
 * One line that makes the (redacted) request of an exchange again: `curl`, or `grpcurl` for a call of gRPC, with the proto file of
 * the specification in the working directory. Control characters in the body are kept by `$'…'`.
 */
export function curlOf(exchange: Exchange): string {
  const { request, events, intent, interface: spoken } = exchange;
  if (spoken?.binding === 'GRPC' && intent.kind !== 'fetch') return grpcCommandOf(exchange);
  const streaming = events.length > 0 || (intent.kind === 'operation' && /Streaming|Subscribe/.test(intent.operation));
  const { bytes } = request;
  const parts = [
    ...(bytes === undefined ? [] : ['echo', quote(bytes), '|', 'base64', '-d', '|']),
    'curl',
    '-sS',
    ...(streaming ? ['-N'] : []),
    '-i',
    ...(/[[\]{}]/.test(request.url) ? ['-g'] : []),
  ];
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
  if (bytes !== undefined) parts.push('--data-binary', '@-');
  else if (request.body !== null) parts.push('--data-raw', quoteBody(request.body));
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

/** Fields that grpcurl sets itself. */
const ownOfGrpc = new Set(['content-type', 'te', 'user-agent', 'grpc-accept-encoding']);

/** What no message of the proto says, curl sends byte by byte. */
function grpcCommandOf({ request, intent }: Exchange): string {
  const { protocol, host, pathname } = new URL(request.url);
  const isPlain = protocol === 'http:';
  const raw = intent.kind === 'malformed' && intent.operation === undefined;
  const fields = request.headers.filter(([name]) => raw || !ownOfGrpc.has(name.toLowerCase()));
  const headers = fields.flatMap(([name, value]) => ['-H', quote(`${name}: ${value}`)]);
  if (raw) {
    const version = isPlain ? '--http2-prior-knowledge' : '--http2';
    const bytes = `echo ${quote(request.bytes ?? '')} | base64 -d | `;
    return [
      `${bytes}curl -sS -i -X ${request.method} ${version}`,
      quote(request.url),
      ...headers,
      '--data-binary @-',
    ].join(' ');
  }
  const proto = ['-import-path', '.', '-proto', 'a2a.proto'];
  const data = ['-d', quoteBody(request.body ?? '{}')];
  const method = pathname.split('/').slice(-2).join('/');
  return ['grpcurl', ...(isPlain ? ['-plaintext'] : []), ...proto, ...headers, ...data, host, method].join(' ');
}
