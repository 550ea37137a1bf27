import { defineTargetCheck, Unelicited, type ProbeContext } from '../../../core/engine/check.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { InterfaceRef } from '../../../core/target/target.ts';

import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { startTask } from '../cancel/running-task.ts';
import { userFields } from '../security/credentials.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { inTime } from '../shared/in-time.ts';
import { refusalOf, worst } from '../shared/refusal.ts';
import { isError, mayBeError, showsEnd, showsLife, stateIn, stateText, taskIn } from '../shared/task-parts.ts';
import { doorsIn, needsSeveralInterfaces } from './doors.ts';

/** A task at work, made over one interface and followed over another one. */
export interface Crossing {
  readonly id: string;
  readonly by: InterfaceRef;
  readonly over: InterfaceRef;
  /** By the other interface: the first event of a subscription (null where none is declared), and a cancel. */
  readonly subscribed: CallResult | null;
  readonly canceled: CallResult;
  /** GetTask over its own interface: before, between and at the end. */
  readonly own: readonly [CallResult, CallResult, CallResult];
}

type Observation = readonly Crossing[];

/** §5.1: a task is one task, whatever door one comes by. */
export const liveTasks = defineTargetCheck({
  id: 'equivalence/live-tasks',
  title: 'A task at work is subscribed to and canceled over another interface than the one that made it',
  requirements: ['equivalence/live-tasks'],
  needs: [needsSeveralInterfaces],
  lasting: true,

  async probe(context): Promise<Observation> {
    const doors = doorsIn(context).filter(
      ({ behaviours: { elicited } }) => elicited['long-running'] ?? elicited['input-required'],
    );
    if (doors.length < 2) {
      const hint = 'name a stimulus "long-running" that takes the agent a second or more';
      throw new Unelicited('no two interfaces show a task at work', hint);
    }
    // Round by round each interface makes a task for the next one.
    return Promise.all(
      doors.map((maker, index) =>
        inTime(
          () => cross(maker, doors[(index + 1) % doors.length]!),
          ({ own: [, between] }) => !showsEnd(between),
        ),
      ),
    );
  },

  judge: (crossings) => ({ 'equivalence/live-tasks': worst(crossings.map(judgeCrossing)) }),
});

async function cross(maker: ProbeContext, other: ProbeContext): Promise<Crossing> {
  const { id, before } = await startTask(maker);
  const get = (): Promise<CallResult> => maker.client.call('GetTask', { id });
  // A copy behind the other interface may need a moment to have it; how its operations know the task is asked after that.
  await other.poll(id, () => true, other.deadlines.graceMs);
  const subscribed = other.target.capabilities.streaming
    ? await refusalOf(await other.client.stream('SubscribeToTask', { id }), other.deadlines.operationMs)
    : null;
  const between = await get();
  const canceled = await other.client.call('CancelTask', { id });
  const ends = canceled.reply.kind === 'result';
  const end = ends ? await maker.poll(id, ({ state }) => isTerminal(state), maker.deadlines.graceMs) : await get();
  await cancelTaskIn(maker, end);
  return { id, by: maker.interface, over: other.interface, subscribed, canceled, own: [before, between, end] };
}

function judgeCrossing({ id, by, over, subscribed, canceled, own }: Crossing): Judgement {
  const [before, between, end] = own;
  const what = `task ${id}, made over ${by.binding}`;
  const evidence = [before, ...(subscribed ? [subscribed] : []), between, canceled, end].map(
    ({ exchange }) => exchange,
  );
  const hint = 'run again; see --timeout';
  const [mine, theirs] = [before, canceled].map(({ exchange }) => JSON.stringify(userFields(exchange)));
  if (mine !== theirs)
    return untested(`${what}: the interfaces did not get the same credentials`, 'see --i-own-this-target', ...evidence);
  if (!showsLife(before) || !showsLife(between)) return untested(`${what}: it ended by itself`, hint, ...evidence);
  if (subscribed !== null && isError(subscribed, 'TaskNotFoundError')) {
    return violated(
      {
        reason: `${what}, cannot be subscribed to over ${over.binding}`,
        expected: 'the Task, which is at work',
        actual: describeReply(subscribed.reply),
      },
      ...evidence,
    );
  }
  if (isError(canceled, 'TaskNotFoundError') && taskIn(end) !== undefined) {
    return violated(
      {
        reason: `${what}, cannot be canceled over ${over.binding}`,
        expected: 'an answer about the task',
        actual: describeReply(canceled.reply),
      },
      ...evidence,
    );
  }
  if (stateIn(canceled) === 'TASK_STATE_CANCELED' && showsLife(end)) {
    return violated(
      {
        reason: `${what}, is canceled over ${over.binding} and goes on over its own interface`,
        expected: 'TASK_STATE_CANCELED over both',
        actual: `${stateText(stateIn(end))} over ${by.binding}`,
      },
      ...evidence,
    );
  }
  const known = mayBeError(canceled, 'TaskNotCancelableError') || taskIn(canceled)?.id === id;
  return known
    ? holds(`${what}, is known over ${over.binding}`, ...evidence)
    : untested(`${what}: over ${over.binding} the cancel gives ${describeReply(canceled.reply)}`, hint, ...evidence);
}
