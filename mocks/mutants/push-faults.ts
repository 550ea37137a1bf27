import type { Fault, PushRequest } from '../reference-agent/hooks.ts';
import type { OperationName } from '../reference-agent/types.ts';
import { isTerminal, type TaskState } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';
import { asObject, at } from './params.ts';

export const configs = 'push/configs';
export const deletion = 'push/deletion';
export const delivery = 'push/delivery';
export const unknown = 'push/unknown';
export const webhookDeliveries = 'invariants/webhook-deliveries';
export const notifications = 'invariants/notifications';

export const create: OperationName = 'CreateTaskPushNotificationConfig';
export const get: OperationName = 'GetTaskPushNotificationConfig';
export const list: OperationName = 'ListTaskPushNotificationConfigs';
export const remove: OperationName = 'DeleteTaskPushNotificationConfig';

export const mutant = (
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
export const answering = (
  operation: OperationName,
  change: (result: Readonly<Record<string, unknown>>, params: unknown) => object,
): Fault => ({
  result: (result, ctx) => (ctx.operation === operation ? change(asObject(result), ctx.params) : result),
});

/** An error of one operation in place of TaskNotFoundError. */
export const mistaken = (operation: OperationName, reason?: RegExp): Fault => ({
  error: (error, ctx) =>
    ctx.operation === operation && error.code === -32001 && (reason?.test(error.message) ?? true)
      ? { code: -32602, message: 'The request cannot be served' }
      : error,
});

/** Notifications of some webhooks are never sent: `isSilent` looks at each request before it is served. */
export const silentWebhooks = (isSilent: (operation: OperationName, params: unknown) => boolean) => (): Fault => {
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

export const inlineUrl = (params: unknown): unknown => at(params, 'configuration', 'taskPushNotificationConfig', 'url');

/** Only the first webhook of a task is notified. */
export function onlyFirstWebhook(): Fault {
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

export const withBody = (
  request: PushRequest,
  change: (body: Readonly<Record<string, unknown>>) => unknown,
): PushRequest => ({
  ...request,
  body: JSON.stringify(change(asObject(JSON.parse(request.body)))),
});

/** One member of the payload of each notification, changed. */
export const inPayload = (change: (update: Readonly<Record<string, unknown>>, name: string) => object): Fault => ({
  pushRequest: (request) =>
    withBody(request, (body) =>
      Object.fromEntries(Object.entries(body).map(([name, update]) => [name, change(asObject(update), name)])),
    ),
});

export const stateOf = (body: unknown): unknown => at(body, 'statusUpdate', 'status', 'state');

export const showsEnd = ({ body }: PushRequest): boolean => isTerminal(stateOf(JSON.parse(body)) as TaskState);

export const withHeaders = (change: (headers: PushRequest['headers']) => PushRequest['headers']): Fault => ({
  pushRequest: (request) => ({ ...request, headers: change(request.headers) }),
});

/** The first update comes last: it is held back until the task has ended. */
export function firstUpdateLast(): Fault {
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
