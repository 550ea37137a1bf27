import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../history/exchange.ts';
import { HistoryRecorder } from '../../history/recorder.ts';
import { closedUrl, serve } from '../testing/serve.ts';
import { to } from '../testing/send.ts';
import type { HttpPort } from './http-port.ts';
import { createHttpPort } from './undici-port.ts';

let recorder: HistoryRecorder;
let port: HttpPort;

beforeEach(() => {
  recorder = new HistoryRecorder('test');
  port = createHttpPort({ recorder });
});
afterEach(() => port.close());

/** Ends when the port should have given up long before: never within a test. */
const never = 60_000;

describe('a stream', () => {
  const sse = { 'Content-Type': 'text/event-stream; charset=utf-8' };
  const open = (url: string, streamMs = never, more?: Parameters<typeof to>[1]) => {
    const events: StreamEvent[] = [];
    const arrivals: (() => void)[] = [];
    const stream = port.open({
      ...to(url, more),
      stream: {
        streamMs,
        onEvent: (event) => {
          events.push(event);
          for (const tell of arrivals.splice(0)) tell();
        },
      },
    });
    const next = (): Promise<void> => new Promise((resolve) => arrivals.push(resolve));
    return { stream, events, next };
  };

  test('gives its events as they come, each with its arrival', async () => {
    const answer = Promise.withResolvers<ServerResponse>();
    await using server = await serve((_, response) => {
      response.writeHead(200, sse).flushHeaders();
      answer.resolve(response);
    });
    const { stream, events, next } = open(server.url);
    expect(await stream.head).toEqual({ status: 200, opened: true });
    const response = await answer.promise;
    for (const data of ['one', 'two']) {
      const arrived = next();
      response.write(`id: ${data}\ndata: ${data}\n\n`);
      await arrived;
    }
    response.end(': bye\n\n');
    const exchange = await stream.done;
    expect(exchange).toMatchObject({ endedBy: 'server', outcome: 'ok' });
    expect(exchange.failure).toBeUndefined();
    expect(exchange.events).toEqual(events);
    expect(events.map(({ id, data }) => [id, data])).toEqual([
      ['one', 'one'],
      ['two', 'two'],
    ]);
    expect(events[0]!.at).toBeLessThan(events[1]!.at);
    expect(exchange.response?.body).toBe('id: one\ndata: one\n\nid: two\ndata: two\n\n: bye\n\n');
  });

  test('that is reset in the middle is broken, and what it said stays', async () => {
    const answer = Promise.withResolvers<ServerResponse>();
    await using server = await serve((_, response) => answer.resolve(response.writeHead(200, sse)));
    const { stream, next } = open(server.url);
    const arrived = next();
    const response = await answer.promise;
    response.write('data: one\n\ndata: tw');
    await arrived;
    response.socket?.resetAndDestroy();
    expect(await stream.done).toMatchObject({
      endedBy: 'broken',
      outcome: 'ok',
      failure: { kind: 'reset' },
      events: [{ data: 'one' }],
    });
  });

  test('that stays open is left at its deadline', async () => {
    await using server = await serve((_, response) => response.writeHead(200, sse).write('data: one\n\n'));
    const { stream } = open(server.url, 50);
    expect(await stream.done).toMatchObject({ endedBy: 'deadline', failure: { kind: 'timeout' } });
  });

  test('that is longer than an answer may take goes on', async () => {
    const answer = Promise.withResolvers<ServerResponse>();
    await using server = await serve((_, response) => {
      response.writeHead(200, sse).flushHeaders();
      answer.resolve(response);
    });
    const timeoutMs = 1_000;
    const { stream, events, next } = open(server.url, never, { timeoutMs });
    const response = await answer.promise;
    await stream.head;
    const beat = setInterval(() => response.write(': beat\n\n'), 20);
    await new Promise((resolve) => setTimeout(resolve, timeoutMs * 1.1));
    clearInterval(beat);
    const arrived = next();
    response.end('data: late\n\n');
    await arrived;
    expect((await stream.done).endedBy).toBe('server');
    expect(events).toHaveLength(1);
  });

  test('that the harness closes is closed on the other side too', async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await serve((_, response) => {
      response.on('close', () => closed.resolve());
      response.writeHead(200, sse).write('data: one\n\n');
    });
    const { stream, next } = open(server.url);
    await next();
    stream.close();
    const exchange = await stream.done;
    expect(exchange).toMatchObject({ endedBy: 'client', outcome: 'ok' });
    expect(exchange.failure).toBeUndefined();
    await closed.promise;
  });

  test('that never says a thing is indefinite', async () => {
    await using server = await serve((_, response) => response.writeHead(200, sse).flushHeaders());
    const { stream } = open(server.url);
    await stream.head;
    stream.close();
    expect(await stream.done).toMatchObject({ endedBy: 'client', outcome: 'indefinite', events: [] });
  });

  test('refused with a plain answer has no events', async () => {
    await using server = await serve((_, response) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'),
    );
    const { stream } = open(server.url);
    expect(await stream.head).toMatchObject({ opened: false });
    expect(await stream.done).toMatchObject({ events: [], endedBy: 'server', response: { body: '{}' } });
  });

  test('has no head where nobody listens', async () => {
    const { stream } = open(await closedUrl());
    expect(await stream.head).toBeUndefined();
    expect((await stream.done).failure?.kind).toBe('refused');
  });
});

describe('requests in flight', () => {
  test('are bounded, open streams beside', async () => {
    const small = createHttpPort({ recorder, maxInFlight: 2 });
    const waiting: ServerResponse[] = [];
    const arrived = Promise.withResolvers<void>();
    await using server = await serve((request, response) => {
      if (request.url === '/stream')
        return response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
      waiting.push(response);
      if (waiting.length === 2) arrived.resolve();
    });
    const streams = [1, 2, 3].map(() =>
      small.open({ ...to(`${server.url}/stream`), stream: { streamMs: never, onEvent: () => undefined } }),
    );
    await Promise.all(streams.map(({ head }) => head));
    const sent = [1, 2, 3].map(() => small.send(to(server.url)));
    await arrived.promise;
    expect(waiting).toHaveLength(2);
    const first = waiting[0]!;
    first.end();
    await once(first, 'close');
    waiting[1]!.end();
    await Promise.race(sent);
    while (waiting.length < 3) await new Promise(setImmediate);
    waiting[2]!.end();
    expect((await Promise.all(sent)).map(({ id }) => id).toSorted()).toEqual(['x4', 'x5', 'x6']);
    await small.close();
  });
});
