import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readRegistration } from './registration.ts';
import { createRouting, type RegistryFault } from './routing.ts';

export interface RegistryOptions {
  /** TCP port; default 0, chosen by the OS. */
  readonly port?: number;
  /** Address that the server listens on; default 127.0.0.1. */
  readonly host?: string;
  /** Pause between two heartbeats that agents are asked for, in ms; default 60,000. */
  readonly heartbeatMs?: number;
  /** Heartbeats in a row that may not come before an agent is removed from routing; default 3. */
  readonly missedHeartbeats?: number;
  /** How much later than due a heartbeat still counts, in ms; default half of `heartbeatMs`. */
  readonly graceMs?: number;
  /** What breaks the registry (a mutant); default nothing. */
  readonly fault?: RegistryFault;
}

export interface RunningRegistry extends AsyncDisposable {
  /** Base URL, `http://127.0.0.1:<port>`. */
  readonly url: string;
  close(): Promise<void>;
}

const maxBodyBytes = 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, status: number, body?: object): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

/**
 * Starts a registry of agents over HTTP with JSON:
 *
 * - `POST /agents` `{ url, card }` → 201 `{ id, heartbeatMs, missedHeartbeats }`
 * - `POST /agents/<id>/heartbeat` → 204; 404 where the agent has to register again
 * - `GET /agents?skill=&tag=&capability=` → `{ agents }`: those in routing that match everything asked for
 * - `GET /agents/<id>` → the agent; `DELETE /agents/<id>` → 204
 *
 * Errors are `{ error }`. Rejects where the port cannot be had.
 */
export async function startRegistry(options: RegistryOptions = {}): Promise<RunningRegistry> {
  const heartbeatMs = options.heartbeatMs ?? 60_000;
  const missedHeartbeats = options.missedHeartbeats ?? 3;
  const routing = createRouting({
    heartbeatMs,
    missedHeartbeats,
    graceMs: options.graceMs ?? heartbeatMs / 2,
    ...(options.fault ? { fault: options.fault } : {}),
  });

  const collection = async (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => {
    if (request.method === 'GET') {
      const [skill, tag, capability] = ['skill', 'tag', 'capability'].map((name) => query.get(name) ?? undefined);
      return answer(response, 200, { agents: routing.find({ skill, tag, capability }) });
    }
    if (request.method !== 'POST') return answer(response, 405, { error: 'GET or POST' });
    const body = await readBody(request);
    if (body === undefined) return answer(response, 413, { error: `more than ${maxBodyBytes} bytes` });
    const registration = readRegistration(body);
    if (typeof registration === 'string') return answer(response, 400, { error: registration });
    const { id } = routing.register(registration.url, registration.facts);
    return answer(response, 201, { id, heartbeatMs, missedHeartbeats });
  };

  const member = (method: string | undefined, id: string, response: ServerResponse): void => {
    const unknown = (): void => answer(response, 404, { error: `no agent ${id}` });
    const entry = routing.get(id);
    if (!entry) return unknown();
    if (method === 'GET') return answer(response, 200, entry);
    if (method !== 'DELETE') return answer(response, 405, { error: 'GET or DELETE' });
    routing.remove(id);
    answer(response, 204);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://registry');
    const [, root, id, what, ...more] = pathname.split('/');
    if (root !== 'agents' || more.length > 0) return answer(response, 404, { error: 'unknown path' });
    if (id === undefined) return collection(request, response, searchParams);
    if (what === undefined) return member(request.method, id, response);
    if (what !== 'heartbeat') return answer(response, 404, { error: 'unknown path' });
    if (request.method !== 'POST') return answer(response, 405, { error: 'POST' });
    if (routing.heartbeat(id)) answer(response, 204);
    else answer(response, 404, { error: `no agent ${id}: register again` });
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      // A request that broke off, or one whose URL cannot be read.
      if (response.headersSent) response.destroy();
      else answer(response, 400, { error: 'the request cannot be read' });
    });
  });
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1', () => listening.resolve());
  await listening.promise;

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= new Promise((resolve) => {
      routing.close();
      server.close(() => resolve());
      server.closeAllConnections();
    }));
  const { address, port } = server.address() as AddressInfo;
  const host = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address;
  return { url: `http://${host}:${port}`, close, [Symbol.asyncDispose]: close };
}
