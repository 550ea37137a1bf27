import { expect, test } from 'vitest';
import type { RunningAgent } from '../reference-agent/agent.ts';
import { startReferenceAgent } from '../reference-agent/agent.ts';
import type { TestClient } from '../reference-agent/test-client.ts';
import { statesOf, testClient } from '../reference-agent/test-client.ts';
import { findMutant } from './catalogue.ts';
import { startMutant } from './mutant.ts';

/** For each mutant of the area an observation that is one thing for the clean agent and another one for it. */
const observations: readonly [
  id: string,
  observe: (client: TestClient) => Promise<unknown>,
  clean: unknown,
  broken: unknown,
][] = [
  [
    'streaming/stays-open-after-terminal',
    async (client) => {
      using stream = await client.streamText('completes');
      for (let state = ''; state !== 'TASK_STATE_COMPLETED';) {
        const reply = await stream.next();
        if (!reply) return 'ended early';
        state = statesOf([reply.result])[0] ?? state;
      }
      const next = stream.next().then((reply) => (reply === undefined ? 'closed' : 'event'));
      next.catch(() => undefined);
      // Whatever the stream still had to say is out before another whole task is done.
      return await Promise.race([next, client.send('long-running').then(() => 'open')]);
    },
    'closed',
    'open',
  ],
  [
    'streaming/event-after-terminal',
    async (client) => {
      using stream = await client.streamText('completes');
      return Object.keys((await stream.rest()).at(-1) ?? {});
    },
    ['statusUpdate'],
    ['artifactUpdate'],
  ],
  [
    'streaming/first-event-not-a-task',
    async (client) => {
      using stream = await client.streamText('completes');
      return Object.keys((await stream.next())?.result ?? {});
    },
    ['task'],
    ['statusUpdate'],
  ],
  [
    'streaming/two-messages',
    async (client) => {
      using stream = await client.streamText('replies-with-message');
      return (await stream.rest()).length;
    },
    1,
    2,
  ],
  [
    'streaming/second-subscriber-reordered',
    async (client) => {
      const { id } = await client.send('input-required');
      using one = await client.subscribe(id);
      await one.next();
      using two = await client.subscribe(id);
      await two.next();
      await client.send('here', { taskId: id });
      const kinds = (events: readonly object[]) => events.map((event) => Object.keys(event)[0]);
      return [kinds(await one.rest()), kinds(await two.rest())];
    },
    [
      ['statusUpdate', 'artifactUpdate', 'statusUpdate'],
      ['statusUpdate', 'artifactUpdate', 'statusUpdate'],
    ],
    [
      ['statusUpdate', 'artifactUpdate', 'statusUpdate'],
      ['artifactUpdate', 'statusUpdate', 'statusUpdate'],
    ],
  ],
  [
    'streaming/closing-one-ends-others',
    async (client) => {
      const { id } = await client.send('input-required');
      const leaving = await client.subscribe(id);
      using staying = await client.subscribe(id);
      await Promise.all([leaving.next(), staying.next()]);
      const rest = staying.rest();
      leaving.close();
      // The broken agent ends the stream by itself; the clean one only because the task ends.
      const whileOthersWork = async () => {
        for (let round = 0; round < 10; round += 1) await client.send('completes');
        return 'open';
      };
      const ended = await Promise.race([rest.then(() => 'ended'), whileOthersWork()]);
      await client.send('here', { taskId: id });
      return [ended, statesOf(await rest).at(-1)];
    },
    ['open', 'TASK_STATE_COMPLETED'],
    ['ended', undefined],
  ],
  [
    'errors/subscribe-to-terminal',
    async (client) => {
      const { id } = await client.send('completes');
      using stream = await client.subscribe(id);
      return stream.headers.get('content-type');
    },
    'application/json',
    'text/event-stream',
  ],
];

test.for(observations)('%s differs from the clean agent', async ([id, observe, clean, broken]) => {
  const mutant = findMutant(id);
  if (!mutant) throw new Error(`no mutant ${id}`);
  const options = { stepMs: 1, longRunningMs: 100 };
  const look = async (agent: RunningAgent): Promise<unknown> => {
    await using running = agent;
    return await observe(testClient(running));
  };
  expect(await look(await startReferenceAgent(options))).toEqual(clean);
  expect(await look(await startMutant(mutant, options))).toEqual(broken);
});
