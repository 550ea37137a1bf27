import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsWebhook } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { WebhookDelivery } from '../../../core/history/exchange.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { showsEnd, showsLife, stateIn, stateText } from '../shared/task-parts.ts';
import { register, registerTwo, type Registered } from './configuration.ts';
import { elicited, untilNotified } from './scenario.ts';
import { endTask, needsWaitingTask, startWaitingTask } from './waiting-task.ts';

interface Observation {
  readonly failing: Registered;
  readonly sound: Registered;
  /** GetTask after both were registered. */
  readonly alive: CallResult;
  readonly end: CallResult;
  /** The end of a like task without webhooks; null where there was none. */
  readonly twin: CallResult | null;
  readonly toFailing: readonly WebhookDelivery[];
  readonly toSound: readonly WebhookDelivery[];
}

const refusal = 503;

const isRefused = ({ response }: WebhookDelivery): boolean => response?.status === refusal;

/** Whether the first notification, which was refused, came again. */
const isRepeated = (deliveries: readonly WebhookDelivery[]): boolean => {
  const [first, ...others] = deliveries;
  return first !== undefined && others.some(({ request }) => request.body === first.request.body);
};

/** §4.3.3, §13.2: a webhook that answers its first notification with HTTP 503, beside one that works. */
export const failingWebhook = defineCheck({
  id: 'push/failing-webhook',
  title: 'A webhook that fails',
  requirements: ['push/failing-webhook', 'push/retry'],
  needs: [needsCapability('pushNotifications'), needsWebhook, needsWaitingTask],
  // Where nothing is sent again, it waits for that.
  lasting: true,

  async probe(context: ProbeContext): Promise<Observation> {
    const first = await play(context);
    // A notification may be lost on its way, and work may fail by itself, but hardly twice.
    const second = harmless(first).kind === 'violated' ? await elicited(() => play(context)) : null;
    return second ?? first;
  },

  judge: (observation) => ({
    'push/failing-webhook': harmless(observation),
    'push/retry': retried(observation),
  }),
});

async function play(context: ProbeContext): Promise<Observation> {
  const [watched, twin] = await Promise.all([
    withWebhooks(context),
    elicited(async () => await endTask(context, await startWaitingTask(context))),
  ]);
  return { ...watched, twin };
}

async function withWebhooks(context: ProbeContext): Promise<Omit<Observation, 'twin'>> {
  const { client, deadlines, signal } = context;
  const task = await startWaitingTask(context);
  const bad = context.openWebhook({ answer: (number) => (number === 0 ? refusal : 200) });
  const good = context.openWebhook();
  const [failing, sound] = await registerTwo(
    context,
    (settings) => register(context, task.id, bad, settings),
    (settings) => register(context, task.id, good, settings),
  );
  const alive = await client.call('GetTask', { id: task.id });
  const end = await endTask(context, task);
  const accepted = failing.answer.reply.kind === 'result' && sound.answer.reply.kind === 'result';
  const toSound = accepted ? await untilNotified(context, good, end) : [];
  if (bad.deliveries.length > 0) await bad.until(isRepeated, deadlines.graceMs, signal);
  return { failing, sound, alive, end, toFailing: [...bad.deliveries], toSound };
}

const hint = 'give the agent an address of the receiver that it reaches and accepts: --webhook-url <url>';

const evidenceOf = ({ failing, sound, alive, end, toFailing, toSound }: Observation) => [
  ...[failing.answer, sound.answer, alive, end].map(({ exchange }) => exchange),
  ...toFailing.slice(0, 3),
  ...toSound.slice(-2),
];

function harmless(observation: Observation): Judgement {
  const { failing, sound, alive, end, twin, toFailing, toSound } = observation;
  const evidence = evidenceOf(observation);
  const refused = [failing.answer, sound.answer].find(({ reply }) => reply.kind !== 'result');
  if (refused) return untested(`no two webhooks were registered: ${describeReply(refused.reply)}`, hint, ...evidence);
  if (!toFailing.some(isRefused)) return untested('the webhook that fails was not notified', hint, ...evidence);
  if (!showsLife(alive)) return untested('the task had ended before', hint, ...evidence);
  const [reached, usual] = [stateIn(end), twin && stateIn(twin)];
  if (!showsEnd(end) && !(twin && showsEnd(twin))) {
    return untested(`such a task does not end: ${stateText(reached)}`, hint, ...evidence);
  }
  if (reached !== usual && twin && showsEnd(twin) && (!showsEnd(end) || reached === 'TASK_STATE_FAILED')) {
    return violated(
      {
        reason: 'a webhook that fails keeps its task from the end that a like task has',
        expected: stateText(usual ?? undefined),
        actual: stateText(reached),
      },
      ...evidence,
      twin.exchange,
    );
  }
  if (toSound.length > 0) return holds('the task ended, and the other webhook was notified', ...evidence);
  return violated(
    {
      reason: 'a webhook is not notified because another one of the task fails',
      expected: 'an attempt for each configured webhook',
      actual: `${toFailing.length} notifications for the failing one, none for the other`,
    },
    ...evidence,
  );
}

function retried(observation: Observation): Judgement {
  const { toFailing } = observation;
  const evidence = evidenceOf(observation);
  if (!toFailing.some(isRefused)) return untested('no notification was refused', hint, ...evidence);
  if (isRepeated(toFailing)) return holds('the refused notification came again', ...evidence);
  return untested(
    'the refused notification did not come again while the run waited, and no time is named for a retry',
    'give it more time: --timeout <time>',
    ...evidence,
  );
}
