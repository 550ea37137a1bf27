import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsNoCapability, needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { control, judgeRefusal } from '../shared/refusal.ts';

interface Observation {
  readonly plain: CallResult;
  readonly configured: CallResult;
}

/** §3.3.4: a feature that the card does not declare is refused. */
export const inlineUndeclared = defineCheck({
  id: 'push/inline-undeclared',
  title: 'A push notification configuration inside a message to an agent that declares none',
  requirements: ['push/inline-undeclared'],
  needs: [needsNoCapability('pushNotifications'), needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const plain = await context.send('completes');
    // Never delivered to: the reserved name resolves nowhere.
    const url = 'https://a2a-gauntlet.invalid/webhook';
    const configured = await context.send('completes', { configuration: { taskPushNotificationConfig: { url } } });
    await cancelTaskIn(context, plain, configured);
    return { plain, configured };
  },

  judge({ plain, configured }) {
    return {
      'push/inline-undeclared': judgeRefusal({
        what: 'SendMessage with a taskPushNotificationConfig',
        answer: configured,
        expected: 'PushNotificationNotSupportedError',
        control: control('SendMessage without one', plain),
        tolerated: [
          {
            errors: ['UnsupportedOperationError', 'InvalidParamsError'],
            readings: [
              '§3.3.2: PushNotificationNotSupportedError is the error for push features that the agent does not support',
              '§3.3.4: "an appropriate error response"; one is named for the four operations alone',
            ],
          },
        ],
        accepted: ({ exchange }) =>
          ambiguous(
            'a message with a taskPushNotificationConfig is accepted',
            [
              '§3.3.4: a feature that requires a capability which the card does not declare MUST be answered with an error',
              '§3.3.4: named for push notifications are the operations Create, Get, List and Delete alone',
            ],
            exchange,
            plain.exchange,
          ),
      }),
    };
  },
});
