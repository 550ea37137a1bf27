import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsNoCapability, needsStimulus } from '../../../core/engine/needs.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { control, judgeRefusal, worst } from '../shared/refusal.ts';

interface Observation {
  /** GetTask of the task that the four operations name, before and after. */
  readonly known: readonly CallResult[];
  readonly answers: readonly { readonly operation: string; readonly answer: CallResult }[];
}

/** §3.3.4: an agent that declares no push notifications refuses the four operations on their configuration. */
export const pushUndeclared = defineCheck({
  id: 'errors/push-undeclared',
  title: 'Push notification operations of an agent that declares none',
  requirements: ['errors/push-undeclared'],
  needs: [needsNoCapability('pushNotifications'), needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const task = context.taskOf(await context.send('completes'));
    const before = await client.call('GetTask', { id: task.id });
    const named = { taskId: task.id, id: context.id('config') };
    // Never delivered to: the agent refuses it, and the reserved name resolves nowhere.
    const url = 'https://a2a-gauntlet.invalid/webhook';
    const answers = [
      ['CreateTaskPushNotificationConfig', { ...named, url }],
      ['GetTaskPushNotificationConfig', named],
      ['ListTaskPushNotificationConfigs', { taskId: task.id }],
      ['DeleteTaskPushNotificationConfig', named],
    ] as const;
    const observed = [];
    for (const [operation, params] of answers) {
      observed.push({ operation, answer: await client.call(operation, params) });
    }
    const after = await client.call('GetTask', { id: task.id });
    return { known: [before, after], answers: observed };
  },

  judge({ known, answers }) {
    return {
      'errors/push-undeclared': worst(
        answers.map(({ operation, answer }) =>
          judgeRefusal({
            what: operation,
            answer,
            expected: 'PushNotificationNotSupportedError',
            control: control('GetTask of the same task', ...known),
          }),
        ),
      ),
    };
  },
});
