import type { Fault } from '../reference-agent/hooks.ts';
import type { HttpHook } from './respond.ts';
import { afterBody, answer, changeHeaders, later, trickle } from './respond.ts';
import type { Variant } from './variant.ts';

const endpoint = '/a2a/jsonrpc';
const wellKnown = '/.well-known/agent-card.json';

/** Statuses by JSON-RPC code, as gateways of REST habits have them. */
const statuses: Readonly<Record<number, number>> = {
  [-32700]: 400,
  [-32600]: 400,
  [-32601]: 404,
  [-32602]: 422,
  [-32603]: 500,
  [-32001]: 404,
  [-32002]: 409,
  [-32003]: 501,
  [-32004]: 405,
  [-32005]: 415,
  [-32007]: 404,
  [-32008]: 428,
  [-32009]: 426,
};

/** Every POST goes through; the card is served as ever. */
const forCalls =
  (hook: HttpHook): HttpHook =>
  (request, response, next) => {
    if (request.method === 'POST') hook(request, response, next);
    else next();
  };

/** The endpoint answers only with a redirect to where it has moved. */
const movedTo =
  (status: number, absolute: boolean): HttpHook =>
  (request, response, next) => {
    const [path = '', query] = (request.url ?? '').split('?');
    const rest = query === undefined ? '' : `?${query}`;
    if (path === endpoint) {
      const origin = absolute ? `http://${request.headers.host}` : '';
      afterBody(request, () => answer(response, status, { Location: `${origin}/moved/here${rest}` }, ''));
      return;
    }
    if (path === '/moved/here') request.url = `${endpoint}${rest}`;
    next();
  };

/** Every `period`-th call is answered by what stands before the agent. */
const refusesEvery = (period: number, status: number, type: string, body: string): (() => HttpHook) => {
  return () => {
    let calls = 0;
    return forCalls((request, response, next) => {
      calls += 1;
      if (calls % period !== 0) return next();
      afterBody(request, () => answer(response, status, { 'Content-Type': type, 'Retry-After': '1' }, body));
    });
  };
};

const everyCall = (period: number, hook: HttpHook): HttpHook => {
  let calls = 0;
  return forCalls((request, response, next) => {
    calls += 1;
    if (calls % period === 0) hook(request, response, next);
    else next();
  });
};

const cutsEvery = (period: number): HttpHook =>
  everyCall(period, (request) => afterBody(request, () => request.socket.resetAndDestroy()));

const losesEvery = (period: number): HttpHook => everyCall(period, (request) => afterBody(request, () => undefined));

function slowAtFirst(count: number, ms: number): HttpHook {
  let calls = 0;
  return forCalls((_, __, next) => {
    calls += 1;
    later(calls <= count ? ms : 0, next);
  });
}

/** So many calls in a window of time; more are refused. */
const rateLimit = (limit: number, windowMs: number): HttpHook => {
  let began = 0;
  let calls = 0;
  return forCalls((request, response, next) => {
    const now = performance.now();
    if (now - began > windowMs) [began, calls] = [now, 0];
    calls += 1;
    if (calls <= limit) return next();
    afterBody(request, () =>
      answer(response, 429, { 'Content-Type': 'application/json', 'Retry-After': '1' }, '{"message":"Slow down"}'),
    );
  });
};

const delayed = (delays: readonly number[]): (() => HttpHook) => {
  return () => {
    let turn = 0;
    return (_, __, next) => later(delays[turn++ % delays.length]!, next);
  };
};

/** The next request is looked at when the one before is answered. */
const oneAtATime = (): HttpHook => {
  let last = Promise.resolve();
  return (_, response, next) => {
    const before = last;
    last = new Promise((resolve) => response.once('close', resolve));
    void before.then(next);
  };
};

/** How long a caller who looks like an attacker is turned away, in ms. */
const banMs = 5_000;

/** A NUL in an id, or one of several kilobytes. */
function looksLikeAttack(params: unknown): boolean {
  const { id } = (params ?? {}) as { readonly id?: unknown };
  return typeof id === 'string' && (id.includes('\u0000') || id.length > 10_000);
}

/** The caller is banned by what stands before the agent. */
function bansSuspiciousClients(): Fault {
  let bannedUntil = 0;
  return {
    refuse({ params }) {
      if (looksLikeAttack(params)) bannedUntil = performance.now() + banMs;
      return undefined;
    },
    http: forCalls((request, response, next) => {
      if (performance.now() > bannedUntil) return next();
      afterBody(request, () =>
        answer(response, 429, { 'Content-Type': 'text/plain', 'Retry-After': '5' }, 'You have been blocked\n'),
      );
    }),
  };
}

/** The caller is limited by the agent itself. */
function limitsSuspiciousClients(): Fault {
  let limitedUntil = 0;
  return {
    refuse({ params }) {
      const isLimited = performance.now() <= limitedUntil;
      if (looksLikeAttack(params)) limitedUntil = performance.now() + banMs;
      return isLimited ? { code: -32603, message: 'Rate limit exceeded, try again later' } : undefined;
    },
  };
}

const padding = Object.fromEntries(
  Array.from({ length: 24 }, (_, index) => [`X-Padding-${index}`, `${index} `.repeat(400).trim()]),
);

export const httpVariants: readonly Variant[] = [
  // The slow ones first: others run beside them.
  {
    id: 'http/slow',
    description: 'Every answer takes 200 to 800 ms',
    allowedBy: 'no section names a time',
    fault: () => ({ http: delayed([200, 800, 350, 500, 650])() }),
    options: { longRunningMs: 3_000 },
    patienceMs: 10_000,
  },
  {
    id: 'http/slower-than-grace',
    description: 'Every answer takes longer than the grace that a client of little patience gives',
    allowedBy: 'no section names a time',
    fault: () => ({ http: delayed([650, 550, 750])() }),
    patienceMs: 2_000,
    share: 0.5,
  },
  {
    id: 'http/one-request-at-a-time',
    description: 'A request waits until the one before it, a stream too, is answered to its end',
    allowedBy: 'no section demands that requests are served side by side; §3.5.2 MAY serve concurrent streams',
    fault: () => ({ http: oneAtATime() }),
    options: { longRunningMs: 400 },
    share: 0.5,
  },
  {
    id: 'http/error-statuses',
    description: 'JSON-RPC errors come with HTTP statuses of 4xx and 5xx',
    allowedBy: '§9.1, §9.5: the error is in the body; no HTTP status is named for it',
    fault: {
      httpResponse: (response, { errorCode }) => ({
        ...response,
        status: errorCode === undefined ? response.status : (statuses[errorCode] ?? response.status),
      }),
    },
  },
  {
    id: 'http/redirect-307',
    description: 'The declared URL answers with 307 and a relative Location',
    allowedBy: '§9.1: over HTTP, of which redirects are a part (RFC 9110 §15.4.8)',
    fault: { http: movedTo(307, false) },
  },
  {
    id: 'http/redirect-308',
    description: 'The declared URL answers with 308 and an absolute Location',
    allowedBy: '§9.1: over HTTP, of which redirects are a part (RFC 9110 §15.4.9)',
    fault: { http: movedTo(308, true) },
  },
  {
    id: 'http/card-redirected',
    description: 'The well-known place of the card leads to another path',
    allowedBy: '§8.2, §14.3: the resource returns the card, over HTTP with its redirects',
    fault: {
      http: (request, response, next) => {
        if (request.url === wellKnown) return answer(response, 302, { Location: '/cards/agent.json' }, '');
        if (request.url === '/cards/agent.json') request.url = wellKnown;
        next();
      },
    },
  },
  {
    id: 'http/connection-closes',
    description: 'Every response ends its connection',
    allowedBy: 'RFC 9112 §9.6: a server may close after any response',
    fault: {
      http: (_, response, next) => {
        response.shouldKeepAlive = false;
        next();
      },
    },
  },
  {
    id: 'http/close-delimited',
    description: 'Bodies have no length and no chunks: they end with the connection, as of HTTP/1.0',
    allowedBy: 'RFC 9112 §6.3: without a length the body goes to the close of the connection',
    fault: {
      http: (_, response, next) => {
        response.useChunkedEncodingByDefault = false;
        response.shouldKeepAlive = false;
        changeHeaders(response, ({ 'Content-Length': _length, ...rest }) => rest);
        next();
      },
    },
  },
  {
    id: 'http/trickled',
    description: 'Bodies come in pieces of one to five bytes, cut within characters',
    allowedBy: 'TCP and RFC 9112 §7.1: borders of pieces mean nothing',
    fault: {
      http: (_, response, next) => {
        trickle(response, [1, 2, 3, 5, 1, 1, 4]);
        next();
      },
    },
  },
  {
    id: 'http/early-hints',
    description: 'An interim response (102, 103) comes before every answer',
    allowedBy: 'RFC 9110 §15.2: a client must be able to take interim responses',
    fault: {
      http: (_, response, next) => {
        response.writeProcessing();
        response.writeEarlyHints({ link: '</style.css>; rel=preload' });
        next();
      },
    },
  },
  {
    id: 'http/large-headers',
    description: 'Responses carry 24 KiB of header fields and several cookies',
    allowedBy: 'RFC 9110 §5.4: no limit is set, and unknown fields are ignored',
    fault: {
      http: (_, response, next) => {
        changeHeaders(response, (headers) => ({
          ...padding,
          'Set-Cookie': ['session=1; Path=/', 'route=a; HttpOnly'],
          ...headers,
        }));
        next();
      },
    },
  },
  {
    id: 'http/charset-in-content-type',
    description: 'Content types have a charset, odd case and blanks',
    allowedBy: 'RFC 9110 §8.3: media types are case-insensitive and may have parameters',
    fault: {
      httpResponse: (response) => ({
        ...response,
        headers: { ...response.headers, 'Content-Type': 'Application/JSON ;charset="UTF-8"' },
      }),
      streamHead: (head) => ({
        ...head,
        headers: { ...head.headers, 'Content-Type': 'Text/Event-Stream; charset=utf-8' },
      }),
    },
  },
  {
    id: 'http/throttled-now-and-then',
    description: 'Every seventh call is answered by a gateway with 429 and plain text',
    allowedBy: '§13.4: operations SHOULD be rate limited',
    fault: () => ({ http: refusesEvery(7, 429, 'text/plain', 'Too Many Requests\n')() }),
    share: 0.5,
  },
  {
    id: 'http/rate-limited',
    description: 'More than 25 calls in half a second are answered with 429',
    allowedBy: '§13.4: operations SHOULD be rate limited',
    fault: () => ({ http: rateLimit(25, 500) }),
    share: 0.3,
  },
  {
    id: 'http/throttled-in-json-rpc',
    description: 'Every ninth call is answered with 429 and a JSON-RPC error -32603 that says so',
    allowedBy: '§3.3.2: a rate limit is a system error, JSON-RPC -32603; §13.4',
    fault: () => ({
      http: refusesEvery(
        9,
        429,
        'application/json',
        '{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"Rate limit exceeded, try again"}}',
      )(),
    }),
  },
  {
    id: 'http/reset-now-and-then',
    description: 'Every eleventh call is cut off by the network before its answer',
    allowedBy: 'no section promises a network; what was not answered says nothing',
    fault: () => ({ http: cutsEvery(11) }),
  },
  {
    id: 'http/hangs-now-and-then',
    description: 'Every 30th call is never answered',
    allowedBy: 'no section promises a network; silence alone says nothing',
    fault: () => ({ http: losesEvery(30) }),
    patienceMs: 2_000,
  },
  {
    id: 'http/idle-connections-cut',
    description: 'A connection that is kept alive is closed a few milliseconds after an answer, without a word',
    allowedBy: 'RFC 9112 §9.5: a server may close an idle connection at any time',
    fault: {
      http: (request, response, next) => {
        response.once('finish', () => later(3, () => request.socket.end()));
        next();
      },
    },
  },
  {
    id: 'http/cold-start',
    description: 'The first five calls take two seconds each',
    allowedBy: 'no section names a time',
    fault: () => ({ http: slowAtFirst(5, 2_000) }),
  },
  {
    id: 'http/suspicious-clients-banned',
    description: 'After a request that looks like an attack all calls are answered with 429 for a while',
    allowedBy: '§13.4: rate limiting and abuse prevention',
    fault: bansSuspiciousClients,
  },
  {
    id: 'http/suspicious-clients-limited',
    description: 'After a request that looks like an attack all calls are answered with -32603 and a word on limits',
    allowedBy: '§13.4: appropriate error responses when rate limits are exceeded; §3.3.2: a system error, -32603',
    fault: limitsSuspiciousClients,
  },
  {
    id: 'http/overloaded-now-and-then',
    description: 'Every ninth call is answered by a gateway with 503 and a page',
    allowedBy: '§3.3.2: temporary unavailability is a system error, HTTP 503',
    fault: () => ({ http: refusesEvery(9, 503, 'text/html', '<h1>Service Unavailable</h1>')() }),
  },
  {
    id: 'http/small-body-limit',
    description: 'Bodies over 16 KiB are refused by the web server, with a page',
    allowedBy: '§13.4: limits on message sizes SHOULD be implemented',
    options: { maxBodyBytes: 16_384 },
    fault: {
      httpResponse: (response) =>
        response.status === 413
          ? { status: 413, headers: { 'Content-Type': 'text/html' }, body: '<h1>413 Request Entity Too Large</h1>' }
          : response,
    },
  },
];
