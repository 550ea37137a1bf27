import type { Fault } from '../reference-agent/hooks.ts';
import type { ListTasksRequest, ListTasksResponse, Task } from '../reference-agent/types.ts';
import { asObject } from './params.ts';

/** What mutants and variants do with the answers of ListTasks. */

/** Changes the answers of ListTasks. */
export const everyList = (
  change: (page: ListTasksResponse, asked: ListTasksRequest) => object,
): Pick<Required<Fault>, 'result'> => ({
  result: (result, { operation, params }) =>
    operation === 'ListTasks' ? change(result as ListTasksResponse, asObject(params) as ListTasksRequest) : result,
});

/** Changes each task of a list. */
export const everyTask = (change: (task: Task, asked: ListTasksRequest) => object): Fault =>
  everyList((page, asked) => ({ ...page, tasks: page.tasks.map((task) => change(task, asked)) }));

export const without = <Value extends object>(value: Value, member: keyof Value): object =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== member));

/** A task with another time of its status. */
export const restamped = (task: Task, timestamp: string): object => ({
  ...task,
  status: { ...task.status, timestamp },
});
