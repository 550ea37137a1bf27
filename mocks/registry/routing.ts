import { randomUUID } from 'node:crypto';

/** What the registry keeps of a card; the rest is the agent's own. */
export interface CardFacts {
  readonly name: string;
  /** Ids of the skills. */
  readonly skills: readonly string[];
  /** Tags of the skills. */
  readonly tags: readonly string[];
  /** Names of the capabilities that are true. */
  readonly capabilities: readonly string[];
}

/** An agent in routing. */
export interface Entry extends CardFacts {
  readonly id: string;
  /** Base URL, as the agent says it. */
  readonly url: string;
  /** ISO 8601, UTC. */
  readonly registeredAt: string;
  readonly lastHeartbeatAt: string;
}

export interface Query {
  readonly skill: string | undefined;
  readonly tag: string | undefined;
  readonly capability: string | undefined;
}

/** Where a mutant may break the registry. */
export interface RegistryFault {
  /** Milliseconds after the last heartbeat at which an agent is removed: other ones, or null for never. */
  readonly removeAfter?: (ms: number) => number | null;
}

export interface RoutingSettings {
  /** Pause between two heartbeats that agents are asked for, in ms. */
  readonly heartbeatMs: number;
  /** Heartbeats in a row that may not come before an agent is removed. */
  readonly missedHeartbeats: number;
  /** How much later than due a heartbeat still counts, in ms. */
  readonly graceMs: number;
  readonly fault?: RegistryFault;
}

/** The agents that can be found. */
export interface Routing {
  /** An agent that registers again under its URL gets its entry renewed, with the same id. */
  register(url: string, facts: CardFacts): Entry;
  /** False for an agent that is not (or no longer) known: it has to register again. */
  heartbeat(id: string): boolean;
  remove(id: string): boolean;
  get(id: string): Entry | undefined;
  /** Those that match everything asked for, the earliest registered first. */
  find(query: Query): readonly Entry[];
  close(): void;
}

export function createRouting(settings: RoutingSettings): Routing {
  const { heartbeatMs, missedHeartbeats, graceMs, fault } = settings;
  const entries = new Map<string, Entry>();
  const timers = new Map<string, NodeJS.Timeout>();
  const patience = missedHeartbeats * heartbeatMs + graceMs;
  const removeAfter = fault?.removeAfter ? fault.removeAfter(patience) : patience;

  const remove = (id: string): boolean => {
    clearTimeout(timers.get(id));
    timers.delete(id);
    return entries.delete(id);
  };

  const seen = (entry: Entry): Entry => {
    entries.set(entry.id, entry);
    clearTimeout(timers.get(entry.id));
    if (removeAfter !== null)
      timers.set(
        entry.id,
        setTimeout(() => remove(entry.id), removeAfter),
      );
    return entry;
  };

  return {
    register(url, facts) {
      const now = new Date().toISOString();
      const known = [...entries.values()].find((entry) => entry.url === url);
      return seen({
        ...facts,
        id: known?.id ?? randomUUID(),
        url,
        registeredAt: known?.registeredAt ?? now,
        lastHeartbeatAt: now,
      });
    },
    heartbeat(id) {
      const known = entries.get(id);
      if (known) seen({ ...known, lastHeartbeatAt: new Date().toISOString() });
      return known !== undefined;
    },
    remove,
    get: (id) => entries.get(id),
    find: ({ skill, tag, capability }) =>
      [...entries.values()].filter(
        ({ skills, tags, capabilities }) =>
          (skill === undefined || skills.includes(skill)) &&
          (tag === undefined || tags.includes(tag)) &&
          (capability === undefined || capabilities.includes(capability)),
      ),
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      entries.clear();
    },
  };
}
