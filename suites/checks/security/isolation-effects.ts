import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { configsIn } from '../push/configuration.ts';
import { historyIds, isError, showsLife, stateIn, taskIn } from '../shared/task-parts.ts';
import type { Boundary, Trespass } from './isolation-judges.ts';
import type { Observation } from './isolation.ts';
import { wasServed } from './rejection-judges.ts';

/** Judges of what a refusal did all the same, seen as the principal whose task it is (§13.1). None where nothing was done. */

/** A task of the first that goes on is not canceled by the second; another one of its kind, which nobody canceled, is not either. */
export function judgeUncanceled(
  { uncanceled, cancel, owner }: Pick<Observation, 'uncanceled' | 'cancel' | 'owner'>,
  { unproven }: Boundary,
): readonly Judgement[] {
  const canceled = (answer: CallResult): boolean => stateIn(answer) === 'TASK_STATE_CANCELED';
  const alone = uncanceled !== null && canceled(uncanceled) && !canceled(owner[1]);
  if (unproven !== undefined || !alone || wasServed(cancel.answer)) return [];
  return [
    violated(
      {
        reason: 'CancelTask of a task of the first principal is refused, and done all the same',
        expected: 'the task as it was',
        actual: 'TASK_STATE_CANCELED',
      },
      cancel.answer.exchange,
      uncanceled.exchange,
    ),
  ];
}

/** Messages of the second are not in the history of the first one's task. */
export function judgeUnsaid(
  { messageIds, send, owner }: Pick<Observation, 'messageIds' | 'send' | 'owner'>,
  { unproven }: Boundary,
): readonly Judgement[] {
  const [, after] = owner;
  const task = taskIn(after);
  const kept = new Set(task && historyIds(task));
  const found = messageIds.find((id) => kept.has(id));
  if (unproven !== undefined || found === undefined) return [];
  return [
    violated(
      {
        reason: 'a message of the second principal to a task of the first is taken up, whatever it was answered',
        expected: 'no message of the second in its history',
        actual: `message ${found}`,
      },
      ...send.map(({ answer }) => answer.exchange),
      after.exchange,
    ),
  ];
}

/** The task has no configuration that the second made. */
export function judgeUnmade(
  { configs, push }: Pick<Observation, 'configs' | 'push'>,
  { unproven }: Boundary,
): readonly Judgement[] {
  if (configs === null || unproven !== undefined) return [];
  const [before, after] = configs.listed.map((listed) => configsIn(listed)?.map(({ id }) => id));
  const more = before && after?.find((id) => !before.includes(id));
  if (more === undefined) return [];
  return [
    violated(
      {
        reason: 'the second principal made a configuration for a task of the first, whatever it was answered',
        expected: 'the configurations of the first alone',
        actual: `configuration ${more}`,
      },
      ...push.map(({ answer }: Trespass) => answer.exchange),
      ...configs.listed.map(({ exchange }) => exchange),
    ),
  ];
}

/** What the second deleted is still there for the first. */
export function judgeKept(
  { configs, push }: Pick<Observation, 'configs' | 'push'>,
  { unproven, evidence }: Boundary,
): Judgement {
  if (configs === null || unproven !== undefined)
    return untested(unproven ?? 'there is no configuration', 'see push/access', ...evidence);
  const { registered, after, task } = configs;
  const deletion = push.at(-1)!.answer.exchange;
  if (after.reply.kind === 'result')
    return holds('the configuration of the first principal is still there', deletion, after.exchange);
  if (!isError(after, 'TaskNotFoundError'))
    return untested(`GetTaskPushNotificationConfig: ${describeReply(after.reply)}`, 'run again', after.exchange);
  if (!showsLife(task)) {
    return untested(
      'the configuration of the first principal is gone; its task has ended, so that nothing says who took it away',
      'name a message for "input-required", or one for "long-running" that takes a second or more: --stimuli <file>',
      deletion,
      after.exchange,
      task.exchange,
    );
  }
  return violated(
    {
      reason: 'the second principal deleted a configuration of the first',
      expected: 'the configuration, as it was created',
      actual: describeReply(after.reply),
    },
    deletion,
    after.exchange,
    registered.answer.exchange,
  );
}
