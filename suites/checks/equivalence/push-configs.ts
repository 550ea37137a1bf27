import { defineTargetCheck, Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import { needsCapability } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { InterfaceRef } from '../../../core/target/target.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { configIn, deleteConfigs, getConfig, refOf, register, registerAnywhere } from '../push/configuration.ts';
import { startWaitingTask } from '../push/waiting-task.ts';
import { userFields } from '../security/credentials.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { otherCause, worst } from '../shared/refusal.ts';
import { isError, mayBeError, showsLife } from '../shared/task-parts.ts';
import { doorsIn, needsSeveralInterfaces } from './doors.ts';

/** Configurations of one task for one webhook, made over two interfaces; there is never more than one at a time. */
export interface ConfigCrossing {
  readonly by: InterfaceRef;
  readonly over: InterfaceRef;
  /** CreateTaskPushNotificationConfig over the interface of the task, before and after. */
  readonly own: readonly CallResult[];
  /** The same over the other one; a second time where it was not served. */
  readonly theirs: readonly CallResult[];
  /** GetTaskPushNotificationConfig of the one that was made over the other: over that of the task, and over the other. */
  readonly got: readonly [CallResult, CallResult] | null;
  /** GetTask over the other interface, before and after. */
  readonly known: readonly CallResult[];
}

/** §5.1: what can be configured over one interface can be over each other one, and is one configuration. */
export const pushConfigs = defineTargetCheck({
  id: 'equivalence/push-configs',
  title: 'A push notification configuration is made over one interface and read over another',
  requirements: ['equivalence/push-configs'],
  needs: [needsSeveralInterfaces, needsCapability('pushNotifications')],

  async probe(context): Promise<readonly ConfigCrossing[]> {
    const doors = doorsIn(context);
    const waits = ({ behaviours: { elicited } }: ProbeContext): boolean =>
      (elicited['input-required'] ?? elicited['long-running']) !== undefined;
    const crossings = doors.flatMap((other, index) => {
      const makers = [...doors.slice(index + 1), ...doors.slice(0, index)].filter(waits);
      return makers.slice(0, 1).map((maker) => cross(maker, other));
    });
    if (crossings.length === 0) {
      throw new Unelicited('no interface has a task that waits', 'name a stimulus "input-required": --stimuli <file>');
    }
    return Promise.all(crossings);
  },

  judge: (crossings) => ({ 'equivalence/push-configs': worst(crossings.map(judgeCrossing)) }),
});

async function cross(maker: ProbeContext, other: ProbeContext): Promise<ConfigCrossing> {
  const { id, before } = await startWaitingTask(maker);
  const first = await registerAnywhere(maker, id);
  await deleteConfigs(maker, first);
  // A copy behind the other interface may need a moment to have the task.
  const known: CallResult[] = [await other.poll(id, () => true, other.deadlines.graceMs)];
  let made = await register(other, id, first);
  const theirs = [made.answer];
  if (made.answer.reply.kind !== 'result') {
    made = await register(other, id, first);
    theirs.push(made.answer);
  }
  const ref = made.config?.id === undefined ? undefined : refOf(made, made.config.id);
  const got = ref === undefined ? null : ([await getConfig(maker, ref), await getConfig(other, ref)] as const);
  await deleteConfigs(other, made);
  const last = await register(maker, id, first);
  await deleteConfigs(maker, last);
  known.push(await other.client.call('GetTask', { id }));
  await cancelTaskIn(maker, before);
  return { by: maker.interface, over: other.interface, own: [first.answer, last.answer], theirs, got, known };
}

const fieldsOf = ({ exchange }: CallResult): string => JSON.stringify(userFields(exchange));

function judgeCrossing({ by, over, own, theirs, got, known }: ConfigCrossing): Judgement {
  const what = `CreateTaskPushNotificationConfig over ${over.binding}, of a task that was made over ${by.binding}`;
  const evidence = [...theirs, ...own, ...(got ?? []), ...known].map(({ exchange }) => exchange);
  const untold = (why: string, hint: string): Judgement => untested(`${what}: ${why}`, hint, ...evidence);
  const failed = own.find(({ reply }) => reply.kind !== 'result');
  if (failed !== undefined)
    return untold(
      `the control failed, the same over ${by.binding}: ${describeReply(failed.reply)}`,
      'see push/configs',
    );
  if (new Set([...own, ...theirs].map(fieldsOf)).size > 1)
    return untold('the interfaces did not get the same credentials', 'see --i-own-this-target');
  if (!known.every(showsLife))
    return untold(`the task is not shown over ${over.binding}`, 'see equivalence/live-tasks');
  const answer = theirs.at(-1)!;
  const { reply } = answer;
  if (reply.kind !== 'result') {
    const cause = otherCause(answer);
    if (cause !== undefined || reply.kind !== 'error' || isError(answer, 'InternalError'))
      return untold(cause ?? describeReply(reply), 'run again; see --timeout and --bearer');
    return violated(
      {
        reason: `${what} is refused`,
        expected: `a configuration, as over ${by.binding}`,
        actual: describeReply(reply),
      },
      ...evidence,
    );
  }
  if (got === null) return untold('the configuration has no id', 'see push/create-returns-config');
  const [mine, there] = got;
  if (configIn(there) === undefined)
    return untold(`GetTaskPushNotificationConfig: ${describeReply(there.reply)}`, 'see push/get-returns-config');
  if (mayBeError(mine, 'TaskNotFoundError')) {
    return violated(
      {
        reason: `a configuration that was made over ${over.binding} is not there over ${by.binding}`,
        expected: `the configuration, as over ${over.binding}`,
        actual: describeReply(mine.reply),
      },
      ...evidence,
    );
  }
  return configIn(mine)?.id === configIn(there)?.id
    ? holds(`${what}: served, and there over both`, ...evidence)
    : untold(
        `GetTaskPushNotificationConfig over ${by.binding}: ${describeReply(mine.reply)}`,
        'run again; see --timeout',
      );
}
