import type { Mutant } from './mutant.ts';
import { asObject, at, errorInfo } from './params.ts';
import {
  answering,
  configs,
  create,
  deletion,
  delivery,
  get,
  list,
  mistaken,
  mutant,
  remove,
  unknown,
} from './push-faults.ts';

/** §3.1.7 to §3.1.10: configurations that are made, read, listed and deleted wrongly. */
export const pushConfigMutants: readonly Mutant[] = [
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
