import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../../../mocks/testing/self-signed-certificate.ts';
import type { Exchange } from '../../history/exchange.ts';
import { HistoryRecorder } from '../../history/recorder.ts';
import { closedUrl, serve, serveBytes, serveTls } from '../testing/serve.ts';
import { to } from '../testing/send.ts';
import type { HttpPort } from './http-port.ts';
import { createHttpPort, type HttpPortOptions } from './undici-port.ts';

let recorder: HistoryRecorder;
let port: HttpPort;

beforeEach(() => {
  recorder = new HistoryRecorder('test');
  port = createHttpPort({ recorder });
});
afterEach(() => port.close());

/** Ends when the port should have given up long before: never within a test. */
const never = 60_000;

describe('a plain answer', () => {
  test('is recorded as it was on the wire', async () => {
    await using server = await serveBytes((socket) =>
      socket.end(
        'HTTP/1.1 200 OK\r\nX-Two: a\r\nx-TWO: b\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\ngrün',
      ),
    );
    const exchange = await port.send(to(server.url, { body: '{}', headers: [['A2A-Version', '']] }));
    expect(exchange).toMatchObject({
      id: 'x1',
      outcome: 'ok',
      endedBy: 'server',
      clock: 'test',
      events: [],
      request: {
        headers: [
          ['A2A-Version', ''],
          ['User-Agent', 'a2a-gauntlet'],
          ['Accept-Encoding', 'identity'],
        ],
        body: '{}',
      },
      response: {
        status: 200,
        headers: [
          ['X-Two', 'a'],
          ['x-TWO', 'b'],
          ['Content-Type', 'text/plain'],
          ['Content-Length', '5'],
        ],
        body: 'grün',
        validUtf8: true,
        truncated: false,
      },
    });
    expect(exchange.failure).toBeUndefined();
    expect(exchange.startedAt).toBeLessThanOrEqual(exchange.response!.headAt);
    expect(exchange.response!.headAt).toBeLessThanOrEqual(exchange.endedAt);
    expect(recorder.history().exchanges).toEqual([exchange]);
  });

  test('reaches the agent as it was sent', async () => {
    const seen: unknown[] = [];
    await using server = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push(request.method, request.url, body, request.headers['x-empty'], request.headers['user-agent']);
        response.end();
      });
    });
    const headers: [string, string][] = [
      ['X-Empty', ''],
      ['User-Agent', 'mine'],
    ];
    await port.send(to(`${server.url}/a%20b?q=1#fragment`, { body: 'grün', headers }));
    expect(seen).toEqual(['POST', '/a%20b?q=1', 'grün', '', 'mine']);
  });

  test('that is no UTF-8 is said to be none', async () => {
    await using server = await serve((_, response) => response.end(Buffer.from([0x22, 0xc3, 0x28, 0x22])));
    const { response } = await port.send(to(server.url));
    expect(response).toMatchObject({ validUtf8: false, body: '"\uFFFD("' });
  });

  test('whose last character is cut is no UTF-8', async () => {
    await using server = await serve((_, response) => response.end(Buffer.from([0x61, 0xe2, 0x82])));
    expect((await port.send(to(server.url))).response?.validUtf8).toBe(false);
  });

  test('in pieces that cut a character is whole', async () => {
    await using server = await serve((_, response) => {
      response.write(Buffer.from([0xe2]), () => response.end(Buffer.from([0x82, 0xac])));
    });
    expect((await port.send(to(server.url))).response).toMatchObject({ body: '€', validUtf8: true });
  });

  test('without an end is read up to the limit', async () => {
    const small = createHttpPort({ recorder, maxBodyBytes: 10 });
    await using server = await serve((_, response) => response.write('x'.repeat(100)));
    const exchange = await small.send(to(server.url));
    await small.close();
    expect(exchange).toMatchObject({
      endedBy: 'client',
      outcome: 'indefinite',
      failure: { kind: 'aborted', message: expect.stringContaining('longer than 10 bytes') as string },
      response: { body: 'x'.repeat(10), truncated: true },
    });
  });

  test('after an interim answer is the one that counts', async () => {
    await using server = await serveBytes((socket) =>
      socket.end('HTTP/1.1 103 Early Hints\r\nX-Hint: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    );
    const { response } = await port.send(to(server.url));
    expect(response).toMatchObject({ status: 200, headers: [['Content-Length', '2']], body: 'ok' });
  });
});

describe('no answer', () => {
  const sent = async (url: string, more?: Parameters<typeof to>[1]): Promise<Exchange> => {
    const exchange = await port.send(to(url, more));
    expect(exchange.outcome).toBe('indefinite');
    return exchange;
  };

  test('nobody listens', async () => {
    expect(await sent(await closedUrl())).toMatchObject({
      response: null,
      endedBy: 'broken',
      failure: { kind: 'refused' },
    });
  });

  test('the host has no address', async () => {
    expect((await sent('http://no-such-host.invalid/')).failure?.kind).toBe('dns');
  });

  test('a hang', async () => {
    await using server = await serve(() => undefined);
    const exchange = await sent(server.url, { timeoutMs: 50 });
    expect(exchange).toMatchObject({
      response: null,
      endedBy: 'deadline',
      failure: { kind: 'timeout', message: 'no answer within 50 ms' },
    });
    expect(exchange.endedAt - exchange.startedAt).toBeGreaterThanOrEqual(45);
  });

  test('a hang in the middle of the body', async () => {
    await using server = await serve((_, response) => response.writeHead(200, { 'Content-Length': '9' }).write('half'));
    const exchange = await sent(server.url, { timeoutMs: 1_000 });
    expect(exchange).toMatchObject({
      endedBy: 'deadline',
      response: { status: 200, body: 'half' },
      failure: { kind: 'timeout', message: 'only a head and 4 bytes of the answer within 1000 ms' },
    });
  });

  test.for([
    ['by its length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this', 'only this'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n', 'only this'],
    [
      'on a connection to be closed',
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\nonly this',
      'only this',
    ],
  ] as const)('a body that is cut, %s', async ([, bytes, body]) => {
    await using server = await serveBytes((socket) => socket.end(bytes));
    const exchange = await sent(server.url);
    expect(exchange).toMatchObject({ endedBy: 'broken', response: { status: 200, body }, failure: { kind: 'reset' } });
    expect(exchange.failure?.message).toContain('after the head and 9 bytes');
  });

  test('a connection that is closed without a word', async () => {
    await using server = await serveBytes((socket) => socket.destroy());
    expect(await sent(server.url, { body: '{}' })).toMatchObject({
      response: null,
      endedBy: 'broken',
      failure: { kind: 'reset' },
    });
  });

  test('what is no HTTP', async () => {
    await using server = await serveBytes((socket) => socket.end('SSH-2.0-OpenSSH_9\r\n'));
    expect(await sent(server.url)).toMatchObject({ response: null, endedBy: 'broken', failure: { kind: 'protocol' } });
  });

  test('given up by the caller, before and while it waits', async () => {
    const reached = Promise.withResolvers<void>();
    await using server = await serve(() => reached.resolve());
    expect((await sent(server.url, { signal: AbortSignal.abort() })).failure?.kind).toBe('aborted');
    const controller = new AbortController();
    const pending = sent(server.url, { signal: controller.signal });
    await reached.promise;
    controller.abort();
    expect(await pending).toMatchObject({
      endedBy: 'client',
      failure: { kind: 'aborted', message: 'stopped by the harness' },
    });
  });

  test('a request that cannot be written', async () => {
    expect((await sent('http://127.0.0.1:1/', { headers: [['X-Bad', 'a\nb']] })).failure).toMatchObject({
      kind: 'other',
    });
    expect((await sent('ftp://127.0.0.1/')).failure?.kind).toBe('other');
    expect((await sent('no url')).failure?.kind).toBe('other');
  });

  test('there is no second try', async () => {
    let requests = 0;
    await using server = await serveBytes((socket) => {
      requests += 1;
      socket.destroy();
    });
    await sent(server.url);
    expect(requests).toBe(1);
  });

  test('closing the port ends what is under way', async () => {
    const reached = Promise.withResolvers<void>();
    await using server = await serve(() => reached.resolve());
    const pending = sent(server.url, { timeoutMs: never });
    await reached.promise;
    await port.close();
    expect((await pending).failure?.kind).toBe('aborted');
  });
});

describe('redirects', () => {
  test('are followed; the request that was answered is recorded', async () => {
    await using server = await serve((request, response) => {
      if (request.url === '/end') request.pipe(response);
      else response.writeHead(308, { Location: '/end' }).end('moved');
    });
    const exchange = await port.send(to(`${server.url}/start`, { body: '{"a":1}' }));
    expect(exchange).toMatchObject({
      outcome: 'ok',
      request: { method: 'POST', url: `${server.url}/end`, body: '{"a":1}' },
      response: { status: 200, body: '{"a":1}' },
    });
    expect(recorder.history().exchanges).toHaveLength(1);
  });

  test('in a circle end with the chain', async () => {
    await using server = await serve((request, response) => {
      response.writeHead(302, { Location: request.url === '/a' ? '/b' : '/a' }).end();
    });
    const { failure, response, endedBy } = await port.send(to(`${server.url}/a`));
    expect(failure).toEqual({
      kind: 'redirect',
      message: `redirect loop: ${server.url}/a → ${server.url}/b → /a`,
    });
    expect([response?.status, endedBy]).toEqual([302, 'client']);
  });

  test('to another origin carry no credentials', async () => {
    const seen: unknown[] = [];
    await using other = await serve((request, response) => {
      const { authorization, cookie, 'x-team': team, 'a2a-version': version } = request.headers;
      seen.push({ authorization, cookie, team, version });
      response.end();
    });
    await using server = await serve((_, response) => response.writeHead(307, { Location: other.url }).end());
    const guarded = createHttpPort({ recorder, credentials: ['X-Team'] });
    await guarded.send(
      to(server.url, {
        headers: [
          ['Authorization', 'Bearer secret'],
          ['Cookie', 'a=b'],
          ['X-Team', 'secret'],
          ['A2A-Version', '1.0'],
        ],
      }),
    );
    await guarded.close();
    expect(seen).toEqual([{ authorization: undefined, cookie: undefined, team: undefined, version: '1.0' }]);
  });
});

describe('TLS', () => {
  const certificate = selfSignedCertificate();
  const fetchWith = async (tls?: HttpPortOptions['tls']): Promise<Exchange> => {
    await using server = await serveTls(certificate, (_, response) => response.end('secure'));
    const secure = createHttpPort({ recorder, ...(tls === undefined ? {} : { tls }) });
    const exchange = await secure.send(to(server.url));
    await secure.close();
    return exchange;
  };

  test('an untrusted certificate is refused', async () => {
    expect(await fetchWith()).toMatchObject({ response: null, failure: { kind: 'tls' } });
  });

  test('a certificate is trusted through its authority, or where everything is', async () => {
    expect((await fetchWith({ ca: certificate.cert })).response?.body).toBe('secure');
    expect((await fetchWith({ insecure: true })).response?.body).toBe('secure');
  });

  describe('a client certificate', () => {
    const client = selfSignedCertificate('client.test');
    const whoAt = async (mayPresentTo: (origin: string) => boolean) => {
      let url = '';
      await using server = await serveTls(
        { ...certificate, requestCert: true, rejectUnauthorized: false },
        ({ socket }, response) => response.end((socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody'),
      );
      url = server.url;
      const asked: string[] = [];
      const secure = createHttpPort({
        recorder,
        tls: {
          ca: certificate.cert,
          client: { ...client, mayPresentTo: (to) => asked.push(to) > 0 && mayPresentTo(to) },
        },
      });
      const exchange = await secure.send(to(url));
      await secure.close();
      expect(asked).toEqual([new URL(url).origin]);
      return exchange.response?.body;
    };

    test('is shown to whom it may be shown', async () => {
      expect(await whoAt(() => true)).toBe('client.test');
    });

    test('is shown to nobody else', async () => {
      expect(await whoAt(() => false)).toBe('nobody');
    });
  });

  test('a handshake that hangs is given up, and its connection ended with the port', async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await serveBytes((socket) => socket.once('close', () => closed.resolve()));
    const exchange = await port.send(to(server.url.replace('http:', 'https:'), { timeoutMs: 1_000 }));
    expect(exchange).toMatchObject({ response: null, endedBy: 'deadline', failure: { kind: 'timeout' } });
    await port.close();
    await closed.promise;
  });

  test('a server without TLS is named so', async () => {
    await using server = await serve((_, response) => response.end());
    const exchange = await port.send(to(server.url.replace('http:', 'https:')));
    expect(exchange.failure?.kind).toBe('tls');
  });
});
