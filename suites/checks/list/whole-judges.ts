import type { TaskView } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { instantOf } from '../../../core/history/instants.ts';
import { isAnonymous } from '../../../core/invariants/list-answers.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause } from '../shared/refusal.ts';
import { contextOf, isError, stateText, taskIn, timestampOf } from '../shared/task-parts.ts';
import { exchangesOf, pageIn, taskOn } from './page.ts';
import { keptOf, type ListedTasks } from './listed-tasks.ts';

/** Judges of the list of all tasks on one page. */

export const lagReadings = [
  '§3.1.4: tasks that match what is asked for are listed',
  'no consistency between operations is promised: a list may lag for a moment',
] as const;

export const runAgain = 'run again; an agent that forgets tasks needs a message whose task it keeps: --stimuli <file>';

export const noList = (observation: ListedTasks): Judgement | undefined =>
  pageIn(observation.first) === undefined
    ? untested(
        `ListTasks gives no list but ${describeReply(observation.first.reply)}`,
        'see list/answered',
        observation.first.exchange,
      )
    : undefined;

export function judgeAnswered({ first, own }: ListedTasks): Judgement {
  const evidence = [first.exchange, ...own.ended.slice(0, 1).map(({ shown }) => shown.exchange)];
  if (pageIn(first) !== undefined) return holds('ListTasks gives a list', ...evidence);
  const cause = otherCause(first);
  const said = describeReply(first.reply);
  if (cause !== undefined) return untested(cause, 'run again; see --timeout and --bearer', ...evidence);
  // An error of the agent’s own may be its way to ask for authentication, without which it shows no list to anybody.
  if (first.reply.kind === 'error' && first.reply.error.name === undefined) {
    return untested(`ListTasks is refused: ${said}`, 'see what the agent asks for: --bearer', ...evidence);
  }
  if (isError(first, 'UnsupportedOperationError')) {
    return ambiguous(
      `ListTasks is not supported: ${said}`,
      [
        '§3.1: all implementations must support the operations, and ListTasks needs no capability',
        '§3.3.2: UnsupportedOperationError: this server agent does not support the operation',
      ],
      ...evidence,
    );
  }
  return violated({ reason: 'ListTasks gives no list', expected: 'a ListTasksResponse', actual: said }, ...evidence);
}

export function judgeReturned(observation: ListedTasks): Judgement {
  const none = noList(observation);
  if (none) return none;
  const { own, first, whole, walks } = observation;
  const kept = keptOf(observation);
  const evidence = exchangesOf([whole, first, ...observation.gets]);
  if (kept.length === 0) return untested('GetTask shows none of the tasks any more', runAgain, ...evidence);
  const onPages = ({ task }: { readonly task: TaskView }): boolean =>
    walks.some(({ walk, again }) => [walk, again].some((one) => one?.pages.some((page) => taskOn(page, task.id))));
  const missing = kept.filter((one) => !taskOn(whole, one.task.id) && !onPages(one));
  const [lost] = missing;
  if (lost !== undefined) {
    if (own.contextId === undefined && pageIn(whole)!.token !== '') {
      return untested(
        'the tasks are not on the first page of all tasks',
        'the agent has to keep tasks of one context together',
        ...evidence,
      );
    }
    if (pageIn(whole)!.tasks.length === 0 && isAnonymous(whole.exchange)) {
      return ambiguous(
        'nothing is listed for a client that is not authenticated',
        [
          '§3.1.4: tasks that match what is asked for are listed',
          '§13.1: authorization is the agent’s own model: it may list nothing for a client that it does not know',
        ],
        ...evidence,
      );
    }
    return violated(
      {
        reason: `${missing.length} of ${kept.length} tasks that GetTask shows are not listed`,
        expected: `task ${lost.task.id} in the list`,
        actual: `${pageIn(whole)!.tasks.length} other tasks`,
      },
      ...evidence,
    );
  }
  const late = kept.find(({ task }) => !taskOn(first, task.id) && taskOn(whole, task.id));
  if (late) return ambiguous(`task ${late.task.id} was listed only after a while`, lagReadings, ...evidence);
  return holds(`${kept.length} tasks are listed that had just been made`, ...evidence);
}

/** How a listed task differs from what another operation showed of it; undefined where it does not. */
export function differenceOf(listed: TaskView, known: TaskView): string | undefined {
  if (listed.state !== known.state) return `${stateText(listed.state)} instead of ${stateText(known.state)}`;
  const [context, knownContext] = [contextOf(listed), contextOf(known)];
  if (context !== undefined && knownContext !== undefined && context !== knownContext) {
    return `context ${context} instead of ${knownContext}`;
  }
  const [time, knownTime] = [instantOf(timestampOf(listed)), instantOf(timestampOf(known))];
  if (time && knownTime && Math.abs(time.ms - knownTime.ms) >= Math.max(time.unit, knownTime.unit)) {
    return `a status of ${String(timestampOf(listed))} instead of ${String(timestampOf(known))}`;
  }
  return undefined;
}

export function judgeCurrent(observation: ListedTasks): Judgement {
  const none = noList(observation);
  if (none) return none;
  const { first, whole } = observation;
  const evidence = exchangesOf([whole, first, ...observation.gets]);
  const gets = new Map(observation.gets.flatMap((got) => taskIn(got) ?? []).map((task) => [task.id, task]));
  const compared = keptOf(observation).flatMap(({ task, shown }) => {
    const [now, then, got] = [taskOn(whole, task.id), taskOn(first, task.id), gets.get(task.id)];
    // What GetTask shows otherwise by now may have changed before it was listed.
    if (now === undefined || got === undefined || differenceOf(got, task)) return [];
    const wasWrong = then && differenceOf(then, task);
    return [{ task, shown, wrong: differenceOf(now, task), late: wasWrong }];
  });
  const wrong = compared.find((one) => one.wrong !== undefined);
  if (wrong) {
    return violated(
      {
        reason: `task ${wrong.task.id} is listed otherwise than another operation showed it`,
        expected: `${stateText(wrong.task.state)}, of ${String(timestampOf(wrong.task))}`,
        actual: wrong.wrong!,
      },
      whole.exchange,
      wrong.shown.exchange,
    );
  }
  const late = compared.find((one) => one.late !== undefined);
  if (late) return ambiguous(`task ${late.task.id} was first listed with ${late.late}`, lagReadings, ...evidence);
  if (compared.length === 0) return untested('none of the tasks is listed and unchanged', runAgain, ...evidence);
  return holds(`${compared.length} tasks are listed as the answers before showed them`, ...evidence);
}

export function judgeIdempotent(observation: ListedTasks): Judgement {
  const none = noList(observation);
  if (none) return none;
  const evidence = exchangesOf(observation.reads);
  const kept = new Set(keptOf(observation).map(({ task }) => task.id));
  const traits = observation.reads.map((answer) =>
    (pageIn(answer)?.tasks ?? [])
      .filter(({ id }) => kept.has(id))
      .map(
        (task) => `${task.id}: ${stateText(task.state)} of ${String(timestampOf(task))} in ${String(contextOf(task))}`,
      ),
  );
  const [first, second, third] = traits.map((list) => list.join('; '));
  if (traits.length < 3 || kept.size === 0 || traits.some((list) => list.length === 0)) {
    return untested('the tasks were not listed three times', runAgain, ...evidence);
  }
  // One change may be a copy that catches up, a change there and back two copies; a new one each time is the reading.
  if (first !== second && second !== third && first !== third) {
    return violated(
      { reason: 'each list shows the ended tasks otherwise', expected: second!, actual: third! },
      ...evidence,
    );
  }
  return holds('lists of ended tasks agree', ...evidence);
}
