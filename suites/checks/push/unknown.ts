import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability } from '../../../core/engine/needs.ts';
import { ambiguous, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { judgeRefusal, noSuchOperation, type Refusal } from '../shared/refusal.ts';
import { hasKnownForm, similarId } from '../shared/similar-id.ts';
import { deleteConfigs, getConfig, isConfirmed, refOf, registerAnywhere, type Registered } from './configuration.ts';
import { needsWaitingTask, startWaitingTask } from './waiting-task.ts';

interface Observation {
  /** Whether the unknown ids, of a task and of a configuration, are well-formed beyond doubt. */
  readonly wellFormed: { readonly task: boolean; readonly config: boolean };
  readonly created: Registered;
  /** Of the configuration that exists. */
  readonly get: CallResult;
  readonly list: CallResult;
  readonly getUnknownConfig: CallResult;
  /** Of a task that does not exist. */
  readonly unknown: {
    readonly create: CallResult;
    readonly get: CallResult;
    readonly list: CallResult;
    readonly remove: CallResult;
  };
  readonly remove: CallResult;
}

/** Of ids of a form of the agent's own nobody else can say whether they are well-formed. */
const malformedId: NonNullable<Refusal['tolerated']> = [
  {
    errors: ['InvalidParamsError'],
    readings: [
      '§3.1.7 to §3.1.10: what does not exist is answered with TaskNotFoundError',
      '§3.3.2: "Invalid task ID format" is a validation error, and the form of ids is the agent’s own',
    ],
  },
];

/** §3.1.7 to §3.1.10: what names a task or a configuration that does not exist. */
export const unknown = defineCheck({
  id: 'push/unknown',
  title: 'Push notification operations on what does not exist',
  requirements: [
    'push/create-unknown-task',
    'push/get-unknown-config',
    'push/get-unknown-task',
    'push/list-unknown-task',
    'push/delete-unknown-task',
  ],
  needs: [needsCapability('pushNotifications'), needsWaitingTask],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, random, id: newId } = context;
    const { id: taskId, before } = await startWaitingTask(context);
    const created = await registerAnywhere(context, taskId);
    const id = created.config?.id ?? newId('config');
    const get = await getConfig(context, refOf({ taskId }, id));
    const list = await client.call('ListTaskPushNotificationConfigs', { taskId });
    const getUnknownConfig = await client.call(
      'GetTaskPushNotificationConfig',
      refOf({ taskId }, similarId(id, random)),
    );
    const nobody = similarId(taskId, random);
    const of = { taskId: nobody, id };
    const observed = {
      create: await client.call('CreateTaskPushNotificationConfig', { taskId: nobody, url: created.url }),
      get: await client.call('GetTaskPushNotificationConfig', of),
      list: await client.call('ListTaskPushNotificationConfigs', { taskId: nobody }),
      remove: await client.call('DeleteTaskPushNotificationConfig', of),
    };
    const remove = await client.call('DeleteTaskPushNotificationConfig', refOf({ taskId }, id));
    if (isConfirmed(remove) || (await deleteConfigs(context, created))) await cancelTaskIn(context, before);
    const wellFormed = { task: hasKnownForm(taskId), config: hasKnownForm(id) };
    return { wellFormed, created, get, list, getUnknownConfig, unknown: observed, remove };
  },

  judge({ wellFormed, created, get, list, getUnknownConfig, unknown: of, remove }) {
    const refused = (
      operation: string,
      section: string,
      what: string,
      answer: CallResult,
      proof: readonly CallResult[],
      known = wellFormed.task,
    ): Judgement =>
      judgeRefusal({
        what: `${operation} of ${what}`,
        answer,
        expected: 'TaskNotFoundError',
        control: { what: 'the operation where all it names is there', ok: proof.every(isConfirmed), results: proof },
        tolerated: [...(known ? [] : malformedId), ...noSuchOperation(operation, section)],
        ...(operation.startsWith('Delete') ? { accepted: deletedAnyway } : {}),
      });
    const nobody = 'a task that does not exist';
    return {
      'push/create-unknown-task': refused('CreateTaskPushNotificationConfig', '§3.1.7', nobody, of.create, [
        created.answer,
      ]),
      'push/get-unknown-config': refused(
        'GetTaskPushNotificationConfig',
        '§3.1.8',
        'a configuration that does not exist',
        getUnknownConfig,
        [get],
        wellFormed.config,
      ),
      'push/get-unknown-task': refused('GetTaskPushNotificationConfig', '§3.1.8', nobody, of.get, [get]),
      'push/list-unknown-task': refused('ListTaskPushNotificationConfigs', '§3.1.9', nobody, of.list, [list]),
      'push/delete-unknown-task': refused('DeleteTaskPushNotificationConfig', '§3.1.10', nobody, of.remove, [remove]),
    };
  },
});

const deletedAnyway = ({ exchange }: CallResult): Judgement =>
  ambiguous(
    'a configuration of a task that does not exist is deleted',
    [
      '§3.1.10: a task id that does not exist is answered with TaskNotFoundError',
      '§3.1.10: deleting is idempotent: what is not there is deleted already',
    ],
    exchange,
  );
