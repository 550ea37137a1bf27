import type { Fault, PushRequest } from '../reference-agent/hooks.ts';
import type { OperationName } from '../reference-agent/types.ts';
import { isTerminal, type TaskState } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';
import { asObject, at, errorInfo } from './params.ts';

const configs = 'push/configs';
const deletion = 'push/deletion';
const delivery = 'push/delivery';
const unknown = 'push/unknown';
const webhookDeliveries = 'invariants/webhook-deliveries';
const notifications = 'invariants/notifications';

const create: OperationName = 'CreateTaskPushNotificationConfig';
const get: OperationName = 'GetTaskPushNotificationConfig';
const list: OperationName = 'ListTaskPushNotificationConfigs';
const remove: OperationName = 'DeleteTaskPushNotificationConfig';

const mutant = (
  id: string,
  description: string,
  breaks: string | readonly string[],
  killedBy: string | readonly string[],
  fault: Mutant['fault'],
  more: Pick<Mutant, 'profile' | 'options' | 'mayBreak'> = {},
): Mutant => ({
  id: `push/${id}`,
  description,
  breaks: [breaks].flat().map((row) => (row.includes('/') ? row : `push/${row}`)),
  killedBy: [killedBy].flat(),
  fault,
  ...more,
});

/** The result of one operation, changed. */
const answering = (
  operation: OperationName,
  change: (result: Readonly<Record<string, unknown>>, params: unknown) => object,
): Fault => ({
  result: (result, ctx) => (ctx.operation === operation ? change(asObject(result), ctx.params) : result),
});

/** An error of one operation in place of TaskNotFoundError. */
const mistaken = (operation: OperationName, reason?: RegExp): Fault => ({
  error: (error, ctx) =>
    ctx.operation === operation && error.code === -32001 && (reason?.test(error.message) ?? true)
      ? { code: -32602, message: 'The request cannot be served' }
      : error,
});

/** Notifications of some webhooks are never sent: `isSilent` looks at each request before it is served. */
const silentWebhooks = (isSilent: (operation: OperationName, params: unknown) => boolean) => (): Fault => {
  const silent = new Set<unknown>();
  return {
    refuse({ operation, params }) {
      if (!isSilent(operation, params)) return undefined;
      silent.add(operation === create ? at(params, 'url') : inlineUrl(params));
      return undefined;
    },
    pushRequest: (request) => (silent.has(request.url) ? null : request),
  };
};

const inlineUrl = (params: unknown): unknown => at(params, 'configuration', 'taskPushNotificationConfig', 'url');

/** Only the first webhook of a task is notified. */
function onlyFirstWebhook(): Fault {
  const firsts = new Map<unknown, unknown>();
  const urls = new Map<unknown, unknown>();
  return {
    refuse({ operation, params }) {
      if (operation !== create) return undefined;
      const [task, url] = [at(params, 'taskId'), at(params, 'url')];
      if (!firsts.has(task)) firsts.set(task, url);
      urls.set(url, task);
      return undefined;
    },
    pushRequest: (request) => {
      const task = urls.get(request.url);
      return task === undefined || firsts.get(task) === request.url ? request : null;
    },
  };
}

const withBody = (request: PushRequest, change: (body: Readonly<Record<string, unknown>>) => unknown): PushRequest => ({
  ...request,
  body: JSON.stringify(change(asObject(JSON.parse(request.body)))),
});

/** One member of the payload of each notification, changed. */
const inPayload = (change: (update: Readonly<Record<string, unknown>>, name: string) => object): Fault => ({
  pushRequest: (request) =>
    withBody(request, (body) =>
      Object.fromEntries(Object.entries(body).map(([name, update]) => [name, change(asObject(update), name)])),
    ),
});

const stateOf = (body: unknown): unknown => at(body, 'statusUpdate', 'status', 'state');

const showsEnd = ({ body }: PushRequest): boolean => isTerminal(stateOf(JSON.parse(body)) as TaskState);

const withHeaders = (change: (headers: PushRequest['headers']) => PushRequest['headers']): Fault => ({
  pushRequest: (request) => ({ ...request, headers: change(request.headers) }),
});

/** The first update comes last: it is held back until the task has ended. */
function firstUpdateLast(): Fault {
  const held = new Map<string, PushRequest>();
  const done = new Set<string>();
  return {
    pushRequest(request) {
      const { url } = request;
      if (done.has(url)) return request;
      const first = held.get(url);
      if (first !== undefined && !showsEnd(request)) return request;
      if (first === undefined && !showsEnd(request)) {
        held.set(url, request);
        return null;
      }
      done.add(url);
      return first === undefined ? request : [request, first];
    },
  };
}

const configMutants: readonly Mutant[] = [
  mutant('list-missing', 'There is no ListTaskPushNotificationConfigs', 'supported', configs, {
    refuse: ({ operation }) => (operation === list ? { code: -32601, message: 'Method not found' } : undefined),
  }),
  mutant('not-supported', 'Push operations are refused although the card declares them', 'supported', configs, {
    refuse: ({ operation }) =>
      operation === create
        ? {
            code: -32003,
            message: 'Push notifications are not supported',
            details: errorInfo('PUSH_NOTIFICATION_NOT_SUPPORTED'),
          }
        : undefined,
  }),
  mutant('creation-always-invalid', 'Each creation is refused with InvalidParamsError', 'supported', configs, {
    refuse: ({ operation, task }) =>
      operation === create && task ? { code: -32602, message: "Parameter 'taskId' may not be null" } : undefined,
  }),
  mutant('creation-knows-no-task', 'Each creation is refused with TaskNotFoundError', 'supported', configs, {
    refuse: ({ operation, task }) =>
      operation === create && task
        ? { code: -32001, message: 'Task not found', details: errorInfo('TASK_NOT_FOUND') }
        : undefined,
  }),
  mutant(
    'creation-answers-wrapper',
    'A creation is answered with the configuration inside a wrapper, as in 0.3',
    ['create-returns-config', 'create-assigns-id', 'config-object'],
    [configs, 'invariants/push-configs'],
    answering(create, ({ taskId, ...config }) => ({ taskId, pushNotificationConfig: config })),
  ),
  mutant(
    'creation-names-another-task',
    'The created configuration names another task',
    'create-returns-config',
    configs,
    answering(create, (config) => ({ ...config, taskId: 'another' })),
  ),
  mutant(
    'creation-without-task',
    'The created configuration names no task',
    'create-returns-config',
    configs,
    answering(create, ({ taskId: _, ...config }) => config),
  ),
  mutant(
    'creation-without-id',
    'The created configuration is returned without its id',
    'create-assigns-id',
    configs,
    answering(create, ({ id: _, ...config }) => config),
  ),
  mutant('id-of-task', 'Every configuration without an id gets that of its task', 'ids-unique', configs, {
    policy: { pushConfigIdIsTaskId: true },
  }),
  mutant(
    'got-without-url',
    'A configuration is got without its URL',
    ['get-returns-config', 'config-object'],
    [configs, 'invariants/push-configs'],
    answering(get, ({ url: _, ...config }) => config),
  ),
  mutant(
    'got-another',
    'A configuration is got with another URL',
    'get-returns-config',
    configs,
    answering(get, (config) => ({ ...config, url: 'https://example.com/another' })),
  ),
  mutant(
    'got-without-authentication',
    'A configuration is got without its authentication',
    'get-returns-config',
    configs,
    answering(get, ({ authentication: _, ...config }) => config),
  ),
  mutant(
    'authentication-as-text',
    'The authentication of a configuration is given back as text',
    'config-object',
    'invariants/push-configs',
    answering(list, ({ configs: all, ...rest }) => ({
      ...rest,
      configs: (all as readonly object[]).map((config) => ({ ...config, authentication: 'Bearer' })),
    })),
  ),
  mutant(
    'list-lacks-last',
    'The list lacks the newest configuration where there are several',
    'list-all',
    configs,
    answering(list, ({ configs: all, ...rest }, params) => {
      const found = all as readonly unknown[];
      const whole = found.length > 1 && at(params, 'pageSize') === undefined;
      return { ...rest, configs: whole ? found.slice(0, -1) : found };
    }),
  ),
  mutant('list-refused', 'The list of a task that waits is refused', 'list-all', configs, {
    refuse: ({ operation, task, params }) =>
      operation === list && task && at(params, 'pageSize') === undefined
        ? { code: -32602, message: 'The request cannot be served' }
        : undefined,
  }),
  mutant(
    'second-page-empty',
    'Further pages of the list are empty',
    'list-pages',
    configs,
    answering(list, (page, params) => (at(params, 'pageToken') === undefined ? page : { ...page, configs: [] })),
  ),
  mutant('pages-endless', 'The last page of the list leads to the first', 'list-pages', configs, () => {
    let token: unknown;
    return answering(list, (page) => {
      token ??= page['nextPageToken'];
      return page['nextPageToken'] === undefined && token !== undefined ? { ...page, nextPageToken: token } : page;
    });
  }),
  mutant(
    'deletion-ignored',
    'A deletion is answered with success and does nothing',
    ['delete-removes', 'delete-silences'],
    [deletion, 'push/after-delete'],
    {
      policy: { pushDeletionIgnored: true },
    },
  ),
  mutant('deletion-refused', 'A configuration that is there cannot be deleted', 'delete-removes', deletion, {
    refuse: ({ operation, task }) =>
      operation === remove && task ? { code: -32602, message: 'The request cannot be served' } : undefined,
  }),
  mutant('deleted-notified', 'A deleted webhook is notified on', 'delete-silences', 'push/after-delete', {
    policy: { pushDeletedNotified: true },
  }),
  mutant('deletion-takes-all', 'A deletion takes all configurations of the task', 'config-persists', deletion, {
    policy: { pushDeletionTakesAll: true },
  }),
  mutant(
    'second-deletion-takes-another',
    'A further deletion takes another configuration of the task',
    'delete-idempotent',
    deletion,
    {
      policy: { pushDeletionTakesAnother: true },
    },
  ),
  mutant(
    'second-deletion-invalid',
    'A further deletion is answered with InvalidParamsError',
    'delete-idempotent',
    deletion,
    () => {
      const deleted = new Set<unknown>();
      return {
        refuse({ operation, params }) {
          if (operation !== remove) return undefined;
          const id = at(params, 'id');
          if (deleted.has(id)) return { code: -32602, message: 'The request cannot be served' };
          deleted.add(id);
          return undefined;
        },
      };
    },
  ),
  mutant(
    'create-for-unknown-task',
    'A configuration for an unknown task is an invalid request',
    'create-unknown-task',
    unknown,
    mistaken(create),
  ),
  mutant(
    'get-of-unknown-task',
    'The configuration of an unknown task is an invalid request',
    'get-unknown-task',
    unknown,
    mistaken(get, /^(?!.*configuration)/i),
  ),
  mutant(
    'get-of-unknown-config',
    'An unknown configuration is an invalid request',
    'get-unknown-config',
    unknown,
    mistaken(get, /configuration/i),
  ),
  mutant(
    'get-invents',
    'An unknown configuration is made up',
    'get-unknown-config',
    [unknown],
    {
      error: (error, { operation, params }) =>
        operation === get && /configuration/i.test(error.message)
          ? { result: { ...asObject(params), url: 'https://example.com/made-up' } }
          : error,
    },
    { mayBreak: ['push/delete-removes'] },
  ),
  mutant('list-of-unknown-task', 'The list of an unknown task is empty', 'list-unknown-task', unknown, {
    error: (error, { operation }) =>
      operation === list && error.code === -32001 ? { result: { configs: [] } } : error,
  }),
  mutant(
    'delete-for-unknown-task',
    'A deletion for an unknown task is an invalid request',
    'delete-unknown-task',
    unknown,
    mistaken(remove),
  ),
  mutant(
    'delete-for-unknown-task-succeeds',
    'A deletion for an unknown task succeeds',
    'delete-unknown-task',
    unknown,
    {
      error: (error, { operation }) => (operation === remove && error.code === -32001 ? { result: {} } : error),
    },
  ),
  mutant(
    'inline-not-listed',
    'The list lacks configurations that came with a message',
    'inline-listed',
    delivery,
    () => {
      const urls = new Set<unknown>();
      return {
        refuse({ operation, params }) {
          if (operation === create) urls.add(at(params, 'url'));
          return undefined;
        },
        ...answering(list, ({ configs: all, ...rest }) => ({
          ...rest,
          configs: (all as readonly unknown[]).filter((config) => urls.has(at(config, 'url'))),
        })),
      };
    },
  ),
  mutant(
    'inline-undeclared',
    'A configuration inside a message is taken although the card declares none',
    'inline-undeclared',
    'push/inline-undeclared',
    {
      policy: { undeclaredInlinePushAccepted: true },
    },
    { profile: 'minimal' },
  ),
  mutant(
    'private-addresses',
    'Webhooks in private networks are accepted',
    ['private-addresses', 'local-addresses'],
    'push/private-addresses',
    {
      violations: (found) => found.filter(({ description }) => !/private/i.test(description)),
    },
  ),
];

const deliveryMutants: readonly Mutant[] = [
  mutant('never-sends', 'No notification is ever sent', 'webhook-established', delivery, { pushRequest: () => null }),
  mutant(
    'created-silent',
    'Webhooks that were created are not notified',
    'webhook-established',
    delivery,
    silentWebhooks((operation) => operation === create),
  ),
  mutant(
    'inline-silent',
    'Webhooks that came with a message are not notified',
    ['inline-config', 'inline-streaming'],
    delivery,
    silentWebhooks((_, params) => inlineUrl(params) !== undefined),
  ),
  mutant(
    'immediate-silent',
    'Webhooks of messages with returnImmediately are not notified',
    'execution-mode',
    delivery,
    silentWebhooks((_, params) => at(params, 'configuration', 'returnImmediately') === true),
  ),
  mutant(
    'streaming-silent',
    'Webhooks of streams are not notified',
    'inline-streaming',
    delivery,
    silentWebhooks((operation) => operation === 'SendStreamingMessage'),
  ),
  mutant(
    'first-webhook-only',
    'Only the first webhook of a task is notified',
    ['each-webhook', 'failing-webhook'],
    [delivery, 'push/failing-webhook'],
    onlyFirstWebhook,
  ),
  mutant('end-not-sent', 'The end of a task is not sent', 'terminal-delivered', delivery, {
    pushRequest: (request) => (showsEnd(request) ? null : request),
  }),
  mutant('cancellation-not-sent', 'The end of a canceled task is not sent', 'terminal-delivered', delivery, {
    pushRequest: (request) => (request.body.includes('TASK_STATE_CANCELED') ? null : request),
  }),
  mutant('put', 'Notifications are sent by PUT', 'http-post', webhookDeliveries, {
    pushRequest: (request) => ({ ...request, method: 'PUT' }),
  }),
  mutant(
    'content-type',
    'Notifications are sent as application/json',
    'content-type',
    webhookDeliveries,
    withHeaders((headers) => ({ ...headers, 'Content-Type': 'application/json' })),
  ),
  mutant(
    'without-credentials',
    'Notifications carry no credentials',
    'authentication',
    webhookDeliveries,
    withHeaders(({ Authorization: _, ...headers }) => headers),
  ),
  mutant(
    'credentials-without-scheme',
    'Notifications carry the credentials without their scheme',
    'authentication',
    webhookDeliveries,
    withHeaders(({ Authorization: value, ...headers }) =>
      value === undefined ? headers : { ...headers, Authorization: value.replace(/^\S+ /, '') },
    ),
  ),
  mutant(
    'credentials-of-another',
    'Notifications carry other credentials than those of their configuration',
    'authentication',
    webhookDeliveries,
    () => {
      let first: string | undefined;
      return withHeaders(({ Authorization: value, ...headers }) => {
        first ??= value;
        return first === undefined || value === undefined ? headers : { ...headers, Authorization: first };
      });
    },
  ),
  mutant('bare-payload', 'The payload is the update without StreamResponse around it', 'payload', notifications, {
    pushRequest: (request) => withBody(request, (body) => Object.values(body)[0]),
  }),
  mutant('json-rpc-payload', 'The payload is a JSON-RPC response', 'payload', notifications, {
    pushRequest: (request) => withBody(request, (result) => ({ jsonrpc: '2.0', id: 1, result })),
  }),
  mutant(
    'artifact-without-id',
    'Artifacts in notifications have no id',
    'payload-objects',
    notifications,
    inPayload((update) => {
      if (update['artifact'] === undefined) return update;
      const { artifactId: _, ...artifact } = asObject(update['artifact']);
      return { ...update, artifact };
    }),
  ),
  mutant(
    'another-task',
    'Notifications name another task',
    'delivery-task',
    notifications,
    inPayload((update) => ({ ...update, taskId: `${String(update['taskId'])}-push` })),
  ),
  mutant(
    'another-context',
    'Notifications name another context',
    'delivery-task',
    notifications,
    inPayload((update) => ({ ...update, contextId: 'another' })),
  ),
  mutant('out-of-order', 'The first update is sent after the end', 'in-order', notifications, firstUpdateLast),
  mutant(
    'another-end',
    'Notifications show a completed task as failed',
    'one-end',
    notifications,
    inPayload((update) => {
      const status = asObject(update['status']);
      return status['state'] === 'TASK_STATE_COMPLETED'
        ? { ...update, status: { ...status, state: 'TASK_STATE_FAILED' } }
        : update;
    }),
  ),
];

export const pushMutants: readonly Mutant[] = [...configMutants, ...deliveryMutants];
