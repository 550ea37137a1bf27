import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { answerStatus } from '../../../core/wire/answer-status.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { sendLive } from '../shared/live-task.ts';
import { control, worst } from '../shared/refusal.ts';
import { isError, stateText, taskIn } from '../shared/task-parts.ts';
import { makeEnded } from './own-tasks.ts';
import { exchangesOf, list, pageIn, taskOn, tasksIn } from './page.ts';

/** A task that a list without filters shows, and what GetTask says of it; once more where it says no. */
interface Looked {
  readonly id: string;
  readonly listed: CallResult;
  readonly got: CallResult;
  readonly again: { readonly listed: CallResult; readonly got: CallResult } | undefined;
}

interface Observation {
  /** A task of the check's own, as GetTask shows it. */
  readonly own: CallResult;
  /** Another one, which goes on; asked for only where GetTask denies a listed task. */
  readonly live: CallResult | undefined;
  readonly unsized: CallResult;
  readonly largest: CallResult;
  readonly looked: readonly Looked[];
}

const defaultPageSize = 50;
const largestPageSize = 100;

/** A guest looks at few tasks that may be those of others, and not at what is in them. */
const looks = 4;

/**
 * §3.1.4, §13.1: the list without any filter. Runs last, when there are many tasks: those of the run itself. Reads one page, and
 * no history.
 */
export const everything = defineCheck({
  id: 'list/everything',
  title: 'ListTasks without a filter',
  requirements: ['list/default-page-size', 'list/page-size', 'list/visible-only'],
  needs: [needsStimulus('completes')],
  exclusive: true,

  async probe(context: ProbeContext): Promise<Observation> {
    const { client } = context;
    const made = await makeEnded(context, undefined);
    const get = (id: string): Promise<CallResult> => client.call('GetTask', { id, historyLength: 0 });
    const unsized = await list(context, { historyLength: 0 });
    const ownId = made?.task.id ?? tasksIn(unsized)[0]?.id;
    const largest = await list(context, { pageSize: largestPageSize, historyLength: 0 });
    const looked: Looked[] = [];
    // The oldest of the page: they are the least likely to be of this run, or to be changing.
    const others = tasksIn(unsized).filter(({ id }) => id !== ownId);
    for (const { id } of [...others.slice(0, 1), ...others.slice(1).slice(1 - looks)]) {
      const got = await get(id);
      const refused = isRefused(got);
      looked.push({
        id,
        listed: unsized,
        got,
        again: refused ? { listed: await list(context, { historyLength: 0 }), got: await get(id) } : undefined,
      });
    }
    const denied = looked.some(({ again }) => again !== undefined && isRefused(again.got));
    return {
      own: ownId === undefined ? unsized : await get(ownId),
      live: denied ? await getLive(context) : undefined,
      unsized,
      largest,
      looked,
    };
  },

  judge: ({ own, live, unsized, largest, looked }) => ({
    'list/default-page-size': judgeSize(unsized, defaultPageSize),
    'list/page-size': judgeSize(largest, largestPageSize),
    'list/visible-only': judgeVisible({ own, live }, looked),
  }),
});

/** Not there, or not for this client (§3.3.2 does not tell one from the other). */
const isRefused = (got: CallResult): boolean =>
  isError(got, 'TaskNotFoundError') || (got.reply.kind === 'error' && answerStatus(got.exchange) === 403);

function judgeSize(answer: CallResult, limit: number): Judgement {
  const { tasks, token, totalSize = 0 } = pageIn(answer)!;
  if (tasks.length > limit) {
    return violated(
      {
        reason: 'the page is larger than it may be',
        expected: `at most ${limit} tasks`,
        actual: `${tasks.length} tasks`,
      },
      answer.exchange,
    );
  }
  // Only where there is more than the limit allows a page shows that there is one.
  if (token || totalSize > limit) return holds(`${tasks.length} tasks on the page, and more follow`, answer.exchange);
  return untested(
    `the agent has only ${tasks.length} tasks to list, not more than ${limit}`,
    'run against an agent that has more of them',
    answer.exchange,
  );
}

/** GetTask of a task that this very check made and that goes on; undefined where no message makes one. */
async function getLive(context: ProbeContext): Promise<CallResult | undefined> {
  const sent = await sendLive(context);
  const task = sent && taskIn(sent);
  if (!task || isTerminal(task.state)) return undefined;
  const got = await context.client.call('GetTask', { id: task.id, historyLength: 0 });
  await cancelTaskIn(context, sent);
  return got;
}

/** GetTask of tasks that the harness made: whoever is denied these is denied what is its own. */
type Controls = Pick<Observation, 'own' | 'live'>;

function judgeVisible(controls: Controls, looked: readonly Looked[]): Judgement {
  const { own } = controls;
  const { ok } = control('GetTask of a task of the harness', own);
  if (!ok || taskIn(own) === undefined) {
    return untested('GetTask does not show a task of the harness', 'see get/returns-task', own.exchange);
  }
  return worst(looked.map((one) => judgeLooked(one, controls)));
}

function judgeLooked({ id, listed, got, again }: Looked, { own, live }: Controls): Judgement {
  const evidence = exchangesOf([
    got,
    listed,
    ...(again ? [again.got, again.listed] : []),
    own,
    ...(live ? [live] : []),
  ]);
  if (taskIn(got) !== undefined) return holds('GetTask shows the tasks that are listed', ...evidence);
  const still = again && taskOn(again.listed, id);
  if (still === undefined || !again || !isRefused(again.got)) {
    return untested(`GetTask of a listed task: ${describeReply(got.reply)}`, 'run again', ...evidence);
  }
  const said = describeReply(again.got.reply);
  if (isTerminal(still.state)) {
    return ambiguous(
      `an ended task is listed, and GetTask says ${said}`,
      ['§3.1.4: only tasks visible to the client are listed', '§3.3.2: the task was purged, and the list lags behind'],
      ...evidence,
    );
  }
  if (live !== undefined && isRefused(live)) {
    return untested('GetTask denies also a task of the harness that goes on', 'see get/returns-task', ...evidence);
  }
  if (live === undefined || taskIn(live) === undefined) {
    return ambiguous(
      `a task in ${stateText(still.state)} is listed, and GetTask says ${said}`,
      ['§3.1.4: only tasks visible to the client are listed', '§3.1.3: GetTask denies a task that is there'],
      ...evidence,
    );
  }
  return violated(
    {
      reason: `a task in ${stateText(still.state)} is listed for a client that may not see it`,
      expected: `task ${id} by GetTask, or not in the list`,
      actual: said,
    },
    ...evidence,
  );
}
