import type { Millis } from '../../core/history/exchange.ts';
import { isObject, parseJson, stringOf } from '../../core/invariants/json.ts';
import type { BindingClient } from '../../core/wire/binding-client.ts';
import type { HttpPort } from '../../core/wire/http/http-port.ts';

/** What a client that looks all the time saw once: whether the agent answers, and whether the registry names it. */
export interface Pulse {
  readonly at: Millis;
  readonly endedAt: Millis;
  /** Milliseconds since the epoch at the end: heartbeats are stamped by the wall clock. */
  readonly wallAt: number;
  /** Whether a read of an ended task was answered in time. */
  readonly alive: boolean;
  /** Null where the registry did not answer. */
  readonly routed: boolean | null;
  /** ISO 8601, UTC; null where the agent is not routed. */
  readonly lastHeartbeatAt: string | null;
}

export interface RegistryView {
  readonly routed: boolean | null;
  readonly lastHeartbeatAt: string | null;
}

export interface RegistryQuery {
  readonly port: HttpPort;
  readonly registryUrl: string;
  readonly agentUrl: string;
  readonly actor: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const ownUrl = (url: unknown): string | undefined => stringOf(url)?.replace(/\/$/, '');

/** Asks the registry for agents that can echo. */
export async function askRegistry(query: RegistryQuery): Promise<RegistryView> {
  const { port, registryUrl, agentUrl, actor, timeoutMs, signal } = query;
  const { response, endedBy } = await port.send({
    request: { method: 'GET', url: `${registryUrl}/agents?skill=echo`, headers: [], body: null },
    intent: { kind: 'fetch', what: 'registry' },
    interface: null,
    actor,
    timeoutMs,
    signal,
    classify: (exchange) => (exchange.response?.status === 200 ? 'ok' : 'error'),
  });
  const body = endedBy === 'server' && response?.status === 200 ? parseJson(response.body) : undefined;
  if (!isObject(body) || !Array.isArray(body['agents'])) return { routed: null, lastHeartbeatAt: null };
  const agents: readonly unknown[] = body['agents'];
  const own = agents.find((agent) => isObject(agent) && ownUrl(agent['url']) === ownUrl(agentUrl));
  return isObject(own)
    ? { routed: true, lastHeartbeatAt: stringOf(own['lastHeartbeatAt']) ?? null }
    : { routed: false, lastHeartbeatAt: null };
}

export interface PulseOptions extends Omit<RegistryQuery, 'actor' | 'timeoutMs'> {
  readonly client: BindingClient;
  /** An ended task. */
  readonly taskId: string;
  /** Milliseconds from one look to the next. */
  readonly everyMs: number;
  /** Milliseconds after which an answer is late. */
  readonly limitMs: number;
  readonly onPulse: (pulse: Pulse) => void;
}

export interface RunningPulse {
  /** Resolves when the last look is over. */
  stop(): Promise<void>;
}

const actor = 'pulse';

export function startPulse(options: PulseOptions): RunningPulse {
  const { client, taskId, everyMs, limitMs, signal, onPulse } = options;
  const stopped = Promise.withResolvers<void>();
  let over = false;
  const stop = (): void => {
    over = true;
    stopped.resolve();
  };
  signal.addEventListener('abort', stop, { once: true });
  const look = async (): Promise<void> => {
    const at = performance.now();
    const [{ reply }, registry] = await Promise.all([
      client.call('GetTask', { id: taskId }, { actor, timeoutMs: limitMs, signal }),
      askRegistry({ ...options, actor, timeoutMs: limitMs }),
    ]);
    onPulse({ at, endedAt: performance.now(), wallAt: Date.now(), alive: reply.kind === 'result', ...registry });
  };
  const run = async (): Promise<void> => {
    while (!over) {
      const began = performance.now();
      await look();
      const rest = Promise.withResolvers<void>();
      const timer = setTimeout(rest.resolve, Math.max(0, began + everyMs - performance.now()));
      await Promise.race([rest.promise, stopped.promise]);
      clearTimeout(timer);
    }
  };
  const running = run();
  // Whoever stops it hears of its failure.
  running.catch(() => undefined);
  return {
    stop: () => {
      stop();
      return running;
    },
  };
}
