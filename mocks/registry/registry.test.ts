import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRouting, type CardFacts, type Routing } from './routing.ts';
import { startRegistry } from './registry.ts';

const facts = (skills: readonly string[] = ['echo']): CardFacts => ({
  name: 'Agent',
  skills,
  tags: ['demo'],
  capabilities: ['streaming'],
});
const anything = { skill: undefined, tag: undefined, capability: undefined };

describe('routing', () => {
  let routing: Routing;
  beforeEach(() => {
    vi.useFakeTimers();
    routing = createRouting({ heartbeatMs: 60_000, missedHeartbeats: 3, graceMs: 1_000 });
  });
  afterEach(() => {
    routing.close();
    vi.useRealTimers();
  });
  const named = (): readonly string[] => routing.find(anything).map(({ url }) => url);

  test('an agent is named until three heartbeats in a row were missed', () => {
    const { id } = routing.register('http://a', facts());
    vi.advanceTimersByTime(2 * 60_000 + 59_000);
    expect(routing.heartbeat(id)).toBe(true);
    vi.advanceTimersByTime(3 * 60_000 + 999);
    expect(named()).toEqual(['http://a']);
    vi.advanceTimersByTime(1);
    expect(named()).toEqual([]);
    expect(routing.heartbeat(id)).toBe(false);
  });

  test('an agent that registers again under its URL is named once', () => {
    const first = routing.register('http://a', facts());
    const again = routing.register('http://a', facts(['other']));
    expect(again.id).toBe(first.id);
    expect(routing.find({ ...anything, skill: 'other' })).toHaveLength(1);
    expect(routing.find({ ...anything, skill: 'echo' })).toEqual([]);
  });

  test.for([
    [{ skill: 'echo' }, 1],
    [{ skill: 'none' }, 0],
    [{ tag: 'demo', capability: 'streaming' }, 1],
    [{ tag: 'demo', capability: 'pushNotifications' }, 0],
  ] as const)('%j finds %i', ([query, count]) => {
    routing.register('http://a', facts());
    expect(routing.find({ ...anything, ...query })).toHaveLength(count);
  });
});

describe('over HTTP', () => {
  const card = {
    name: 'Agent',
    capabilities: { streaming: true, pushNotifications: false },
    skills: [{ id: 'echo', tags: ['demo'] }, { id: 'x' }],
  };
  const post = (url: string, body: string): Promise<Response> => fetch(url, { method: 'POST', body });

  test('register, heartbeat, discover, remove', async () => {
    await using registry = await startRegistry({ heartbeatMs: 5_000 });
    const made = await post(`${registry.url}/agents`, JSON.stringify({ url: 'http://127.0.0.1:1', card }));
    expect(made.status).toBe(201);
    const { id, ...timing } = (await made.json()) as { id: string };
    expect(timing).toEqual({ heartbeatMs: 5_000, missedHeartbeats: 3 });
    expect((await post(`${registry.url}/agents/${id}/heartbeat`, '')).status).toBe(204);
    const found = await (await fetch(`${registry.url}/agents?skill=echo&capability=streaming`)).json();
    expect(found).toMatchObject({ agents: [{ id, url: 'http://127.0.0.1:1', skills: ['echo', 'x'], tags: ['demo'] }] });
    expect(await (await fetch(`${registry.url}/agents?capability=pushNotifications`)).json()).toEqual({ agents: [] });
    expect((await fetch(`${registry.url}/agents/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await post(`${registry.url}/agents/${id}/heartbeat`, '')).status).toBe(404);
    expect((await fetch(`${registry.url}/agents/${id}`)).status).toBe(404);
  });

  test.for([
    ['{', 400],
    ['[]', 400],
    ['{"url":"nowhere","card":{}}', 400],
    ['{"url":"http://a"}', 400],
    [' '.repeat(1024 * 1024 + 1), 413],
  ] as const)('a registration that is none is refused: %#', async ([body, status]) => {
    await using registry = await startRegistry();
    expect((await post(`${registry.url}/agents`, body)).status).toBe(status);
  });

  test('unknown paths and methods', async () => {
    await using registry = await startRegistry();
    expect((await fetch(`${registry.url}/nothing`)).status).toBe(404);
    expect((await fetch(`${registry.url}/agents`, { method: 'PUT' })).status).toBe(405);
    expect((await fetch(`${registry.url}/agents/x/y`)).status).toBe(404);
  });
});
