import type { AddressInfo } from 'node:net';
import type { Binding } from './bindings.ts';
import { buildCard, pathOf, paths } from './card.ts';
import { createCardSigner } from './card-signing.ts';
import { createEventBus } from './event-bus.ts';
import { createExecutor } from './executor.ts';
import { createGrpc } from './grpc/binding.ts';
import { createGrpcServer } from './grpc/server.ts';
import { createHttpJson } from './http-json.ts';
import { createHttpServer } from './http-server.ts';
import { createJsonRpc } from './jsonrpc.ts';
import { createOperations } from './operations.ts';
import { createPageTokens } from './page-token.ts';
import { createPush } from './push.ts';
import { startRegistration } from './registration.ts';
import type { ReferenceAgentOptions, Settings } from './settings.ts';
import { resolveSettings } from './settings.ts';
import { createStreams } from './streams.ts';
import { createMemoryTaskStore, type TaskRecord, type TaskStore } from './task-store.ts';
import { createTasks } from './tasks.ts';
import { createTimers } from './timers.ts';
import { connectionsOf } from './tls.ts';
import { isTerminal } from './types.ts';
import { createWebhookGuard } from './webhook-guard.ts';

export interface RunningAgent extends AsyncDisposable {
  /** Base URL, `http://127.0.0.1:<port>`; `https:` with TLS. */
  readonly url: string;
  readonly cardUrl: string;
  /** The JSON-RPC endpoint, as in the card where it is one of the agent's bindings. */
  readonly jsonRpcUrl: string;
  /** What the paths of HTTP+JSON follow, as in the card where it is one of the agent's bindings. */
  readonly httpJsonUrl: string;
  /** Where gRPC is spoken, `http://127.0.0.1:<port>` with a port of its own; undefined where it is none of the agent's bindings. */
  readonly grpcUrl: string | undefined;
  /** Ends all work, streams and connections; nothing is left behind. */
  close(): Promise<void>;
}

const hasEnded = ({ task }: TaskRecord): boolean => isTerminal(task.status.state);

/** SQLite is loaded only where it is used. */
async function createTaskStore({ storeFile, taskCapacity }: Settings): Promise<TaskStore> {
  if (storeFile === undefined) return createMemoryTaskStore(taskCapacity, hasEnded);
  const { createSqliteTaskStore } = await import('./sqlite-task-store.ts');
  return createSqliteTaskStore(storeFile, taskCapacity, hasEnded);
}

/** Starts an agent of its own on 127.0.0.1; rejects where the port cannot be had, or the file of its tasks. */
export async function startReferenceAgent(options: ReferenceAgentOptions = {}): Promise<RunningAgent> {
  const settings = resolveSettings(options);
  const { fault } = settings;
  const timers = createTimers();
  const bus = createEventBus();
  const kept = await createTaskStore(settings);
  const store = fault?.store?.(kept) ?? kept;
  const tasks = createTasks(store, bus, fault);
  const guard = createWebhookGuard(settings.push.allowLoopback);
  const push = createPush({ bus, kept: store.pushConfigs, timers, settings, guard, fault });

  const listening = Promise.withResolvers<void>();
  // Known once the servers listen, and not asked for before.
  const urlAt = ({ address, port }: AddressInfo): string =>
    `${settings.tls === undefined ? 'http' : 'https'}://${address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address}:${port}`;
  const ownUrl = (): string => urlAt(server.address() as AddressInfo);
  const baseUrl = (): string => settings.publicUrl ?? ownUrl();
  const executor = createExecutor({ tasks, timers, settings, grantUrl: (id) => `${baseUrl()}${paths.grants}${id}` });
  const streams = createStreams({ tasks, bus, fault, cancelTask: (taskId) => jsonRpc.cancel(taskId) });

  const finishCard = (extended: boolean): object => {
    const context = { extended, baseUrl: baseUrl() };
    const plain = buildCard(settings, urlOf, extended);
    const card = fault?.card?.(plain, context) ?? plain;
    const signed = settings.capabilities.signed ? signer.sign(card) : card;
    return fault?.signedCard?.(signed as ReturnType<typeof buildCard>, context) ?? signed;
  };

  const pageTokens = createPageTokens();
  const shared = { settings, store, tasks, bus, streams, executor, push, guard, pageTokens };
  const operationsOn = (binding: Binding) => createOperations({ ...shared, binding, extendedCard: () => extendedCard });
  const jsonRpc = operationsOn('JSONRPC');
  const routes = {
    card: () => cardBody,
    jwks: () => JSON.stringify(fault?.jwks?.(signer.jwks) ?? signer.jwks),
    bindings: {
      JSONRPC: createJsonRpc(settings, jsonRpc),
      'HTTP+JSON': createHttpJson(settings, operationsOn('HTTP+JSON')),
    },
    grant: (grantId: string) => executor.grant(grantId),
    startedAt: new Date(),
  };
  fault?.ready?.({
    cancel: (taskId) => jsonRpc.cancel(taskId),
    setStatus: (taskId, state, text) => tasks.setStatus(taskId, state, text),
  });
  const server = createHttpServer(settings, routes, timers);
  const cutConnections = connectionsOf(server);
  const grpc = settings.bindings.includes('GRPC')
    ? createGrpcServer(settings, createGrpc(settings, operationsOn('GRPC')), timers)
    : undefined;
  const ownGrpcUrl = (): string | undefined => grpc && urlAt(grpc.address());
  const urlOf = (binding: Binding): string =>
    binding === 'GRPC' ? (settings.publicGrpcUrl ?? ownGrpcUrl() ?? '') : `${baseUrl()}${pathOf[binding]}`;
  server.once('error', listening.reject);
  server.listen(settings.port, settings.host, () => listening.resolve());
  try {
    await listening.promise;
    await grpc?.listen(settings.grpcPort, settings.host);
  } catch (error) {
    server.close();
    store.close();
    throw error;
  }
  for (const record of store.unfinished()) executor.resume(record);

  const signer = createCardSigner(`${baseUrl()}${paths.jwks}`, fault?.signatures);
  const cardBody = JSON.stringify(finishCard(false));
  const extendedCard = finishCard(true);

  const registration = startRegistration({ settings, timers, baseUrl: baseUrl(), card: cardBody });

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      const deregistered = registration.close();
      executor.close();
      push.close();
      timers.close();
      bus.close();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      cutConnections();
      await Promise.all([closed.promise, grpc?.close(), deregistered]);
      store.close();
    })());

  return {
    url: ownUrl(),
    cardUrl: `${ownUrl()}${paths.card}`,
    jsonRpcUrl: `${ownUrl()}${paths.jsonrpc}`,
    httpJsonUrl: `${ownUrl()}${paths.httpJson}`,
    grpcUrl: ownGrpcUrl(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
