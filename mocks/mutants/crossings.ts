import type { AgentControl, Fault, OperationContext } from '../reference-agent/hooks.ts';
import type { Task } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';
import { at } from './params.ts';

/** Races between clients that come by different interfaces of one agent. */

/** Which interface each task was made over. */
class Makers {
  readonly #ofMessages = new Map<unknown, string>();
  readonly #ofTasks = new Map<unknown, string>();

  note({ operation, binding, params }: OperationContext): void {
    if (operation.startsWith('Send')) this.#ofMessages.set(at(params, 'message', 'messageId'), binding);
  }

  readonly taskId: NonNullable<Fault['taskId']> = (generated, { message }) => {
    const binding = this.#ofMessages.get(message.messageId);
    if (binding !== undefined) this.#ofTasks.set(generated, binding);
    return generated;
  };

  isForeign(taskId: unknown, binding: string): boolean {
    const maker = this.#ofTasks.get(taskId);
    return maker !== undefined && maker !== binding;
  }
}

/** The end of the work is written a moment after it was decided on; a cancel over the interface of the task is seen until then. */
const foreignCancelLost = (): Fault => {
  const makers = new Makers();
  const canceled = new Set<string>();
  const late = new Set<string>();
  let control: AgentControl | undefined;
  let overwrites = false;
  return {
    ready: (given) => (control = given),
    taskId: makers.taskId,
    refuse(ctx) {
      makers.note(ctx);
      const id = at(ctx.params, 'id');
      if (ctx.operation === 'CancelTask' && typeof id === 'string' && makers.isForeign(id, ctx.binding))
        canceled.add(id);
      return undefined;
    },
    transition: (from, to) =>
      overwrites && from === 'TASK_STATE_CANCELED' && to === 'TASK_STATE_COMPLETED' ? 'allow' : undefined,
    update(update) {
      if (!('statusUpdate' in update)) return update;
      const { taskId, status } = update.statusUpdate;
      if (status.state !== 'TASK_STATE_COMPLETED' || late.has(taskId)) return update;
      late.add(taskId);
      setTimeout(() => {
        overwrites = canceled.has(taskId);
        control?.setStatus(taskId, 'TASK_STATE_COMPLETED', 'Done');
        overwrites = false;
      }, 20);
      return null;
    },
  };
};

/** Over HTTP+JSON a task that was made over another interface is read from a copy, which is a while old at most. */
const foreignTasksCached = (): Fault => {
  const makers = new Makers();
  const copies = new Map<string, { readonly task: Task; readonly at: number }>();
  return {
    taskId: makers.taskId,
    refuse(ctx) {
      makers.note(ctx);
      return undefined;
    },
    task(task, { binding, operation }) {
      if (binding !== 'HTTP+JSON' || operation !== 'GetTask' || !makers.isForeign(task.id, binding)) return task;
      const known = copies.get(task.id);
      if (known !== undefined && performance.now() - known.at < 400) return known.task;
      copies.set(task.id, { task, at: performance.now() });
      return task;
    },
  };
};

const bindings = ['JSONRPC', 'HTTP+JSON'] as const;

/** Agents with which nothing is wrong over any one interface: several clients by several of them have to see it. */
export const crossingMutants: readonly Mutant[] = [
  {
    id: 'races/foreign-cancel-lost',
    description: 'The end of the work overwrites a cancel that came over another interface just before',
    breaks: ['cancel/final'],
    mayBreak: ['get/terminal-stable', 'get/idempotent', 'push/one-end', 'push/in-order', 'get/current-state'],
    killedBy: ['concurrency/order'],
    suite: 'concurrency',
    options: { bindings },
    fault: foreignCancelLost,
  },
  {
    id: 'races/foreign-tasks-cached',
    description: 'Over HTTP+JSON tasks that were made over another interface are read from a copy that lags',
    breaks: ['get/current-state'],
    mayBreak: ['get/idempotent', 'get/terminal-stable'],
    killedBy: ['concurrency/order'],
    suite: 'concurrency',
    options: { bindings },
    fault: foreignTasksCached,
  },
];
