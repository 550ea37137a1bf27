import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { taskIn } from '../shared/task-parts.ts';
import type { ListedTasks } from './listed-tasks.ts';
import { judgeOrder } from './order-judge.ts';
import { makeEndedTasks, scopeOf, type EndedTask } from './own-tasks.ts';
import { pageIn, Patience, taskOn, timesOn, walkFrom, type Walk } from './page.ts';
import { judgeFewer, judgeLastToken, judgePages, judgeTotal } from './walk-judges.ts';
import { judgeAnswered, judgeCurrent, judgeIdempotent, judgeReturned } from './whole-judges.ts';

/** As many tasks as show an order, and pages before, between and after. */
const tasks = 3;

const wholePage = 50;

/** Pages beyond those that the tasks need: for empty ones, and to see that there is no end. */
const sparePages = 4;

/** §3.1.4: tasks of one context, all of which have ended, on one page and on several. */
export const pages = defineCheck({
  id: 'list/pages',
  title: 'ListTasks of ended tasks, on one page and on several',
  requirements: [
    'list/answered',
    'list/returns-tasks',
    'list/current-state',
    'list/order',
    'list/idempotent',
    'list/pages',
    'list/last-page-token',
    'list/total-size',
    'list/fewer-than-asked',
  ],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<ListedTasks> {
    const { client, deadlines, signal } = context;
    const own = await makeEndedTasks(context, tasks);
    const scope = scopeOf(own);
    const ask = (): Promise<CallResult> => client.call('ListTasks', { ...scope, pageSize: wholePage });
    const get = ({ task }: EndedTask): Promise<CallResult> => client.call('GetTask', { id: task.id });
    const first = await ask();
    if (pageIn(first) === undefined) return { own, first, whole: first, walks: [], reads: [], gets: [] };

    const shows = (answer: CallResult, { task }: EndedTask): boolean => taskOn(answer, task.id)?.state === task.state;
    const missing = own.ended.filter((task) => !shows(first, task));
    // What is gone already will not come.
    const due: EndedTask[] = [];
    for (const task of missing) if (taskIn(await get(task))) due.push(task);
    const isWhole = (answer: CallResult): boolean => due.every((task) => shows(answer, task));
    const whole = isWhole(first) ? first : (await new Patience(deadlines).until(ask, isWhole, signal)).last;

    const walks = [];
    for (const pageSize of own.contextId === undefined ? [10] : [1, 2]) {
      const walkThrough = async (): Promise<Walk> => {
        const params = { ...scope, pageSize };
        return walkFrom(context, await client.call('ListTasks', params), params, tasks + sparePages);
      };
      const walk = await walkThrough();
      const isRight = own.ended.every(({ task }) => timesOn(walk, task.id) === 1);
      walks.push({ walk, again: isRight ? undefined : await walkThrough() });
    }
    const reads = [await ask(), await ask(), await ask()];
    const gets = [];
    for (const task of own.ended) gets.push(await get(task));
    return { own, first, whole, walks, reads, gets };
  },

  judge: (observation) => ({
    'list/answered': judgeAnswered(observation),
    'list/returns-tasks': judgeReturned(observation),
    'list/current-state': judgeCurrent(observation),
    'list/order': judgeOrder(observation),
    'list/idempotent': judgeIdempotent(observation),
    'list/pages': judgePages(observation),
    'list/last-page-token': judgeLastToken(observation),
    'list/total-size': judgeTotal(observation),
    'list/fewer-than-asked': judgeFewer(observation),
  }),
});
