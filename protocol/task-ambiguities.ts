import { ambiguity, type Ambiguity } from './ambiguity.ts';

/** What the text leaves open about messages, tasks and contexts (§3.1 to §3.4, §7.6). */
export const taskAmbiguities: readonly Ambiguity[] = [
  ambiguity(
    'immediate-or-blocking',
    '§3.1.1, §3.2.2',
    ['§3.1.1: the operation MUST return immediately', '§3.2.2: blocking MUST wait for a terminal or interrupted state'],
    'Judged by §3.2.2, which is the more specific text; a direct Message is not affected.',
  ),
  ambiguity(
    'auth-required-message',
    '§7.6.1',
    ['a status message MUST explain the required authorization', 'unless negotiated out-of-band or by an extension'],
    'Absence is a warn: a negotiation cannot be seen.',
  ),
  ambiguity(
    'cancel-reply-state',
    '§3.1.5',
    ['output: updated task with cancellation status', 'the server attempts to cancel, success is not guaranteed'],
    'A reply in another state is accepted while the task may still become canceled.',
  ),
  ambiguity(
    'context-id-dropped',
    '§3.4.1, a2a.proto Task.context_id',
    [
      '§3.4.1: a client’s contextId is accepted and preserved, or the request is rejected',
      'Task.context_id is not REQUIRED: an agent without contexts may show none',
    ],
    'A task without any contextId after a client’s contextId is a warn; another contextId is a fail.',
  ),
  ambiguity(
    'context-reuse-refused',
    '§3.4.1, §3.4.3',
    [
      '§3.4.3: clients may use contextId without taskId to start a new task within an existing context',
      '§3.4.1: contexts may expire, and what an agent cannot accept it rejects',
    ],
    'A refusal of a contextId that the agent has just given out is a warn.',
  ),
  ambiguity(
    'mismatch-rejection',
    '§3.4.3, a2a.proto TaskState',
    [
      '§3.4.3: the message is rejected: by an error, as §3.4.1 says for contexts',
      'an answer that processes nothing (a Message, a task in TASK_STATE_REJECTED) rejects it too',
    ],
    'A Message or a rejected task is a warn; any other task is a fail.',
  ),
  ambiguity(
    'follow-up-refused',
    '§3.4.3, §3.3.3',
    [
      '§3.4.3: the client continues an interrupted task by a new message with its taskId',
      '§3.3.3: agents MAY accept additional messages for tasks in non-terminal states',
    ],
    'A refusal is a warn; TaskNotFoundError for a task that GetTask shows, or another task instead, is a fail.',
  ),
  ambiguity(
    'read-delay',
    '§3.1.3, a2a.proto A2AService.GetTask',
    [
      'the current, latest state is returned: what an answer has reported is there',
      'no consistency between operations is promised: a replica may lag for a moment',
    ],
    'A read that lags and then is right is a warn; one that stays wrong is a fail.',
  ),
  ambiguity(
    'cancel-failure',
    '§3.1.5, §3.3.2',
    [
      '§3.1.5: a task that cannot be canceled is answered with TaskNotCancelableError',
      '§3.3.2: an internal failure is a system error, and the success of a cancel is not guaranteed',
    ],
    'Another error than those of §3.1.5 is a warn; one that calls a good request malformed or a known task unknown is a fail.',
  ),
  ambiguity(
    'immediate-follow-up',
    '§3.2.2, a2a.proto SendMessageConfiguration.return_immediately',
    [
      'with returnImmediately the operation returns immediately, even if processing goes on',
      '"after creating the task": a further message creates none',
    ],
    'An answer that waits for the end of the work under way is a warn.',
  ),
  ambiguity(
    'cancel-again',
    '§3.3.1, §3.3.2',
    [
      '§3.3.1: a duplicate cancel MAY return TaskNotFoundError if the task has been canceled and purged: only then',
      '§3.3.1: multiple cancellation requests have the same effect: the task stays canceled, whatever the answer',
    ],
    'TaskNotFoundError while GetTask shows the task, or an internal error, is a warn; any other error or state is a fail.',
  ),
  ambiguity(
    'open-task-continued',
    '§3.1.1, §3.3.1, §3.4.2, §3.4.3',
    [
      '§3.4.2: each new task gets a unique id: two messages that name no task make two tasks',
      '§3.1.1: a message MAY create a task, and no section forbids to go on with one that is open',
      '§3.3.1: sending MAY be idempotent: a message that says the same as another may be answered with the task of that one',
    ],
    'A new task under the id of one that had ended is a fail; the ended task as it was, or one that may have been open, a warn.',
  ),
  ambiguity(
    'context-of-others',
    '§13.1, §3.4.1',
    [
      '§13.1: what a principal makes is its own, wherever it is made',
      '§13.1: boundaries are the agent’s own: whoever has begun a context may see what others send into it',
    ],
    'A task that one principal makes in a context of another, and the other sees, is a warn; any other task of another a fail.',
  ),
  ambiguity(
    'cancel-unsupported',
    '§3.1.5, §3.3.2',
    [
      '§3.1.5: a task that has ended, or is unknown, has an error of its own',
      '§3.3.2: UnsupportedOperationError: the agent supports no CancelTask at all',
    ],
    'An agent that answers any CancelTask so gets a warn.',
  ),
];
