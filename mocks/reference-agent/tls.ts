import type { Server } from 'node:net';
import type { TlsOptions as ServerOptions } from 'node:tls';
import type { TlsOptions } from './settings.ts';

/** Options of a server of TLS. */
export const serverOptions = ({ cert, key, clients }: TlsOptions): ServerOptions => ({
  cert,
  key,
  ...(clients === undefined
    ? {}
    : { requestCert: true, ca: clients.ca, rejectUnauthorized: clients.certificate === 'required' }),
});

/** Keeps the connections of a server, those in the middle of a handshake too; returns what cuts all of them. */
export function connectionsOf(server: Server): () => void {
  const open = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
}
