import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curlOf } from './curl.ts';
import type { Exchange, Headers } from './exchange.ts';
import { createRedactor } from './redact.ts';

const exchange = (request: { url?: string; headers?: Headers; body?: string | null; method?: string }): Exchange => ({
  id: 'x1',
  actor: 'a',
  interface: null,
  intent: { kind: 'fetch', what: 'card' },
  request: { method: 'POST', url: 'http://h/rpc', headers: [], body: '{}', ...request },
  response: {
    status: 200,
    headers: [['Set-Cookie', 'sid=1']],
    body: '{"echo":"s3cret-value"}',
    validUtf8: true,
    truncated: false,
    headAt: 1,
  },
  events: [{ at: 1, data: '{"token":"abc"}' }],
  endedBy: 'server',
  startedAt: 0,
  endedAt: 1,
  clock: 'c',
  outcome: 'ok',
});

test.for<[string, string, string]>([
  ['Authorization', 'Bearer abc.def', 'Bearer [redacted]'],
  ['authorization', 'custom-thing', '[redacted]'],
  ['X-Api-Key', 'k', '[redacted]'],
  ['Cookie', 'a=b', '[redacted]'],
  ['Accept', 'application/json', 'application/json'],
  ['X-Custom', 'before s3cret-value after', 'before [redacted] after'],
])('header %s: %s → %s', ([name, value, expected]) => {
  const redacted = createRedactor(['s3cret-value']).exchange(exchange({ headers: [[name, value]] }));
  expect(redacted.request.headers).toEqual([[name, expected]]);
});

test('answers, streams, queries and user info are redacted too', () => {
  const redacted = createRedactor(['s3cret-value']).exchange(
    exchange({
      url: 'http://user:pw@h/rpc?api_key=1&x=2',
      body: '{"authentication":{"scheme":"Bearer","credentials":"zzz"}}',
    }),
  );
  expect(redacted.response?.headers).toEqual([['Set-Cookie', '[redacted]']]);
  expect(redacted.response?.body).toBe('{"echo":"[redacted]"}');
  expect(redacted.events[0]?.data).toBe('{"token":"[redacted]"}');
  expect(redacted.request.url).toBe('http://[redacted]@h/rpc?api_key=[redacted]&x=2');
  expect(redacted.request.body).toBe('{"authentication":{"scheme":"Bearer","credentials":"[redacted]"}}');
});

test('user info is redacted in texts and interfaces too', () => {
  const redactor = createRedactor();
  expect(redactor.text('see "https://user:pw@h/a" and mail me@example.com')).toBe(
    'see "https://[redacted]@h/a" and mail me@example.com',
  );
  const ref = { binding: 'JSONRPC', version: '1.0', url: 'http://key@h/rpc' };
  expect(redactor.exchange({ ...exchange({}), interface: ref }).interface?.url).toBe('http://[redacted]@h/rpc');
});

test('page tokens are no secrets', () => {
  expect(createRedactor().text('{"nextPageToken":"abc"}')).toBe('{"nextPageToken":"abc"}');
});

test.for(["it's", 'a"b', 'tab\tnewline\n', '$(touch /nowhere)', '`id`', '\\x41', 'ünï — 💥', '@file'])(
  'a shell gives curl the very bytes of the body: %j',
  (body) => {
    const command = curlOf(exchange({ body }));
    const printed = execFileSync('bash', ['-c', command.replace(/^curl/, "printf '%s\\0'")], { encoding: 'utf8' });
    expect(printed.split('\0')).toContain(body);
  },
);

test('an empty header is sent empty, a GET has no body, a stream is not buffered', () => {
  expect(curlOf(exchange({ method: 'GET', body: null, headers: [['A2A-Version', '']] }))).toBe(
    "curl -sS -N -i http://h/rpc -H 'A2A-Version;' -H Accept:",
  );
});

test('bytes of a binary binding stay where neither they nor what they say hold a secret', () => {
  const bytes = (text: string): string => Buffer.from(text).toString('base64');
  const { exchange: redact } = createRedactor(['s3cret']);
  const grpc = (said: string, held: string) => {
    const raw = {
      id: 'x1',
      actor: 'main',
      interface: null,
      intent: { kind: 'malformed', violation: 'x' },
      request: { method: 'POST', url: 'http://a.test/x', headers: [], body: said, bytes: bytes(held) },
      response: {
        status: 200,
        headers: [],
        trailers: [['grpc-status-details-bin', bytes(held)]],
        body: said,
        bytes: bytes(held),
        validUtf8: true,
        truncated: false,
        headAt: 1,
      },
      events: [{ at: 1, data: said, bytes: bytes(held) }],
      endedBy: 'server',
      startedAt: 0,
      endedAt: 1,
      clock: 'c',
      outcome: 'ok',
    } as const;
    const { request, response, events } = redact(raw);
    return [request.bytes, response?.bytes, events[0]?.bytes, response?.trailers?.[0]?.[1]];
  };
  const plain = bytes('hello');
  expect(grpc('{}', 'hello')).toEqual([plain, plain, plain, plain]);
  expect(grpc('{"a":"s3cret"}', 'hello')).toEqual([undefined, undefined, undefined, plain]);
  expect(grpc('{"token":"abc"}', 'hello')).toEqual([undefined, undefined, undefined, plain]);
  expect(grpc('', 'x s3cret')).toEqual([undefined, undefined, undefined, '[redacted]']);
});
