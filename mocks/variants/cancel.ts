import { internalError, taskNotCancelable, taskNotFound, unsupportedOperation } from '../reference-agent/errors.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import { isTerminal } from '../reference-agent/types.ts';
import { later, pause } from './respond.ts';
import type { Variant } from './variant.ts';

/** A cancel is only taken note of; the task ends a moment later, and may say something before. */
function canceledAfter(ms: number, stopping?: string): Fault {
  const asked = new Set<string>();
  let stop: (taskId: string) => void = () => undefined;
  let say: (taskId: string) => void = () => undefined;
  return {
    policy: { cancelDoesNothing: true },
    ready(control) {
      stop = control.cancel;
      say = (taskId) => void (stopping !== undefined && control.setStatus(taskId, 'TASK_STATE_WORKING', stopping));
    },
    refuse({ operation, task }) {
      if (operation !== 'CancelTask' || !task || isTerminal(task.status.state) || asked.has(task.id)) return undefined;
      asked.add(task.id);
      say(task.id);
      later(ms, () => stop(task.id));
      return undefined;
    },
  };
}

/** A cancel takes as long as the task itself. */
function tooLate(): Fault {
  const ended = new Map<string, PromiseWithResolvers<void>>();
  const endOf = (taskId: string): PromiseWithResolvers<void> => {
    const known = ended.get(taskId) ?? Promise.withResolvers<void>();
    ended.set(taskId, known);
    return known;
  };
  return {
    update(update, { task }) {
      if ('statusUpdate' in update && isTerminal(update.statusUpdate.status.state)) endOf(task.id).resolve();
      return update;
    },
    async refuse({ operation, task }) {
      if (operation !== 'CancelTask' || !task || isTerminal(task.status.state)) return undefined;
      // What waits for its client would never end by itself.
      const waits = !['TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING'].includes(task.status.state);
      if (!waits) await endOf(task.id).promise;
      return undefined;
    },
  };
}

const notNow = (taskId: string, state: string) => taskNotCancelable(taskId, state).content;

export const cancelVariants: readonly Variant[] = [
  {
    id: 'cancel/a-moment-later',
    description: 'A cancel is answered with the task in its state; CANCELED follows after 150 ms',
    allowedBy: '§3.1.5: attempts to cancel, and returns the updated state',
    fault: () => canceledAfter(150),
  },
  {
    id: 'cancel/in-an-orderly-way',
    description: 'A cancel is answered with WORKING and the message that the work is being stopped',
    allowedBy: '§3.1.5: attempts to cancel, and returns the updated state',
    fault: () => canceledAfter(200, 'Stopping'),
  },
  {
    id: 'cancel/never',
    description: 'No task can be canceled: TaskNotCancelableError for running ones too',
    allowedBy: '§3.1.5: success is not guaranteed; cancellation might not be supported at its current stage',
    fault: {
      refuse: ({ operation, task }) =>
        operation === 'CancelTask' && task ? notNow(task.id, task.status.state) : undefined,
    },
  },
  {
    id: 'cancel/unsupported',
    description: 'CancelTask is answered with UnsupportedOperationError, whatever it names',
    allowedBy: '§3.3.2: the requested operation is not supported by this implementation',
    warns: ['cancel/terminal-refused', 'errors/cancel-unknown-task'],
    fault: {
      refuse: ({ operation }) =>
        operation === 'CancelTask' ? unsupportedOperation('Nothing can be canceled here').content : undefined,
    },
  },
  {
    id: 'cancel/not-before-work',
    description: 'A task that waits, for its turn or for its client, is not cancelable',
    allowedBy: '§3.1.5: cancellation might not be supported at its current stage',
    fault: {
      refuse: ({ operation, task }) =>
        operation === 'CancelTask' && task && task.status.state !== 'TASK_STATE_WORKING'
          ? notNow(task.id, task.status.state)
          : undefined,
    },
  },
  {
    id: 'cancel/too-late',
    description: 'A cancel is looked at when the task has ended by itself',
    allowedBy: '§3.1.5: the task might have already completed',
    fault: tooLate,
    options: { longRunningMs: 900 },
  },
  {
    id: 'cancel/purges',
    description: 'A canceled task is gone: a further cancel, and GetTask, say TaskNotFoundError',
    allowedBy: '§3.3.1: MAY return TaskNotFoundError if the task has been canceled and purged',
    // Lists still show it.
    warns: ['list/visible-only'],
    fault: {
      refuse: ({ task }) => (task?.status.state === 'TASK_STATE_CANCELED' ? taskNotFound(task.id).content : undefined),
    },
  },
  {
    id: 'cancel/again-succeeds',
    description: 'A further cancel returns the canceled task',
    allowedBy: '§3.3.1: multiple cancellation requests have the same effect',
    fault: { policy: { repeatedCancelReturnsTask: true } },
  },
  {
    id: 'cancel/takes-its-time',
    description: 'A cancel is answered after 600 ms; several at once meet each other',
    allowedBy: 'no section names a time',
    fault: {
      refuse: async ({ operation }) => {
        if (operation === 'CancelTask') await pause(600);
        return undefined;
      },
    },
  },
  {
    id: 'cancel/fails-inside',
    description: 'A cancel of a running task is answered with InternalError, and the task goes on',
    allowedBy: '§3.3.2: system errors; §3.1.5: success is not guaranteed',
    warns: ['cancel/returns-task'],
    fault: {
      refuse: ({ operation, task }) =>
        operation === 'CancelTask' && task && !isTerminal(task.status.state) ? internalError().content : undefined,
    },
  },
];
