import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A server on loopback whose connections end with it. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Paths and methods of the requests so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

async function listen(server: Server, scheme: string, requests: string[]): Promise<TestServer> {
  server.on('request', ({ method, url }: { method?: string; url?: string }) => requests.push(`${method} ${url}`));
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject).listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `${scheme}://127.0.0.1:${port}`, port, requests, close, [Symbol.asyncDispose]: close };
}

export const serve = (listener: RequestListener): Promise<TestServer> => listen(createHttpServer(listener), 'http', []);

export const serveTls = (certificate: ServerOptions, listener: RequestListener) =>
  listen(createHttpsServer(certificate, listener) as unknown as Server, 'https', []);

/** Answers every request with one text. */
export const answer =
  (status: number, type: string, body: string, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  };

/** A valid card, with the given interfaces. */
export const cardWith = (supportedInterfaces: readonly object[], more: object = {}): string =>
  JSON.stringify({
    name: 'Test agent',
    description: 'for tests of the command line',
    version: '1.0.0',
    supportedInterfaces,
    capabilities: {},
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [{ id: 's', name: 's', description: 's', tags: ['s'] }],
    ...more,
  });
