import { wait } from '../../core/engine/wait.ts';
import { holds, violated } from '../../core/findings/judgement.ts';
import type { CallResult } from '../../core/wire/binding-client.ts';
import { isTerminal } from '../../protocol/task-state.ts';
import { exchangesOf, tasksIn, walkFrom, type Walk } from '../checks/list/page.ts';
import { contextOf, stateIn, taskIn } from '../checks/shared/task-parts.ts';
import { judgeRead, type Shown } from './asks.ts';
import type { Place } from './place.ts';

/** More than an agent keeps that has 200 places. */
export const manyTasks = 205;

/** Requests at a time. */
const atATime = 8;

async function inTurn<Item, Value>(items: readonly Item[], act: (item: Item) => Promise<Value>): Promise<Value[]> {
  const values: Value[] = [];
  const queue = [...items];
  const work = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) values.push(await act(item));
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return values;
}

/**
 * Makes more than 200 tasks in one context, and looks at all of them: each is still itself, and listed.
 * @throws {Unelicited} where so many may not be made
 */
export async function lookAtManyTasks({ door, lists }: Place): Promise<readonly Shown[]> {
  const first = await door.send('completes');
  const contextId = contextOf(door.taskOf(first));
  const message = contextId === undefined ? {} : { contextId };
  const others = await inTurn([...Array(manyTasks - 1).keys()], () =>
    door.signal.aborted ? Promise.resolve(undefined) : door.send('completes', { message }),
  );
  const made = [first, ...others].flatMap((answer) => (answer && taskIn(answer)) ?? []);
  const get = (id: string): Promise<CallResult> => door.client.call('GetTask', { id });
  const reads = await inTurn(made, async (task) => ({ task, answer: await get(task.id) }));
  const shown = reads.flatMap(({ task, answer }) => judgeRead(task, answer));
  if (contextId === undefined || !lists) return shown;

  const asked = { contextId, pageSize: 50 };
  const list = async (): Promise<Walk> =>
    walkFrom(door, await door.client.call('ListTasks', asked), asked, Math.ceil(manyTasks / 10));
  const missingOn = ({ pages }: Walk): readonly string[] => {
    const listed = new Set(pages.flatMap(tasksIn).map(({ id }) => id));
    return made.map(({ id }) => id).filter((id) => !listed.has(id));
  };
  let walk = await list();
  if (walk.end === 'last' && missingOn(walk).length > 0) {
    await wait(door.deadlines.graceMs, door.signal);
    walk = await list();
  }
  if (walk.end !== 'last') return shown;
  const [missing] = missingOn(walk);
  const row = 'list/returns-tasks';
  const evidence = exchangesOf(walk.pages);
  if (missing === undefined)
    return [...shown, { row, judgement: holds(`all ${made.length} tasks of the context are listed`, ...evidence) }];
  const now = await get(missing);
  // Purged meanwhile, or never ended: nothing is said.
  if (taskIn(now)?.id !== missing || !isTerminal(stateIn(now))) return shown;
  const judgement = violated(
    {
      reason: `of ${made.length} tasks of a context ${missingOn(walk).length} are not listed, and GetTask shows them`,
      expected: `task ${missing} on one of the pages`,
      actual: `${walk.pages.flatMap(tasksIn).length} tasks on ${walk.pages.length} pages, without it`,
    },
    ...evidence,
    now.exchange,
  );
  return [...shown, { row, judgement }];
}
