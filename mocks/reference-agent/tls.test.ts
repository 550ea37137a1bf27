import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { expect, test } from 'vitest';
import { selfSignedCertificate } from '../testing/self-signed-certificate.ts';
import { startReferenceAgent } from './agent.ts';
import { encodeMessage } from './grpc/codec.ts';
import { methods, serviceName } from './grpc/messages.ts';
import type { ReferenceAgentOptions } from './settings.ts';
import type { AgentCard } from './types.ts';

const own = selfSignedCertificate();
const client = selfSignedCertificate('client');
const stranger = selfSignedCertificate('client');

const start = (options: ReferenceAgentOptions = {}) =>
  startReferenceAgent({ bindings: ['JSONRPC', 'HTTP+JSON', 'GRPC'], tls: own, ...options });

const withClients = (certificate: 'required' | 'requested'): ReferenceAgentOptions => ({
  tls: { ...own, clients: { ca: client.cert, certificate } },
});

/** The card over a connection of its own; undefined where there is none. */
const cardOf = (url: string, shown: Partial<ConnectionOptions> = {}): Promise<AgentCard | undefined> =>
  new Promise((resolve) => {
    request(
      `${url}/.well-known/agent-card.json`,
      { ca: own.cert, key: shown.key, cert: shown.cert, agent: false },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve(JSON.parse(text) as AgentCard));
      },
    )
      .once('error', () => resolve(undefined))
      .end();
  });

const grpcCodeOf = async (url: string, shown?: { readonly key: string; readonly cert: string }): Promise<status> => {
  const pem = (text: string | undefined): Buffer | null => (text === undefined ? null : Buffer.from(text));
  const secure = credentials.createSsl(pem(own.cert), pem(shown?.key), pem(shown?.cert));
  const grpc = new Client(new URL(url).host, secure);
  const metadata = new Metadata();
  metadata.set('a2a-version', '1.0');
  const bytes = encodeMessage(methods.GetTask.request, { id: 'unknown' });
  const same = (message: Buffer): Buffer => message;
  const code = await new Promise<status>((resolve) =>
    grpc.makeUnaryRequest(`/${serviceName}/GetTask`, same, same, bytes, metadata, (error: ServiceError | null) =>
      resolve(error?.code ?? status.OK),
    ),
  );
  grpc.close();
  return code;
};

test('every port speaks TLS, and the card says so', async () => {
  await using agent = await start();
  expect([agent.url, agent.grpcUrl].map((url) => new URL(url!).protocol)).toEqual(['https:', 'https:']);
  const card = (await cardOf(agent.url))!;
  expect(card.supportedInterfaces.map(({ url }) => new URL(url).protocol)).toEqual(['https:', 'https:', 'https:']);
  expect(card.securityRequirements).toBeUndefined();
  expect(JSON.stringify(card.securitySchemes)).not.toContain('mtls');
  expect(await grpcCodeOf(agent.grpcUrl!)).toBe(status.NOT_FOUND);
});

test('gRPC is chosen by ALPN', async () => {
  await using agent = await start();
  const session = connectHttp2(agent.grpcUrl!, { ca: own.cert });
  await new Promise((resolve) => session.once('connect', resolve));
  expect(session.alpnProtocol).toBe('h2');
  session.destroy();
});

test('a certificate of clients that is required', async () => {
  await using agent = await start(withClients('required'));
  expect(await cardOf(agent.url)).toBeUndefined();
  expect(await cardOf(agent.url, stranger)).toBeUndefined();
  const card = await cardOf(agent.url, client);
  expect(card).toMatchObject({
    securitySchemes: { mtls: { mtlsSecurityScheme: {} } },
    securityRequirements: [{ schemes: { mtls: {} } }],
  });
  expect(await grpcCodeOf(agent.grpcUrl!)).toBe(status.UNAVAILABLE);
  expect(await grpcCodeOf(agent.grpcUrl!, client)).toBe(status.NOT_FOUND);
});

test('one beside bearer tokens: both are needed', async () => {
  await using agent = await start({ ...withClients('required'), profile: 'bearer' });
  expect((await cardOf(agent.url, client))?.securityRequirements).toEqual([{ schemes: { bearer: {}, mtls: {} } }]);
});

test('a certificate that is requested alone', async () => {
  await using agent = await start(withClients('requested'));
  for (const shown of [{}, client, stranger]) {
    const card = await cardOf(agent.url, shown);
    expect(card?.securitySchemes).toMatchObject({ mtls: { mtlsSecurityScheme: {} } });
    expect(card?.securityRequirements).toBeUndefined();
  }
});

test('closing waits for nobody: neither a handshake that never comes, nor an idle connection', async () => {
  const agent = await start();
  const silent = [agent.url, agent.grpcUrl!].map((url) => connectTcp(Number(new URL(url).port), '127.0.0.1'));
  const idle = connectTls({ port: Number(new URL(agent.url).port), host: '127.0.0.1', ca: own.cert });
  const gone = [...silent, idle].map((socket) => {
    socket.on('error', () => undefined);
    return new Promise((resolve) => socket.once('close', resolve));
  });
  await new Promise((resolve) => idle.once('secureConnect', resolve));
  await agent.close();
  await Promise.all(gone);
});
