import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability } from '../../../core/engine/needs.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { worst } from '../shared/refusal.ts';
import { isError } from '../shared/task-parts.ts';
import {
  assignsId,
  getReturns,
  idsUnique,
  listsAll,
  pages,
  paging,
  returnsConfig,
  supported,
  type Observation,
} from './config-judges.ts';
import {
  deleteConfigs,
  eventually,
  getConfig,
  holdsAll,
  listAll,
  ownCredentials,
  refOf,
  registerAnywhere,
  type Registered,
} from './configuration.ts';
import { needsWaitingTask, startWaitingTask } from './waiting-task.ts';

/** §3.1.7 to §3.1.9: create, get and list, on a task that waits. */
export const configs = defineCheck({
  id: 'push/configs',
  title: 'Push notification configurations are created, got and listed',
  requirements: [
    'push/supported',
    'push/create-returns-config',
    'push/create-assigns-id',
    'push/ids-unique',
    'push/get-returns-config',
    'push/list-all',
    'push/list-paging',
    'push/list-pages',
  ],
  needs: [needsCapability('pushNotifications'), needsWaitingTask],
  // Where the list lacks a configuration, it waits for that.
  lasting: true,

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const { id: taskId, before } = await startWaitingTask(context);
    // A copy that lags may not know the task yet.
    const first = await eventually(
      context,
      () => registerAnywhere(context, taskId),
      ({ answer }) => !isError(answer, 'TaskNotFoundError'),
    );
    const second = await registerAnywhere(context, taskId, ownCredentials(context));
    const get = async ({ config }: Registered): Promise<CallResult | null> =>
      config?.id === undefined ? null : await getConfig(context, refOf({ taskId }, config.id));
    const got = [await get(first), await get(second)] as const;
    const made = [first, second].flatMap(({ answer, url }) => (answer.reply.kind === 'result' ? [url] : []));
    const list = await eventually(context, () => listAll(context, taskId), holdsAll(...made));
    const paged = await listAll(context, taskId, 1);
    const id = first.config?.id;
    const deleted =
      id === undefined ? null : await client.call('DeleteTaskPushNotificationConfig', refOf({ taskId }, id));
    const task = await client.call('GetTask', { id: taskId });
    const gone = await deleteConfigs(context, second);
    if (gone || first.config === undefined) await cancelTaskIn(context, before);
    return { created: [first, second], got, list, paged, deleted, task };
  },

  judge: (observation) => ({
    'push/supported': supported(observation),
    'push/create-returns-config': worst(observation.created.map(returnsConfig)),
    'push/create-assigns-id': worst(observation.created.map(assignsId)),
    'push/ids-unique': idsUnique(observation),
    'push/get-returns-config': getReturns(observation),
    'push/list-all': listsAll(observation),
    'push/list-paging': paging(observation),
    'push/list-pages': pages(observation),
  }),
});
