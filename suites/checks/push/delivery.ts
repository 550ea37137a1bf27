import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsWebhook } from '../../../core/engine/needs.ts';
import type { WebhookDelivery } from '../../../core/history/exchange.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import type { Webhook } from '../../../core/wire/webhook.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { eventually, holdsAll, inline, listAll, ownCredentials, register, registerTwo } from './configuration.ts';
import {
  eachWebhook,
  established,
  executionMode,
  inlineConfig,
  inlineListed,
  inlineStreaming,
  terminalDelivered,
  type Created,
  type Interrupted,
  type Observation,
} from './delivery-judges.ts';
import { elicited, sendWithWebhook, streamWithWebhook, untilNotified, type Scenario } from './scenario.ts';
import { playScenes } from './second-plays.ts';
import { endTask, startWaitingTask } from './waiting-task.ts';

/** Two webhooks that are registered for a task that waits, which then ends. */
async function createTwo(context: ProbeContext): Promise<Created> {
  const task = await startWaitingTask(context);
  const webhooks = [context.openWebhook(), context.openWebhook()] as const;
  const credentials = ownCredentials(context);
  const registered = await registerTwo(
    context,
    (settings) => register(context, task.id, webhooks[0], { ...settings, ...credentials }),
    (settings) => register(context, task.id, webhooks[1], settings),
  );
  const alive = await context.client.call('GetTask', { id: task.id });
  const end = await endTask(context, task);
  const heard = async (webhook: Webhook, answer: CallResult): Promise<readonly WebhookDelivery[]> =>
    answer.reply.kind === 'result' ? await untilNotified(context, webhook, end) : [];
  const deliveries = await Promise.all([
    heard(webhooks[0], registered[0].answer),
    heard(webhooks[1], registered[1].answer),
  ]);
  const scenario = (index: 0 | 1): Scenario => ({
    registered: registered[index].answer,
    taskId: registered[index].answer.reply.kind === 'result' ? task.id : undefined,
    end,
    deliveries: deliveries[index],
  });
  return { alive, first: scenario(0), second: scenario(1) };
}

/** A task that waits, with a configuration from its first message, which is then canceled. */
async function cancelWithWebhook(context: ProbeContext): Promise<Interrupted> {
  const { client, deadlines } = context;
  const webhook = context.openWebhook();
  const { id: taskId, sent } = await startWaitingTask(context, inline(webhook, ownCredentials(context)));
  const list = await eventually(context, () => listAll(context, taskId), holdsAll(webhook.url));
  const alive = await client.call('GetTask', { id: taskId });
  const canceled = await client.call('CancelTask', { id: taskId });
  const waitMs = canceled.reply.kind === 'result' ? deadlines.taskMs : 0;
  const end = await context.poll(taskId, ({ state }) => isTerminal(state), waitMs);
  const deliveries = await untilNotified(context, webhook, end);
  return { url: webhook.url, list, alive, scenario: { registered: sent, taskId, end, deliveries } };
}

/** §3.1.7, §3.2.2, §4.3.3: who is told, of what, and by which way of registering. */
export const delivery = defineCheck({
  id: 'push/delivery',
  title: 'Webhooks are notified of their tasks',
  requirements: [
    'push/inline-config',
    'push/inline-streaming',
    'push/inline-listed',
    'push/execution-mode',
    'push/webhook-established',
    'push/each-webhook',
    'push/terminal-delivered',
  ],
  needs: [
    needsCapability('pushNotifications'),
    needsWebhook,
    needsAnyStimulus('completes', 'input-required', 'long-running'),
  ],

  probe(context: ProbeContext): Promise<Observation> {
    const { behaviours, target } = context;
    const completes = behaviours.elicited['completes'] !== undefined;
    const never = (): Promise<null> => Promise.resolve(null);
    return playScenes({
      blocking: completes ? () => sendWithWebhook(context, false) : never,
      immediate: completes ? () => sendWithWebhook(context, true) : never,
      streamed: completes && target.capabilities.streaming ? () => streamWithWebhook(context) : never,
      created: () => elicited(() => createTwo(context)),
      interrupted: () => elicited(() => cancelWithWebhook(context)),
    });
  },

  judge: (observation, { target }) => ({
    'push/inline-config': inlineConfig(observation),
    'push/inline-streaming': inlineStreaming(observation, target),
    'push/inline-listed': inlineListed(observation),
    'push/execution-mode': executionMode(observation),
    'push/webhook-established': established(observation),
    'push/each-webhook': eachWebhook(observation),
    'push/terminal-delivered': terminalDelivered(observation),
  }),
});
