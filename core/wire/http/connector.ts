import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates } from 'node:tls';
import type { buildConnector } from 'undici';

export interface TlsOptions {
  /** PEM of further trusted authorities. */
  readonly ca?: string;
  /** Accept any certificate. */
  readonly insecure?: boolean;
  /** For servers that ask who connects (mTLS, RFC 8446 §4.3.2). */
  readonly client?: ClientCertificate;
}

export interface ClientCertificate {
  /** PEM: the certificate, and those between it and its authority. */
  readonly cert: string;
  /** PEM of its private key. */
  readonly key: string;
  /** Whether the server at an origin (`https://host:port`) may see it; a certificate names its owner. */
  readonly mayPresentTo: (origin: string) => boolean;
}

/**
 * Makes the connections of a port. Each is kept in `open` from its first moment, so that closing the port also ends those
 * that still try to connect and would keep the process alive.
 */
export const createConnector =
  (
    open: Set<Socket>,
    { ca, insecure = false, client }: TlsOptions,
    /** Of ALPN (RFC 7301). */
    protocol: 'http/1.1' | 'h2' = 'http/1.1',
  ): buildConnector.connector =>
  ({ hostname, protocol: scheme, port, servername }, callback) => {
    const secure = scheme === 'https:';
    const host = isIP(hostname) === 6 ? `[${hostname}]` : hostname;
    const presents = client?.mayPresentTo(new URL(`${scheme}//${host}${port ? `:${port}` : ''}`).origin) === true;
    const name = servername ?? hostname;
    const socket = secure
      ? connectTls({
          host: hostname,
          port: Number(port || 443),
          ...(isIP(name) === 0 ? { servername: name } : {}),
          ALPNProtocols: [protocol],
          rejectUnauthorized: !insecure,
          ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
          ...(presents ? { cert: client.cert, key: client.key } : {}),
        })
      : connectTcp({ host: hostname, port: Number(port || 80) });
    open.add(socket);
    socket.setNoDelay(true);
    let told = false;
    const tell = (error: Error | null): void => {
      if (told) return;
      told = true;
      if (error === null) callback(null, socket);
      else callback(error, null);
    };
    socket.once(secure ? 'secureConnect' : 'connect', () => tell(null));
    socket.on('error', (error) => {
      tell(error);
      // After an alert of TLS comes an end, which would be told in its place.
      socket.destroy();
    });
    socket.once('close', () => {
      open.delete(socket);
      tell(Object.assign(new Error('the connection was closed before it was made'), { code: 'ECONNRESET' }));
    });
  };
