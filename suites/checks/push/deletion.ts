import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { otherCause } from '../shared/refusal.ts';
import { isError, mayBeError, showsLife } from '../shared/task-parts.ts';
import {
  configsIn,
  deleteConfigs,
  eventually,
  getConfig,
  isConfirmed,
  isMissing,
  listAll,
  refOf,
  registerAnywhere,
  registeredTwice,
  registerTwo,
  type Registered,
  type WholeList,
} from './configuration.ts';
import { needsWaitingTask, startWaitingTask } from './waiting-task.ts';

/** A deletion, and what is left of the two configurations after it. */
interface Deletion {
  readonly answer: CallResult;
  /** GetTaskPushNotificationConfig of the one that is deleted; the last answer where it was asked again. */
  readonly gone: CallResult;
  /** The same of the other one. */
  readonly kept: CallResult;
}

interface Observation {
  readonly created: readonly [Registered, Registered];
  /** GetTaskPushNotificationConfig of both before; null where no id is known. */
  readonly before: readonly [CallResult | null, CallResult | null];
  /** Null where no id is known. */
  readonly first: Deletion | null;
  readonly list: WholeList | null;
  readonly again: Deletion | null;
  /** GetTask at the end. */
  readonly task: CallResult;
}

/** §3.1.10: a configuration is deleted, and deleted again, while another one of the task stays. */
export const deletion = defineCheck({
  id: 'push/deletion',
  title: 'A push notification configuration is deleted, and again',
  requirements: ['push/delete-removes', 'push/delete-idempotent', 'push/config-persists'],
  needs: [needsCapability('pushNotifications'), needsWaitingTask],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const { id: taskId, before: waiting } = await startWaitingTask(context);
    const make = (settings?: Params): Promise<Registered> => registerAnywhere(context, taskId, settings);
    const [first, other] = await registerTwo(context, make, make);
    const [id, otherId] = [first.config?.id, other.config?.id];
    const get = (config: string): Promise<CallResult> => getConfig(context, refOf({ taskId }, config));
    const before = [
      id === undefined ? null : await get(id),
      otherId === undefined ? null : await get(otherId),
    ] as const;
    const remove = async (): Promise<Deletion | null> => {
      if (id === undefined || otherId === undefined || id === otherId) return null;
      const answer = await client.call('DeleteTaskPushNotificationConfig', refOf({ taskId }, id));
      const gone = await eventually(
        context,
        () => client.call('GetTaskPushNotificationConfig', refOf({ taskId }, id)),
        ({ reply }) => reply.kind !== 'result' || !isConfirmed(answer),
      );
      return { answer, gone, kept: await get(otherId) };
    };
    const firstDeletion = await remove();
    const lacksFirst = ({ pages }: WholeList): boolean =>
      !pages.some((page) => configsIn(page)?.some(({ url }) => url === first.url));
    const list = firstDeletion === null ? null : await eventually(context, () => listAll(context, taskId), lacksFirst);
    const again = firstDeletion === null ? null : await remove();
    const task = await client.call('GetTask', { id: taskId });
    if (await deleteConfigs(context, other)) await cancelTaskIn(context, waiting);
    return { created: [first, other], before, first: firstDeletion, list, again, task };
  },

  judge: (observation) => ({
    'push/delete-removes': removes(observation),
    'push/delete-idempotent': idempotent(observation),
    'push/config-persists': persists(observation),
  }),
});

const hint = 'see the answers of the agent; a webhook that it accepts may help: --webhook-url <url>';

const evidenceOf = ({ created, before, first, list, again, task }: Observation) =>
  [
    created[0].answer,
    before[0],
    first?.answer,
    first?.gone,
    first?.kept,
    ...(list?.pages ?? []),
    again?.answer,
    again?.gone,
    again?.kept,
    task,
  ].flatMap((answer) => (answer ? [answer.exchange] : []));

function removes(observation: Observation): Judgement {
  const { created, before, first, list, task } = observation;
  const evidence = evidenceOf(observation);
  if (first === null || before[0]?.reply.kind !== 'result' || !showsLife(task)) {
    const failed = created.find(({ answer }) => answer.reply.kind !== 'result');
    const why = failed === undefined ? '' : `: ${describeReply(failed.answer.reply)}`;
    return untested(`no configuration could be got, to be deleted${why}`, hint, ...evidence);
  }
  const { answer, gone } = first;
  const system = otherCause(answer) ?? (isError(answer, 'InternalError') ? describeReply(answer.reply) : undefined);
  if (system !== undefined || isMissing(answer)) {
    return untested(`the deletion failed: ${system ?? describeReply(answer.reply)}`, hint, ...evidence);
  }
  if (!isConfirmed(answer)) {
    return violated(
      {
        reason: 'a configuration that is there cannot be deleted',
        expected: 'a confirmation',
        actual: describeReply(answer.reply),
      },
      ...evidence,
    );
  }
  const url = created[0].url;
  const stillListed =
    list?.complete === true && list.pages.some((page) => configsIn(page)?.some((one) => one.url === url));
  if (gone.reply.kind !== 'result' && !stillListed) {
    const cause = otherCause(gone);
    if (cause !== undefined) return untested(cause, hint, ...evidence);
    return holds(`the configuration is gone: ${describeReply(gone.reply)}`, ...evidence);
  }
  if (created[0].answer.repeated) return untested(registeredTwice, hint, ...evidence);
  return violated(
    {
      reason: 'a deleted configuration is still there',
      expected: 'neither got nor listed',
      actual: gone.reply.kind === 'result' ? 'it is got' : 'it is listed',
    },
    ...evidence,
  );
}

function idempotent(observation: Observation): Judgement {
  const { before, first, again, task } = observation;
  const evidence = evidenceOf(observation);
  const removed = first && isConfirmed(first.answer) && first.gone.reply.kind === 'error';
  if (!removed || !again || before[1]?.reply.kind !== 'result' || !showsLife(task)) {
    return untested('the first deletion did not remove the configuration', 'see push/delete-removes', ...evidence);
  }
  const cause = otherCause(again.answer) ?? otherCause(again.gone) ?? otherCause(again.kept);
  if (cause !== undefined) return untested(`the further deletion: ${cause}`, hint, ...evidence);
  const keptBefore = first.kept.reply.kind === 'result';
  if (again.gone.reply.kind === 'result' || (keptBefore && again.kept.reply.kind !== 'result')) {
    return violated(
      {
        reason: 'a further deletion of the same configuration has another effect',
        expected: 'the configuration stays deleted, and another one stays',
        actual: again.gone.reply.kind === 'result' ? 'it is there again' : 'another configuration is gone',
      },
      ...evidence,
    );
  }
  if (isConfirmed(again.answer) || mayBeError(again.answer, 'TaskNotFoundError')) {
    return holds(`a further deletion changes nothing: ${describeReply(again.answer.reply)}`, ...evidence);
  }
  return ambiguous(
    `a further deletion: ${describeReply(again.answer.reply)}`,
    [
      '§3.1.10: deleting is idempotent: a further deletion succeeds, too',
      '§3.1.10: it has the same effect: the configuration stays deleted, whatever the answer',
    ],
    ...evidence,
  );
}

/** §3.1.7: the configuration that nobody deleted, on a task that goes on. */
function persists(observation: Observation): Judgement {
  const { before, first, task } = observation;
  const evidence = evidenceOf(observation);
  const known = before[1]?.reply.kind === 'result';
  if (first === null || !known || !showsLife(task) || otherCause(first.kept) !== undefined) {
    return untested('a configuration of a task that goes on could not be watched', hint, ...evidence);
  }
  if (first.kept.reply.kind === 'result') {
    return holds('the configuration is still there after another one was deleted', ...evidence);
  }
  return violated(
    {
      reason: 'a configuration is gone although its task goes on and nobody deleted it',
      expected: 'the configuration',
      actual: describeReply(first.kept.reply),
    },
    ...evidence,
  );
}
