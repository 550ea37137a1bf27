import { server, type RowSpec } from './define.ts';

/** §3.1.3, §3.2.4, §3.3.1: reading a task. */
export const getRows: readonly RowSpec[] = [
  server(
    'get/returns-task',
    'MUST',
    'defined',
    '§3.1.3',
    'GetTask returns the task that was asked for, at least until it has ended.',
  ),
  server(
    'get/current-state',
    'MUST',
    'defined',
    '§3.1.3',
    'GetTask shows the current state: an end that an answer reported is shown.',
    { ambiguity: 'read-delay' },
  ),
  server('get/artifacts', 'MUST', 'defined', '§3.1.3', 'GetTask shows the artifacts of the task.', {
    ambiguity: 'read-delay',
  }),
  server(
    'get/history-length',
    'MUST',
    'stated',
    '§3.2.4, a2a.proto GetTaskRequest.history_length',
    'At most historyLength messages of history are returned, none for 0.',
  ),
  server(
    'get/history-lower-limit',
    'MAY',
    'stated',
    'a2a.proto GetTaskRequest.history_length',
    'The server may apply a lower limit.',
  ),
  server(
    'get/history-most-recent',
    'MUST',
    'defined',
    '§3.2.4, a2a.proto GetTaskRequest.history_length',
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
    '§4.1.3, §3.1.1, §3.1.5',
    'A task that reached a terminal state never leaves it, whatever is asked of it.',
    { ambiguity: 'read-delay' },
  ),
  server(
    'get/idempotent',
    'MUST',
    'defined',
    '§3.3.1',
    'Reading a task changes nothing: reads of an ended task agree.',
  ),
];
