import { holds, violated, type Judgement } from '../../core/findings/judgement.ts';
import { wait } from '../../core/engine/wait.ts';
import { instantOf, isBefore } from '../../core/history/instants.ts';
import type { Params } from '../../core/wire/binding-client.ts';
import type { TaskState } from '../../protocol/task-state.ts';
import { exchangesOf, tasksIn, timesOn, walkFrom, type Walk } from '../checks/list/page.ts';
import { taskIn, timestampOf } from '../checks/shared/task-parts.ts';
import { command, type Deed } from './command.ts';
import { judgePages } from './trespass.ts';
import { observe, pick, short, type Model, type Real, type TaskModel } from './model.ts';

/** A list may hold what others made: it is read no further than this. */
const mostPages = 30;

export interface ListChoice {
  readonly context: number;
  readonly status: TaskState | undefined;
  readonly pageSize: number;
}

/** Lists a context page by page: what is there is listed once, newest first, and nothing else. */
export const listTasks = ({ context, status, pageSize }: ListChoice): Deed =>
  command(
    `ListTasks of context ${context}${status === undefined ? '' : `, ${short(status)}`}, pages of ${pageSize}`,
    ({ contexts }) => contexts.length > 0,
    async (model, real) => {
      const contextId = pick(model.contexts, context)!;
      const asked = { contextId, pageSize, ...(status === undefined ? {} : { status }) };
      const due = dueIn(model, contextId, status);
      let walk = await read(real, asked);
      const late = missingOn(walk, due).length > 0;
      for (const end = performance.now() + patienceOf(real); missingOn(walk, due).length > 0;) {
        if (performance.now() >= end || real.door.signal.aborted) break;
        await wait(4 * real.door.deadlines.pollMs, real.door.signal);
        walk = await read(real, asked);
      }
      if (late && missingOn(walk, due).length === 0) real.agent.waited = 'well';
      else if (late && real.agent.waited === 'never') real.agent.waited = 'in vain';
      await judgeWalk({ walk, contextId, due, status, model, real });
      await judgePages(walk.pages, model, real);
      const listed = walk.pages.flatMap(tasksIn).length;
      return {
        expected: `${due.map(({ id }) => id).join(', ') || 'any tasks'}, each once`,
        came: `${listed} tasks on ${walk.pages.length} pages`,
      };
    },
  );

/**
 * A copy that lags has the time of grace, which must end. Of an agent that never lagged, and has once left a task out for all of that
 * time, a shorter one tells as much: else making the case smaller would take hours.
 */
const patienceOf = ({ agent, door: { deadlines } }: Real): number =>
  agent.waited === 'in vain' ? deadlines.graceMs / 8 : deadlines.graceMs;

/** The tasks that have to be listed: those of the context; of a state those that ended in it. */
const dueIn = ({ tasks }: Model, contextId: string, status: TaskState | undefined): readonly TaskModel[] =>
  tasks.filter(
    (task) =>
      task.given && task.contextId === contextId && (status === undefined || (task.end && task.lastSeen === status)),
  );

async function read(real: Real, asked: Params & { readonly pageSize: number }): Promise<Walk> {
  const first = await real.door.client.call('ListTasks', asked);
  return walkFrom(real.door, first, asked, mostPages);
}

const missingOn = ({ pages, end }: Walk, due: readonly TaskModel[]): readonly TaskModel[] => {
  if (end !== 'last') return [];
  const shown = new Set(pages.flatMap(tasksIn).map(({ id }) => id));
  return due.filter(({ id }) => !shown.has(id));
};

interface Walked {
  readonly walk: Walk;
  readonly contextId: string;
  readonly due: readonly TaskModel[];
  readonly status: TaskState | undefined;
  readonly model: Model;
  readonly real: Real;
}

async function judgeWalk({ walk, contextId, due, status, model, real }: Walked): Promise<void> {
  if (walk.end !== 'last') return;
  const evidence = [...exchangesOf(walk.pages)];
  const listed = walk.pages.flatMap((answer) => tasksIn(answer).map((view) => ({ view, answer })));
  const own = listed.flatMap(({ view, answer }) => {
    const task = model.tasks.find(({ id, given }) => given && id === view.id);
    return task === undefined ? [] : [{ task, view, answer }];
  });
  if (own.length > 0) real.agent.lists = true;

  const missing = missingOn(walk, due);
  if (due.length > 0 && missing.length === 0) real.say(rowOf(walk, status), holds('all tasks are listed', ...evidence));
  for (const task of missing) {
    const now = await real.door.client.call('GetTask', { id: task.id });
    const view = taskIn(now);
    // Purged meanwhile, or an agent that lists nothing for a client that it does not know.
    if (view === undefined || !real.agent.lists) continue;
    const whole = await read(real, { contextId, pageSize: 100 });
    // Where the whole context without a filter lacks it too, pages and filter are not to blame.
    const isNowhere = missingOn(whole, [task]).length > 0;
    real.say(
      isNowhere ? 'list/returns-tasks' : rowOf(walk, status),
      violated(
        {
          reason: `task ${task.id} is not listed, and GetTask shows it in ${short(view.state)}`,
          expected: `task ${task.id} on one of the pages`,
          actual: `${listed.length} tasks on ${walk.pages.length} pages, without it`,
        },
        ...evidence,
        now.exchange,
        ...exchangesOf(whole.pages),
      ),
    );
  }
  if (status !== undefined) {
    for (const { task, view } of own.filter(({ task }) => task.end !== undefined && task.lastSeen !== status)) {
      real.say('list/status-filter', strange(task, view.state, status, evidence));
    }
  }
  for (const { task } of own.filter(({ task: { end, untouched } }) => end !== undefined && untouched)) {
    const times = timesOn(walk, task.id);
    if (times < 2) continue;
    real.say(
      'list/unchanged-once',
      violated(
        {
          reason: `task ${task.id}, which does not change, is listed ${times} times`,
          expected: 'once',
          actual: `${times} times`,
        },
        ...evidence,
      ),
    );
    break;
  }
  const order = judgeOrder(own.filter(({ task: { end, untouched } }) => end !== undefined && untouched));
  if (order !== undefined) real.say('list/order', order(evidence));
  for (const { task, view, answer } of own) observe(task, view, answer, real);
}

const rowOf = ({ pages }: Walk, status: TaskState | undefined): string =>
  pages.length > 1 ? 'list/pages' : status === undefined ? 'list/returns-tasks' : 'list/status-filter';

const strange = (
  { id, lastSeen }: TaskModel,
  state: string | undefined,
  status: TaskState,
  evidence: Parameters<typeof violated>[1][],
): Judgement =>
  violated(
    {
      reason: `task ${id}, which ended in ${short(lastSeen)}, is in the list of ${short(status)}`,
      expected: `only tasks in ${short(status)}`,
      actual: `task ${id}, shown in ${short(state)}`,
    },
    ...evidence,
  );

/** Of tasks that nothing touched since their end the time of the status is that of the last update. */
function judgeOrder(
  settled: readonly { readonly task: TaskModel }[],
): ((evidence: Parameters<typeof violated>[1][]) => Judgement) | undefined {
  const times = settled.map(({ task }) => ({ id: task.id, at: instantOf(timestampOf(task.end!.view)) }));
  for (const [index, below] of times.entries()) {
    const above = times[index - 1];
    if (above?.at === undefined || below.at === undefined || !isBefore(above.at, below.at)) continue;
    return (evidence) =>
      violated(
        {
          reason: 'an older task comes before a newer one',
          expected: `task ${below.id} first`,
          actual: `task ${above.id} first`,
        },
        ...evidence,
      );
  }
  const told = times.some(({ at }, index) => {
    const before = times[index - 1]?.at;
    return at !== undefined && before !== undefined && isBefore(at, before);
  });
  return told ? (evidence) => holds('the newest task comes first', ...evidence) : undefined;
}
