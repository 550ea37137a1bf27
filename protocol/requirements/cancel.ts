import { server, type RowSpec } from './define.ts';

/** §3.1.5, §3.3.1: canceling a task. */
export const cancelRows: readonly RowSpec[] = [
  server(
    'cancel/returns-task',
    'MUST',
    'defined',
    '§3.1.5',
    'A cancel of a task that goes on returns the updated task that was asked for, or says that it is not cancelable.',
    { ambiguity: 'cancel-failure' },
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
    '§3.3.1, §3.1.5',
    'A further cancel has the same effect: the task stays canceled; success, TaskNotCancelableError or (purged) TaskNotFoundError.',
    { ambiguity: 'cancel-again' },
  ),
  server(
    'cancel/metadata-served',
    'MUST',
    'defined',
    'a2a.proto CancelTaskRequest.metadata',
    'A cancel with metadata that the agent does not know is served as one without.',
    { ambiguity: 'optional-fields-refused' },
  ),
  server('cancel/purged', 'MAY', 'stated', '§3.3.1', 'A duplicate cancel of a purged task may be TaskNotFoundError.'),
  server(
    'cancel/terminal-refused',
    'MUST',
    'defined',
    '§3.1.5, §3.3.2, §5.4',
    'Canceling a task that has ended otherwise is answered with TaskNotCancelableError.',
    { ambiguity: 'cancel-unsupported' },
  ),
];
