import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startReferenceAgent } from './agent.ts';
import { grpcClient } from './grpc/testing/client.ts';
import type { Policy } from './hooks.ts';
import { restClient } from './rest-test-client.ts';
import { optionalExtensionUri, requiredExtensionUri, type ReferenceAgentOptions } from './settings.ts';
import type { AnyClient, TestClient } from './test-client.ts';
import { message, statesOf, testClient } from './test-client.ts';
import type { ListTasksResponse, Task } from './types.ts';

/** What can be seen of each policy: first in the clean agent, then in the one that has it. */
interface Case {
  /** Raw requests are for what JSON-RPC alone has. */
  readonly look: ((client: AnyClient) => Promise<unknown>) | { readonly raw: (client: TestClient) => Promise<unknown> };
  readonly clean: unknown;
  readonly broken: unknown;
  readonly options?: ReferenceAgentOptions;
  /** Of the policy; default true. */
  readonly value?: unknown;
}

type Outcome = 'ok' | number;

/** 'ok', or the code of the error. */
const outcome = async (client: AnyClient, method: string, params?: object, headers = {}): Promise<Outcome> =>
  (await client.call(method, params, { headers })).error?.code ?? 'ok';

const sendText = (text: string, more: object = {}): object => ({ message: message([{ text }], more) });
const immediately = { configuration: { returnImmediately: true } };
const get = (body: object) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id: 'x' }, ...body });
const reply = async (client: TestClient, body: string): Promise<unknown> => {
  const { text } = await client.post(body);
  return text === '' ? 'nothing' : JSON.parse(text);
};

async function completed(client: AnyClient): Promise<string> {
  return (await client.send('completes')).id;
}

async function fourTurns(client: AnyClient): Promise<string> {
  const { id } = await client.send('first', { messageId: 'tck-multi-turn-1' });
  await client.send('second', { taskId: id });
  await client.send('third', { taskId: id });
  return id;
}

const firstTexts = ({ history = [] }: Task): (string | undefined)[] => history.map(({ parts }) => parts[0]?.text);

const withHistory = async (client: AnyClient, historyLength: number): Promise<(string | undefined)[]> => {
  const id = await fourTurns(client);
  return firstTexts((await client.call<Task>('GetTask', { id, historyLength })).result);
};

async function listed(client: AnyClient, params: object = {}): Promise<ListTasksResponse> {
  for (const text of ['a', 'b', 'c']) await client.send('completes', { messageId: text });
  return (await client.call<ListTasksResponse>('ListTasks', params)).result;
}

const messageIds = ({ tasks }: ListTasksResponse): (string | undefined)[] =>
  tasks.map(({ history }) => history?.[0]?.messageId);

/** The last state of a task that was canceled while it had work left. */
async function afterCancel(client: AnyClient): Promise<string> {
  const { id } = await client.send('long-running', immediately);
  // A machine may be too busy to cancel in time: then once more.
  if ((await client.cancel(id)).error) return afterCancel(client);
  // A task of the same length that started later has ended.
  await client.send('long-running');
  return (await client.get(id)).status.state;
}

const webhookUrl = 'https://example.com/webhook';

/** Configurations of a task that waits, by their ids, once `act` has been done to the first of them. */
async function configsAfter(
  client: AnyClient,
  act: (ref: { readonly taskId: string; readonly id: string }) => Promise<unknown>,
): Promise<readonly string[]> {
  const { id: taskId } = await client.send('input-required');
  for (const id of ['one', 'two']) {
    await client.call('CreateTaskPushNotificationConfig', { taskId, id, url: webhookUrl });
  }
  await act({ taskId, id: 'one' });
  const { result } = await client.call<{ configs: readonly { id: string }[] }>('ListTaskPushNotificationConfigs', {
    taskId,
  });
  return (result.configs ?? []).map(({ id }) => id);
}

/** Whether a webhook that was deleted is notified of the end of the task; another one is, which shows that it has ended. */
async function isNotifiedAfterDeletion(client: AnyClient): Promise<boolean> {
  const got = new Map([
    ['/kept', Promise.withResolvers<void>()],
    ['/deleted', Promise.withResolvers<void>()],
  ]);
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(204).end();
      got.get(request.url ?? '')?.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { id: taskId } = await client.send('input-required');
  for (const id of ['kept', 'deleted']) {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${id}`;
    await client.call('CreateTaskPushNotificationConfig', { taskId, id, url });
  }
  await client.call('DeleteTaskPushNotificationConfig', { taskId, id: 'deleted' });
  await client.cancel(taskId);
  await got.get('/kept')!.promise;
  const silence = setTimeout(300, false);
  const notified = await Promise.race([got.get('/deleted')!.promise.then(() => true), silence]);
  await new Promise((resolve) => server.close(resolve));
  return notified;
}

const owner = { Authorization: 'Bearer reference-token' };
const asWith = (client: AnyClient, headers: Record<string, string>) => outcome(client, 'ListTasks', {}, headers);

const cases: Readonly<Record<keyof Policy, Case>> = {
  acceptSendToTerminal: {
    look: async (client) => outcome(client, 'SendMessage', sendText('x', { taskId: await completed(client) })),
    clean: -32004,
    broken: 'ok',
  },
  acceptCancelOfTerminal: {
    look: async (client) => {
      const id = await completed(client);
      return [await outcome(client, 'CancelTask', { id }), (await client.get(id)).status.state];
    },
    clean: [-32002, 'TASK_STATE_COMPLETED'],
    broken: ['ok', 'TASK_STATE_CANCELED'],
  },
  ignoreCancelOfTerminal: {
    look: async (client) => {
      const id = await completed(client);
      return [await outcome(client, 'CancelTask', { id }), (await client.get(id)).status.state];
    },
    clean: [-32002, 'TASK_STATE_COMPLETED'],
    broken: ['ok', 'TASK_STATE_COMPLETED'],
  },
  repeatedCancelReturnsTask: {
    look: async (client) => {
      const { id } = await client.send('input-required');
      await client.cancel(id);
      return [
        await outcome(client, 'CancelTask', { id }),
        await outcome(client, 'CancelTask', { id: await completed(client) }),
      ];
    },
    clean: [-32002, -32002],
    broken: ['ok', -32002],
  },
  cancelDoesNothing: {
    look: afterCancel,
    clean: 'TASK_STATE_CANCELED',
    broken: 'TASK_STATE_COMPLETED',
    options: { longRunningMs: 300 },
  },
  completionOverwritesCanceled: {
    look: afterCancel,
    clean: 'TASK_STATE_CANCELED',
    broken: 'TASK_STATE_COMPLETED',
    options: { longRunningMs: 300 },
  },
  everyMessageIsWork: {
    look: async (client) => {
      const { id } = await client.send('long-running', immediately);
      await client.send('go on', { taskId: id });
      return (await client.get(id)).artifacts?.length;
    },
    clean: 1,
    broken: 2,
    options: { longRunningMs: 300 },
  },
  unknownTaskCreates: {
    look: async (client) =>
      (await client.call<{ task: Task }>('SendMessage', sendText('x', { taskId: 'mine' }))).result?.task.id,
    clean: undefined,
    broken: 'mine',
  },
  unknownTaskIgnored: {
    look: (client) => outcome(client, 'SendMessage', sendText('x', { taskId: 'mine' })),
    clean: -32001,
    broken: 'ok',
  },
  acceptContextMismatch: {
    look: async (client) => {
      const { id } = await client.send('input-required');
      return outcome(client, 'SendMessage', sendText('x', { taskId: id, contextId: 'other' }));
    },
    clean: -32602,
    broken: 'ok',
  },
  contextNotInferred: {
    look: async (client) => {
      const { id, contextId } = await client.send('input-required');
      return (await client.send('x', { taskId: id })).contextId === contextId;
    },
    clean: true,
    broken: false,
  },
  followUpStartsNewTask: {
    look: async (client) => {
      const { id, contextId } = await client.send('input-required');
      const next = await client.send('x', { taskId: id });
      return [next.id === id, next.contextId === contextId];
    },
    clean: [true, true],
    broken: [false, true],
  },
  blockingReturnsEarly: {
    look: async (client) => (await client.send('completes')).status.state,
    clean: 'TASK_STATE_COMPLETED',
    broken: 'TASK_STATE_WORKING',
  },
  blockingIgnoresInterrupted: {
    look: (client) => {
      const waiting = client.send('input-required').then(
        () => 'answered',
        () => 'cut off',
      );
      const others = async () => {
        for (let round = 0; round < 10; round += 1) await client.send('completes');
        return 'still waiting';
      };
      return Promise.race([waiting, others()]);
    },
    clean: 'answered',
    broken: 'still waiting',
  },
  returnImmediatelyWaits: {
    look: async (client) => (await client.send('completes', immediately)).status.state,
    clean: 'TASK_STATE_WORKING',
    broken: 'TASK_STATE_COMPLETED',
  },
  versionIgnored: {
    look: (client) => outcome(client, 'ListTasks', {}, { 'A2A-Version': '7.5' }),
    clean: -32009,
    broken: 'ok',
  },
  emptyVersionAccepted: {
    look: (client) => outcome(client, 'ListTasks', {}, { 'A2A-Version': '' }),
    clean: -32009,
    broken: 'ok',
  },
  patchVersionRefused: {
    look: (client) => outcome(client, 'ListTasks', {}, { 'A2A-Version': '1.0.3' }),
    clean: 'ok',
    broken: -32009,
  },
  versionQueryIgnored: {
    look: async (client) => {
      const options = { headers: { 'A2A-Version': undefined }, query: '?A2A-Version=1.0' };
      return (await client.call('GetTask', { id: 'x' }, options)).error.code;
    },
    clean: -32001,
    broken: -32009,
  },
  requiredExtensionIgnored: {
    look: (client) => outcome(client, 'ListTasks'),
    clean: -32008,
    broken: 'ok',
    options: { profile: 'required-extension' },
  },
  requiredExtensionOfMessagesOnly: {
    look: (client) => outcome(client, 'ListTasks'),
    clean: -32008,
    broken: 'ok',
    options: { profile: 'required-extension' },
  },
  extensionListUnsplit: {
    look: (client) =>
      outcome(client, 'ListTasks', {}, { 'A2A-Extensions': `urn:example:other,${requiredExtensionUri}` }),
    clean: 'ok',
    broken: -32008,
    options: { profile: 'required-extension' },
  },
  extensionFallback: {
    look: async (client) => {
      const headers = { 'A2A-Extensions': optionalExtensionUri.replace('v1', 'v2') };
      const { result } = await client.call<{ task: Task }>('SendMessage', sendText('hello'), { headers });
      return result.task.artifacts?.[0]?.extensions;
    },
    clean: undefined,
    broken: [optionalExtensionUri],
  },
  authenticationIgnored: {
    look: (client) => outcome(client, 'ListTasks'),
    clean: -32000,
    broken: 'ok',
    options: { profile: 'bearer' },
  },
  openOperations: {
    look: async (client) => [await outcome(client, 'ListTasks'), await outcome(client, 'GetTask', { id: 'x' })],
    clean: [-32000, -32000],
    broken: ['ok', -32000],
    options: { profile: 'bearer' },
    value: ['ListTasks'],
  },
  rejectedAfterwards: {
    look: async (client) => {
      const refused = await outcome(client, 'SendMessage', sendText('x'));
      const { result } = await client.call<ListTasksResponse>('ListTasks', {}, { headers: owner });
      return [refused, result.totalSize ?? 0];
    },
    clean: [-32000, 0],
    broken: [-32000, 1],
    options: { profile: 'bearer' },
  },
  anyCredentialsTaken: {
    look: (client) => asWith(client, { Authorization: 'Bearer nobody' }),
    clean: -32000,
    broken: 'ok',
    options: { profile: 'bearer' },
  },
  tokensUnverified: {
    look: async (client) => [
      await asWith(client, { Authorization: 'Bearer e30.e30.' }),
      await asWith(client, { Authorization: 'Bearer nobody' }),
    ],
    clean: [-32000, -32000],
    broken: ['ok', -32000],
    options: { profile: 'bearer' },
  },
  otherSchemesTaken: {
    look: (client) => asWith(client, { Authorization: 'Basic YTpi' }),
    clean: -32000,
    broken: 'ok',
    options: { profile: 'bearer' },
  },
  anyTenantTaken: {
    look: (client) => outcome(client, 'ListTasks', { tenant: 'other' }),
    clean: -32602,
    broken: 'ok',
    options: { tenants: ['acme'] },
  },
  tenantsShared: {
    look: async (client) => {
      const { result } = await client.call<{ task: Task }>('SendMessage', { tenant: 'acme', ...sendText('x') });
      return outcome(client, 'GetTask', { tenant: 'globex', id: result.task.id });
    },
    clean: -32001,
    broken: 'ok',
    options: { profile: 'tenants' },
  },
  extendedCardUnprotected: { look: (client) => outcome(client, 'GetExtendedAgentCard'), clean: -32000, broken: 'ok' },
  ownershipIgnored: {
    look: async (client) => {
      const { result } = await client.call<{ task: Task }>('SendMessage', sendText('x'), { headers: owner });
      const { result: list } = await client.call<ListTasksResponse>('ListTasks');
      return [await outcome(client, 'GetTask', { id: result.task.id }), list.totalSize ?? 0];
    },
    clean: [-32001, 0],
    broken: ['ok', 1],
  },
  ownershipIgnoredBy: {
    look: async (client) => {
      const { result } = await client.call<{ task: Task }>('SendMessage', sendText('x'), { headers: owner });
      const { id } = result.task;
      return [await outcome(client, 'GetTask', { id }), await outcome(client, 'CancelTask', { id })];
    },
    clean: [-32001, -32001],
    broken: ['ok', -32001],
    value: ['GetTask'],
  },
  othersServedUnsaid: {
    look: async (client) => {
      const { result } = await client.call<{ task: Task }>('SendMessage', sendText('input-required'), {
        headers: owner,
      });
      const { id } = result.task;
      const refused = await outcome(client, 'CancelTask', { id });
      const { result: after } = await client.call<Task>('GetTask', { id }, { headers: owner });
      return [refused, after.status.state];
    },
    clean: [-32001, 'TASK_STATE_INPUT_REQUIRED'],
    broken: [-32001, 'TASK_STATE_CANCELED'],
    value: ['CancelTask'],
  },
  contextsBelongToFirst: {
    look: async (client) => {
      const { result } = await client.call<{ task: Task }>('SendMessage', sendText('x'), { headers: owner });
      const { contextId } = result.task;
      const joined = message([{ text: 'x' }], { contextId });
      const { result: made } = await client.call<{ task: Task }>('SendMessage', { message: joined });
      const { result: list } = await client.call<ListTasksResponse>('ListTasks', {}, { headers: owner });
      return [made.task.contextId === contextId, list.totalSize ?? 0];
    },
    clean: [true, 1],
    broken: [true, 2],
  },
  othersForbidden: {
    look: async (client) => {
      const { result } = await client.call<{ task: Task }>('SendMessage', sendText('x'), { headers: owner });
      return outcome(client, 'GetTask', { id: result.task.id });
    },
    clean: -32001,
    broken: -32000,
  },
  contentTypeIgnored: {
    look: (client) => outcome(client, 'SendMessage', { message: message([{ raw: 'AAAA', mediaType: 'video/mp4' }]) }),
    clean: -32005,
    broken: 'ok',
  },
  capabilitiesIgnored: {
    look: async (client) => {
      const taskId = await completed(client);
      return Promise.all([
        outcome(client, 'CreateTaskPushNotificationConfig', { taskId, url: 'https://example.com/' }),
        outcome(client, 'GetExtendedAgentCard'),
        outcome(client, 'SubscribeToTask', { id: 'x' }),
      ]);
    },
    clean: [-32003, -32004, -32004],
    broken: ['ok', 'ok', -32001],
    options: { profile: 'minimal' },
  },
  acceptSubscribeToTerminal: {
    look: async (client) => {
      using stream = await client.subscribe(await completed(client));
      if (stream.headers.get('content-type') !== 'text/event-stream') return 'refused';
      return statesOf(await stream.rest());
    },
    clean: 'refused',
    broken: ['TASK_STATE_COMPLETED'],
  },
  snapshotOmitted: {
    look: async (client) => {
      using stream = await client.streamText('completes');
      return Object.keys((await stream.next())?.result ?? {});
    },
    clean: ['task'],
    broken: ['statusUpdate'],
  },
  disconnectCancels: {
    look: async (client) => {
      const { id } = await client.send('input-required');
      using watching = await client.subscribe(id);
      await watching.next();
      const leaving = await client.subscribe(id);
      await leaving.next();
      leaving.close();
      const canceled = watching.next().then((event) => statesOf(event ? [event.result] : [])[0]);
      canceled.catch(() => undefined);
      const others = async () => {
        for (let round = 0; round < 10; round += 1) await client.send('completes');
        return 'nothing happened';
      };
      return await Promise.race([canceled, others()]);
    },
    clean: 'nothing happened',
    broken: 'TASK_STATE_CANCELED',
  },
  closingStreamEndsOthers: {
    look: async (client) => {
      const { id } = await client.send('input-required');
      using staying = await client.subscribe(id);
      await staying.next();
      const leaving = await client.subscribe(id);
      await leaving.next();
      leaving.close();
      const ended = staying.next().then((event) => (event ? 'event' : 'ended'));
      ended.catch(() => undefined);
      const others = async () => {
        for (let round = 0; round < 10; round += 1) await client.send('completes');
        return 'open';
      };
      return await Promise.race([ended, others()]);
    },
    clean: 'open',
    broken: 'ended',
  },
  streamReturnsImmediately: {
    look: async (client) => {
      using stream = await client.streamText('completes', immediately);
      return statesOf(await stream.rest()).at(-1);
    },
    clean: 'TASK_STATE_COMPLETED',
    broken: 'TASK_STATE_SUBMITTED',
  },
  streamsEndWhenInterrupted: {
    look: async (client) => {
      using stream = await client.streamText('input-required');
      for (let state = ''; state !== 'TASK_STATE_INPUT_REQUIRED';) {
        const event = await stream.next();
        if (!event) return 'ended early';
        state = statesOf([event.result])[0] ?? state;
      }
      const next = stream.next().then(() => 'ended');
      next.catch(() => undefined);
      return await Promise.race([next, client.send('long-running').then(() => 'open')]);
    },
    clean: 'open',
    broken: 'ended',
    options: { longRunningMs: 100 },
  },
  subscribeToInterruptedRefused: {
    look: async (client) => {
      const { id } = await client.send('input-required');
      using stream = await client.subscribe(id);
      return stream.headers.get('content-type') === 'text/event-stream';
    },
    clean: true,
    broken: false,
  },
  onlyNewestStreamGetsEvents: {
    look: async (client) => {
      const { id } = await client.send('input-required');
      using older = await client.subscribe(id);
      await older.next();
      using newer = await client.subscribe(id);
      await newer.next();
      const first = older.next().then(() => 'older too');
      first.catch(() => undefined);
      await client.send('x', { taskId: id });
      await newer.rest();
      return await Promise.race([first, client.send('completes').then(() => 'newer only')]);
    },
    clean: 'older too',
    broken: 'newer only',
  },
  historyLengthIgnored: {
    look: async (client) => (await withHistory(client, 1)).length,
    clean: 1,
    broken: 5,
  },
  historyLengthFromStart: { look: (client) => withHistory(client, 1), clean: ['third'], broken: ['first'] },
  historyLengthZeroIgnored: {
    look: async (client) => (await withHistory(client, 0)).length,
    clean: 0,
    broken: 5,
  },
  appendReplaces: {
    look: async (client) => (await client.send('streams-artifact-chunks')).artifacts?.[0]?.parts.length,
    clean: 3,
    broken: 1,
  },
  unknownFieldsRefused: { look: (client) => outcome(client, 'ListTasks', { novelty: 1 }), clean: 'ok', broken: -32602 },
  protoNamesRefused: {
    look: async (client) => (await listed(client, { page_size: 1 })).tasks.length,
    clean: 1,
    broken: 3,
  },
  batchAnswered: {
    look: { raw: async (client) => Array.isArray(await reply(client, `[${get({})},${get({ id: 2 })}]`)) },
    clean: false,
    broken: true,
  },
  envelopeVersionIgnored: {
    look: { raw: (client) => reply(client, get({ jsonrpc: '1.0' })) },
    clean: expect.objectContaining({ error: expect.objectContaining({ code: -32600 }) as object }) as object,
    broken: expect.objectContaining({ error: expect.objectContaining({ code: -32001 }) as object }) as object,
  },
  anyIdAccepted: {
    look: { raw: (client) => reply(client, get({ id: [5] })) },
    clean: expect.objectContaining({ id: null }) as object,
    broken: expect.objectContaining({ id: [5] }) as object,
  },
  nullIdIsNotification: {
    look: { raw: (client) => reply(client, get({ id: null })) },
    clean: expect.objectContaining({ id: null }) as object,
    broken: 'nothing',
  },
  badPageTokenIgnored: {
    look: (client) => outcome(client, 'ListTasks', { pageToken: 'bad' }),
    clean: -32602,
    broken: 'ok',
  },
  listAlwaysIncludesArtifacts: {
    look: async (client) => (await listed(client)).tasks.filter((task) => 'artifacts' in task).length,
    clean: 0,
    broken: 3,
  },
  listUnpaged: {
    look: async (client) => messageIds(await listed(client, { pageSize: 2 })),
    clean: ['c', 'b'],
    broken: ['c', 'b', 'a'],
  },
  listAscending: {
    look: async (client) => messageIds(await listed(client)),
    clean: ['c', 'b', 'a'],
    broken: ['a', 'b', 'c'],
  },
  bodyLimitIgnored: {
    look: (client) => outcome(client, 'SendMessage', sendText('x'.repeat(2000))),
    clean: -32600,
    broken: 'ok',
    options: { maxBodyBytes: 1000 },
  },
  errorsAsStreamEvents: {
    look: async (client) => {
      using stream = await client.subscribe('nowhere');
      if (stream.headers.get('content-type') !== 'text/event-stream') return 'plain';
      return [(await stream.next())?.error.code, await stream.next()];
    },
    clean: 'plain',
    broken: [-32001, undefined],
  },
  interruptedSubscriptionsEnd: {
    look: async (client) => {
      const { id } = await client.send('input-required');
      using stream = await client.subscribe(id);
      await stream.next();
      const next = stream.next().then(() => 'ended');
      next.catch(() => undefined);
      return await Promise.race([next, client.send('long-running').then(() => 'open')]);
    },
    clean: 'open',
    broken: 'ended',
    options: { longRunningMs: 100 },
  },
  newStreamEndsOthers: {
    look: async (client) => {
      const { id } = await client.send('input-required');
      using older = await client.subscribe(id);
      await older.next();
      using newer = await client.subscribe(id);
      await newer.next();
      const next = older.next().then((event) => (event === undefined ? 'ended' : 'goes on'));
      await client.send('x', { taskId: id });
      return [await next, statesOf(await newer.rest()).at(-1)];
    },
    clean: ['goes on', 'TASK_STATE_COMPLETED'],
    broken: ['ended', 'TASK_STATE_COMPLETED'],
  },
  duplicatesRecognised: {
    look: async (client) => {
      const made = [await client.send('x', { messageId: 'same' }), await client.send('x', { messageId: 'same' })];
      return new Set(made.map(({ id }) => id)).size;
    },
    clean: 2,
    broken: 1,
  },
  absentVersionAccepted: {
    look: async (client) => {
      const codes = [undefined, ''].map(async (version) => {
        const headers = { 'A2A-Version': version };
        return (await client.call('GetTask', { id: 'x' }, { headers })).error.code;
      });
      return await Promise.all(codes);
    },
    clean: [-32009, -32009],
    broken: [-32001, -32009],
  },
  pushConfigIdIsTaskId: {
    look: async (client) => {
      const { id: taskId } = await client.send('input-required');
      const config = { taskId, url: webhookUrl };
      const { result } = await client.call<{ id: string }>('CreateTaskPushNotificationConfig', config);
      return result.id === taskId;
    },
    clean: false,
    broken: true,
  },
  pushDeletionIgnored: {
    look: (client) => configsAfter(client, (ref) => client.call('DeleteTaskPushNotificationConfig', ref)),
    clean: ['two'],
    broken: ['one', 'two'],
  },
  pushDeletionTakesAll: {
    look: (client) => configsAfter(client, (ref) => client.call('DeleteTaskPushNotificationConfig', ref)),
    clean: ['two'],
    broken: [],
  },
  pushDeletionTakesAnother: {
    look: (client) =>
      configsAfter(client, (ref) => client.call('DeleteTaskPushNotificationConfig', { ...ref, id: 'none' })),
    clean: ['one', 'two'],
    broken: ['two'],
  },
  pushDeletedNotified: {
    look: isNotifiedAfterDeletion,
    clean: false,
    broken: true,
  },
  pushClientIdsIgnored: {
    look: async (client) => (await configsAfter(client, () => Promise.resolve())).includes('one'),
    clean: true,
    broken: false,
  },
  pushListUnpaged: {
    look: async (client) => {
      let taskId = '';
      await configsAfter(client, async (ref) => void (taskId = ref.taskId));
      const { result } = await client.call<{ configs: readonly unknown[] }>('ListTaskPushNotificationConfigs', {
        taskId,
        pageSize: 1,
      });
      return result.configs.length;
    },
    clean: 1,
    broken: 2,
  },
  undeclaredInlinePushAccepted: {
    look: (client) => {
      const configuration = { taskPushNotificationConfig: { url: webhookUrl } };
      return outcome(client, 'SendMessage', { ...sendText('completes'), configuration });
    },
    clean: -32003,
    broken: 'ok',
    options: { profile: 'minimal' },
  },
  notificationsAnswered: {
    look: { raw: (client) => reply(client, get({ id: undefined })) },
    clean: 'nothing',
    broken: expect.objectContaining({ id: null }) as object,
  },
};

test.for(Object.entries(cases))('%s', async ([policy, { look, clean, broken, options, value = true }]) => {
  const observe = async (more: ReferenceAgentOptions): Promise<unknown> => {
    await using agent = await startReferenceAgent({ stepMs: 1, longRunningMs: 30, ...options, ...more });
    return await ('raw' in look ? look.raw(testClient(agent)) : look(testClient(agent)));
  };
  expect(await observe({})).toEqual(clean);
  expect(await observe({ fault: { policy: { [policy]: value } } })).toEqual(broken);
});

const onAnyBinding = Object.entries(cases).flatMap(([policy, { look, ...rest }]) =>
  'raw' in look ? [] : [[policy, { look, ...rest }] as const],
);

test.for(onAnyBinding)('%s, on HTTP+JSON', async ([policy, { look, clean, broken, options, value = true }]) => {
  const observe = async (more: ReferenceAgentOptions): Promise<unknown> => {
    const own: ReferenceAgentOptions = { stepMs: 1, longRunningMs: 30, bindings: ['HTTP+JSON'], ...options, ...more };
    await using agent = await startReferenceAgent(own);
    return await look(restClient(agent));
  };
  expect(await observe({})).toEqual(clean);
  expect(await observe({ fault: { only: ['HTTP+JSON'], policy: { [policy]: value } } })).toEqual(broken);
});

/** On gRPC there is no query, no field has a name, nor does a stream begin with an error. */
const notOnGrpc = ['versionQueryIgnored', 'unknownFieldsRefused', 'protoNamesRefused', 'errorsAsStreamEvents'];
const onGrpc = onAnyBinding.filter(([policy]) => !notOnGrpc.includes(policy));

test.for(onGrpc)('%s, on gRPC', async ([policy, { look, clean, broken, options, value = true }]) => {
  const observe = async (more: ReferenceAgentOptions): Promise<unknown> => {
    const own: ReferenceAgentOptions = { stepMs: 1, longRunningMs: 30, bindings: ['GRPC'], ...options, ...more };
    await using agent = await startReferenceAgent(own);
    using client = grpcClient(agent);
    return await look(client);
  };
  expect(await observe({})).toEqual(clean);
  expect(await observe({ fault: { only: ['GRPC'], policy: { [policy]: value } } })).toEqual(broken);
});
