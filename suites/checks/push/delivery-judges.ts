import { ambiguous, holds, skip, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { notificationIn } from '../../../core/history/notifications.ts';
import type { Target } from '../../../core/target/target.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { showsLife, stateIn, stateText } from '../shared/task-parts.ts';
import { configsIn, type WholeList } from './configuration.ts';
import { evidenceOf, isDue, isHeard, showsTerminal, type Scenario } from './scenario.ts';

/** Two webhooks of one task, registered while it waited. */
export interface Created {
  /** GetTask after both were registered. */
  readonly alive: CallResult;
  readonly first: Scenario;
  readonly second: Scenario;
}

/** A webhook from the message that made the task, which waited and was then canceled. */
export interface Interrupted {
  readonly url: string;
  /** ListTaskPushNotificationConfigs while the task waited. */
  readonly list: WholeList;
  /** GetTask after that. */
  readonly alive: CallResult;
  readonly scenario: Scenario;
}

/** Null: not brought about. */
export interface Observation {
  readonly blocking: Scenario | null;
  readonly immediate: Scenario | null;
  readonly streamed: Scenario | null;
  readonly created: Created | null;
  readonly interrupted: Interrupted | null;
}

const here = 'give the agent an address of the receiver that it reaches and accepts: --webhook-url <url>';

const scenariosOf = ({ blocking, immediate, streamed, created, interrupted }: Observation): readonly Scenario[] =>
  [blocking, immediate, streamed, created?.first, created?.second, interrupted?.scenario].flatMap((each) => each ?? []);

/** Any notification at all shows that the agent reaches the receiver, and sends. */
const controlOf = (observation: Observation, ...but: readonly (Scenario | null)[]): Scenario | undefined =>
  scenariosOf(observation).find((scenario) => !but.includes(scenario) && isHeard(scenario));

/** An agent that answers several messages with one task (from a cache, or in one conversation) has no new task to tell of. */
const isNew = (scenario: Scenario | null, observation: Observation): scenario is Scenario =>
  scenario !== null &&
  scenario.taskId !== undefined &&
  [
    observation.blocking,
    observation.immediate,
    observation.streamed,
    observation.created?.first,
    observation.interrupted?.scenario,
  ].filter((other) => other?.taskId === scenario.taskId).length === 1;

const whyNot = (...scenarios: readonly (Scenario | null | undefined)[]): string => {
  const refused = scenarios.find((scenario) => scenario && scenario.registered.reply.kind !== 'result');
  if (refused) return `the webhook was not registered: ${describeReply(refused.registered.reply)}`;
  return 'no such task that ended was brought about';
};

/** Of scenarios that all work alike: one that is heard is enough; none while another webhook is heard is a violation. */
function anyHeard(
  what: string,
  scenarios: readonly (Scenario | null | undefined)[],
  observation: Observation,
): Judgement {
  const real = scenarios.flatMap((scenario) => (scenario && isNew(scenario, observation) ? [scenario] : []));
  const heard = real.find(isHeard);
  if (heard !== undefined) return holds(`${what}: ${heard.deliveries.length} notifications came`, ...evidenceOf(heard));
  const due = real.filter(isDue);
  const control = controlOf(observation, ...real);
  const evidence = evidenceOf(...due, control);
  if (due.length === 0) return untested(`${what}: ${whyNot(...scenarios)}`, here, ...evidence);
  if (control === undefined) {
    return untested(`${what}: no notification at all reached the receiver`, here, ...evidence);
  }
  return violated(
    {
      reason: `${what}: no notification came, although the task ended and another webhook was notified`,
      expected: 'a notification',
      actual: 'none',
    },
    ...evidence,
  );
}

export const inlineConfig = (observation: Observation): Judgement =>
  anyHeard('a configuration inside SendMessage', [observation.blocking, observation.immediate], observation);

export const inlineStreaming = (observation: Observation, { capabilities }: Pick<Target, 'capabilities'>): Judgement =>
  capabilities.streaming
    ? anyHeard('a configuration inside SendStreamingMessage', [observation.streamed], observation)
    : skip('the card does not declare capabilities.streaming');

/** §3.1.9: the list of a task that waits holds the configuration that its first message brought. */
export function inlineListed({ interrupted }: Observation): Judgement {
  if (interrupted === null) return untested('no task waited with a configuration from its message', here);
  const { url, list, alive } = interrupted;
  const evidence = [interrupted.scenario.registered, ...list.pages, alive].map(({ exchange }) => exchange);
  if (!list.complete || !showsLife(alive)) {
    return untested('the configurations of a task that waits could not be listed', here, ...evidence);
  }
  const listed = list.pages.some((page) => configsIn(page)?.some((config) => config.url === url));
  if (listed) return holds('the configuration is listed', ...evidence);
  return violated(
    {
      reason: 'the list lacks the configuration that came with the message',
      expected: `a configuration with url ${url}`,
      actual: `${list.pages.flatMap((page) => configsIn(page) ?? []).length} other configurations`,
    },
    ...evidence,
  );
}

/** §3.2.2: the two modes differ in nothing. */
export function executionMode(observation: Observation): Judgement {
  const { blocking, immediate } = observation;
  const evidence = evidenceOf(blocking, immediate);
  if (!isNew(blocking, observation) || !isNew(immediate, observation)) {
    return untested(`both modes were not seen: ${whyNot(blocking, immediate)}`, here, ...evidence);
  }
  const [silent] = [blocking, immediate].filter((scenario) => !isHeard(scenario));
  if (silent === undefined) return holds('both modes are notified', ...evidence);
  if (!isDue(silent) || (!isHeard(blocking) && !isHeard(immediate))) {
    return untested(`neither mode was notified: ${whyNot(blocking, immediate)}`, here, ...evidence);
  }
  return violated(
    {
      reason: 'whether a webhook is notified depends on returnImmediately',
      expected: 'notifications in both modes',
      actual: silent === blocking ? 'none of the blocking send' : 'none of the send with returnImmediately',
    },
    ...evidence,
  );
}

/** §3.1.7: of webhooks that were registered with an operation. */
export function established(observation: Observation): Judgement {
  const { created } = observation;
  const none = scenariosOf(observation).every((scenario) => !isHeard(scenario));
  const due = scenariosOf(observation).filter((scenario) => isDue(scenario) && isNew(scenario, observation));
  if (none && due.length > 0) {
    return ambiguous(
      `no notification at all reached the receiver, although ${due.length} webhooks are registered for tasks that ended; ${here}`,
      [
        '§3.1.7, §4.3.3: a webhook is established, and delivery is attempted at least once',
        '§13.2: the agent does not call private addresses, or its attempts do not reach this one (it runs in a container)',
      ],
      ...evidenceOf(...due),
    );
  }
  if (created === null || !showsLife(created.alive)) {
    return untested('no task waited while webhooks were registered for it', here, ...evidenceOf(created?.first));
  }
  return anyHeard('a configuration that was created', [created.first, created.second], observation);
}

/** §4.3.3: of two webhooks of one task. */
export function eachWebhook({ created }: Observation): Judgement {
  if (created === null) return untested('no task waited while webhooks were registered for it', here);
  const { first, second, alive } = created;
  const evidence = [...evidenceOf(first, second), alive.exchange];
  const [silent] = [first, second].filter((scenario) => !isHeard(scenario));
  if (silent === undefined) return holds('both webhooks of the task are notified', ...evidence);
  if (!isDue(silent) || !showsLife(alive) || (!isHeard(first) && !isHeard(second))) {
    return untested(`no two webhooks of one task were notified: ${whyNot(first, second)}`, here, ...evidence);
  }
  return violated(
    {
      reason: 'of two webhooks of one task only one is notified',
      expected: 'an attempt for each configured webhook',
      actual: silent === first ? 'none for the first one' : 'none for the second one',
    },
    ...evidence,
  );
}

/** §4.3.3: of each webhook that was notified at all, and can be read. */
export function terminalDelivered(observation: Observation): Judgement {
  const due = scenariosOf(observation).filter((scenario) => isHeard(scenario) && isDue(scenario));
  if (due.length === 0) {
    return untested('no webhook was notified of a task that ended', here, ...evidenceOf(...scenariosOf(observation)));
  }
  const endOf = ({ end }: Scenario): string => stateText(stateIn(end));
  const lacking = due.filter(({ deliveries }) => !showsTerminal(deliveries));
  const unreadable = lacking.filter(({ deliveries }) =>
    deliveries.some((each) => notificationIn(each).kind === 'other'),
  );
  const silent = lacking.find((scenario) => !unreadable.includes(scenario));
  if (silent !== undefined) {
    return violated(
      {
        reason: `of ${due.length} webhooks that were notified, ${lacking.length} did not get the end of their task`,
        expected: endOf(silent),
        actual: `${silent.deliveries.length} notifications, none of a terminal state`,
      },
      ...evidenceOf(silent),
    );
  }
  if (unreadable.length > 0) {
    return untested('notifications are no StreamResponse', 'see push/payload', ...evidenceOf(...unreadable));
  }
  const ends = [...new Set(due.map(endOf))].join(', ');
  return holds(`${due.length} webhooks got the end of their tasks: ${ends}`, ...evidenceOf(...due));
}
