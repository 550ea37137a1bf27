import { defineCheck, Unelicited, type ProbeContext, type TaskView } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { instantOf } from '../../../core/history/instants.ts';
import type { CallResult, Params } from '../../../core/wire/binding-client.ts';
import { cancelTaskIn } from '../shared/clean-up.ts';
import { worst } from '../shared/refusal.ts';
import { similarId } from '../shared/similar-id.ts';
import { contextOf, taskIn, timestampOf } from '../shared/task-parts.ts';
import { judgeCase, judgeEmpty, judgeInclusive, type Case } from './filter-judges.ts';
import { makeEnded, type EndedTask } from './own-tasks.ts';
import { list, Patience, taskOn } from './page.ts';

interface Observation {
  /** Each by the row that speaks of its filter; several filters are of the row of combined ones. */
  readonly cases: readonly Case[];
  /** A context that nobody has. */
  readonly nobody: CallResult;
  /** The list from the very time of a task on; undefined where the task has no timestamp. */
  readonly inclusive: Case | undefined;
  /** Lists in which the tasks have to be seen at all: only then a list without one of them is wrong. */
  readonly shown: ReadonlySet<string>;
  /** GetTask of the tasks at the end, by id. */
  readonly gets: ReadonlyMap<string, CallResult>;
}

const page = { pageSize: 50, historyLength: 0 };
const day = 86_400_000;

/** §3.1.4: what of the tasks of two contexts is listed, by each filter and by several. */
export const filters = defineCheck({
  id: 'list/filters',
  title: 'ListTasks by context, status and time',
  requirements: [
    'list/context-filter',
    'list/status-filter',
    'list/timestamp-filter',
    'list/timestamp-inclusive',
    'list/combined-filters',
    'list/empty-result',
  ],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<Observation> {
    const { client, deadlines, signal, random } = context;
    const foreign = await made(context, undefined);
    const ended = await made(context, undefined);
    const contextId = contextOf(ended.task);
    if (contextId === undefined || contextId === contextOf(foreign.task)) {
      throw new Unelicited('the tasks have no contexts that could be told apart', 'see send/context-generated', [
        ended.shown.exchange,
      ]);
    }
    const waiting = await startWaiting(context, contextId);
    const own = [foreign.task, ended.task, ...(waiting ? [waiting] : [])];

    const patience = new Patience(deadlines);
    const ask = async (
      row: Case['row'],
      filter: Params,
      {
        has,
        lacks,
      }: { readonly has: readonly (TaskView | undefined)[]; readonly lacks: readonly (TaskView | undefined)[] },
    ): Promise<Case> => {
      const ids = (tasks: readonly (TaskView | undefined)[]): string[] => tasks.flatMap((task) => task?.id ?? []);
      const wanted = { row, filter, has: ids(has), lacks: ids(lacks) };
      const isRight = (answer: CallResult): boolean =>
        wanted.has.every((id) => taskOn(answer, id)) && !wanted.lacks.some((id) => taskOn(answer, id));
      return { ...wanted, ...(await patience.until(() => list(context, { ...filter, ...page }), isRight, signal)) };
    };

    const one = ended.task;
    const state = one.state!;
    const otherEnd = state === 'TASK_STATE_REJECTED' ? 'TASK_STATE_FAILED' : 'TASK_STATE_REJECTED';
    const cases = [
      await ask('list/context-filter', { contextId }, { has: [one, waiting], lacks: [foreign.task] }),
      await ask('list/status-filter', { contextId, status: state }, { has: [one], lacks: [waiting] }),
      await ask('list/status-filter', { contextId, status: otherEnd }, { has: [], lacks: [one] }),
    ];
    if (waiting?.state !== undefined) {
      const filter = { contextId, status: waiting.state };
      cases.push(await ask('list/status-filter', filter, { has: [waiting], lacks: [one] }));
    }
    const time = instantOf(timestampOf(one));
    let inclusive: Case | undefined;
    if (time !== undefined) {
      const from = (ms: number): string => new Date(ms).toISOString();
      const later = instantOf(waiting && timestampOf(waiting));
      const after = time.ms + time.unit;
      const isLater = later !== undefined && later.ms > after ? waiting : undefined;
      const row = 'list/timestamp-filter';
      cases.push(
        await ask(row, { contextId, statusTimestampAfter: from(time.ms - day) }, { has: [one], lacks: [] }),
        await ask(row, { contextId, statusTimestampAfter: from(after) }, { has: [isLater], lacks: [one] }),
        await ask(row, { contextId, statusTimestampAfter: from(time.ms + day) }, { has: [], lacks: own }),
      );
      // Asked once: the list from an earlier time on has just shown that the task is there.
      const filter = { contextId, statusTimestampAfter: from(time.ms) };
      const answer = await list(context, { ...filter, ...page });
      inclusive = { row, filter, has: [one.id], lacks: [], first: answer, last: answer };
    }
    const since = time === undefined ? {} : { statusTimestampAfter: new Date(time.ms - day).toISOString() };
    cases.push(
      await ask(
        'list/combined-filters',
        { contextId, status: state, ...since },
        { has: [one], lacks: [foreign.task, waiting] },
      ),
      await ask(
        'list/combined-filters',
        { contextId: contextOf(foreign.task), status: state, ...since },
        { has: foreign.task.state === state ? [foreign.task] : [], lacks: [one, waiting] },
      ),
    );
    const nobody = await client.call('ListTasks', { contextId: similarId(contextId, random), ...page });

    const lists = [...cases.map(({ last }) => last), ...(inclusive ? [inclusive.last] : [])];
    const isShown = ({ id }: TaskView): boolean => lists.some((answer) => taskOn(answer, id));
    if (!own.every(isShown)) lists.push(await list(context, { ...page, pageSize: 10 }));
    const shown = new Set(own.filter(isShown).map(({ id }) => id));

    const gets = new Map<string, CallResult>();
    for (const { id } of own) gets.set(id, await client.call('GetTask', { id }));
    if (waiting) await cancelTaskIn(context, gets.get(waiting.id));
    return { cases, nobody, inclusive, shown, gets };
  },

  judge({ cases, nobody, inclusive, shown, gets }) {
    const of = (row: Case['row']) =>
      worst(cases.filter((one) => one.row === row).map((one) => judgeCase(one, { gets, shown })));
    return {
      'list/context-filter': of('list/context-filter'),
      'list/status-filter': of('list/status-filter'),
      'list/timestamp-filter': of('list/timestamp-filter'),
      'list/timestamp-inclusive': judgeInclusive(inclusive, { gets, shown }),
      'list/combined-filters': of('list/combined-filters'),
      'list/empty-result': judgeEmpty(nobody, cases[0]!.last),
    };
  },
});

/** @throws {Unelicited} where the task does not end */
async function made(context: ProbeContext, contextId: string | undefined): Promise<EndedTask> {
  const task = await makeEnded(context, contextId);
  if (task !== undefined) return task;
  throw new Unelicited('a message made no task that ended', 'name a message for "completes": --stimuli <file>');
}

/** A task of the context that stays in another state than the end, at least for a while; undefined where there is none. */
async function startWaiting(context: ProbeContext, contextId: string): Promise<TaskView | undefined> {
  const { elicited } = context.behaviours;
  const stimulus = elicited['input-required'] ? 'input-required' : elicited['fails'] ? 'fails' : undefined;
  if (stimulus === undefined) return undefined;
  const task = taskIn(await context.send(stimulus, { message: { contextId } }));
  // Of another context it proves nothing here.
  return task && contextOf(task) === contextId ? task : undefined;
}
