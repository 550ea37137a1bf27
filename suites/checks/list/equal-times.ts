import { defineCheck, type ProbeContext } from '../../../core/engine/check.ts';
import { needsStimulus } from '../../../core/engine/needs.ts';
import { untested, type Judgement } from '../../../core/findings/judgement.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { contextOf, timestampOf } from '../shared/task-parts.ts';
import type { ListedTasks } from './listed-tasks.ts';
import { makeEnded, scopeOf, type EndedTask } from './own-tasks.ts';
import { exchangesOf, list, tasksIn, timesOn, walkFrom, type Walk } from './page.ts';
import { judgePages } from './walk-judges.ts';

/** Asked for at once, beside the one whose context they share. */
const atOnce = 5;

/** Pages beyond those that the tasks need. */
const sparePages = 4;

/**
 * §3.1.4: tasks that were asked for at the same time, and may so have the same time. Sorted by time alone there is no order among
 * them, and a page that begins after a time skips all others of that time.
 */
export const equalTimes = defineCheck({
  id: 'list/equal-times',
  title: 'ListTasks page by page, of tasks that ended at the same time',
  requirements: ['list/pages'],
  needs: [needsStimulus('completes')],

  async probe(context: ProbeContext): Promise<ListedTasks> {
    const first = await makeEnded(context, undefined);
    const contextId = first && contextOf(first.task);
    const made = await Promise.all(
      contextId === undefined ? [] : Array.from({ length: atOnce }, () => makeEnded(context, contextId)),
    );
    const ended = [...new Map(made.flatMap((one) => (one ? [[one.task.id, one] as const] : []))).values()].filter(
      ({ task }) => contextOf(task) === contextId,
    );
    const own = { ended, contextId };
    const params = { ...scopeOf(own), pageSize: 50 };
    const whole = await list(context, params);
    const walkThrough = async (pageSize: number): Promise<Walk> => {
      const small = { ...params, pageSize };
      return walkFrom(context, await context.client.call('ListTasks', small), small, atOnce + 1 + sparePages);
    };
    const walks = [];
    for (const pageSize of equalPairs(whole) === 0 ? [] : [1, 2]) {
      const walk = await walkThrough(pageSize);
      const isRight = ended.every(({ task }) => timesOn(walk, task.id) === 1);
      walks.push({ walk, again: isRight ? undefined : await walkThrough(pageSize) });
    }
    const get = ({ task }: EndedTask): Promise<CallResult> => context.client.call('GetTask', { id: task.id });
    const gets = await Promise.all(ended.map(get));
    return { own, first: whole, whole, walks, reads: [], gets };
  },

  judge: (observation) => ({ 'list/pages': judgeEqual(observation) }),
});

/** How many neighbours of a list have one time. */
function equalPairs(whole: CallResult): number {
  const times = tasksIn(whole).map(timestampOf);
  return times.filter((time, index) => time !== undefined && time === times[index + 1]).length;
}

function judgeEqual(observation: ListedTasks): Judgement {
  const { whole, walks } = observation;
  if (walks.length > 0) return judgePages(observation);
  return untested(
    'no two tasks that were asked for at once ended at the same time',
    'nothing to enable: the agent tells such tasks apart by their times; run again',
    ...exchangesOf([whole]),
  );
}
