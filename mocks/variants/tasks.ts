import { bindings } from '../reference-agent/bindings.ts';
import type { Task } from '../reference-agent/types.ts';
import { pause } from './respond.ts';
import {
  answersFromCache,
  authorizedAfter,
  everyThird,
  impatient,
  isLong,
  laggingReads,
  lateOverOthers,
  mergedIn,
  oneConversation,
  oneTaskAtATime,
  purgedAfter,
  rejectsBeyond,
  wholeArtifacts,
  withHistory,
  withUsersMessage,
} from './task-faults.ts';
import type { Variant } from './variant.ts';

export const taskVariants: readonly Variant[] = [
  {
    id: 'tasks/never-working',
    description: 'No task shows WORKING: from SUBMITTED to its end',
    allowedBy: '§3.1.2: updates MAY follow; §4.1.3 lists states, no order of them',
    fault: {
      update: (update) =>
        'statusUpdate' in update && update.statusUpdate.status.state === 'TASK_STATE_WORKING' ? null : update,
    },
  },
  {
    id: 'tasks/begin-working',
    description: 'A new task is WORKING at once',
    allowedBy: '§4.1.3 lists states, no first one; §3.2.2: e.g. TASK_STATE_WORKING',
    fault: {
      status: (status, { from }) => (from === undefined ? { ...status, state: 'TASK_STATE_WORKING' } : status),
    },
  },
  {
    id: 'tasks/one-artifact-event',
    description: 'An artifact comes in one event, when it is whole',
    allowedBy: 'a2a.proto TaskArtifactUpdateEvent.append: chunks are a possibility',
    fault: () => wholeArtifacts('last'),
  },
  {
    id: 'tasks/artifacts-replaced',
    description: 'Each artifact event has all of the artifact so far and replaces the one before',
    allowedBy: 'a2a.proto TaskArtifactUpdateEvent.append: without it nothing is appended',
    fault: () => wholeArtifacts('each'),
  },
  {
    id: 'tasks/no-status-messages',
    description: 'No status has a message',
    allowedBy: 'a2a.proto TaskStatus.message: not REQUIRED; §7.6.1: unless negotiated',
    warns: ['send/auth-required-message'],
    fault: { status: ({ message: _, ...status }) => status },
  },
  {
    id: 'tasks/status-with-the-users-message',
    description: 'The statuses of work that begins carry the message of the client that they came about by',
    allowedBy: 'a2a.proto TaskStatus.message: a message associated with the status; Message.role identifies its sender',
    fault: { update: withUsersMessage },
  },
  {
    id: 'tasks/results-in-messages',
    description: 'Results are in the status message; there are no artifacts',
    allowedBy: '§3.7: results SHOULD be returned in artifacts',
    warns: ['send/results-in-artifacts'],
    fault: { update: (update) => ('artifactUpdate' in update ? null : update) },
  },
  {
    id: 'tasks/fast',
    description: 'All work takes a few milliseconds',
    allowedBy: '§3.2.2: returnImmediately returns what there is after the creation of the task',
    options: { longRunningMs: 20, stepMs: 0 },
  },
  {
    id: 'tasks/queued',
    description: 'Work begins half a second after the task is made; until then it is SUBMITTED',
    allowedBy: '§4.1.3: submitted and acknowledged; no time is named',
    fault: { work: (run) => pause(500).then(run) },
  },
  {
    id: 'tasks/one-at-a-time',
    description: 'One task is worked on at a time, the others wait in SUBMITTED',
    allowedBy: 'no section demands that tasks are worked on side by side',
    fault: oneTaskAtATime,
    options: { longRunningMs: 500 },
  },
  {
    id: 'tasks/purged-soon',
    description: 'A task is gone 60 ms after its end',
    allowedBy: '§3.3.2: TaskNotFoundError for what is already completed and purged',
    // A task that goes between two pages leaves an empty one behind.
    warns: ['list/last-page-token'],
    fault: () => purgedAfter(60),
  },
  {
    id: 'tasks/purged-at-once',
    description: 'A task is gone with its end: only the answer shows it',
    allowedBy: '§3.3.2: TaskNotFoundError for what is already completed and purged',
    fault: () => purgedAfter(0),
    share: 0.5,
  },
  {
    id: 'tasks/purged-after-a-while',
    description: 'A task is gone 1.5 s after its end',
    allowedBy: '§3.3.2: TaskNotFoundError for what is already completed and purged',
    fault: () => purgedAfter(1_500),
  },
  {
    id: 'tasks/lagging-reads',
    description: 'GetTask is behind by 120 ms',
    allowedBy: '§3.1.3, §3.3.3: no consistency between operations is promised',
    warns: ['get/current-state', 'get/artifacts', 'get/terminal-stable'],
    fault: () => laggingReads(120),
  },
  {
    id: 'tasks/replicas',
    description: 'GetTask reads from three copies in turn: one is up to date, the others are behind by 80 and 300 ms',
    allowedBy: '§3.1.3, §3.3.3: no consistency between operations is promised',
    warns: ['get/current-state', 'get/artifacts', 'get/terminal-stable'],
    fault: () => laggingReads(0, 300, 80),
  },
  {
    id: 'tasks/late-over-others',
    description: 'A task is known to the interfaces that did not make it 200 ms later',
    allowedBy: '§3.1.3, §5.1: no consistency between operations is promised',
    warns: ['equivalence/results', 'list/visible-only'],
    options: { bindings },
    fault: () => lateOverOthers(200),
  },
  {
    id: 'tasks/impatient',
    description: 'A task that waits for input fails after 300 ms',
    allowedBy: '§3.4.3: no time is named for which a task waits',
    fault: () => impatient(300, 'TASK_STATE_FAILED'),
  },
  {
    id: 'tasks/goes-on-without-input',
    description: 'A task that waits for input completes without it after 250 ms',
    allowedBy: '§3.4.3: no time is named for which a task waits',
    fault: () => impatient(250, 'TASK_STATE_COMPLETED'),
  },
  {
    id: 'tasks/limited-in-time',
    description: 'Long work is canceled by the agent itself, each time',
    allowedBy: 'a2a.proto TASK_STATE_CANCELED: canceled before completion; by whom is not said',
    fault: {
      update(update, { task }) {
        if (!('statusUpdate' in update) || !isLong(task)) return update;
        const { status } = update.statusUpdate;
        if (status.state !== 'TASK_STATE_COMPLETED') return update;
        return { statusUpdate: { ...update.statusUpdate, status: { ...status, state: 'TASK_STATE_CANCELED' } } };
      },
    },
  },
  {
    id: 'tasks/slow-work',
    description: 'The shortest work takes a second',
    allowedBy: 'no section names a time',
    options: { stepMs: 500, longRunningMs: 2_500 },
  },
  {
    id: 'tasks/authorized-at-once',
    description: 'The authorization comes 60 ms after it was asked for, and the task goes on by itself',
    allowedBy: '§7.6.1: MAY immediately continue after receiving the credential',
    fault: authorizedAfter(60),
  },
  {
    id: 'tasks/asks-always',
    description: 'No task completes: each asks for the next message',
    allowedBy: '§3.4.3: agents can request additional input',
    fault: {
      status: (status) =>
        status.state === 'TASK_STATE_COMPLETED' ? { ...status, state: 'TASK_STATE_INPUT_REQUIRED' } : status,
    },
    share: 0.5,
  },
  {
    id: 'tasks/rejects-everything',
    description: 'Every task is rejected',
    allowedBy: 'a2a.proto TASK_STATE_REJECTED: the agent has decided not to perform the task',
    fault: { behaviour: () => 'rejects' },
    share: 0.3,
  },
  {
    id: 'tasks/messages-only',
    description: 'Everything is answered with a direct Message; there are no tasks',
    allowedBy: '§3.1.1: MAY return a direct Message',
    fault: { behaviour: () => 'replies-with-message' },
    share: 0.25,
  },
  {
    id: 'tasks/messages-for-short-work',
    description: 'What takes no time is answered with a direct Message, other work with a task',
    allowedBy: '§3.1.1: a direct Message for simple interactions',
    fault: {
      behaviour: (name) =>
        /complete|artifact-(?:file|data|text)$|failure|reject/.test(name) ? 'replies-with-message' : name,
    },
  },
  {
    id: 'tasks/duplicates-recognised',
    description: 'A messageId that comes again is answered with the task that it made',
    allowedBy: '§3.3.1: Send Message operations MAY be idempotent',
    fault: { policy: { duplicatesRecognised: true } },
  },
  {
    id: 'tasks/answers-from-a-cache',
    description: 'A question that was asked before is answered with the task of that time',
    allowedBy: '§3.1.1: MAY create a new Task; §3.3.1: Send Message operations MAY be idempotent',
    warns: ['send/task-id-generated'],
    fault: answersFromCache,
  },
  {
    id: 'tasks/stored-merged',
    description: 'GetTask shows the texts of an artifact as one part, answers to messages show the parts as they came',
    allowedBy: '§3.7, §4.1.7: how the content of an artifact is cut into parts is the agent’s choice',
    fault: mergedIn(['GetTask', 'ListTasks', 'CancelTask']),
  },
  {
    id: 'tasks/answered-merged',
    description: 'Answers to messages show the texts of an artifact as one part, GetTask shows the parts as they came',
    allowedBy: '§3.7, §4.1.7: how the content of an artifact is cut into parts is the agent’s choice',
    fault: mergedIn(['SendMessage']),
  },
  {
    id: 'tasks/rejects-when-busy',
    description: 'At most three tasks are open, further ones are rejected',
    allowedBy: 'a2a.proto TASK_STATE_REJECTED: the agent has decided not to perform the task',
    fault: () => rejectsBeyond(3),
  },
  {
    id: 'tasks/undecided',
    description: 'Every third message is answered with a direct Message instead of a task',
    allowedBy: '§3.1.1: MAY create a new Task, or MAY return a direct Message',
    fault: () => everyThird('replies-with-message'),
    share: 0.5,
  },
  {
    id: 'tasks/asks-at-times',
    description: 'Every third message leads to a question, whatever it says',
    allowedBy: '§3.4.3: agents can request additional input',
    fault: () => everyThird('input-required'),
  },
  {
    id: 'tasks/fails-at-times',
    description: 'Every third message leads to a task that fails',
    allowedBy: 'a2a.proto TASK_STATE_FAILED: finished with an error',
    fault: () => everyThird('fails'),
  },
  {
    id: 'tasks/one-conversation',
    description: 'A message without taskId and contextId goes on with the task that waits for input, if there is one',
    allowedBy: '§3.1.1: MAY create a new Task; no section forbids to go on with one that is open',
    warns: ['send/task-id-generated'],
    fault: oneConversation,
  },
  {
    id: 'tasks/follow-ups-acknowledged',
    description: 'A message to a task is answered with a direct Message about it, and the task goes on',
    allowedBy: '§3.1.1: returns a task or a direct response message',
    fault: {
      result(result, { operation, params }) {
        const { message } = (params ?? {}) as { readonly message?: { readonly taskId?: string } };
        const { task } = result as { readonly task?: Task };
        if (operation !== 'SendMessage' || !message?.taskId || !task) return result;
        const { id: taskId, contextId } = task;
        const parts = [{ text: 'Thank you, I go on with it' }];
        return { message: { messageId: `answer-to-${taskId}`, role: 'ROLE_AGENT', taskId, contextId, parts } };
      },
    },
  },
  {
    id: 'history/none',
    description: 'No history is kept',
    allowedBy: '§3.7: the agent determines which messages are persisted',
    fault: withHistory(() => []),
  },
  {
    id: 'history/last-message-only',
    description: 'A task shows the last message of its history, whatever more is asked for',
    allowedBy: 'a2a.proto GetTaskRequest.history_length: MAY apply a lower limit',
    fault: withHistory((history) => history.slice(-1)),
  },
  {
    id: 'history/agent-only',
    description: 'The history holds the messages of the agent alone',
    allowedBy: '§3.7: the agent determines which messages are persisted',
    fault: withHistory((history) => history.filter(({ role }) => role === 'ROLE_AGENT')),
  },
  {
    id: 'history/client-only',
    description: 'The history holds the messages of the client alone',
    allowedBy: '§3.7: the agent determines which messages are persisted',
    fault: withHistory((history) => history.filter(({ role }) => role === 'ROLE_USER')),
  },
  {
    id: 'history/newest-first',
    description: 'The history begins with the newest message',
    allowedBy: '§3.2.4, a2a.proto Task.history: the most recent messages; no order is said',
    fault: withHistory((history) => history.toReversed()),
  },
];
