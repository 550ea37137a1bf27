import { connect, type ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { createConnector, type TlsOptions } from '../http/connector.ts';

/** Connections of HTTP/2, one an origin, made when first needed and again when lost. */
export interface Sessions {
  /** @throws what kept the connection from being made */
  get(origin: string): Promise<ClientHttp2Session>;
  close(): void;
}

/**
 * Megabytes. Beyond it Node resets streams by itself (ENHANCE_YOUR_CALM), which would look like the server's doing; a request that a
 * server does not read to its end counts for a while.
 */
const maxSessionMemory = 256;

/** @param sockets those that are open, also while they try to connect */
export function createSessions(sockets: Set<Socket>, tls: TlsOptions): Sessions {
  const connector = createConnector(sockets, tls, 'h2');
  const sessions = new Map<string, Promise<ClientHttp2Session>>();

  const socketTo = (origin: string): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const { hostname, protocol, port, host } = new URL(origin);
      const bare = hostname.replace(/^\[(.*)\]$/, '$1');
      connector({ hostname: bare, host, protocol, port }, (error, socket) =>
        error === null ? resolve(socket) : reject(error),
      );
    });

  const open = async (origin: string): Promise<ClientHttp2Session> => {
    const forget = (): void => {
      if (sessions.get(origin) === made) sessions.delete(origin);
    };
    const made = socketTo(origin).then((socket) => {
      const session = connect(origin, {
        createConnection: () => socket,
        maxSessionMemory,
        settings: { enablePush: false },
      });
      // Each of its calls hears of it.
      session.on('error', forget);
      session.once('goaway', forget);
      session.once('close', forget);
      return session;
    });
    made.catch(forget);
    sessions.set(origin, made);
    return made;
  };

  return {
    async get(origin) {
      const known = await sessions.get(origin);
      if (known !== undefined && !known.destroyed && !known.closed) return known;
      return open(origin);
    },
    close() {
      for (const made of sessions.values()) {
        void made.then(
          (session) => session.destroy(),
          () => undefined,
        );
      }
      sessions.clear();
    },
  };
}
