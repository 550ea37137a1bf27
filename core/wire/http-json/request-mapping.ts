import { operations, type HttpRoute, type Operation } from '../../../protocol/operations.ts';
import { isObject, parseJson, type JsonObject } from '../../invariants/json.ts';
import type { AskedFor } from '../codec.ts';

/** An operation as one HTTP request: path and query below the URL of the interface, and the value of the body. */
export interface MappedRequest {
  readonly method: HttpRoute['method'];
  /** Percent-encoded (RFC 3986); begins with a slash. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Undefined for a method without a body. */
  readonly body: unknown;
}

const fieldInPath = /\{(\w+)\}/g;

/** §11.5: text as it is, numbers and booleans in their JSON form; repeated fields repeat the name. An object has no form there. */
function queryOf(fields: JsonObject): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.map((one) => [name, typeof one === 'string' ? one : JSON.stringify(one)]);
  });
}

const segment = (value: unknown): string =>
  encodeURIComponent(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** Where the tenant of an interface goes: before the path (`/{tenant}/…`, as `additional_bindings` say), or as any other field. */
export type TenantPlace = 'path' | 'field';

/**
 * Writes a request message as `google.api.http` says: fields of the path in the path, the others in the body of a POST or the
 * query of a GET or DELETE (§11.3, §11.5). What is no object (malformed on purpose) is the body as it is.
 */
export function mapRequest(route: HttpRoute, params: unknown, tenantPlace: TenantPlace = 'field'): MappedRequest {
  const { method } = route;
  const fields = isObject(params) ? params : {};
  const inPath = new Set([...route.path.matchAll(fieldInPath)].map(([, name]) => name!));
  const path = route.path.replaceAll(fieldInPath, (_, name: string) => segment(fields[name]));
  const { tenant } = fields;
  const before = tenantPlace === 'path' && typeof tenant === 'string' && tenant !== '' ? `/${segment(tenant)}` : '';
  if (before !== '') inPath.add('tenant');
  const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => !inPath.has(name)));
  return {
    method,
    path: `${before}${path}`,
    query: method === 'POST' ? [] : queryOf(rest),
    body: method !== 'POST' ? undefined : isObject(params) ? rest : params,
  };
}

interface Pattern {
  readonly operation: Operation;
  readonly route: HttpRoute;
  readonly names: readonly string[];
  readonly regex: RegExp;
}

const patterns: readonly Pattern[] = Object.values(operations).flatMap(({ name, routes }) =>
  routes.map((route): Pattern => {
    const [...names] = [...route.path.matchAll(fieldInPath)].map(([, field]) => field!);
    // An id has no slash and no colon in it: both are percent-encoded.
    const source = route.path.replaceAll(fieldInPath, '([^/:]*)');
    return { operation: name, route, names, regex: new RegExp(`^(?:/([^/:]*))?${source}$`) };
  }),
);

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * Reads a request back: the operation, and the message out of path, query and body. Values of a query stay text. Undefined
 * where no route has the method and path.
 */
export function readRequest(
  { method, url, body }: { readonly method: string; readonly url: string; readonly body: string | null },
  base: string,
): AskedFor | undefined {
  const target = URL.parse(url);
  const place = URL.parse(base)?.pathname.replace(/\/+$/, '');
  if (target === null || place === undefined || !target.pathname.startsWith(place)) return undefined;
  const path = target.pathname.slice(place.length);
  for (const { operation, route, names, regex } of patterns) {
    const match = route.method === method ? regex.exec(path) : null;
    if (match === null) continue;
    const [, tenant, ...values] = match;
    const own = new Set(URL.parse(base)!.searchParams.keys());
    const query = [...target.searchParams].filter(([name]) => !own.has(name));
    const sent = method === 'POST' ? parseJson(body) : Object.fromEntries(query);
    const fromPath = Object.fromEntries(names.map((name, index) => [name, decoded(values[index] ?? '')]));
    if (!isObject(sent)) return { operation, params: names.length === 0 ? sent : fromPath };
    return { operation, params: { ...sent, ...(tenant ? { tenant: decoded(tenant) } : {}), ...fromPath } };
  }
  return undefined;
}
