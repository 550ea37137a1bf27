import type { Settings } from './settings.ts';
import type { Timers } from './timers.ts';

/** Keeps the agent known to its registry. */
export interface Registration {
  /** Takes the agent out of the registry; an agent that ends without it is missed by its heartbeats. */
  close(): Promise<void>;
}

/** A registry that does not answer must not keep the agent from ending, nor a heartbeat from being sent. */
const mostMs = 2_000;

/** Registers, sends heartbeats, and registers again where the registry no longer knows the agent. */
export function startRegistration(deps: {
  readonly settings: Settings;
  readonly timers: Timers;
  readonly baseUrl: string;
  /** The card as served. */
  readonly card: string;
}): Registration {
  const { settings, timers, baseUrl, card } = deps;
  const { registryUrl, heartbeatMs, fault } = settings;
  if (registryUrl === undefined) return { close: () => Promise.resolve() };
  let id: string | undefined;
  let busy = false;
  const stop = new AbortController();

  const call = async (method: string, path: string, body?: string): Promise<Response> => {
    const response = await fetch(`${registryUrl}${path}`, {
      method,
      signal: AbortSignal.timeout(Math.min(heartbeatMs, mostMs)),
      ...(body === undefined ? {} : { body, headers: { 'Content-Type': 'application/json' } }),
    });
    return response;
  };

  const register = async (): Promise<void> => {
    const response = await call('POST', '/agents', JSON.stringify({ url: baseUrl, card: JSON.parse(card) as object }));
    if (!response.ok) throw new Error(`the registry refused the registration: HTTP ${response.status}`);
    id = ((await response.json()) as { readonly id: string }).id;
  };

  const beat = async (): Promise<void> => {
    if (id === undefined) return register();
    const response = await call('POST', `/agents/${encodeURIComponent(id)}/heartbeat`);
    await response.body?.cancel();
    if (response.status !== 404) return;
    if (fault?.removalIgnored) return;
    return register();
  };

  const tick = async (): Promise<void> => {
    // A heartbeat that is still under way says the same.
    if (busy || stop.signal.aborted) return;
    busy = true;
    try {
      await beat();
    } catch (error) {
      // The next one tries again.
      settings.log({ level: 'warn', event: 'registry unreachable', detail: String(error) });
    } finally {
      busy = false;
    }
  };

  timers.every(heartbeatMs, () => void tick());
  void tick();

  return {
    async close() {
      stop.abort();
      if (id === undefined) return;
      try {
        await call('DELETE', `/agents/${encodeURIComponent(id)}`);
      } catch (error) {
        settings.log({ level: 'warn', event: 'registry unreachable', detail: String(error) });
      }
    },
  };
}
