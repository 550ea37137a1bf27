import type { Fault } from '../reference-agent/hooks.ts';
import type { Mutant } from './mutant.ts';
import { at, errorInfo, refuse } from './params.ts';

/** Tasks whose cancel succeeded. */
const memoryOfCancels = (): {
  readonly canceled: ReadonlySet<unknown>;
  readonly status: NonNullable<Fault['status']>;
} => {
  const canceled = new Set<unknown>();
  return {
    canceled,
    status: (status, { taskId }) => {
      if (status.state === 'TASK_STATE_CANCELED') canceled.add(taskId);
      return status;
    },
  };
};

const secondCancelUnsupported = (): Fault => {
  const { canceled, status } = memoryOfCancels();
  return {
    status,
    error: (error, { operation, params }) =>
      operation === 'CancelTask' && error.code === -32002 && canceled.has(at(params, 'id'))
        ? { code: -32004, message: 'The task cannot be canceled twice', details: errorInfo('UNSUPPORTED_OPERATION') }
        : error,
  };
};

const secondCancelRevives = (): Fault => {
  const { canceled, status } = memoryOfCancels();
  const revived = new Set<unknown>();
  return {
    status,
    error: (error, { operation, params }) => {
      if (operation === 'CancelTask' && canceled.has(at(params, 'id'))) revived.add(at(params, 'id'));
      return error;
    },
    task: (task, { operation }) =>
      operation === 'GetTask' && revived.has(task.id) ? { ...task, status: { state: 'TASK_STATE_FAILED' } } : task,
  };
};

export const cancelMutants: readonly Mutant[] = [
  {
    id: 'cancel/returns-another-task',
    description: 'The answer to a cancel has an id of its own',
    breaks: ['cancel/returns-task', 'schema/task-context'],
    killedBy: ['cancel/live-task'],
    fault: {
      task: (task, { operation }) => (operation === 'CancelTask' ? { ...task, id: `${task.id}-canceled` } : task),
    },
  },
  {
    id: 'cancel/running-task-unknown',
    description: 'A running task is canceled by nobody: TaskNotFoundError',
    breaks: ['cancel/returns-task'],
    killedBy: ['cancel/live-task'],
    fault: {
      policy: { cancelDoesNothing: true },
      reply: (envelope, { method }) =>
        method === 'CancelTask' && envelope.result !== undefined
          ? refuse(envelope.id, -32001, 'Task not found', 'TASK_NOT_FOUND')
          : envelope,
    },
  },
  {
    id: 'cancel/does-nothing',
    description: 'A cancel answers with the running task, which runs to its own end',
    breaks: ['cancel/state-canceled'],
    killedBy: ['cancel/live-task'],
    fault: { policy: { cancelDoesNothing: true } },
  },
  {
    id: 'cancel/only-in-the-answer',
    description: 'The answer says canceled, but the task goes on',
    breaks: ['cancel/state-canceled', 'get/terminal-stable'],
    killedBy: ['cancel/live-task', 'invariants/terminal-state'],
    fault: {
      policy: { cancelDoesNothing: true },
      task: (task, { operation }) =>
        operation === 'CancelTask' ? { ...task, status: { ...task.status, state: 'TASK_STATE_CANCELED' } } : task,
    },
  },
  {
    id: 'cancel/completion-overwrites',
    description: 'The work goes on after a cancel, and its end overwrites CANCELED',
    breaks: ['cancel/final', 'get/terminal-stable'],
    killedBy: ['cancel/final', 'invariants/terminal-state'],
    fault: {
      policy: { completionOverwritesCanceled: true },
      // Progress shows nothing, so that the cancel seems to hold until the end.
      transition: (from, to) =>
        from === 'TASK_STATE_CANCELED' && to === 'TASK_STATE_WORKING' ? 'TASK_STATE_CANCELED' : undefined,
    },
  },
  {
    id: 'cancel/metadata-refused',
    description: 'A cancel with metadata is invalid',
    breaks: ['cancel/metadata-served'],
    killedBy: ['cancel/metadata'],
    fault: {
      refuse: ({ operation, params, task }) =>
        operation === 'CancelTask' && task !== undefined && at(params, 'metadata') !== undefined
          ? { code: -32602, message: 'metadata is not known' }
          : undefined,
    },
  },
  {
    id: 'cancel/second-unsupported',
    description: 'A second cancel is answered with UnsupportedOperationError',
    breaks: ['cancel/idempotent'],
    killedBy: ['cancel/live-task', 'cancel/concurrent'],
    fault: secondCancelUnsupported,
  },
  {
    id: 'cancel/second-fails-task',
    description: 'A second cancel turns the canceled task into a failed one',
    breaks: ['cancel/idempotent', 'get/terminal-stable'],
    killedBy: ['cancel/live-task', 'cancel/concurrent'],
    fault: secondCancelRevives,
  },
  {
    id: 'cancel/terminal-invalid-params',
    description: 'A cancel of a completed task is answered with InvalidParamsError',
    breaks: ['cancel/terminal-refused'],
    killedBy: ['cancel/ended-task'],
    fault: {
      error: (error, { operation }) =>
        operation === 'CancelTask' && error.code === -32002 && error.message.includes('COMPLETED')
          ? { code: -32602, message: 'The task has ended' }
          : error,
    },
  },
  {
    id: 'cancel/terminal-ignored',
    description: 'A cancel of an ended task is answered with success',
    breaks: ['cancel/terminal-refused'],
    killedBy: ['cancel/ended-task'],
    fault: { policy: { ignoreCancelOfTerminal: true } },
  },
];
