import type { AddressInfo } from 'node:net';
import { bindings, faultOn, type Binding } from '../reference-agent/bindings.ts';
import { pathOf, paths } from '../reference-agent/card.ts';
import { createGrpcServer } from '../reference-agent/grpc/server.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import { createHttpServer } from '../reference-agent/http-server.ts';
import { resolveSettings } from '../reference-agent/settings.ts';
import { createTimers } from '../reference-agent/timers.ts';
import { connectionsOf } from '../reference-agent/tls.ts';
import type { AgentCard } from '../reference-agent/types.ts';
import { createGrpcLayer } from './grpc-layer.ts';
import { createHttpJsonLayer } from './http-json-layer.ts';
import { createJsonRpcLayer } from './json-rpc-layer.ts';
import type { LayerFault } from './layer-fault.ts';
import { brokenOff, type LayerInterface } from './layer-interface.ts';
import { SeenTasks } from './upstream-stream.ts';
import { watchFault } from './watched-fault.ts';

/**
 * A faulty layer in front of any agent: it shows the agent's card with URLs of its own, passes every request on as it came, and
 * breaks the answers as a fault of the reference agent would. So an agent of somebody else can be mutated.
 */

export interface RunningLayer extends AsyncDisposable {
  /** Base URL, under which the card is. */
  readonly url: string;
  /** Whether the fault has changed anything so far. */
  acted(): boolean;
  close(): Promise<void>;
}

export interface LayerOptions {
  /** Base URL of the agent: its card is at the well-known place below it. */
  readonly url: string;
  /** Default: nothing is broken. */
  readonly fault?: LayerFault;
}

/** Large enough for whatever the agent itself may refuse. */
const maxBodyBytes = 64 * 1024 * 1024;

const isSpoken = (name: string): name is Binding => bindings.some((binding) => binding === name);

/** @throws where the agent has no card, or none with an interface that the layer speaks. */
export async function startFaultyLayer({ url, fault: plainFault = {} }: LayerOptions): Promise<RunningLayer> {
  const { fault, acted } = watchFault(plainFault);
  const response = await fetch(new URL(paths.card, url));
  if (!response.ok) throw new Error(`${url} has no card: HTTP ${response.status}`);
  const card = (await response.json()) as AgentCard;
  // The first interface of each binding is the one that is shown.
  const upstream = new Map<Binding, string>();
  for (const { protocolBinding, protocolVersion, url: place } of card.supportedInterfaces) {
    if (!isSpoken(protocolBinding) || upstream.has(protocolBinding) || !protocolVersion.startsWith('1.')) continue;
    upstream.set(protocolBinding, place);
  }
  if (upstream.size === 0) throw new Error(`the card of ${url} has no interface that the layer speaks`);

  const settings = resolveSettings({ bindings: [...upstream.keys()], maxBodyBytes, fault: fault as Fault });
  const timers = createTimers();
  const seen = new SeenTasks();

  const showCard = (shown: object): object => {
    const known = new Set<string>();
    // A signature is not valid for other URLs.
    const { signatures: _signatures, ...plain } = shown as AgentCard;
    return {
      ...plain,
      supportedInterfaces: plain.supportedInterfaces.flatMap((declared) => {
        const { protocolBinding } = declared;
        if (!isSpoken(protocolBinding) || known.has(protocolBinding) || !upstream.has(protocolBinding)) return [];
        known.add(protocolBinding);
        return [{ ...declared, url: ownUrl(protocolBinding) }];
      }),
    };
  };
  const interfaceOf = (binding: Binding): LayerInterface => ({
    url: upstream.get(binding)!,
    fault: faultOn(fault as Fault, binding) ?? {},
    seen,
    showCard,
  });
  const none = (binding: Binding) => ({
    refuse: () => brokenOff(binding),
    handle: () => Promise.resolve(brokenOff(binding)),
  });
  let body = '';
  const server = createHttpServer(
    settings,
    {
      card: () => body,
      jwks: () => JSON.stringify({ keys: [] }),
      bindings: {
        JSONRPC: upstream.has('JSONRPC') ? createJsonRpcLayer(interfaceOf('JSONRPC')) : none('JSONRPC'),
        'HTTP+JSON': upstream.has('HTTP+JSON') ? createHttpJsonLayer(interfaceOf('HTTP+JSON')) : none('HTTP+JSON'),
      },
      grant: () => false,
      startedAt: new Date(),
    },
    timers,
  );
  const cutConnections = connectionsOf(server);
  const grpcLayer = upstream.has('GRPC') ? createGrpcLayer(interfaceOf('GRPC')) : undefined;
  const grpc = grpcLayer && createGrpcServer(settings, grpcLayer, timers);
  const baseUrl = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ownUrl = (binding: Binding): string =>
    binding === 'GRPC' ? `http://127.0.0.1:${grpc!.address().port}` : `${baseUrl()}${pathOf[binding]}`;

  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  await grpc?.listen(0, '127.0.0.1');
  const shown = showCard(card) as AgentCard;
  const context = { extended: false, baseUrl: baseUrl() };
  const changed = (fault.card?.(shown, context) ?? shown) as AgentCard;
  body = JSON.stringify(fault.signedCard?.(changed, context) ?? changed);

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      timers.close();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      cutConnections();
      await Promise.all([closed.promise, grpc?.close()]);
      grpcLayer?.close();
    })());
  return { url: baseUrl(), acted, close, [Symbol.asyncDispose]: close };
}
