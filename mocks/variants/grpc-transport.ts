import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import type { Fault } from '../reference-agent/hooks.ts';
import { later } from './respond.ts';
import type { Variant } from './variant.ts';

/** gRPC as HTTP/2 may carry it: frames cut anywhere, connections that end, streams refused unseen, what stands in between. */

type Call = NonNullable<Fault['grpcCall']>;

const grpc = (
  id: string,
  description: string,
  allowedBy: string,
  fault: Variant['fault'],
  more: Omit<Variant, 'id' | 'description' | 'allowedBy' | 'fault'> = {},
): Variant => ({
  id: `grpc/${id}`,
  description,
  allowedBy,
  ...(fault === undefined ? {} : { fault }),
  ...more,
  options: { bindings: ['GRPC'], ...more.options },
});

/** Every `period`-th call; each agent counts for itself. */
const every =
  (period: number, hook: Call): (() => Fault) =>
  () => {
    let calls = 0;
    return {
      grpcCall: (stream, headers, next) => {
        calls += 1;
        if (calls % period === 0) hook(stream, headers, next);
        else next();
      },
    };
  };

/** Changes the header block with which an answer begins. */
function changeHead(stream: ServerHttp2Stream, change: (head: OutgoingHttpHeaders) => OutgoingHttpHeaders): void {
  const respond = stream.respond.bind(stream);
  stream.respond = (head, options) => respond(change((head ?? {}) as OutgoingHttpHeaders), options);
}

function changeTrailers(
  stream: ServerHttp2Stream,
  change: (trailers: OutgoingHttpHeaders) => OutgoingHttpHeaders,
): void {
  const send = stream.sendTrailers.bind(stream);
  stream.sendTrailers = (trailers) => send(change(trailers));
}

/** Writes the bytes of the messages in pieces that mean nothing, each a DATA frame of its own. */
function trickle(stream: ServerHttp2Stream, size: number): void {
  const write = stream.write.bind(stream) as (chunk: Uint8Array) => boolean;
  const end = stream.end.bind(stream) as () => ServerHttp2Stream;
  let last = Promise.resolve();
  stream.write = ((chunk: Uint8Array) => {
    last = last.then(async () => {
      for (let from = 0; from < chunk.length && !stream.destroyed; from += from < 60 ? size : 97) {
        write(chunk.subarray(from, from + (from < 60 ? size : 97)));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    return true;
  }) as typeof stream.write;
  stream.end = (() => {
    void last.then(() => end());
    return stream;
  }) as typeof stream.end;
}

/** An error has a head of its own, and its status after it. */
function neverTrailersOnly(stream: ServerHttp2Stream): void {
  const respond = stream.respond.bind(stream);
  stream.respond = (head, options) => {
    if (options?.endStream !== true) return respond(head, options);
    const fields = Object.entries((head ?? {}) as OutgoingHttpHeaders);
    const isTrailer = ([name]: [string, unknown]): boolean => /^(?:grpc-|www-|retry-)/.test(name);
    stream.once('wantTrailers', () => stream.sendTrailers(Object.fromEntries(fields.filter(isTrailer))));
    respond(Object.fromEntries(fields.filter((field) => !isTrailer(field))), { waitForTrailers: true });
    stream.end();
  };
}

/** The head of a stream goes out with its first message. */
function headWithFirstMessage(stream: ServerHttp2Stream): void {
  const respond = stream.respond.bind(stream);
  stream.respond = (head, options) => {
    if (options?.endStream === true) return respond(head, options);
    let sent = false;
    const begin = (): void => {
      if (sent || stream.destroyed) return;
      sent = true;
      respond(head, options);
    };
    const write = stream.write.bind(stream) as (chunk: Uint8Array) => boolean;
    const end = stream.end.bind(stream) as () => ServerHttp2Stream;
    stream.write = ((chunk: Uint8Array) => {
      begin();
      return write(chunk);
    }) as typeof stream.write;
    stream.end = (() => {
      begin();
      return end();
    }) as typeof stream.end;
  };
}

const refuse = (stream: ServerHttp2Stream): void => stream.close(constants.NGHTTP2_REFUSED_STREAM);

/** What a proxy says in the place of a server that it does not reach. */
const page =
  (status: number): Call =>
  (stream) => {
    stream.resume();
    stream.respond({ ':status': status, 'content-type': 'text/plain' });
    stream.end('no healthy upstream');
  };

const status =
  (code: number, message: string, more: OutgoingHttpHeaders = {}): Call =>
  (stream) => {
    stream.resume();
    const fields = { 'grpc-status': String(code), 'grpc-message': message, ...more };
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...fields }, { endStream: true });
  };

const delayed = (delays: readonly number[]) => (): Fault => {
  let turn = 0;
  return { grpcCall: (_stream, _headers, next) => later(delays[turn++ % delays.length]!, next) };
};

/** Methods are there below a path alone, as behind a proxy that takes it away. */
const below =
  (prefix: string): Call =>
  (stream, headers, next) => {
    const path = String(headers[':path']);
    if (path.startsWith(`${prefix}/`)) next({ ...headers, ':path': path.slice(prefix.length) });
    else page(404)(stream, headers, next);
  };

const withUrl = (change: (url: string) => string): Fault => ({
  card: (card) => ({
    ...card,
    supportedInterfaces: card.supportedInterfaces.map((own) => ({ ...own, url: change(own.url) })),
  }),
});

export const grpcTransportVariants: readonly Variant[] = [
  grpc('slow', 'Every answer takes 200 to 800 ms', 'no section names a time', delayed([200, 800, 350, 500]), {
    options: { longRunningMs: 3_000 },
    patienceMs: 10_000,
  }),
  grpc(
    'one-byte-frames',
    'Messages come in DATA frames of three bytes, cut within their prefix too',
    'gRPC over HTTP/2: DATA frame boundaries have no relation to message boundaries',
    {
      grpcCall: (stream, _, next) => {
        trickle(stream, 3);
        next();
      },
    },
  ),
  grpc(
    'small-windows',
    'Windows of 64 bytes, and frames with padding',
    'RFC 9113 §5.2, §6.1: flow control and padding are the sender’s',
    { grpcServer: { settings: { initialWindowSize: 64 }, paddingStrategy: constants.PADDING_STRATEGY_MAX } },
  ),
  grpc(
    'never-trailers-only',
    'An error has a head, and its status in trailers of its own',
    'gRPC over HTTP/2: Trailers-Only is permitted for calls that produce an immediate error',
    {
      grpcCall: (stream, _, next) => {
        neverTrailersOnly(stream);
        next();
      },
    },
  ),
  grpc('late-heads', 'The head of an answer comes with its first message', 'no section names a time for it', {
    grpcCall: (stream, _, next) => {
      headWithFirstMessage(stream);
      next();
    },
  }),
  grpc(
    'further-metadata',
    'Heads and trailers carry metadata that nobody knows, in binary too, and several of one name',
    'gRPC over HTTP/2: Custom-Metadata; unknown fields are ignored',
    {
      grpcCall: (stream, _, next) => {
        const more = { 'x-trace': ['a', 'b'], 'trace-bin': 'AAEC', server: 'envoy', 'grpc-encoding': 'identity' };
        const offered = { 'grpc-accept-encoding': 'identity,deflate,gzip', date: new Date().toUTCString() };
        changeHead(stream, (head) => ({ ...head, ...more, ...offered }));
        changeTrailers(stream, (trailers) => ({ 'x-cost': '0.02', ...trailers, 'x-served-by-bin': 'Cg' }));
        next();
      },
    },
  ),
  grpc(
    'content-type-proto',
    'The content-type names the encoding, with parameters',
    'gRPC over HTTP/2: "application/grpc" [("+proto" / "+json" / {custom})]',
    {
      grpcCall: (stream, _, next) => {
        changeHead(stream, (head) => ({ ...head, 'content-type': 'application/grpc+proto; charset=utf-8' }));
        next();
      },
    },
  ),
  grpc('early-hints', 'An interim response comes before every answer', 'RFC 9110 §15.2, RFC 9113 §8.1', {
    grpcCall: (stream, _, next) => {
      stream.additionalHeaders({ ':status': 103, link: '</style.css>; rel=preload' });
      next();
    },
  }),
  grpc(
    'pings',
    'The server sends PING with every call',
    'RFC 9113 §6.7: liveness of a connection is asked for by either side',
    {
      grpcCall: (stream, _, next) => {
        stream.session?.ping(() => undefined);
        next();
      },
    },
  ),
  grpc(
    'goaway-now-and-then',
    'The server takes its leave of the connection at every seventh call, and lets its streams end',
    'RFC 9113 §6.8: graceful shutdown',
    every(7, (stream, _, next) => {
      stream.session?.close();
      next();
    }),
  ),
  grpc(
    'connection-closes',
    'Every call ends its connection once its streams are over',
    'RFC 9113 §9.1: a server may close after any response, with GOAWAY',
    {
      grpcCall: (stream, _, next) => {
        stream.once('close', () => stream.session?.close());
        next();
      },
    },
  ),
  grpc(
    'refused-now-and-then',
    'Every fifth stream is refused without a look at it',
    'RFC 9113 §8.7: REFUSED_STREAM, the request can be sent again',
    every(5, refuse),
  ),
  grpc(
    'reset-now-and-then',
    'Every eleventh call is reset before its answer',
    'no section promises a network; what was not answered says nothing',
    every(11, (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)),
  ),
  grpc(
    'hangs-now-and-then',
    'Every 30th call is never answered',
    'no section promises a network; silence alone says nothing',
    every(30, (stream) => stream.resume()),
    { patienceMs: 2_000 },
  ),
  grpc(
    'gateway-now-and-then',
    'Every ninth call is answered by a proxy with HTTP 503 and a page',
    'gRPC: HTTP statuses of what is on the way are no answer of the server',
    every(9, page(503)),
  ),
  grpc(
    'unavailable-now-and-then',
    'Every ninth call ends with UNAVAILABLE',
    '§3.3.2: temporary unavailability is a system error',
    every(9, status(14, 'upstream connect error')),
  ),
  grpc(
    'throttled-now-and-then',
    'Every seventh call ends with RESOURCE_EXHAUSTED',
    '§13.4: operations SHOULD be rate limited',
    every(7, status(8, 'Too many requests', { 'grpc-retry-pushback-ms': '1000' })),
    { share: 0.5 },
  ),
  grpc(
    'small-message-limit',
    'Messages over 16 KiB are refused with RESOURCE_EXHAUSTED',
    '§13.4: limits on message sizes SHOULD be implemented',
    undefined,
    { options: { maxBodyBytes: 16_384 } },
  ),
  grpc(
    'behind-a-path',
    'The declared URL has a path, and the methods are below it alone',
    '§8.3.1: the URL where the interface is available; gRPC itself has no such path',
    { grpcCall: below('/agents/a'), ...withUrl((url) => `${url}/agents/a`) },
  ),
  grpc(
    'path-for-nothing',
    'The declared URL has a path, and the methods are where gRPC has them',
    'gRPC over HTTP/2: the path of a call is /Service-Name/method name',
    withUrl((url) => `${url}/a2a/v1/`),
  ),
  grpc(
    'host-and-port',
    'The URL of the interface is the host and port that libraries of gRPC take',
    'a2a.proto AgentInterface.url; gRPC names targets so',
    withUrl((url) => new URL(url).host),
    { warns: ['agent-card/interface-url'] },
  ),
  grpc(
    'dns-target',
    'The URL of the interface is a target of gRPC by its scheme',
    'a2a.proto AgentInterface.url; gRPC names targets so',
    withUrl((url) => `dns:///${new URL(url).host}`),
    { warns: ['agent-card/interface-url'] },
  ),
];
