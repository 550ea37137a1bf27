import { server, type RowSpec } from './define.ts';

/** §3.1.3, §3.2.4: reading a task. */
export const getRows: readonly RowSpec[] = [
  server('get/returns-task', 'MUST', 'defined', '§3.1.3', 'GetTask returns the task that was asked for.'),
  server(
    'get/current-state',
    'MUST',
    'defined',
    '§3.1.3',
    'GetTask shows the current state: an end that was reported elsewhere is shown, and never an earlier state again.',
  ),
  server('get/artifacts', 'MUST', 'defined', '§3.1.3', 'GetTask shows the artifacts of the task.'),
  server(
    'get/history-length',
    'MUST',
    'stated',
    '§3.2.4, a2a.proto GetTaskRequest.history_length',
    'At most historyLength messages of history are returned, none for 0.',
  ),
  server(
    'get/history-most-recent',
    'MUST',
    'defined',
    'a2a.proto GetTaskRequest.history_length',
    'The messages returned are the most recent ones, in order.',
  ),
  server(
    'get/history-zero-omitted',
    'SHOULD',
    'stated',
    '§3.2.4',
    'With historyLength 0 the history field is omitted.',
  ),
  server(
    'get/terminal-stable',
    'MUST',
    'defined',
    '§4.1.3, §3.1.1',
    'A task that reached a terminal state never leaves it.',
  ),
  server(
    'get/idempotent',
    'MUST',
    'defined',
    '§3.3.1',
    'Reading a task changes nothing: two reads of an ended task agree.',
  ),
];
