import type { TaskView } from '../../../core/engine/check.ts';
import { ambiguous, holds, untested, violated, type Judgement } from '../../../core/findings/judgement.ts';
import { instantOf, isBefore } from '../../../core/history/instants.ts';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { timestampOf } from '../shared/task-parts.ts';
import { exchangesOf, tasksIn } from './page.ts';
import { keptOf, type ListedTasks } from './listed-tasks.ts';
import { noList, runAgain } from './whole-judges.ts';

/** Two tasks that a list has in this order, by the times of their status and by the order in which they were made. */
interface Pair {
  readonly above: TaskView;
  readonly below: TaskView;
  /** By timestamps: `right`, `wrong`, or `equal` as far as they tell; `unknown` where one has none. */
  readonly byTime: 'right' | 'wrong' | 'equal' | 'unknown';
  readonly byMaking: 'right' | 'wrong';
  readonly answers: readonly CallResult[];
}

function pairOf(above: TaskView, below: TaskView, made: readonly string[], answers: readonly CallResult[]): Pair {
  const [one, other] = [instantOf(timestampOf(above)), instantOf(timestampOf(below))];
  const byTime = !one || !other ? 'unknown' : isBefore(other, one) ? 'right' : isBefore(one, other) ? 'wrong' : 'equal';
  const byMaking = made.indexOf(above.id) > made.indexOf(below.id) ? 'right' : 'wrong';
  return { above, below, byTime, byMaking, answers };
}

/**
 * §3.1.4 sorts by last update and by status timestamp. Nothing touched the tasks after their end, so both are one; tasks without
 * timestamps were ended one after the other, as the harness knows.
 */
export function judgeOrder(observation: ListedTasks): Judgement {
  const none = noList(observation);
  if (none) return none;
  const { own, whole, walks } = observation;
  const made = own.ended.map(({ task }) => task.id);
  const kept = new Map(keptOf(observation).map(({ task }) => [task.id, task]));
  const pairs = [[whole], ...walks.map(({ walk, again }) => (again ?? walk).pages)].flatMap((answers) => {
    // As the answer before showed them: a time that only the list gives is a matter of list/current-state.
    const shown = new Set(answers.flatMap(tasksIn).map(({ id }) => id));
    const tasks = [...shown].flatMap((id) => kept.get(id) ?? []);
    return tasks.slice(1).map((below, index) => pairOf(tasks[index]!, below, made, answers));
  });
  const wrong = pairs.find(({ byTime }) => byTime === 'wrong');
  if (wrong) {
    return violated(
      {
        reason: 'an older task comes before a newer one',
        expected: `task ${wrong.below.id} of ${String(timestampOf(wrong.below))} first`,
        actual: `task ${wrong.above.id} of ${String(timestampOf(wrong.above))} first`,
      },
      ...exchangesOf(wrong.answers),
    );
  }
  const unstamped = pairs.find(({ byTime, byMaking }) => byTime === 'unknown' && byMaking === 'wrong');
  if (unstamped) {
    return ambiguous(
      'a task comes before one that ended after it, and there are no timestamps to tell',
      [
        '§3.1.4: sorted by last update time, the newest first',
        '§3.1.4: sorted by status timestamp, which is optional, and without which there is no order',
      ],
      ...exchangesOf(unstamped.answers),
    );
  }
  const evidence = exchangesOf([whole]);
  if (pairs.length === 0) return untested('fewer than two of the tasks are listed', runAgain, ...evidence);
  const told = pairs.filter(({ byTime }) => byTime !== 'equal');
  if (told.length === 0)
    return untested('the timestamps of the tasks are equal as far as they tell', runAgain, ...evidence);
  return holds('the newest task comes first', ...evidence);
}
