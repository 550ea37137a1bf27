import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { isOlder, isSameMoment } from '../../../core/history/status-age.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { compareWithField, judgeOptionalField, type WithField } from '../shared/optional-field.ts';
import { worst } from '../shared/refusal.ts';
import { similarId } from '../shared/similar-id.ts';
import { contextOf, historyIds, isError, taskIn } from '../shared/task-parts.ts';

interface Observation {
  /** A message that refers to the ended task; and one without. */
  readonly known: WithField;
  /** The ended task by GetTask, before it was referred to and after. */
  readonly ended: readonly [CallResult, CallResult];
  /** A message that refers to a task that does not exist. */
  readonly unknown: CallResult;
  readonly unknownId: string;
  /** GetTask of that id, before and after. */
  readonly missing: readonly [CallResult, CallResult];
}

/** §3.4.3: messages name related tasks in referenceTaskIds; that refers to them, and does no more. */
export const references = defineCheck({
  id: 'send/references',
  title: 'referenceTaskIds of a task that has ended, and of one that does not exist',
  requirements: ['send/references-served', 'send/references-untouched'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const made = context.taskOf(await context.send('completes'));
    const contextId = contextOf(made);
    const within = contextId === undefined ? {} : { contextId };
    const get = (id: string): Promise<CallResult> => client.call('GetTask', { id });
    const before = await context.poll(made.id, ({ state }) => isTerminal(state), context.deadlines.graceMs);
    const answers: CallResult[] = [];
    const send = async (more: object): Promise<CallResult> => {
      const answer = await context.send('completes', { message: { ...within, ...more } });
      answers.push(answer);
      return answer;
    };
    const known = await compareWithField(
      'message.referenceTaskIds',
      () => send({}),
      () => send({ referenceTaskIds: [made.id] }),
    );
    // A copy that lags behind has the time of grace to show the end.
    const after = await context.poll(made.id, ({ state }) => isTerminal(state), context.deadlines.graceMs);
    const ended = [before, after] as const;
    const unknownId = similarId(made.id, context.random);
    const absent = await get(unknownId);
    const unknown = await send({ referenceTaskIds: [unknownId] });
    const missing = [absent, await get(unknownId)] as const;
    await cancelTaskIn(context, ...answers);
    return { known, ended, unknown, unknownId, missing };
  },

  judge: (observation) => ({
    // Which tasks may be referred to, from which context, is for the agent to say.
    'send/references-served': judgeOptionalField(observation.known, referenceReadings),
    'send/references-untouched': worst([judgeEnded(observation), judgeUnknown(observation)]),
  }),
});

const referenceReadings = [
  'a2a.proto Message.reference_task_ids, §3.4.3: clients SHOULD name related tasks',
  '§3.3.2: which tasks may be referred to, and whether any, no section says of agents',
] as const;

const hint = 'run again';

/** A message without a taskId starts a task of its own; the one that it refers to stays as it was. */
function judgeEnded({ known, ended: [before, after] }: Observation): Judgement {
  const evidence = [before, ...known.filled, after].map(({ exchange }) => exchange);
  const [was, is] = [taskIn(before), taskIn(after)];
  if (was === undefined || !isTerminal(was.state) || is === undefined) {
    return untested('the task that was referred to was not to be read in its end', hint, ...evidence);
  }
  const [sent] = known.filled;
  const answer = taskIn(sent!);
  const [had, has] = [historyIds(was)?.length, historyIds(is)?.length];
  const grown = had !== undefined && has !== undefined && has > had;
  const changed = was.state === is.state && !isSameMoment(was.raw, is.raw) && grown;
  if (was.state !== is.state && !isTerminal(is.state) && !isOlder(was.raw, is.raw)) {
    return untested('the task is shown in an older state: a copy lags behind', hint, ...evidence);
  }
  if (was.state !== is.state || changed) {
    return violated(
      {
        reason: 'a message that refers to a task that has ended changed that task',
        expected: `${was.state}, as before: referenceTaskIds name related tasks, taskId the one that goes on`,
        actual: `${is.state ?? 'no state'}, ${has ?? 0} messages instead of ${had ?? 0}`,
      },
      ...evidence,
    );
  }
  if (answer?.id === was.id && grown) {
    return violated(
      {
        reason: 'a message that refers to a task that has ended was put into that task',
        expected: 'a task of its own (§3.4.2)',
        actual: `task ${was.id} with one message more`,
      },
      ...evidence,
    );
  }
  return holds('the task that was referred to is as it was', ...evidence);
}

/** Tasks are made by the server alone (§3.4.2). */
function judgeUnknown({ unknown, unknownId, missing: [before, after] }: Observation): Judgement {
  const evidence = [before, unknown, after].map(({ exchange }) => exchange);
  if (!isError(before, 'TaskNotFoundError')) {
    return untested(`the id was not unknown: ${describeReply(before.reply)}`, hint, ...evidence);
  }
  const made = taskIn(after)?.id === unknownId || taskIn(unknown)?.id === unknownId;
  if (!made) return holds('a task that does not exist is not made by referring to it', ...evidence);
  return violated(
    {
      reason: 'a message that refers to a task that does not exist made that task',
      expected: 'ids of tasks are made by the server',
      actual: `there is a task ${unknownId} now`,
    },
    ...evidence,
  );
}
