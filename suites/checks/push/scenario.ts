import { Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import type { Exchange, WebhookDelivery } from '../../../core/history/exchange.ts';
import { notificationIn } from '../../../core/history/notifications.ts';
import { streamItems } from '../../../core/history/stream-view.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import type { Webhook } from '../../../core/wire/webhook.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { showsEnd, taskIn } from '../shared/task-parts.ts';
import { inline, ownCredentials } from './configuration.ts';

/** A webhook, what registered it, and what it got. */
export interface Scenario {
  /** The answer to the message, or to CreateTaskPushNotificationConfig. */
  readonly registered: CallResult;
  /** Undefined where the agent made no task of it. */
  readonly taskId: string | undefined;
  /** The last GetTask; undefined where there is no task. */
  readonly end: CallResult | undefined;
  readonly deliveries: readonly WebhookDelivery[];
}

/** Whether anything came. */
export const isHeard = ({ deliveries }: Scenario): boolean => deliveries.length > 0;

/** Whether the webhook was registered for a task that then ended: something is due. */
export const isDue = ({ taskId, end }: Scenario): boolean => taskId !== undefined && showsEnd(end);

export const showsTerminal = (deliveries: readonly WebhookDelivery[]): boolean =>
  deliveries.some((delivery) => notificationIn(delivery).terminal);

export const evidenceOf = (...scenarios: readonly (Scenario | null | undefined)[]): Exchange[] =>
  scenarios.flatMap((scenario) =>
    scenario
      ? [
          scenario.registered.exchange,
          ...(scenario.end ? [scenario.end.exchange] : []),
          ...scenario.deliveries.slice(-3),
        ]
      : [],
  );

/** How often the time of an operation is given anew, because one more notification came in it. */
const mostRenewals = 4;

/**
 * Waits until the webhook got the end of the task, as long as an operation may take after the last notification that came: deliveries
 * may be queued, and slow. Only one that is due is waited for.
 */
export async function untilNotified(
  { deadlines, signal }: Pick<ProbeContext, 'deadlines' | 'signal'>,
  webhook: Webhook,
  end: CallResult | undefined,
): Promise<readonly WebhookDelivery[]> {
  if (showsEnd(end)) {
    for (let renewal = 0; renewal <= mostRenewals && !signal.aborted; renewal += 1) {
      const seen = webhook.deliveries.length;
      const goesOn = (deliveries: readonly WebhookDelivery[]): boolean =>
        deliveries.length > seen || showsTerminal(deliveries);
      if (!(await webhook.until(goesOn, deadlines.operationMs, signal)) || showsTerminal(webhook.deliveries)) break;
    }
  } else if (end !== undefined) await webhook.until(({ length }) => length > 0, deadlines.graceMs, signal);
  return [...webhook.deliveries];
}

async function watchedToEnd(
  context: ProbeContext,
  webhook: Webhook,
  registered: CallResult,
  taskId: string | undefined,
): Promise<Scenario> {
  const end = taskId === undefined ? undefined : await context.poll(taskId, ({ state }) => isTerminal(state));
  return { registered, taskId, end, deliveries: await untilNotified(context, webhook, end) };
}

/** `completes` with a configuration inside SendMessage. */
export async function sendWithWebhook(context: ProbeContext, returnImmediately: boolean): Promise<Scenario> {
  const webhook = context.openWebhook();
  const mode = returnImmediately ? { returnImmediately } : {};
  const configuration = { ...inline(webhook, ownCredentials(context)), ...mode };
  const sent = await context.send('completes', { configuration });
  return await watchedToEnd(context, webhook, sent, taskIn(sent)?.id);
}

/** `completes` with a configuration inside SendStreamingMessage; the stream is read to its end. */
export async function streamWithWebhook(context: ProbeContext): Promise<Scenario> {
  const webhook = context.openWebhook();
  const handle = await context.sendStreaming(
    'completes',
    { configuration: inline(webhook, ownCredentials(context)) },
    { streamMs: context.deadlines.taskMs },
  );
  const { exchange, events, reply } = await handle.done;
  const failure = exchange.failure ?? { kind: 'other', message: 'a stream without any event' };
  const answer = reply ?? events[0]?.reply ?? { kind: 'none', failure };
  const taskId = streamItems(events).find((item) => item.taskId !== undefined)?.taskId;
  return await watchedToEnd(context, webhook, { exchange, reply: answer }, taskId);
}

/** What could not be brought about is null: other scenarios of the check go on. */
export async function elicited<Value>(scenario: () => Promise<Value>): Promise<Value | null> {
  try {
    return await scenario();
  } catch (error) {
    if (error instanceof Unelicited) return null;
    throw error;
  }
}
