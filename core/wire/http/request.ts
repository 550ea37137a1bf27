import type { Headers } from '../../history/exchange.ts';

/** Later fields replace earlier ones of the same case-insensitive name; null takes one away. */
export function mergeHeaders(...layers: readonly Readonly<Record<string, string | null>>[]): Headers {
  const merged = new Map<string, readonly [string, string | null]>();
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) merged.set(name.toLowerCase(), [name, value]);
  }
  return [...merged.values()].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

/** Appends to the query of a URL, percent-encoded (RFC 3986 §2.1: a space is %20); what is there stays as it is. */
export function withQuery(url: string, pairs: readonly (readonly [name: string, value: string])[]): string {
  if (pairs.length === 0) return url;
  const [, before = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(url) ?? [];
  const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  const glue = !before.includes('?') ? '?' : /[?&]$/.test(before) ? '' : '&';
  return `${before}${glue}${query}${fragment}`;
}

/** A URL below another one, whose own query stays; without a path that one itself. */
export function urlBelow(base: string, path: string): string {
  if (path === '') return base;
  const [, place = '', query = ''] = /^([^?#]*)(\?[^#]*)?/s.exec(base) ?? [];
  return `${place.replace(/\/+$/, '')}${path}${path.includes('?') ? query.replace('?', '&') : query}`;
}
