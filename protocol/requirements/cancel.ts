import { server, type RowSpec } from './define.ts';

/** §3.1.5, §3.3.1: canceling a task. */
export const cancelRows: readonly RowSpec[] = [
  server(
    'cancel/returns-task',
    'MUST',
    'defined',
    '§3.1.5',
    'A successful cancel returns the updated task that was asked for.',
  ),
  server(
    'cancel/state-canceled',
    'MUST',
    'defined',
    '§3.1.5',
    'After a successful cancel the task is, or becomes, TASK_STATE_CANCELED.',
    { ambiguity: 'cancel-reply-state' },
  ),
  server(
    'cancel/final',
    'MUST',
    'defined',
    '§4.1.3, §3.1.5',
    'A canceled task stays canceled: no later completion overwrites it.',
  ),
  server(
    'cancel/idempotent',
    'MUST',
    'defined',
    '§3.3.1',
    'A second cancel has the same effect: the task stays canceled; success, TaskNotCancelable or (purged) TaskNotFound.',
  ),
  server(
    'cancel/terminal-refused',
    'MUST',
    'defined',
    '§3.1.5, §5.4',
    'Canceling a completed task is answered with TaskNotCancelableError.',
  ),
];
