import type { Exchange, Headers, StreamEvent, WireRequest, WireResponse } from './exchange.ts';
import { onceForEach } from './once-for-each.ts';

const mark = '[redacted]';

/** Headers that carry credentials by their nature, whatever their value. */
const secretHeader =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-a2a-notification-token)$|api-?key|token|secret|password/i;

/** Query parameters and JSON members that carry credentials by their name. */
const secretName =
  /^(access_token|id_token|refresh_token|token|api_?key|client_secret|password|credentials|signature_key)$/i;

/** Schemes that may stand before the credentials; anything else is redacted whole. */
const scheme = /^(Bearer|Basic|Digest|DPoP|Negotiate|HOBA|Mutual|AWS4-HMAC-SHA256)\s/i;

const redactHeader = (name: string, value: string): string => {
  if (!secretHeader.test(name)) return value;
  const found = scheme.exec(value);
  return found ? `${found[1]} ${mark}` : mark;
};

/** User info of a URL, wherever one stands in a text. */
const userInfo = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/?#@\s"'\\<>]+@/gi;

/** Longest first, so that one secret that is part of another leaves nothing of it. */
const literal = (secrets: readonly string[]): readonly string[] =>
  secrets
    .filter((secret) => secret.length > 0)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      // As in a query, where more is escaped.
      new URLSearchParams([['', secret]]).toString().slice(1),
      JSON.stringify(secret).slice(1, -1),
    ])
    .toSorted((a, b) => b.length - a.length);

/**
 * Removes secrets from what a report shows: credential headers (the scheme stays), query parameters and JSON members
 * named like credentials, and every literal secret that the run was given, wherever it stands. Pure; made once a run.
 */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const literals = literal(secrets);

  const text = (value: string): string => {
    let result = value;
    for (const secret of literals) result = result.replaceAll(secret, mark);
    return result
      .replaceAll(userInfo, `$1${mark}@`)
      .replaceAll(/"([A-Za-z_]+)"(\s*:\s*)"(?:[^"\\]|\\.)*"/g, (whole: string, name: string, colon: string) =>
        secretName.test(name) ? `"${name}"${colon}"${mark}"` : whole,
      );
  };

  const url = (value: string): string => {
    const start = value.indexOf('?');
    const plain = text(value);
    if (start < 0) return plain;
    return plain.replaceAll(/([?&])([^=&#]+)=([^&#]*)/g, (whole: string, before: string, name: string) =>
      secretName.test(name) ? `${before}${name}=${mark}` : whole,
    );
  };

  /** Bytes stay where neither they nor what they say hold a secret. */
  const safe = (bytes: string): boolean => {
    const inside = Buffer.from(bytes, 'base64').toString();
    return text(inside) === inside;
  };
  const withoutUnsafe = <Part extends { readonly bytes?: string }>(part: Part, said: string): Part => {
    if (part.bytes === undefined || (text(said) === said && safe(part.bytes))) return part;
    const { bytes: _, ...rest } = part;
    return rest as Part;
  };

  /** Fields of gRPC that end in `-bin` hold bytes in base64. */
  const field = (name: string, value: string): string =>
    /-bin$/i.test(name) && !safe(value) ? mark : text(redactHeader(name, value));
  const headers = (list: Headers): Headers => list.map(([name, value]) => [name, field(name, value)] as const);
  const request = (wire: WireRequest): WireRequest => ({
    ...withoutUnsafe(wire, wire.body ?? ''),
    url: url(wire.url),
    headers: headers(wire.headers),
    body: wire.body === null ? null : text(wire.body),
  });
  const response = (wire: WireResponse): WireResponse => ({
    ...withoutUnsafe(wire, wire.body),
    headers: headers(wire.headers),
    body: text(wire.body),
    ...(wire.trailers === undefined ? {} : { trailers: headers(wire.trailers) }),
  });
  const event = (streamEvent: StreamEvent): StreamEvent => ({
    ...withoutUnsafe(streamEvent, streamEvent.data),
    data: text(streamEvent.data),
  });

  // One exchange is evidence of many findings.
  const exchange = onceForEach((raw: Exchange): Exchange => ({
    ...raw,
    interface: raw.interface === null ? null : { ...raw.interface, url: url(raw.interface.url) },
    intent: JSON.parse(text(JSON.stringify(raw.intent))) as Exchange['intent'],
    request: request(raw.request),
    response: raw.response === null ? null : response(raw.response),
    events: raw.events.map(event),
    ...(raw.failure === undefined ? {} : { failure: { ...raw.failure, message: text(raw.failure.message) } }),
  }));

  return { exchange, text, url };
}

export interface Redactor {
  exchange(exchange: Exchange): Exchange;
  text(value: string): string;
  url(value: string): string;
}
