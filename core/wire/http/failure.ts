import type { WireFailure } from '../../history/exchange.ts';

type Kind = WireFailure['kind'];

const kindOfCode: Readonly<Record<string, Kind>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EADDRNOTAVAIL: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  // The connection ended inside a message: broken, not wrongly written.
  HPE_INVALID_EOF_STATE: 'reset',
  ERR_HTTP2_STREAM_ERROR: 'reset',
  ERR_HTTP2_STREAM_CANCEL: 'reset',
  ERR_HTTP2_SESSION_ERROR: 'reset',
  ERR_HTTP2_GOAWAY_SESSION: 'reset',
  ERR_HTTP2_ERROR: 'protocol',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  UND_ERR_ABORTED: 'aborted',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
  EPROTO: 'tls',
  HOSTNAME_MISMATCH: 'tls',
};

const tlsCode = /^(?:ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|INVALID_PURPOSE)/;

function kindOf(code: string, message: string): Kind | undefined {
  if (code === 'UND_ERR_SOCKET' && message.startsWith('bad ')) return 'protocol';
  if (Object.hasOwn(kindOfCode, code)) return kindOfCode[code];
  if (tlsCode.test(code)) return 'tls';
  if (code.startsWith('HPE_')) return 'protocol';
  return undefined;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Not every one has a code. */
const isParserError = (error: unknown): boolean => error instanceof Error && error.name === 'HTTPParserError';

/** An error with the errors it stands for: its cause, or the attempts of an AggregateError. */
function* withCauses(error: unknown): Generator<unknown> {
  yield error;
  if (error instanceof AggregateError) for (const inner of error.errors) yield* withCauses(inner);
  if (error instanceof Error && error.cause !== undefined) yield* withCauses(error.cause);
}

const meaning: Readonly<Partial<Record<Kind, string>>> = {
  refused: 'nothing accepts connections there',
  dns: 'the host name cannot be resolved',
  tls: 'no trusted TLS connection',
  reset: 'the connection was closed in the middle',
  protocol: 'the answer is no HTTP',
};

/** `…:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:…`: what is meant for people. */
const plainWords = (message: string): string =>
  /^[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/i.exec(message)?.[1] ?? message;

/** What an error of the HTTP client means, in the words of a report. */
export function failureOf(error: unknown): WireFailure {
  for (const inner of withCauses(error)) {
    const message = plainWords(inner instanceof Error ? inner.message : String(inner));
    const code = codeOf(inner);
    const kind = kindOf(code, message) ?? (isParserError(inner) ? 'protocol' : undefined);
    if (kind === undefined) continue;
    const said = message === '' ? code : message.includes(code) ? message : `${message} (${code})`;
    const means = meaning[kind];
    return { kind, message: means === undefined ? said : `${means}: ${said}` };
  }
  return { kind: 'other', message: error instanceof Error ? error.message : String(error) };
}
