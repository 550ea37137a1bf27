import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsWebhook } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { WebhookDelivery } from '../../../core/history/exchange.ts';
import { notificationIn } from '../../../core/history/notifications.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { showsEnd, showsLife } from '../shared/task-parts.ts';
import { isConfirmed, refOf, register, registeredTwice, registerTwo, type Registered } from './configuration.ts';
import { showsTerminal, untilNotified } from './scenario.ts';
import { endTask, needsWaitingTask, startWaitingTask } from './waiting-task.ts';

interface Observation {
  readonly removed: Registered;
  readonly kept: Registered;
  /** Null where no id is known. */
  readonly deletion: CallResult | null;
  /** GetTask after the deletion. */
  readonly alive: CallResult;
  /** GetTask at the end of the task. */
  readonly end: CallResult;
  readonly toKept: readonly WebhookDelivery[];
  readonly toRemoved: readonly WebhookDelivery[];
}

/** How long a notification that should not come may still take after the one that should, in ms. */
const listeningMs = 300;

/** §3.1.10: no further notifications after deletion; another webhook of the task is the control. */
export const afterDelete = defineCheck({
  id: 'push/after-delete',
  title: 'A deleted webhook is notified no more',
  requirements: ['push/delete-silences'],
  needs: [needsCapability('pushNotifications'), needsWebhook, needsWaitingTask],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, deadlines, signal } = context;
    const task = await startWaitingTask(context);
    const [webhook, other] = [context.openWebhook(), context.openWebhook()];
    const [removed, kept] = await registerTwo(
      context,
      (settings) => register(context, task.id, webhook, settings),
      (settings) => register(context, task.id, other, settings),
    );
    const id = removed.config?.id;
    const deletion =
      id === undefined || id === kept.config?.id
        ? null
        : await client.call('DeleteTaskPushNotificationConfig', refOf({ taskId: task.id }, id));
    const alive = await client.call('GetTask', { id: task.id });
    const end = await endTask(context, task);
    const listens = kept.answer.reply.kind === 'result' && deletion !== null;
    const toKept = listens ? await untilNotified(context, other, end) : [];
    await webhook.until(showsTerminal, Math.min(deadlines.graceMs, listeningMs), signal);
    return { removed, kept, deletion, alive, end, toKept, toRemoved: [...webhook.deliveries] };
  },

  judge: (observation) => ({ 'push/delete-silences': silences(observation) }),
});

/** The end came after the deletion; what waited to be sent before it is none of it. */
const isLater = (delivery: WebhookDelivery): boolean => notificationIn(delivery).terminal;

function silences({ removed, kept, deletion, alive, end, toKept, toRemoved }: Observation): Judgement {
  const hint = 'give the agent an address of the receiver that it reaches and accepts: --webhook-url <url>';
  const evidence = [
    ...[removed.answer, kept.answer, deletion, alive, end].flatMap((answer) => (answer ? [answer.exchange] : [])),
    ...toRemoved.slice(-2),
    ...toKept.slice(-2),
  ];
  if (deletion === null || !isConfirmed(deletion)) {
    const said = [removed.answer, kept.answer, deletion].find((answer) => answer && answer.reply.kind !== 'result');
    const why = said ? describeReply(said.reply) : 'the two configurations have no ids of their own';
    return untested(`no configuration could be deleted: ${why}`, hint, ...evidence);
  }
  if (!showsLife(alive)) return untested('the task had ended before the deletion', hint, ...evidence);
  const late = toRemoved.filter(isLater);
  if (late.length > 0 && removed.answer.repeated) return untested(registeredTwice, 'run it again', ...evidence);
  if (late.length > 0) {
    return violated(
      {
        reason: 'a webhook is notified of what happened to the task after its deletion',
        expected: 'no further notifications',
        actual: `${late.length} of ${toRemoved.length} notifications show the end of the task`,
      },
      ...evidence,
    );
  }
  if (!showsEnd(end) || !toKept.some(isLater)) {
    return untested('another webhook of the task was not notified of its end either', hint, ...evidence);
  }
  return holds('the other webhook is notified of the end, the deleted one is not', ...evidence);
}
