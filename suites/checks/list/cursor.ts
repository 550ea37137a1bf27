import { defineCheck, Unelicited, type ProbeContext, type TaskView } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { isSameMoment } from '../../../core/history/status-age.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { isTerminal } from '../../../protocol/task-state.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { sendFollowUp } from '../shared/follow-up.ts';
import { otherCause, worst } from '../shared/refusal.ts';
import { taskIn } from '../shared/task-parts.ts';
import { makeEnded, makeEndedTasks } from './own-tasks.ts';
import { exchangesOf, list, Patience, taskOn, tasksIn, timesOn, walkFrom, type Walk } from './page.ts';

/** One list that is read page by page, while something happened between its first page and the others. */
export interface Round {
  readonly what: 'a new task' | 'a change of the task on the page';
  /** The whole list before the first page, and after the last one. */
  readonly before: CallResult;
  readonly walk: Walk;
  readonly after: CallResult;
  /** Whether it happened: only then the pages show anything. */
  readonly happened: boolean;
}

interface Observation {
  /** Each kind of change, and once more where the pages did not make up the list. */
  readonly rounds: readonly { readonly first: Round; readonly again: Round | undefined }[];
}

/** The pages of one task each that these few tasks may need. */
const mostPages = 12;

/** §3.1.4: cursors. What does not change is on one page, and on one only, whatever else happens meanwhile. */
export const cursor = defineCheck({
  id: 'list/cursor',
  title: 'Pages of a list in which tasks are made and change meanwhile',
  requirements: ['list/unchanged-once'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { behaviours, signal, deadlines } = context;
    const { ended, contextId } = await makeEndedTasks(context, 2);
    if (contextId === undefined) {
      throw new Unelicited(
        'the agent gives each task a context of its own, so that only the tasks of everybody could be read page by page',
        'see send/context-reuse',
        ended.map(({ shown }) => shown.exchange),
      );
    }
    const scope = { contextId };
    const whole = (): Promise<CallResult> => list(context, { ...scope, pageSize: 50 });
    const patience = new Patience(deadlines);
    const untilListed = async (id: string): Promise<CallResult> =>
      (await patience.until(whole, (answer) => taskOn(answer, id) !== undefined, signal)).last;

    const walkWhile = async (what: Round['what'], before: CallResult, act: () => Promise<boolean>): Promise<Round> => {
      const params = { ...scope, pageSize: 1 };
      const page = await list(context, params);
      const happened = await act();
      const walk = await walkFrom(context, page, params, mostPages);
      return { what, before, walk, happened, after: await whole() };
    };
    const whileOneIsMade = async (): Promise<Round> =>
      walkWhile('a new task', await untilListed(ended.at(-1)!.task.id), async () => {
        const made = await makeEnded(context, contextId);
        return made !== undefined && taskOn(await untilListed(made.task.id), made.task.id) !== undefined;
      });
    const whileOneChanges = async (): Promise<Round> => {
      const id = await startIn(context, scope);
      return walkWhile('a change of the task on the page', await untilListed(id), () =>
        endTask(context, id, contextId),
      );
    };

    const twiceIfOdd = async (round: () => Promise<Round>) => {
      const first = await round();
      return { first, again: first.happened && defectIn(first) ? await round() : undefined };
    };
    const rounds = [await twiceIfOdd(whileOneIsMade)];
    if (behaviours.elicited['long-running'] ?? behaviours.elicited['input-required']) {
      rounds.push(await twiceIfOdd(whileOneChanges));
    }
    return { rounds };
  },

  judge: ({ rounds }) => ({
    'list/unchanged-once': worst(rounds.map(({ first, again }) => judgeRound(first, again))),
  }),
});

/** Starts a task in a context that does not end at once. @throws {Unelicited} where none was made */
async function startIn(context: ProbeContext, message: Params): Promise<string> {
  const sent = context.behaviours.elicited['long-running']
    ? await context.send('long-running', { message, configuration: { returnImmediately: true } })
    : await context.send('input-required', { message });
  return context.taskOf(sent).id;
}

/** Brings a task to its end: by a cancel, else by a message. Whether it got there. */
async function endTask(context: ProbeContext, taskId: string, contextId: string): Promise<boolean> {
  const get = (): Promise<CallResult> => context.client.call('GetTask', { id: taskId });
  const before = await get();
  if (isTerminal(taskIn(before)?.state)) return false;
  await cancelTaskIn(context, before);
  let after = await get();
  if (!isTerminal(taskIn(after)?.state)) {
    await sendFollowUp(context, { taskId, contextId });
    after = await context.poll(taskId, ({ state }) => isTerminal(state));
  }
  return isTerminal(taskIn(after)?.state);
}

/** Tasks that had ended before the first page, and are the same after the last one. */
const unchangedIn = ({ before, after }: Round): readonly TaskView[] =>
  tasksIn(before).filter(({ id, state, raw }) => isTerminal(state) && isSameMoment(raw, taskOn(after, id)?.raw));

interface Flaw {
  readonly expected: string;
  readonly actual: string;
  /** The agent does not go on from a token any more. */
  readonly refused: boolean;
}

function defectIn(round: Round): Flaw | undefined {
  const { walk, what } = round;
  const { pages, end } = walk;
  const ids = unchangedIn(round).map(({ id }) => id);
  const twice = ids.find((id) => timesOn(walk, id) > 1);
  if (twice !== undefined) {
    return {
      expected: `task ${twice}, which did not change, on one page`,
      actual: `on ${timesOn(walk, twice)} of ${pages.length} pages after ${what}`,
      refused: false,
    };
  }
  const last = pages.at(-1)!;
  if (end === 'refused') {
    if (otherCause(last) !== undefined) return undefined;
    return { expected: 'the page after', actual: `after ${what}: ${describeReply(last.reply)}`, refused: true };
  }
  const lost = end === 'bound' ? undefined : ids.find((id) => timesOn(walk, id) === 0);
  if (lost === undefined) return undefined;
  return {
    expected: `task ${lost}, which did not change, on one page`,
    actual: `on none of ${pages.length} pages after ${what}`,
    refused: false,
  };
}

export function judgeRound(first: Round, again: Round | undefined): Judgement {
  const { what, walk } = first;
  // The second look first: it is what a violation names.
  const evidence = [again, first].flatMap((round) =>
    round === undefined ? [] : exchangesOf([...round.walk.pages, round.before, round.after]),
  );
  const hint = 'run again; see list/pages and list/page-size for what stands in the way';
  if (!first.happened) return untested(`${what} could not be brought about between two pages`, hint, ...evidence);
  const flaw = defectIn(first);
  const still = again?.happened ? defectIn(again) : undefined;
  if (flaw && still && !still.refused) {
    return violated(
      { reason: `pages go wrong by ${what}`, expected: still.expected, actual: still.actual },
      ...evidence,
    );
  }
  if (flaw && still) {
    return ambiguous(
      `a token is refused ${still.actual}`,
      [
        '§3.1.4: pages go by a cursor for consistency, so a page follows whatever changed meanwhile',
        'no lifetime of a token is said: the agent may ask to begin again',
      ],
      ...evidence,
    );
  }
  if (flaw) {
    return ambiguous(
      `pages once went wrong by ${what}: ${flaw.actual}`,
      [
        '§3.1.4: pages go by a cursor, so that what does not change is on one of them',
        'no consistency between operations is promised: a copy of the list may lag for a moment',
      ],
      ...evidence,
    );
  }
  const unchanged = unchangedIn(first).filter(({ id }) => timesOn(walk, id) === 1);
  // The first page was read before: only what comes after it shows how pages go on.
  const further = walk.pages.slice(1).flatMap(tasksIn);
  if (unchanged.length < 2 || !unchanged.some(({ id }) => further.some((task) => task.id === id))) {
    return untested('the tasks are not on several pages that were read', hint, ...evidence);
  }
  return holds(`${unchanged.length} unchanged tasks are each on one page, in spite of ${what}`, ...evidence);
}
