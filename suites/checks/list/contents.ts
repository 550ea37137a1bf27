import { defineCheck, Unelicited, type ProbeContext, type TaskView } from '../../../core/engine/check.ts';
import { holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { isInterrupted, isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { sendFollowUp } from '../shared/follow-up.ts';
import { judgeLimit, judgeZeroOmitted, type Limited } from '../shared/history-limit.ts';
import { judgeMostRecent, type Shown } from '../shared/most-recent.ts';
import { needsAnyStimulus } from '../shared/needs.ts';
import { artifactsOf, contextOf, historyOf, missingArtifacts, taskIn } from '../shared/task-parts.ts';
import { judgeArtifactsOmitted } from './artifact-judge.ts';
import { exchangesOf, list, Patience, taskOn } from './page.ts';

export interface Contents {
  readonly id: string;
  /** Ids of the messages that the harness sent to the task, in their order. */
  readonly sent: readonly string[];
  /** GetTask of the ended task. */
  readonly got: CallResult;
  /** Lists that do not ask for artifacts: without the parameter, and with it false. */
  readonly plain: readonly CallResult[];
  readonly withArtifacts: CallResult;
  /** The list without a limit of the history, before and after the limited ones. */
  readonly full: readonly [CallResult, CallResult];
  readonly limited: readonly { readonly limit: number; readonly answer: CallResult }[];
}

const limits = [0, 1, 2, 1000];

/** §3.1.4, §3.2.4: what a list shows of a task that has artifacts and a history. */
export const contents = defineCheck({
  id: 'list/contents',
  title: 'Artifacts and history of listed tasks',
  requirements: [
    'list/artifacts-omitted',
    'list/artifacts-included',
    'list/history-length',
    'list/history-most-recent',
    'list/history-zero-omitted',
  ],
  needs: [needsAnyStimulus('input-required', 'completes')],

  async probe(context: ProbeContext): Promise<Contents> {
    const asks = context.behaviours.elicited['input-required'] !== undefined;
    const message = context.message(asks ? 'input-required' : 'completes');
    const task = context.taskOf(await context.send(asks ? 'input-required' : 'completes', { message }));
    const sent = [String(message['messageId'])];
    // A second turn makes the history longer, and the task end with an artifact.
    if (isInterrupted(task.state)) {
      const { messageId } = await sendFollowUp(context, { taskId: task.id, contextId: contextOf(task) });
      sent.push(messageId);
    }
    const got = await context.poll(task.id, ({ state }) => isTerminal(state));
    const contextId = contextOf(task);
    const ask = (extra: Params = {}): Promise<CallResult> =>
      list(context, { ...(contextId === undefined ? {} : { contextId }), pageSize: 10, ...extra });
    const { last: before } = await new Patience(context.deadlines).until(
      ask,
      (answer) => taskOn(answer, task.id)?.state === taskIn(got)?.state || taskIn(got) === undefined,
      context.signal,
    );
    if (!taskOn(before, task.id)) {
      throw new Unelicited('the task is not listed', 'see list/returns-tasks', exchangesOf([got, before]));
    }
    const plain = [before, await ask({ includeArtifacts: false })];
    const withArtifacts = await ask({ includeArtifacts: true });
    const limited = [];
    for (const limit of limits) limited.push({ limit, answer: await ask({ historyLength: limit }) });
    const after = await ask();
    await cancelTaskIn(context, got);
    return { id: task.id, sent, got, plain, withArtifacts, full: [before, after], limited };
  },

  judge(observation) {
    const { id, sent, full, limited, got } = observation;
    const shownOn = (answer: CallResult): Shown => ({ task: taskOn(answer, id), exchange: answer.exchange });
    // The list may show less by default than GetTask does: the longer of the two is what there is to cut.
    const lengths = [taskOn(full[0], id), taskIn(got)].map((task) => (task && historyOf(task)?.length) ?? 0);
    const answers = limited.map(({ limit, answer }): Limited => ({
      limit,
      shown: taskOn(answer, id),
      fullLength: Math.max(...lengths),
      evidence: exchangesOf([full[0], answer]),
    }));
    return {
      'list/artifacts-omitted': judgeArtifactsOmitted(observation),
      'list/artifacts-included': judgeIncluded(observation),
      'list/history-length': judgeLimit(answers),
      'list/history-most-recent': judgeMostRecent({
        operation: 'ListTasks',
        sent,
        full: [shownOn(full[0]), shownOn(full[1])],
        limited: limited.map(({ limit, answer }) => ({ limit, ...shownOn(answer) })),
      }),
      'list/history-zero-omitted': judgeZeroOmitted(answers),
    };
  },
});

function judgeIncluded({ id, got, withArtifacts }: Contents): Judgement {
  const evidence = exchangesOf([withArtifacts, got]);
  const [known, shown]: (TaskView | undefined)[] = [taskIn(got), taskOn(withArtifacts, id)];
  if (known === undefined || !isTerminal(known.state) || artifactsOf(known).length === 0) {
    return untested(
      'no ended task with an artifact is known',
      'name a message that makes one: --stimuli <file>',
      ...evidence,
    );
  }
  if (shown === undefined) return untested('the task is not listed', 'see list/returns-tasks', ...evidence);
  const missing = missingArtifacts(shown, known);
  if (missing.length === 0)
    return holds(`the list has ${artifactsOf(known).length} artifacts of the task`, ...evidence);
  return violated(
    {
      reason: 'with includeArtifacts: true the list lacks what GetTask shows',
      expected: 'all artifacts of the task',
      actual: `without ${missing.join(', ')}`,
    },
    ...evidence,
  );
}
