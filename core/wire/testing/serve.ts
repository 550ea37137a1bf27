import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server of a test on a port of the system's choice; disposing it also cuts its connections. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  /** Stops at once, for tests of agents that die. */
  close(): Promise<void>;
}

async function listening(server: Server, scheme: string): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const { port } = server.address() as AddressInfo;
  return { url: `${scheme}://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close };
}

export const serve = (listener: RequestListener): Promise<TestServer> => listening(createHttpServer(listener), 'http');

export const serveTls = (certificate: ServerOptions, listener: RequestListener): Promise<TestServer> =>
  listening(createHttpsServer(certificate, listener), 'https');

/** Answers with any bytes: for what no HTTP server would send. `onRequest` is called once the first bytes of a request came. */
export const serveBytes = (onRequest: (socket: Socket) => void): Promise<TestServer> =>
  listening(
    createTcpServer((socket) => {
      socket.once('data', () => onRequest(socket));
    }),
    'http',
  );

/** A port of this machine where nobody listens any more. */
export async function closedUrl(): Promise<string> {
  const server = await serve(() => undefined);
  await server.close();
  return server.url;
}
