import type { Fault } from '../reference-agent/hooks.ts';
import { defaultCredentials } from '../reference-agent/settings.ts';
import type { TaskRecord, TaskStore } from '../reference-agent/task-store.ts';
import type { Mutant } from './mutant.ts';
import { asObject, at, nameOf } from './params.ts';

/*
 * Defects between two principals that show only where something else came before: a single probe of each operation (the check
 * `security/isolation`) does not meet them.
 */

const isolated = { killedBy: ['state-machine'], suite: 'state-machine', profile: 'bearer' } as const;

/** Whoever asks sees of the tasks of others those that are shown by `isShown`. */
const listShows =
  (isShown: (record: TaskRecord) => boolean) =>
  (kept: TaskStore): TaskStore => ({
    ...kept,
    list(query) {
      if (query.owner === undefined) return kept.list(query);
      const all = (before: number | undefined) =>
        kept
          .list({ ...query, owner: undefined, before, limit: Number.MAX_SAFE_INTEGER })
          .records.filter((record) => record.owner === query.owner || isShown(record));
      const rest = all(query.before);
      return {
        records: rest.slice(0, query.limit),
        total: all(undefined).length,
        more: rest.length > query.limit,
      };
    },
  });

/** Looks for an ended task by its id alone, where its push configuration is got. */
function configsOfEnded(): Fault {
  let tasks: TaskStore | undefined;
  const configs = new Map<string, object>();
  const keyOf = (params: unknown): string => JSON.stringify([at(params, 'taskId'), at(params, 'id')]);
  return {
    store: (kept) => (tasks = kept),
    result(result, { operation, params }) {
      if (operation === 'CreateTaskPushNotificationConfig')
        configs.set(JSON.stringify([at(params, 'taskId'), at(result, 'id')]), result);
      if (operation === 'DeleteTaskPushNotificationConfig') configs.delete(keyOf(params));
      return result;
    },
    error(error, { operation, params }) {
      const config = operation === 'GetTaskPushNotificationConfig' ? configs.get(keyOf(params)) : undefined;
      const state = tasks?.get(nameOf(at(params, 'taskId')))?.task.status.state ?? '';
      const hasEnded = /COMPLETED|FAILED|CANCELED|REJECTED/.test(state);
      return config !== undefined && hasEnded ? { result: config } : error;
    },
  };
}

/** Who sent a message is written down before it is asked whether the task is theirs. */
function takenOver(): Fault {
  let tasks: TaskStore | undefined;
  let caller: string | undefined;
  return {
    store: (kept) => (tasks = kept),
    intercept({ headers }) {
      const token = headers['authorization']?.replace(/^Bearer /, '');
      caller = defaultCredentials.find((credential) => credential.token === token)?.principal;
      return undefined;
    },
    error(error, { operation, params }) {
      const record = tasks?.get(nameOf(at(asObject(params), 'message', 'taskId')));
      if (operation.startsWith('Send') && error.code === -32001 && record !== undefined && caller !== undefined)
        tasks?.put({ ...record, owner: caller });
      return error;
    },
  };
}

export const principalMutants: readonly Mutant[] = [
  {
    id: 'state-machine/list-leaks-canceled',
    description: 'Lists show the canceled tasks of everybody',
    breaks: ['list/authorization-scoping'],
    ...isolated,
    fault: { store: listShows(({ task }) => task.status.state === 'TASK_STATE_CANCELED') },
  },
  {
    id: 'state-machine/configs-of-ended-open',
    description: 'Once a task has ended, whoever knows the ids gets its push configurations',
    breaks: ['push/access'],
    ...isolated,
    fault: configsOfEnded,
  },
  {
    id: 'state-machine/stranger-takes-over',
    description: 'A message to a task of somebody else is refused, and the task belongs to its sender from then on',
    breaks: ['security/get-scoped'],
    mayBreak: [
      'security/cancel-scoped',
      'security/subscribe-scoped',
      'security/send-scoped',
      'list/authorization-scoping',
      'push/access',
      'errors/not-found-or-forbidden',
    ],
    ...isolated,
    fault: takenOver,
  },
];
