/** Where a gRPC interface is: its origin, and what stands in the path of its URL. */
export interface GrpcEndpoint {
  /** `http://…` for HTTP/2 with prior knowledge, `https://…` for TLS. */
  readonly origin: string;
  /** `/a2a/grpc`, without a slash at its end; empty where the URL has none. */
  readonly prefix: string;
}

const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)$/i.test(host);

/**
 * The http(s) URL of a gRPC interface. The card has a URL (a2a.proto AgentInterface.url), but gRPC libraries take targets, and
 * cards name these: `host:port`, `dns:///host:port`, `dns://resolver/host:port`. A target does not say whether TLS is spoken:
 * §10.1 and §7.1 want it, so it is left out only where nothing leaves the machine. Undefined for anything else.
 */
export function grpcUrl(declared: string): string | undefined {
  const text = declared.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') return URL.canParse(text) ? text : undefined;
  if (scheme === 'grpc' || scheme === 'grpcs')
    return absolute(scheme === 'grpcs' ? 'https' : 'http', text.slice(scheme.length + 3));
  const target = text.replace(/^(?:dns:\/\/[^/]*\/|dns:|passthrough:\/\/\/?)/i, '');
  const [, host] = /^(\[[0-9a-f:.]+\]|[^\s:/?#@]+):\d{1,5}\/?$/i.exec(target) ?? [];
  if (host === undefined) return undefined;
  return absolute(isLoopback(host) ? 'http' : 'https', target);
}

function absolute(scheme: string, rest: string): string | undefined {
  return URL.parse(`${scheme}://${rest}`)?.href.replace(/\/$/, '');
}

export function grpcEndpoint(url: string): GrpcEndpoint {
  const { origin, pathname } = new URL(url);
  return { origin, prefix: pathname.replace(/\/+$/, '') };
}
