import type { AgentControl, Fault } from '../reference-agent/hooks.ts';
import type { TaskState } from '../reference-agent/types.ts';
import { isTerminal } from '../reference-agent/types.ts';
import { crossingMutants } from './crossings.ts';
import type { Mutant } from './mutant.ts';
import { fullHouse } from './full-house.ts';
import { asObject, at } from './params.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Two messages to one task are worked on twice: the second run begins when the first has ended, and fails at what is done. */
const secondExecutor = (): Fault => {
  const working = new Map<string, Promise<void>>();
  const second = new Set<string>();
  return {
    policy: { everyMessageIsWork: true },
    async work(run, { taskId }) {
      const first = working.get(taskId);
      if (first !== undefined) {
        await first;
        second.add(taskId);
      }
      const own = run();
      working.set(taskId, own);
      await own;
      if (working.get(taskId) === own) working.delete(taskId);
    },
    transition: (from, to) => (from === 'TASK_STATE_COMPLETED' && to === 'TASK_STATE_WORKING' ? 'allow' : undefined),
    status: (status, { taskId }) =>
      status.state === 'TASK_STATE_COMPLETED' && second.has(taskId)
        ? { ...status, state: 'TASK_STATE_FAILED' }
        : status,
  };
};

/** The end of the work is written a moment after it was decided on, whatever has become of the task meanwhile. */
const lostUpdate = (): Fault => {
  const late = new Set<string>();
  let control: AgentControl | undefined;
  return {
    ready: (given) => (control = given),
    transition: (from, to) => (from === 'TASK_STATE_CANCELED' && to === 'TASK_STATE_COMPLETED' ? 'allow' : undefined),
    update(update) {
      if (!('statusUpdate' in update)) return update;
      const { taskId, status } = update.statusUpdate;
      if (status.state !== 'TASK_STATE_COMPLETED' || late.has(taskId)) return update;
      late.add(taskId);
      setTimeout(() => control?.setStatus(taskId, 'TASK_STATE_COMPLETED', 'Done'), 6);
      return null;
    },
  };
};

/** Queues of events are found by context: two tasks at work in one context put their events into each other's. */
const mixedContexts = (): Fault => {
  /** Tasks at work, by context. */
  const working = new Map<string, Set<string>>();
  return {
    event(event, { task }) {
      if (task === undefined) return event;
      const own = working.get(task.contextId) ?? new Set();
      working.set(task.contextId, own);
      if (isTerminal(task.status.state)) own.delete(task.id);
      else own.add(task.id);
      const other = [...own].find((id) => id !== task.id);
      const [payload] = Object.entries(event);
      if (other === undefined || payload === undefined || payload[0] === 'task') return event;
      return { [payload[0]]: { ...asObject(payload[1]), taskId: other } };
    },
  };
};

/** A list leaves artifacts out, in place, of tasks that a GetTask is just about to give out. */
const sharedSnapshot = (): Fault => {
  const reading = new Map<string, number>();
  const stripped = new Set<string>();
  const count = (id: string, by: number): Map<string, number> => reading.set(id, (reading.get(id) ?? 0) + by);
  return {
    async refuse({ operation, params, task }) {
      const id = at(params, 'id');
      if (operation === 'ListTasks') for (const [read, readers] of reading) if (readers > 0) stripped.add(read);
      if (operation !== 'GetTask' || typeof id !== 'string' || !task || !isTerminal(task.status.state))
        return undefined;
      count(id, 1);
      await pause(4);
      count(id, -1);
      return undefined;
    },
    task(task, { operation }) {
      if (operation !== 'GetTask' || !stripped.has(task.id)) return task;
      const { artifacts: _, ...rest } = task;
      return rest;
    },
  };
};

/** A further cancel that crosses the first one finds the task half changed and fails it. */
const crossedCancels = (): Fault => {
  const canceling = new Set<unknown>();
  let control: AgentControl | undefined;
  const ended = new Set<TaskState>(['TASK_STATE_CANCELED']);
  return {
    ready: (given) => (control = given),
    transition: (from, to) => (ended.has(from) && to === 'TASK_STATE_FAILED' ? 'allow' : undefined),
    async refuse({ operation, params }) {
      const id = at(params, 'id');
      if (operation !== 'CancelTask' || typeof id !== 'string') return undefined;
      if (canceling.has(id)) {
        setTimeout(() => control?.setStatus(id, 'TASK_STATE_FAILED', 'Conflict'), 8);
        return undefined;
      }
      canceling.add(id);
      await pause(4);
      canceling.delete(id);
      return undefined;
    },
  };
};

/** Agents that one client alone finds nothing wrong with: the suite of several clients has to. */
export const raceMutants: readonly Mutant[] = [
  {
    id: 'races/second-executor',
    description:
      'A message to a task at work starts a second executor, which brings the task to another end (a2a-js#632)',
    breaks: ['get/terminal-stable'],
    mayBreak: ['cancel/final', 'get/idempotent', 'streaming/nothing-after-terminal', 'push/one-end', 'push/in-order'],
    killedBy: ['concurrency/order'],
    suite: 'concurrency',
    fault: secondExecutor,
  },
  {
    id: 'races/lost-update',
    description:
      'The end of the work overwrites a cancel that came between its decision and its write (elizaOS/eliza#23801)',
    breaks: ['cancel/final'],
    mayBreak: ['get/terminal-stable', 'get/idempotent', 'push/one-end', 'push/in-order'],
    killedBy: ['concurrency/order'],
    suite: 'concurrency',
    fault: lostUpdate,
  },
  {
    id: 'races/contexts-mix',
    description: 'Events of two tasks at work in one context go to the streams of each other (scitix/siclaw#435)',
    breaks: ['streaming/one-task'],
    mayBreak: ['get/terminal-stable', 'get/current-state', 'schema/task-context', 'streaming/append-known'],
    killedBy: ['invariants/stream-patterns'],
    suite: 'concurrency',
    fault: mixedContexts,
  },
  {
    id: 'races/snapshot-shared',
    description: 'A list takes the artifacts out of tasks that another client is just reading (a2a-js#412)',
    breaks: ['get/idempotent'],
    mayBreak: ['get/artifacts'],
    killedBy: ['concurrency/snapshots'],
    suite: 'concurrency',
    fault: sharedSnapshot,
  },
  {
    id: 'races/crossed-cancels',
    description: 'A second cancel while the first is under way fails the canceled task (a2a-python#1185)',
    breaks: ['cancel/final'],
    mayBreak: ['get/terminal-stable', 'push/one-end', 'push/in-order'],
    killedBy: ['concurrency/order'],
    suite: 'concurrency',
    fault: crossedCancels,
  },
  {
    id: 'races/burst-deadlocks',
    description: 'A burst of messages deadlocks the whole server, the route of the card included (a2a-python#1101)',
    breaks: ['robustness/answers-after-bad-input'],
    killedBy: ['concurrency/alive'],
    suite: 'concurrency',
    fault: fullHouse(7),
  },
  ...crossingMutants,
];
