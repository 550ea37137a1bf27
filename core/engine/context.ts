import type { Behaviours, Stimulus, StimulusName } from '../target/behaviours.ts';
import { noCardKeys, type CardKeySources } from '../target/card-keys.ts';
import type { InterfaceRef, Target } from '../target/target.ts';
import type { BindingClient, Params } from '../wire/binding-client.ts';
import type { HttpPort } from '../wire/http/http-port.ts';
import type { WebhookPort } from '../wire/webhook.ts';
import { Unelicited } from './check.ts';
import type { Deadlines, ProbeContext, SecondPrincipal, SendExtra, TargetProbeContext } from './check.ts';
import { longestPollMs } from './deadlines.ts';
import { noWebhook } from './needs.ts';
import { createRandom, uuid } from './random.ts';
import { requireTask, taskViewOf } from './task-view.ts';
import { wait } from './wait.ts';

export interface TargetContextOptions {
  readonly target: Target;
  readonly http: HttpPort;
  /** Absent: the keys of card signatures are not looked for. */
  readonly cardKeys?: CardKeySources | undefined;
  readonly deadlines: Deadlines;
  readonly signal: AbortSignal;
  /** What the random numbers depend on: the seed of the run, the check, the interface's place. */
  readonly seeds: readonly (string | number)[];
  /**
   * Ids depend on it too: a second run of one seed is new to an agent that recognises a repeated messageId (§3.3.1 MAY),
   * so that `replay` gets new tasks and not the old ones.
   */
  readonly runId?: string;
}

export interface ContextOptions extends TargetContextOptions {
  readonly interface: InterfaceRef;
  readonly behaviours: Behaviours;
  readonly client: BindingClient;
  /** Absent: the user named none. */
  readonly second?: SecondPrincipal | undefined;
  /** Absent: there is no receiver that the agent could reach. */
  readonly webhooks?: WebhookPort | undefined;
}

/** What every probe gets; that of a target check the contexts of its interfaces beside. */
export function createTargetContext({
  seeds,
  runId = '',
  cardKeys = noCardKeys,
  ...given
}: TargetContextOptions): Omit<TargetProbeContext, 'interfaces'> {
  const forIds = createRandom(...seeds, 'ids', runId);
  return { ...given, cardKeys, random: createRandom(...seeds), id: (prefix) => `${prefix}-${uuid(forIds)}` };
}

/** What the probe of an interface check gets. */
export function createContext(options: ContextOptions): ProbeContext {
  const { interface: ref, behaviours, client, deadlines, signal, webhooks } = options;
  const base = createTargetContext(options);

  const stimulusOf = (name: StimulusName): Stimulus => {
    const elicited = behaviours.elicited[name];
    if (elicited !== undefined) return elicited.stimulus;
    const reason = behaviours.missing[name] ?? `no message was found that makes the agent behave as "${name}"`;
    throw new Unelicited(reason, `name one in a stimuli file: --stimuli <file> with an entry "${name}"`);
  };

  const message = (stimulus: StimulusName | Stimulus, extra: Params = {}): Params => {
    const { parts, messageIdPrefix = 'message' } = typeof stimulus === 'string' ? stimulusOf(stimulus) : stimulus;
    return { messageId: base.id(messageIdPrefix.replace(/-$/, '')), role: 'ROLE_USER', parts, ...extra };
  };

  const requestOf = (stimulus: StimulusName, { message: extra, configuration, metadata }: SendExtra = {}): Params => ({
    message: message(stimulus, extra),
    ...(configuration === undefined ? {} : { configuration }),
    ...(metadata === undefined ? {} : { metadata }),
  });

  return {
    ...base,
    interface: ref,
    behaviours,
    client,
    second: options.second,
    message,

    canNotify: webhooks !== undefined,

    openWebhook(own) {
      if (webhooks === undefined) throw new Unelicited(noWebhook.reason, noWebhook.hint);
      return webhooks.open({ ...own, interface: ref });
    },

    send(stimulus, request, callOptions) {
      // A blocking send answers at the task's end (§3.2.2), so it may take as long as the task.
      const blocking = request?.configuration?.returnImmediately !== true;
      const timeoutMs = blocking ? Math.max(deadlines.operationMs, deadlines.taskMs) : deadlines.operationMs;
      return client.call('SendMessage', requestOf(stimulus, request), { timeoutMs, ...callOptions });
    },

    sendStreaming: (stimulus, request, callOptions) =>
      client.stream('SendStreamingMessage', requestOf(stimulus, request), callOptions),

    async poll(taskId, until, deadlineMs = deadlines.taskMs) {
      const end = performance.now() + deadlineMs;
      let pause = deadlines.pollMs;
      let refusedAt: number | undefined;
      for (;;) {
        const result = await client.call('GetTask', { id: taskId });
        const task = taskViewOf(result.reply);
        const answer = task === undefined ? result : { ...result, task };
        if (task !== undefined && until(task)) return answer;
        const now = performance.now();
        // A task that was just made may not be readable yet; an answer without it that stays is final.
        refusedAt = task === undefined ? (refusedAt ?? now) : undefined;
        const refused = refusedAt !== undefined && now - refusedAt >= deadlines.graceMs;
        if (refused || now >= end || signal.aborted) return answer;
        await wait(Math.min(pause, end - now), signal);
        pause = Math.min(pause * 1.5, longestPollMs);
      }
    },

    taskOf: requireTask,
  };
}
