import { header, type Headers, type WireFailure, type WireRequest } from '../../history/exchange.ts';

export const maxRedirects = 5;

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Header fields that speak for the user: never sent to another origin. */
const credentialFields: readonly string[] = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'api-key',
  'x-api-key',
  'x-auth-token',
];

const bodyFields: readonly string[] = ['content-type', 'content-length', 'content-encoding', 'content-language'];

const without = (headers: Headers, names: readonly string[]): Headers =>
  headers.filter(([name]) => !names.includes(name.toLowerCase()));

const failure = (message: string): { readonly failure: WireFailure } => ({ failure: { kind: 'redirect', message } });

/**
 * The request that follows an answer, or why it is not followed; undefined where the answer is no redirect.
 *
 * Only 303 turns a POST into a GET. For 301 and 302 HTTP allows both (RFC 9110 §15.4.2: "MAY change"); keeping the method is
 * the reading under which an endpoint behind such a redirect can be measured at all.
 * @param chain the URLs requested so far, the answered one last
 * @param secrets lower-case names of further header fields that must not leave the origin
 * @param mayReach whether the run may speak to a URL on another origin at all
 */
export function nextHop(
  request: WireRequest,
  status: number,
  headers: Headers,
  chain: readonly string[],
  secrets: readonly string[] = [],
  mayReach: (url: string) => boolean = () => true,
): { readonly request: WireRequest } | { readonly failure: WireFailure } | undefined {
  const location = redirectStatuses.has(status) ? header(headers, 'location') : undefined;
  if (location === undefined) return undefined;
  const shown = [...chain, location].join(' → ');
  if (!URL.canParse(location, request.url)) return failure(`the redirect leads to no URL: ${shown}`);

  const from = new URL(request.url);
  const to = new URL(location, from);
  to.hash = '';
  if (to.protocol !== 'http:' && to.protocol !== 'https:') return failure(`the redirect leaves HTTP: ${shown}`);
  const toGet = status === 303 && request.method !== 'GET' && request.method !== 'HEAD';
  if (chain.includes(to.href) && !toGet) return failure(`redirect loop: ${shown}`);
  if (chain.length > maxRedirects) return failure(`more than ${maxRedirects} redirects: ${shown}`);

  if (from.origin !== to.origin && !mayReach(to.href)) {
    return failure(`the redirect leads to ${to.host}, which this run may not speak to: ${shown}`);
  }

  const kept =
    from.origin === to.origin ? request.headers : without(request.headers, [...credentialFields, ...secrets]);
  return {
    request: {
      method: toGet ? 'GET' : request.method,
      url: to.href,
      headers: toGet ? without(kept, bodyFields) : kept,
      body: toGet ? null : request.body,
      ...(toGet || request.bytes === undefined ? {} : { bytes: request.bytes }),
    },
  };
}
