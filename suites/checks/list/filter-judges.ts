import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { describeReply } from '../../../core/wire/reply.ts';
import { otherCause } from '../shared/refusal.ts';
import { contextOf, mayBeError, stateText, taskIn, timestampOf } from '../shared/task-parts.ts';
import { exchangesOf, pageIn, taskOn, tasksIn } from './page.ts';

/** A list by some filter, and which of the tasks that the harness made have to be in it. */
export interface Case {
  readonly row: 'list/context-filter' | 'list/status-filter' | 'list/timestamp-filter' | 'list/combined-filters';
  readonly filter: Params;
  readonly has: readonly string[];
  readonly lacks: readonly string[];
  /** The first answer, and the last of those that waited for it to be right. */
  readonly first: CallResult;
  readonly last: CallResult;
}

type Gets = ReadonlyMap<string, CallResult>;

/** What is known of the tasks beside the lists of filters. */
export interface Known {
  /** GetTask at the end, by id. */
  readonly gets: Gets;
  /** Ids of the tasks that some list showed. */
  readonly shown: ReadonlySet<string>;
}

const lag = [
  'only what matches the filters is listed, and all of it',
  'no consistency between operations is promised: a list may lag for a moment',
] as const;

const nameOf = (filter: Params): string =>
  Object.entries(filter)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');

/** What is wrong with one answer; undefined for nothing. Of a task that is gone, or never listed, nothing is expected. */
function defectOf(
  { has, lacks }: Case,
  answer: CallResult,
  known: Known,
): { expected: string; actual: string } | undefined {
  const extra = lacks.map((id) => taskOn(answer, id)).find((task) => task !== undefined);
  if (extra !== undefined) {
    const what = `${stateText(extra.state)} of ${String(timestampOf(extra))} in context ${String(contextOf(extra))}`;
    return { expected: `not task ${extra.id}`, actual: `task ${extra.id}: ${what}` };
  }
  const lost = has.find((id) => isListed(known, id) && !taskOn(answer, id));
  return lost === undefined ? undefined : { expected: `task ${lost}`, actual: `${tasksIn(answer).length} other tasks` };
}

const isKept = (gets: Gets, id: string): boolean => {
  const got = gets.get(id);
  return got !== undefined && taskIn(got) !== undefined;
};

/** Whether it is there to be listed: GetTask shows it, and so did some list. */
const isListed = ({ gets, shown }: Known, id: string): boolean => isKept(gets, id) && shown.has(id);

/** Whether a task is in the list of a status is judged where GetTask shows it in the same state after all. */
function changed({ filter, has, lacks }: Case, gets: Gets): boolean {
  const { status } = filter;
  if (status === undefined) return false;
  const stateOf = (id: string): string | undefined => {
    const got = gets.get(id);
    return got && taskIn(got)?.state;
  };
  const known = (id: string): boolean => isKept(gets, id);
  return has.some((id) => known(id) && stateOf(id) !== status) || lacks.some((id) => known(id) && hasStatus(id));

  function hasStatus(id: string): boolean {
    return stateOf(id) === status && contextMatches(id);
  }
  function contextMatches(id: string): boolean {
    const task = taskIn(gets.get(id)!);
    return filter['contextId'] === undefined || (task && contextOf(task)) === filter['contextId'];
  }
}

export function judgeCase(one: Case, known: Known): Judgement {
  const { gets } = known;
  const { filter, has, lacks, first, last } = one;
  const name = nameOf(filter);
  const evidence = exchangesOf([last, first, ...[...has, ...lacks].flatMap((id) => gets.get(id) ?? [])]);
  if (changed(one, gets)) {
    return untested(`a task changed its state while lists of ${name} were read`, 'run again', ...evidence);
  }
  const defect = defectOf(one, last, known);
  if (defect && pageIn(last)?.token && !defect.expected.startsWith('not ')) {
    return untested(`the list of ${name} has more than one page`, 'see list/pages', ...evidence);
  }
  if (defect) return violated({ reason: `the list of ${name} is wrong`, ...defect }, ...evidence);
  const late = defectOf(one, first, known);
  if (late) return ambiguous(`the list of ${name} was first wrong: ${late.actual}`, lag, ...evidence);
  if (!lacks.some((id) => isListed(known, id))) {
    return untested(
      `there is no task that a list of ${name} leaves out`,
      'name more stimuli: --stimuli <file>',
      ...evidence,
    );
  }
  return holds(`the list of ${name} has ${has.length} and leaves out ${lacks.length} of the tasks`, ...evidence);
}

export function judgeInclusive(one: Case | undefined, known: Known): Judgement {
  const id = one?.has[0];
  if (one === undefined || id === undefined) {
    return untested('the task has no timestamp', 'TaskStatus.timestamp is optional');
  }
  const evidence = exchangesOf([one.last, ...[...known.gets.values()].slice(0, 1)]);
  if (!isListed(known, id)) {
    return untested('the task is gone, or no list shows it', 'see list/returns-tasks', ...evidence);
  }
  if (taskOn(one.last, id)) return holds('a task of exactly that time is listed', ...evidence);
  return ambiguous(
    'a task of exactly that time is not listed',
    [
      'a2a.proto: tasks with a status timestamp greater than or equal to the value are listed',
      'a2a.proto: tasks whose status was updated after the timestamp, as the field is named',
    ],
    ...evidence,
  );
}

/** @param control the list of a context that has tasks */
export function judgeEmpty(answer: CallResult, control: CallResult): Judgement {
  const evidence = exchangesOf([answer, control]);
  const found = pageIn(answer);
  if (tasksIn(control).length === 0) {
    return untested('no list of a context shows a task', 'see list/returns-tasks', ...evidence);
  }
  if (found !== undefined) {
    return found.tasks.length === 0
      ? holds('the list of a context that nobody has is empty', ...evidence)
      : violated(
          {
            reason: 'the list of a context that nobody has is not empty',
            expected: 'no task',
            actual: `${found.tasks.length} tasks`,
          },
          ...evidence,
        );
  }
  const cause = otherCause(answer);
  const said = describeReply(answer.reply);
  if (cause !== undefined) return untested(cause, 'run again; see --timeout', ...evidence);
  if (mayBeError(answer, 'InvalidParamsError')) {
    return ambiguous(
      `the list of a context that nobody has is refused: ${said}`,
      [
        '§3.1.4: no error is specific to this operation: where nothing matches, the list is empty',
        '§3.3.2: a contextId that cannot be one of the agent’s fails validation',
      ],
      ...evidence,
    );
  }
  return violated(
    { reason: 'the list of a context that nobody has is refused', expected: 'a page without tasks', actual: said },
    ...evidence,
  );
}
