import { invalidParams, taskNotFound } from '../reference-agent/errors.ts';
import type { Fault, PushRequest } from '../reference-agent/hooks.ts';
import { isTerminal, type StreamResponse } from '../reference-agent/types.ts';
import { pause } from './respond.ts';
import type { Variant } from './variant.ts';

type Params = {
  readonly id?: string;
  readonly taskId?: string;
  readonly url?: string;
  readonly configuration?: { readonly taskPushNotificationConfig?: { readonly url?: string } };
};

const updateIn = ({ body }: PushRequest): StreamResponse => JSON.parse(body) as StreamResponse;

const endsTask = (request: PushRequest): boolean => {
  const update = updateIn(request);
  return 'statusUpdate' in update && isTerminal(update.statusUpdate.status.state);
};

/** The first notification of a webhook comes a while after what it tells of; the others follow it. */
function late(ms: number): Fault {
  const begun = new Set<string>();
  return {
    async pushRequest(request) {
      if (!begun.has(request.url)) {
        begun.add(request.url);
        await pause(ms);
      }
      return request;
    },
  };
}

/** Tasks in place of updates; what an artifact update tells is left to GetTask. */
const asTasks: Fault = {
  pushRequest(request) {
    const update = updateIn(request);
    if (!('statusUpdate' in update)) return null;
    const { taskId: id, contextId, status } = update.statusUpdate;
    return { ...request, body: JSON.stringify({ task: { id, contextId, status } }) };
  },
};

/** One notification for each task, of its end, of which the network loses one in so many. */
function endsOfWhichSomeAreLost(period: number): Fault {
  let ends = 0;
  return {
    pushRequest(request) {
      if (!endsTask(request)) return null;
      ends += 1;
      return ends % period === 0 ? null : request;
    },
  };
}

/** The first notification comes once more, after the end of the task. */
function repeatedLate(): Fault {
  const firsts = new Map<string, PushRequest>();
  return {
    pushRequest(request) {
      const first = firsts.get(request.url);
      if (first === undefined) firsts.set(request.url, request);
      return first !== undefined && endsTask(request) ? [request, first] : request;
    },
  };
}

/** A second deletion finds nothing. */
function secondDeletionNotFound(): Fault {
  const deleted = new Set<string | undefined>();
  return {
    refuse({ operation, params, task }) {
      if (operation !== 'DeleteTaskPushNotificationConfig' || !task) return undefined;
      const { id } = params as Params;
      if (deleted.has(id)) return taskNotFound(task.id).content;
      deleted.add(id);
      return undefined;
    },
  };
}

/** Configurations are shown a while after they were made. */
function shownAfter(ms: number): Fault {
  const since = new Map<unknown, number>();
  const isFresh = (id: unknown): boolean => performance.now() - (since.get(id) ?? -Infinity) < ms;
  return {
    refuse: ({ operation, params, task }) =>
      operation === 'GetTaskPushNotificationConfig' && task && isFresh((params as Params).id)
        ? taskNotFound(task.id).content
        : undefined,
    result(result, { operation }) {
      if (operation === 'CreateTaskPushNotificationConfig' && 'id' in result) since.set(result.id, performance.now());
      if (operation !== 'ListTaskPushNotificationConfigs' || !('configs' in result)) return result;
      const configs = (result.configs as readonly { readonly id: string }[]).filter(({ id }) => !isFresh(id));
      return { ...result, configs };
    },
  };
}

const withoutSecrets = (config: Readonly<Record<string, unknown>>): object => {
  const { token: _, authentication, ...rest } = config;
  if (typeof authentication !== 'object' || authentication === null) return rest;
  return { ...rest, authentication: { ...authentication, credentials: '***' } };
};

const secretsHidden: Fault = {
  result(result, { operation }) {
    if (!/TaskPushNotificationConfigs?$/.test(operation)) return result;
    if (!('configs' in result)) return withoutSecrets(result as Readonly<Record<string, unknown>>);
    const configs = (result.configs as readonly Readonly<Record<string, unknown>>[]).map(withoutSecrets);
    return { ...result, configs };
  },
};

const webhookIn = (params: unknown): string | undefined => {
  const { url, configuration } = (params ?? {}) as Params;
  return url ?? configuration?.taskPushNotificationConfig?.url;
};

const httpsOnly: Fault = {
  refuse({ params }) {
    if (webhookIn(params)?.startsWith('http:') !== true) return undefined;
    return invalidParams([{ field: 'url', description: 'Must be an https URL' }]).content;
  },
};

/** None of the webhooks that somebody else names is on the list of those that are allowed. */
const allowList = (...violations: Parameters<typeof invalidParams>[0]): Fault => ({
  refuse: ({ params, task, operation }) =>
    webhookIn(params) !== undefined && (task !== undefined || operation !== 'CreateTaskPushNotificationConfig')
      ? invalidParams(violations).content
      : undefined,
});

/** Keeps one configuration a task. */
function oneConfig(): Fault {
  const kept = new Set<string>();
  return {
    refuse({ operation, params, task }) {
      if (!task) return undefined;
      if (operation === 'DeleteTaskPushNotificationConfig') kept.delete(task.id);
      if (operation !== 'CreateTaskPushNotificationConfig') return undefined;
      if (kept.has(task.id)) return invalidParams([{ field: 'taskId', description: 'Has its webhook' }]).content;
      if ((params as Params).url?.startsWith('http') === true) kept.add(task.id);
      return undefined;
    },
  };
}

export const pushVariants: readonly Variant[] = [
  {
    id: 'push/no-retries',
    description: 'A notification that is refused is not sent again',
    allowedBy: '§4.3.3: MAY implement retry logic',
    options: { push: { attempts: 1 } },
  },
  {
    id: 'push/late',
    description: 'The first notification comes a second after what it tells of',
    allowedBy: '§4.3.3: no time is named for a delivery',
    fault: () => late(1_000),
  },
  {
    id: 'push/tasks',
    description: 'Notifications hold the task instead of the update',
    allowedBy: '§4.3.3: exactly one of task, message, statusUpdate and artifactUpdate',
    fault: asTasks,
  },
  {
    id: 'push/status-only',
    description: 'Notifications tell of changes of state alone',
    allowedBy: '§3.5.1: when task state changes',
    fault: { pushRequest: (request) => ('artifactUpdate' in updateIn(request) ? null : request) },
  },
  {
    id: 'push/twice',
    description: 'Each notification is sent twice',
    allowedBy: '§4.3.3: duplicate deliveries may occur',
    fault: { pushRequest: (request) => [request, request] },
  },
  {
    id: 'push/repeated-late',
    description: 'The first notification comes once more after the end of the task',
    allowedBy: '§4.3.3: duplicate deliveries may occur',
    fault: repeatedLate,
  },
  {
    id: 'push/ends-some-lost',
    description: 'Notifications tell of the end alone, and one in five is lost on its way',
    allowedBy: '§4.3.3: delivery is attempted; MAY implement retry logic',
    options: { push: { attempts: 1 } },
    fault: () => endsOfWhichSomeAreLost(5),
  },
  {
    id: 'push/headers',
    description: 'Notifications have headers in other letters, a charset, and some of their own',
    allowedBy: 'RFC 9110 §5.1, §11.1: names of fields and schemes are case-insensitive; further ones are nobody’s harm',
    fault: {
      pushRequest: ({ headers, ...request }) => ({
        ...request,
        headers: {
          ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
          ...(headers['Authorization'] === undefined
            ? {}
            : { authorization: headers['Authorization'].replace(/^Bearer/, 'bearer') }),
          'content-type': 'application/a2a+json; charset=utf-8',
          'user-agent': 'an agent',
          'x-request-id': '1',
        },
      }),
    },
  },
  {
    id: 'push/line-breaks-removed',
    description: 'Line breaks in credentials and tokens are accepted, and left out of the headers of notifications',
    allowedBy: '§14.1.1: content of users is sanitized; how is not said',
    fault: {
      violations: (found) => found.filter(({ description }) => !/characters/.test(description)),
      pushRequest: ({ headers, ...request }) => ({
        ...request,
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, value.replaceAll(/[\r\n]/g, '')]),
        ),
      }),
    },
  },
  {
    id: 'push/line-breaks-not-sent',
    description: 'A notification that would have a line break in a header is accepted, and never sent',
    allowedBy: '§14.1.1: content of users is sanitized; RFC 9110 §5.5: such a field is invalid',
    fault: { violations: (found) => found.filter(({ description }) => !/characters/.test(description)) },
  },
  {
    id: 'push/loopback-refused',
    description: 'Webhooks on loopback addresses are refused',
    allowedBy: '§13.2: SHOULD reject localhost and private addresses',
    options: { push: { allowLoopback: false } },
  },
  {
    id: 'push/loopback-not-called',
    description: 'Webhooks on loopback addresses are accepted, but never called',
    allowedBy: '§13.2: SHOULD validate webhook URLs; when is not said',
    warns: ['push/webhook-established'],
    fault: { pushRequest: () => null },
  },
  {
    id: 'push/https-only',
    description: 'Webhooks without TLS are refused',
    allowedBy: '§13.2: webhook URLs SHOULD use HTTPS',
    fault: httpsOnly,
  },
  {
    id: 'push/allow-list',
    description: 'Webhooks are refused that are not on a list of allowed ones',
    allowedBy: '§13.2: SHOULD implement URL allowlists where appropriate',
    fault: allowList({ field: 'url', description: 'This host is not on the allow list' }),
  },
  {
    id: 'push/silent-allow-list',
    description: 'Webhooks are refused that are not on a list of allowed ones, without a word on why',
    allowedBy: '§13.2: SHOULD implement URL allowlists where appropriate',
    warns: ['push/supported'],
    fault: allowList(),
  },
  {
    id: 'push/one-config',
    description: 'A task has one push configuration at most; a further one is refused',
    allowedBy: '§4.3: how many configurations a task may have is not said',
    fault: oneConfig,
  },
  {
    id: 'push/own-ids',
    description: 'Configurations get ids of the agent’s own, whatever the client proposes',
    allowedBy: '§3.1.7: created configuration with assigned ID',
    fault: { policy: { pushClientIdsIgnored: true } },
  },
  {
    id: 'push/proposed-ids-refused',
    description: 'A configuration that comes with an id is refused',
    allowedBy: '§3.1.7: created configuration with assigned ID',
    fault: {
      refuse: ({ operation, params }) =>
        operation === 'CreateTaskPushNotificationConfig' && (params as Params).id !== undefined
          ? invalidParams([{ field: 'id', description: 'Is assigned by the agent' }]).content
          : undefined,
    },
  },
  {
    id: 'push/unpaged',
    description: 'The list of configurations has no pages',
    allowedBy: '§3.1.9: MAY support pagination',
    fault: { policy: { pushListUnpaged: true } },
  },
  {
    id: 'push/secrets-hidden',
    description: 'Configurations are given back without token and with masked credentials',
    allowedBy: '§13.2: tokens SHOULD be treated as secrets',
    fault: secretsHidden,
  },
  {
    id: 'push/lagging-configs',
    description: 'A configuration is got and listed 120 ms after it was made',
    allowedBy: '§3.1.8, §3.1.9: no consistency between operations is promised',
    fault: () => shownAfter(120),
  },
  {
    id: 'push/second-deletion-not-found',
    description: 'A further deletion of a configuration is answered with TaskNotFoundError',
    allowedBy: '§3.1.10: multiple deletions have the same effect; of the answer nothing is said',
    fault: secondDeletionNotFound,
  },
];
