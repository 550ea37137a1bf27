import type { Operation } from '../../protocol/operations.ts';
import { Unelicited } from '../engine/check.ts';
import { isObject } from '../invariants/json.ts';

/** `--max-tasks`: how many tasks a run may create on an agent that is not its own. One per run. */
export interface TaskBudget {
  readonly max: number;
  /** Sends so far that may have created a task. */
  readonly used: number;
  /**
   * Counts a request before it is sent, where it may create a task: a send whose message names no task that the agent is
   * known to have. A malformed one counts too, since the agent may accept it.
   * @throws {Unelicited} where the budget is used up
   */
  spend(request: BudgetedRequest): void;
  /** Takes the ids of tasks out of a result: a message to one of them creates none. */
  learn(result: unknown): void;
}

export interface BudgetedRequest {
  readonly operation?: Operation;
  readonly params?: unknown;
  /** Of a request that was written by hand: whether it may be read as a send. */
  readonly raw?: { readonly sends: boolean };
}

const isSend = (operation: Operation): boolean => operation === 'SendMessage' || operation === 'SendStreamingMessage';

/** The ids of tasks that a result or an event of a stream shows the agent to have. */
function* taskIdsOf(result: unknown): Generator<unknown> {
  if (!isObject(result)) return;
  const { task, message, statusUpdate, artifactUpdate } = result;
  if (isObject(task)) yield task.id;
  for (const about of [message, statusUpdate, artifactUpdate]) if (isObject(about)) yield about.taskId;
  if (isObject(result.status)) yield result.id;
}

export function createTaskBudget(max: number): TaskBudget {
  const known = new Set<unknown>();
  let used = 0;

  const namesKnownTask = (params: unknown): boolean =>
    isObject(params) && isObject(params.message) && known.has(params.message.taskId);

  const mayCreate = ({ operation, params, raw }: BudgetedRequest): boolean => {
    if (operation !== undefined && !isSend(operation)) return false;
    if (raw !== undefined) return operation !== undefined || raw.sends;
    return operation !== undefined && !namesKnownTask(params);
  };

  return {
    max,
    get used() {
      return used;
    },
    spend(request) {
      if (!mayCreate(request)) return;
      if (used >= max) throw new Unelicited(`this run may create no more than ${max} tasks`, 'raise --max-tasks');
      used += 1;
    },
    learn(result) {
      for (const id of taskIdsOf(result)) if (typeof id === 'string') known.add(id);
    },
  };
}
