import { holds, violated } from '../../core/findings/judgement.ts';
import type { CallResult, Params } from '../../core/wire/binding-client.ts';
import {
  configIn,
  configsIn,
  eventually,
  getConfig,
  holdsAll,
  isConfirmed,
  listAll,
  refOf,
} from '../checks/push/configuration.ts';
import { isError, showsLife } from '../checks/shared/task-parts.ts';
import { command, type Deed } from './command.ts';
import { came, pick, short, type ConfigModel, type Model, type Real, type TaskModel } from './model.ts';

/** Configurations live as long as their task (§3.1.7): nothing is expected of those of a task that has ended. */
const live = (model: Model): readonly TaskModel[] => model.tasks.filter(({ given, end }) => given && end === undefined);

const withConfigs = (model: Model): readonly TaskModel[] => live(model).filter(({ configs }) => configs.length > 0);

/** Whether a task has not ended even now: only then is what was answered of its configurations to be judged. */
async function isLive(task: TaskModel, real: Real): Promise<CallResult | undefined> {
  const answer = await real.door.client.call('GetTask', { id: task.id });
  return showsLife(answer) ? answer : undefined;
}

export const createConfig = (number: number, withId: boolean): Deed =>
  command(
    `CreateTaskPushNotificationConfig for task ${number}${withId ? ', with an id' : ''}`,
    (model) => live(model).length > 0,
    async (model, real) => {
      const task = pick(live(model), number)!;
      const { url } = real.door.openWebhook();
      const own: Params = withId ? { id: real.door.id('config') } : {};
      const answer = await real.door.client.call('CreateTaskPushNotificationConfig', { taskId: task.id, url, ...own });
      const id = configIn(answer)?.id;
      if (id !== undefined) {
        const known = task.configs.findIndex((config) => config.id === id);
        // Of an agent with one configuration a task the new one takes the place of the old.
        if (known >= 0) task.configs.splice(known, 1);
        task.configs.push({ id, url, deleted: false });
      }
      return {
        expected: 'the configuration, with an id',
        came: id === undefined ? came(answer) : `configuration ${id}`,
      };
    },
  );

export const getPushConfig = (number: number, which: number): Deed =>
  command(
    `GetTaskPushNotificationConfig ${which} of task ${number}`,
    (model) => withConfigs(model).length > 0,
    async (model, real) => {
      const task = pick(withConfigs(model), number)!;
      const config = pick(task.configs, which)!;
      const ref = refOf({ taskId: task.id }, config.id);
      const { client } = real.door;
      const answer = config.deleted
        ? await eventually(
            real.door,
            () => client.call('GetTaskPushNotificationConfig', ref),
            ({ reply }) => reply.kind !== 'result',
          )
        : await getConfig(real.door, ref);
      await judgeGot(task, config, answer, real);
      return {
        expected: config.deleted ? 'TaskNotFoundError: it was deleted' : `the configuration with its URL`,
        came: came(answer),
      };
    },
  );

async function judgeGot(task: TaskModel, config: ConfigModel, answer: CallResult, real: Real): Promise<void> {
  const got = configIn(answer);
  if (config.deleted) {
    if (isError(answer, 'TaskNotFoundError'))
      return real.say('push/delete-removes', holds('a deleted configuration is not got', answer.exchange));
    if (got?.id !== config.id) return;
    return real.say(
      'push/delete-removes',
      violated(
        {
          reason: `configuration ${config.id} was deleted and is still got`,
          expected: 'TaskNotFoundError',
          actual: 'the configuration',
        },
        answer.exchange,
      ),
    );
  }
  if (got?.url === config.url)
    return real.say('push/get-returns-config', holds('a configuration is got with its URL', answer.exchange));
  if (got?.url !== undefined && got.id === config.id) {
    return real.say(
      'push/get-returns-config',
      violated(
        { reason: `configuration ${config.id} is got with another URL`, expected: config.url, actual: got.url },
        answer.exchange,
      ),
    );
  }
  if (!isError(answer, 'TaskNotFoundError')) return;
  const control = await isLive(task, real);
  if (control === undefined) return;
  config.deleted = true;
  real.say(
    'push/config-persists',
    violated(
      {
        reason: `configuration ${config.id} is gone, though task ${task.id} has not ended and nobody deleted it`,
        expected: 'the configuration',
        actual: came(answer),
      },
      answer.exchange,
      control.exchange,
    ),
  );
}

export const listConfigs = (number: number): Deed =>
  command(
    `ListTaskPushNotificationConfigs of task ${number}`,
    (model) => live(model).length > 0,
    async (model, real) => {
      const task = pick(live(model), number)!;
      const there = task.configs.filter(({ deleted }) => !deleted);
      const urls = there.map(({ url }) => url);
      const gone = new Set(task.configs.filter(({ deleted }) => deleted).map(({ id }) => id));
      const idsOf = (pages: readonly CallResult[]) =>
        pages.flatMap((page) => configsIn(page) ?? []).map(({ id }) => id);
      const list = await eventually(
        real.door,
        () => listAll(real.door, task.id),
        (whole) => !whole.complete || (holdsAll(...urls)(whole) && !idsOf(whole.pages).some((id) => gone.has(id!))),
      );
      const evidence = list.pages.map(({ exchange }) => exchange);
      const listed = idsOf(list.pages);
      const told = {
        expected: `${there.map(({ id }) => id).join(', ') || 'no configuration'}`,
        came: list.complete ? listed.join(', ') || 'no configuration' : came(list.pages.at(-1)!),
      };
      if (!list.complete) return told;
      const still = listed.find((id) => id !== undefined && gone.has(id));
      if (still !== undefined)
        real.say(
          'push/delete-removes',
          violated(
            {
              reason: `configuration ${still} was deleted and is still listed`,
              expected: told.expected,
              actual: told.came,
            },
            ...evidence,
          ),
        );
      if (holdsAll(...urls)(list)) {
        if (urls.length > 0) real.say('push/list-all', holds('all configurations are listed', ...evidence));
        return told;
      }
      const control = await isLive(task, real);
      if (control !== undefined)
        real.say(
          'push/list-all',
          violated(
            {
              reason: `not all configurations of task ${task.id}, in ${short(task.lastSeen)}, are listed`,
              expected: told.expected,
              actual: told.came,
            },
            ...evidence,
            control.exchange,
          ),
        );
      return told;
    },
  );

export const deleteConfig = (number: number, which: number): Deed =>
  command(
    `DeleteTaskPushNotificationConfig ${which} of task ${number}`,
    (model) => withConfigs(model).length > 0,
    async (model, real) => {
      const task = pick(withConfigs(model), number)!;
      const config = pick(task.configs, which)!;
      const expected = config.deleted ? 'nothing to delete: success, or TaskNotFoundError' : 'success';
      const answer = await real.door.client.call(
        'DeleteTaskPushNotificationConfig',
        refOf({ taskId: task.id }, config.id),
      );
      if (isConfirmed(answer)) config.deleted = true;
      return { expected, came: came(answer) };
    },
  );
