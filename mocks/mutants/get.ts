import type { Fault } from '../reference-agent/hooks.ts';
import { isTerminal } from '../reference-agent/types.ts';
import type { TaskState } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';
import { asObject, at, refuse } from './params.ts';

const stateOf = (task: unknown): TaskState => at(task, 'status', 'state') as TaskState;

/** Tasks that an ended one was made to go on by a message that was refused. */
const revivedByMessage = (): Fault => {
  const revived = new Set<unknown>();
  return {
    error: (error, { operation, params }) => {
      if (operation === 'SendMessage' && error.code === -32004) revived.add(at(params, 'message', 'taskId'));
      return error;
    },
    task: (task, { operation }) =>
      operation === 'GetTask' && revived.has(task.id) ? { ...task, status: { state: 'TASK_STATE_WORKING' } } : task,
  };
};

const restampedReads = (): Fault => {
  let reads = 0;
  return {
    task: (task, { operation }) => {
      if (operation !== 'GetTask' || !isTerminal(task.status.state)) return task;
      reads += 1;
      return { ...task, status: { ...task.status, timestamp: new Date(Date.now() + reads).toISOString() } };
    },
  };
};

export const getMutants: readonly Mutant[] = [
  {
    id: 'get/live-task-unknown',
    description: 'Only tasks that have ended can be read',
    breaks: ['get/returns-task'],
    killedBy: ['get/live-task'],
    fault: {
      reply: (envelope, { method }) =>
        method === 'GetTask' && envelope.result !== undefined && !isTerminal(stateOf(envelope.result))
          ? refuse(envelope.id, -32001, 'Task not found', 'TASK_NOT_FOUND')
          : envelope,
    },
  },
  {
    id: 'get/wrong-task',
    description: 'GetTask names another task than the one asked for, while it goes on',
    breaks: ['get/returns-task', 'schema/task-context'],
    killedBy: ['get/live-task', 'invariants/returned-tasks'],
    fault: {
      task: (task, { operation }) =>
        operation === 'GetTask' && !isTerminal(task.status.state) ? { ...task, id: `${task.id}-draft` } : task,
    },
  },
  {
    id: 'get/stale-state',
    description: 'GetTask shows completed tasks at work for ever',
    breaks: ['get/current-state', 'get/terminal-stable'],
    killedBy: ['get/ended-task', 'invariants/terminal-state'],
    fault: {
      task: (task, { operation }) =>
        operation === 'GetTask' && task.status.state === 'TASK_STATE_COMPLETED'
          ? { ...task, status: { ...task.status, state: 'TASK_STATE_WORKING' } }
          : task,
    },
  },
  {
    id: 'get/without-artifacts',
    description: 'GetTask leaves out the artifacts',
    breaks: ['get/artifacts', 'streaming/in-order'],
    killedBy: ['get/ended-task'],
    fault: {
      task: (task, { operation }) => {
        const { artifacts: _left, ...rest } = task;
        return operation === 'GetTask' ? rest : task;
      },
    },
  },
  {
    id: 'get/history-zero-ignored',
    description: 'historyLength 0 counts as unset',
    breaks: ['get/history-length', 'send/history-length', 'list/history-length'],
    killedBy: ['get/history', 'send/history', 'list/contents'],
    fault: { policy: { historyLengthZeroIgnored: true } },
  },
  {
    id: 'get/history-reversed',
    description: 'GetTask shows a limited history newest first',
    breaks: ['get/history-most-recent'],
    killedBy: ['get/history'],
    fault: {
      result: (result, { operation, params }) => {
        const { history } = asObject(result);
        if (operation !== 'GetTask' || at(params, 'historyLength') === undefined || !Array.isArray(history))
          return result;
        return { ...result, history: history.toReversed() };
      },
    },
  },
  {
    id: 'get/terminal-left-by-cancel',
    description: 'A cancel turns a completed task into a canceled one',
    breaks: ['get/terminal-stable', 'cancel/terminal-refused'],
    killedBy: ['cancel/ended-task', 'invariants/terminal-state'],
    fault: { policy: { acceptCancelOfTerminal: true } },
  },
  {
    id: 'get/terminal-left-by-message',
    description: 'A message to an ended task is refused, but sets it going again',
    breaks: ['get/terminal-stable'],
    killedBy: ['get/ended-task', 'invariants/terminal-state'],
    fault: revivedByMessage,
  },
  {
    id: 'get/timestamp-of-the-read',
    description: 'Each GetTask gives an ended task a new timestamp',
    breaks: ['get/idempotent'],
    killedBy: ['get/ended-task'],
    fault: restampedReads,
  },
];
