import { expect, test } from 'vitest';
import type { RunningAgent } from '../reference-agent/agent.ts';
import type { RestClient } from '../reference-agent/rest-test-client.ts';
import { restClient } from '../reference-agent/rest-test-client.ts';
import { statesOf } from '../reference-agent/test-client.ts';
import type { AgentCard } from '../reference-agent/types.ts';
import { restVariants } from './rest.ts';
import { startVariant } from './variant.ts';

/** What each variant of HTTP+JSON is unusual in. */

type Look = (client: RestClient, agent: RunningAgent) => Promise<unknown>;

const interfacesOf = async ({ cardUrl }: RunningAgent): Promise<AgentCard['supportedInterfaces']> =>
  ((await (await fetch(cardUrl)).json()) as AgentCard).supportedInterfaces;

const typeOf: Look = async (client) => (await client.request('GET', '/tasks')).headers.get('content-type');

const errorOf = async (
  client: RestClient,
  method: string,
  path: string,
): Promise<[number, Record<string, unknown>]> => {
  const { status, text } = await client.request(method, path);
  return [status, (JSON.parse(text) as { error: Record<string, unknown> }).error];
};

const subscribed: Look = async (client, { httpJsonUrl }) => {
  const { id } = await client.send('input-required');
  const by = async (method: string): Promise<number> => {
    const stop = new AbortController();
    const signal = stop.signal;
    const headers = { 'A2A-Version': '1.0' };
    const response = await fetch(`${httpJsonUrl}/tasks/${id}:subscribe`, { method, headers, signal });
    stop.abort();
    return response.status;
  };
  return [await by('POST'), await by('GET')];
};

const looks: Readonly<Record<string, readonly [look: Look, seen: unknown]>> = {
  preferred: [
    async (_, agent) => (await interfacesOf(agent)).map(({ protocolBinding }) => protocolBinding),
    ['HTTP+JSON', 'JSONRPC'],
  ],
  'plain-json': [typeOf, 'application/json'],
  charset: [typeOf, 'Application/A2A+JSON ;charset="UTF-8"'],
  'statuses-of-1.0.0': [
    async (client) => {
      const { id } = await client.send('completes');
      const [http, { code, status }] = await errorOf(client, 'POST', `/tasks/${id}:cancel`);
      return [http, code, status, (await errorOf(client, 'GET', '/tasks/x'))[0]];
    },
    [409, 409, 'FAILED_PRECONDITION', 404],
  ],
  'validation-422': [
    async (client) => {
      const [http, { code }] = await errorOf(client, 'GET', '/tasks?pageSize=0');
      return [http, code];
    },
    [422, 422],
  ],
  'status-without-name': [
    async (client) => Object.keys((await errorOf(client, 'GET', '/tasks/x'))[1]),
    ['code', 'message', 'details'],
  ],
  'further-details': [
    async (client) => ((await errorOf(client, 'GET', '/tasks/x'))[1]['details'] as unknown[]).length,
    3,
  ],
  'further-members': [
    async (client) => {
      using stream = await client.streamText('completes');
      return [Object.keys((await client.call<object>('ListTasks')).result)[0], (await stream.next())?.result];
    },
    ['_links', expect.objectContaining({ _sequence: 1 }) as object],
  ],
  'pretty-printed': [
    async (client) => {
      using stream = await client.streamText('completes');
      const { text } = await client.request('GET', '/tasks');
      return [text.split('\n').length > 5, statesOf(await stream.rest()).at(-1)];
    },
    [true, 'TASK_STATE_COMPLETED'],
  ],
  'delete-204': [
    async (client) => {
      const { id } = await client.send('input-required');
      const { status, text } = await client.request('DELETE', `/tasks/${id}/pushNotificationConfigs/x`);
      return [status, text];
    },
    [204, ''],
  ],
  'routes-of-the-web-server': [
    async (client) => {
      const replies = [await client.request('GET', '/nothing'), await client.request('PUT', '/tasks')];
      return replies.map(({ status, text, headers }) => [status, text, headers.get('allow')]);
    },
    [
      [404, '<h1>404</h1>', null],
      [405, '<h1>405</h1>', 'GET, HEAD'],
    ],
  ],
  chunked: [async (client) => (await client.request('GET', '/tasks')).headers.get('transfer-encoding'), 'chunked'],
  moved: [
    async (client, { httpJsonUrl }) => {
      const { status } = await fetch(`${httpJsonUrl}/tasks`, { redirect: 'manual' });
      return [status, (await client.send('completes')).status.state];
    },
    [308, 'TASK_STATE_COMPLETED'],
  ],
  'url-with-slash': [
    async (client, agent) => {
      const own = (await interfacesOf(agent)).find(({ protocolBinding }) => protocolBinding === 'HTTP+JSON');
      return [own?.url.at(-1), (await client.request('GET', '//tasks')).status];
    },
    ['/', 404],
  ],
  'subscribes-by-post': [subscribed, [200, 405]],
  'subscribes-by-get': [subscribed, [405, 200]],
  'closed-when-interrupted': [
    async (client) => {
      using stream = await client.streamText('input-required');
      return statesOf(await stream.rest()).at(-1);
    },
    'TASK_STATE_INPUT_REQUIRED',
  ],
  'errors-as-events': [
    async (client) => {
      using stream = await client.subscribe('nowhere');
      return [stream.status, stream.headers.get('content-type'), (await stream.next())?.error.code];
    },
    [200, 'text/event-stream', -32001],
  ],
  'names-of-json-alone': [
    async (client) => {
      await client.send('completes');
      await client.send('completes');
      const counts = ['page_size', 'pageSize'].map(async (name) => {
        const { result } = await client.call<{ tasks: unknown[] }>('ListTasks', { [name]: 1 });
        return result.tasks.length;
      });
      return await Promise.all(counts);
    },
    [2, 1],
  ],
};

test.for(restVariants.map((variant) => [variant.id, variant] as const))('%s', async ([id, variant]) => {
  const [look, seen] = looks[id.replace('rest/', '')]!;
  await using agent = await startVariant(variant, { stepMs: 1 });
  expect(await look(restClient(agent), agent)).toEqual(seen);
});
