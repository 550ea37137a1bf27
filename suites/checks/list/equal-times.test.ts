import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { got, page, task } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { taskIn } from '../shared/task-parts.ts';
import { equalTimes } from './equal-times.ts';
import type { ListedTasks } from './listed-tasks.ts';

const ids = ['a', 'b', 'c'];
const tasks = ids.map((id) => task('COMPLETED', { id }));
const whole = page(tasks);
const next = { nextPageToken: 'n', totalSize: 3 };
const walked = (...pages: readonly CallResult[]) => ({ pageSize: 1, pages, end: 'last' as const });
const each = walked(page([tasks[0]!], next), page([tasks[1]!], next), page([tasks[2]!]));
const skipping = walked(page([tasks[0]!]));

const observed = (walks: ListedTasks['walks']): ListedTasks => {
  const shown = ids.map((id) => got('COMPLETED', { id }));
  const ended = shown.map((answer) => ({ task: taskIn(answer)!, shown: answer }));
  return { own: { ended, contextId: 'c1' }, first: whole, whole, walks, reads: [], gets: shown };
};

test.for<[string, string, ListedTasks['walks']]>([
  ['each once', 'holds', [{ walk: each, again: undefined }]],
  ['those of the same time skipped', 'violated', [{ walk: skipping, again: skipping }]],
  ['once', 'ambiguous', [{ walk: skipping, again: each }]],
  ['no equal times', 'untested', []],
])('%s: %s', ([, kind, walks]) => {
  expect(equalTimes.judge(observed(walks), factsWith())['list/pages'].kind).toBe(kind);
});
