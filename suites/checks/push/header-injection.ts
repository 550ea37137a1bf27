import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability, needsWebhook } from '../../../core/engine/needs.ts';
import { uuid } from '../../../core/engine/random.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { header, type WebhookDelivery } from '../../../core/history/exchange.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause, worst } from '../shared/refusal.ts';
import { isMissing, register, registerTwo, type Registered } from './configuration.ts';
import { showsTerminal, untilNotified } from './scenario.ts';
import { endTask, needsWaitingTask, startWaitingTask } from './waiting-task.ts';

/** A task with two webhooks, of which one has a line break where a header field is made of it. */
export interface Injection {
  /** The field of the configuration with the line break. */
  readonly into: string;
  readonly broken: Registered;
  readonly sound: Registered;
  readonly end: CallResult;
  readonly toBroken: readonly WebhookDelivery[];
  readonly toSound: readonly WebhookDelivery[];
}

/** Of the header field that should never come. */
export const injectedName = 'X-Gauntlet-Injected';

/** How long a notification of the broken one may still take after those of the other one, in ms. */
const listeningMs = 300;

/** Credentials and tokens are the client's, and become header fields of the agent's requests. */
const places: readonly { readonly into: string; readonly settings: (text: string) => Params }[] = [
  {
    into: 'authentication.credentials',
    settings: (credentials) => ({ authentication: { scheme: 'Bearer', credentials } }),
  },
  { into: 'token', settings: (token) => ({ token }) },
];

/**
 * §14.1.1: what clients provide is sanitized, so that it injects nothing. A configuration may be refused, never be notified, or be
 * notified without what follows the line break: only a header field of the client's own making is wrong.
 */
export const headerInjection = defineCheck({
  id: 'push/header-injection',
  title: 'Line breaks in the credentials and the token of a webhook',
  requirements: ['push/header-injection'],
  needs: [needsCapability('pushNotifications'), needsWebhook, needsWaitingTask],

  probe: (context: ProbeContext): Promise<readonly Injection[]> =>
    Promise.all(places.map(({ into, settings }) => inject(context, into, settings))),

  judge: (injections) => ({ 'push/header-injection': worst(injections.map(judgeInjection)) }),
});

async function inject(context: ProbeContext, into: string, settings: (text: string) => Params): Promise<Injection> {
  const { deadlines, random, signal } = context;
  const task = await startWaitingTask(context);
  const [bad, good] = [context.openWebhook(), context.openWebhook()];
  const text = `${uuid(random)}\r\n${injectedName}: ${uuid(random)}`;
  const [sound, broken] = await registerTwo(
    context,
    (more) => register(context, task.id, good, more),
    (more) => register(context, task.id, bad, { ...more, ...settings(text) }),
  );
  const end = await endTask(context, task);
  const toSound = sound.answer.reply.kind === 'result' ? await untilNotified(context, good, end) : [];
  if (broken.answer.reply.kind === 'result')
    await bad.until(showsTerminal, Math.min(deadlines.graceMs, listeningMs), signal);
  return { into, broken, sound, end, toBroken: [...bad.deliveries], toSound };
}

const hint = 'give the agent an address of the receiver that it reaches and accepts: --webhook-url <url>';

function judgeInjection({ into, broken, sound, end, toBroken, toSound }: Injection): Judgement {
  const evidence = [
    ...[sound.answer, broken.answer, end].map(({ exchange }) => exchange),
    ...toBroken.slice(-2),
    ...toSound.slice(-1),
  ];
  const injected = toBroken.find(({ request }) => header(request.headers, injectedName) !== undefined);
  if (injected !== undefined) {
    return violated(
      {
        reason: `a line break in ${into} makes a header field of the notification`,
        expected: `the configuration is refused, or notified without a field ${injectedName}`,
        actual: `a notification with ${injectedName}: ${header(injected.request.headers, injectedName)}`,
      },
      ...evidence,
    );
  }
  if (sound.answer.reply.kind !== 'result' || isMissing(broken.answer)) {
    return untested(`no webhook was registered: ${describeReply(sound.answer.reply)}`, hint, ...evidence);
  }
  if (broken.answer.reply.kind !== 'result') {
    const cause = otherCause(broken.answer);
    return cause === undefined && broken.answer.reply.kind === 'error'
      ? holds(`a line break in ${into} is refused`, ...evidence)
      : untested(`a line break in ${into}: ${cause ?? describeReply(broken.answer.reply)}`, hint, ...evidence);
  }
  if (toSound.length === 0) {
    return untested('another webhook of the task was not notified either', hint, ...evidence);
  }
  return holds(
    `${toBroken.length} notifications of a configuration with a line break in ${into}, none with a field of its making`,
    ...evidence,
  );
}
