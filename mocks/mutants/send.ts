import { randomUUID } from 'node:crypto';
import type { Fault } from '../reference-agent/hooks.ts';
import type { Message } from '../reference-agent/types.ts';
import type { Mutant } from './mutant.ts';
import { asObject, at, refuse } from './params.ts';

const answerMutants: readonly Mutant[] = [
  {
    id: 'send/neither-task-nor-message',
    description: 'SendMessage answers with an acknowledgement instead of a task or message',
    breaks: ['send/task-or-message', 'schema/send-message-response'],
    killedBy: ['send/blocking'],
    fault: { result: (result, { operation }) => (operation === 'SendMessage' ? { accepted: true } : result) },
  },
  {
    id: 'send/blocking-returns-early',
    description: 'Blocking sends answer as soon as the task exists',
    breaks: ['send/blocking'],
    killedBy: ['send/blocking'],
    fault: { policy: { blockingReturnsEarly: true } },
  },
  {
    id: 'send/blocking-ignores-interrupted',
    description: 'Blocking sends wait on in INPUT_REQUIRED and AUTH_REQUIRED',
    breaks: ['send/blocking'],
    killedBy: ['send/blocking'],
    fault: { policy: { blockingIgnoresInterrupted: true } },
  },
  {
    id: 'send/answer-without-artifacts',
    description: 'The blocking answer has the end of the task, but not its artifacts',
    breaks: ['send/latest-state'],
    killedBy: ['send/blocking'],
    fault: {
      task: ({ artifacts: _left, ...task }, { operation }) =>
        operation === 'SendMessage' ? task : { ...task, ...(_left ? { artifacts: _left } : {}) },
    },
  },
  {
    id: 'send/answer-without-status-message',
    description: 'The blocking answer leaves out the message of the final status',
    breaks: ['send/latest-state'],
    killedBy: ['send/blocking'],
    fault: {
      task: (task, { operation }) => {
        if (operation !== 'SendMessage' || task.status.state !== 'TASK_STATE_COMPLETED') return task;
        const { message: _left, ...status } = task.status;
        return { ...task, status };
      },
    },
  },
  {
    id: 'send/return-immediately-waits',
    description: 'returnImmediately waits for the end as a blocking send does',
    breaks: ['send/return-immediately'],
    killedBy: ['send/return-immediately'],
    fault: { policy: { returnImmediatelyWaits: true } },
  },
  {
    id: 'send/immediate-message-refused',
    description: 'An agent that answers directly refuses returnImmediately: it has no task to return',
    breaks: ['send/return-immediately-message'],
    killedBy: ['send/direct-message'],
    fault: {
      reply: (envelope, { params }) =>
        at(envelope.result, 'message') !== undefined && at(params, 'configuration', 'returnImmediately') === true
          ? refuse(envelope.id, -32602, 'No task was created', 'INVALID_PARAMS')
          : envelope,
    },
  },
  {
    id: 'send/immediate-task-stuck',
    description: 'A task that was returned at once is never worked on',
    breaks: ['send/processing-continues'],
    killedBy: ['send/processing'],
    fault: (): Fault => {
      const stuck = new Set<unknown>();
      return {
        result: (result, { params }) => {
          const simple = String(at(params, 'message', 'messageId')).startsWith('tck-complete-task');
          if (simple && at(params, 'configuration', 'returnImmediately') === true) stuck.add(at(result, 'task', 'id'));
          return result;
        },
        update: (update, { task }) => {
          const canceled = 'statusUpdate' in update && update.statusUpdate.status.state === 'TASK_STATE_CANCELED';
          return stuck.has(task.id) && !canceled ? null : update;
        },
      };
    },
  },
  {
    id: 'send/output-modes-refused',
    description: 'A message that names the media types that its client accepts is invalid',
    breaks: ['send/output-modes-served'],
    killedBy: ['send/optional-fields'],
    fault: {
      refuse: ({ operation, params }) =>
        operation === 'SendMessage' && at(params, 'configuration', 'acceptedOutputModes') !== undefined
          ? { code: -32602, message: 'acceptedOutputModes is not known' }
          : undefined,
    },
  },
  {
    id: 'send/metadata-refused',
    description: 'Metadata that the agent does not know fails inside',
    breaks: ['send/metadata-served'],
    killedBy: ['send/optional-fields'],
    fault: {
      refuse: ({ operation, params }) =>
        operation === 'SendMessage' && at(params, 'message', 'metadata') !== undefined
          ? { code: -32603, message: 'Internal error' }
          : undefined,
    },
  },
  {
    id: 'send/history-length-ignored',
    description: 'historyLength is ignored in every operation',
    breaks: ['send/history-length', 'get/history-length', 'list/history-length'],
    killedBy: ['send/history', 'get/history', 'list/contents'],
    fault: { policy: { historyLengthIgnored: true } },
  },
  {
    id: 'send/history-empty',
    description: 'With historyLength 0 an empty history is sent',
    breaks: ['send/history-zero-omitted', 'get/history-zero-omitted'],
    killedBy: ['send/history', 'get/history'],
    fault: {
      result: (result, { operation, params }) => {
        if (operation === 'GetTask' && at(params, 'historyLength') === 0) return { ...result, history: [] };
        const zero = operation === 'SendMessage' && at(params, 'configuration', 'historyLength') === 0;
        const task = at(result, 'task');
        return zero && task !== undefined ? { task: { ...asObject(task), history: [] } } : result;
      },
    },
  },
  {
    id: 'send/history-oldest-first',
    description: 'historyLength returns the oldest messages',
    breaks: ['send/history-most-recent', 'get/history-most-recent', 'list/history-most-recent'],
    killedBy: ['send/history', 'get/history', 'list/contents'],
    fault: { policy: { historyLengthFromStart: true } },
  },
  {
    id: 'send/results-in-messages',
    description: 'Tasks complete with a status message and without artifacts',
    breaks: ['send/results-in-artifacts'],
    killedBy: ['send/blocking'],
    fault: { update: (update) => ('artifactUpdate' in update ? null : update) },
  },
];

/** The task of a message, with its own time of the end, under all that the first task of a message of that text had. */
const reusedIds = (): Fault => {
  const first = new Map<string, object>();
  return {
    result: (result, { operation, params }) => {
      const message = at(params, 'message');
      const plain = at(message, 'contextId') === undefined && at(params, 'configuration') === undefined;
      const simple = String(at(message, 'messageId')).startsWith('tck-complete-task');
      if (operation !== 'SendMessage' || !plain || !simple) return result;
      const task = asObject(at(result, 'task'));
      const key = JSON.stringify(at(message, 'parts'));
      const earlier = asObject(first.get(key) ?? task);
      if (!first.has(key)) first.set(key, task);
      return {
        task: { ...earlier, status: { ...asObject(earlier['status']), timestamp: at(task, 'status', 'timestamp') } },
      };
    },
  };
};

/** The first task of a message is what it refers to. */
const referenced = (message: Message): string | undefined => message.referenceTaskIds?.[0];

/** Ended tasks get the messages that refer to them, and their time. */
const referenceContinues = (): Fault => {
  const added = new Map<string, Message[]>();
  return {
    taskId: (generated, { message }) => {
      const id = referenced(message);
      if (id !== undefined) added.set(id, [...(added.get(id) ?? []), message]);
      return generated;
    },
    task: (task, { operation }) => {
      const more = operation === 'GetTask' ? added.get(task.id) : undefined;
      if (more === undefined) return task;
      const status = { ...task.status, timestamp: new Date().toISOString() };
      return { ...task, status, history: [...(task.history ?? []), ...more] };
    },
  };
};

const referenceMakesTask = (): Fault => {
  const known = new Set<string>();
  return {
    taskId: (generated, { message }) => {
      const id = referenced(message);
      const made = id === undefined || known.has(id) ? generated : id;
      known.add(made);
      return made;
    },
  };
};

const multiTurnMutants: readonly Mutant[] = [
  {
    id: 'send/task-id-missing',
    description: 'The answer to SendMessage leaves out the id of the task',
    breaks: ['send/task-id-generated', 'schema/task'],
    killedBy: ['send/blocking'],
    fault: {
      task: (task, { operation }) => {
        const { id: _left, ...rest } = task;
        return operation === 'SendMessage' ? rest : task;
      },
    },
  },
  {
    id: 'send/task-reused',
    description: 'The task of a second message of the same text has the id of the first one, which has ended',
    breaks: ['send/task-id-generated'],
    // Two tasks under one id: whoever reads one of them may be shown the other.
    mayBreak: [
      'send/latest-state',
      'schema/task-context',
      'schema/own-history',
      'get/current-state',
      'get/terminal-stable',
    ],
    killedBy: ['send/blocking', 'invariants/task-ids'],
    fault: reusedIds,
  },
  {
    id: 'send/context-id-left-out',
    description: 'The answer to SendMessage leaves out the contextId that the agent generated',
    breaks: ['send/context-id-included'],
    killedBy: ['send/blocking'],
    fault: {
      task: (task, { operation }) => {
        const { contextId: _left, ...rest } = task;
        return operation === 'SendMessage' ? rest : task;
      },
    },
  },
  {
    id: 'send/client-context-replaced',
    description: 'A contextId that the client made up is replaced by a new one',
    breaks: ['send/context-id-kept'],
    killedBy: ['send/contexts'],
    fault: (): Fault => {
      const own = new Set<string>();
      return {
        contextId: (chosen, { message }) => {
          const contextId = message.contextId === undefined || own.has(message.contextId) ? chosen : randomUUID();
          own.add(contextId);
          return contextId;
        },
      };
    },
  },
  {
    id: 'send/every-task-new-context',
    description: 'Every new task gets a new context, whatever context the message names',
    breaks: ['send/context-id-kept', 'send/context-continues'],
    killedBy: ['send/contexts'],
    fault: { contextId: () => randomUUID() },
  },
  {
    id: 'send/context-not-inferred',
    description: 'A follow-up with only a taskId is answered under a new context',
    breaks: ['send/context-inferred', 'schema/task-context'],
    killedBy: ['send/follow-up'],
    fault: {
      result: (result, { operation, params }) => {
        const message = at(params, 'message');
        const alone = at(message, 'taskId') !== undefined && at(message, 'contextId') === undefined;
        const task = at(result, 'task');
        if (operation !== 'SendMessage' || !alone || task === undefined) return result;
        return { task: { ...asObject(task), contextId: randomUUID() } };
      },
    },
  },
  {
    id: 'send/follow-up-kept-in-new-context',
    description: 'Follow-ups are kept in the history under contexts of their own; the task keeps its own',
    breaks: ['send/context-inferred'],
    killedBy: ['send/follow-up'],
    fault: {
      task: ({ history, ...task }) => ({
        ...task,
        ...(history && {
          history: history.map((message, index) =>
            index > 0 && message.role === 'ROLE_USER'
              ? { ...message, contextId: `context-of-${message.messageId}` }
              : message,
          ),
        }),
      }),
    },
  },
  {
    id: 'send/task-id-alone-refused',
    description: 'A follow-up has to name the context beside the task',
    breaks: ['send/context-inferred'],
    killedBy: ['send/follow-up'],
    fault: {
      refuse: ({ operation, params, task }) =>
        operation === 'SendMessage' &&
        task?.status.state === 'TASK_STATE_INPUT_REQUIRED' &&
        at(params, 'message', 'contextId') === undefined
          ? { code: -32602, message: 'contextId is missing' }
          : undefined,
    },
  },
  {
    id: 'send/context-mismatch-accepted',
    description: 'A contextId that is not the task’s is accepted',
    breaks: ['send/context-mismatch'],
    killedBy: ['send/follow-up'],
    fault: { policy: { acceptContextMismatch: true } },
  },
  {
    id: 'send/references-refused',
    description: 'A message with referenceTaskIds is refused',
    breaks: ['send/references-served'],
    killedBy: ['send/references'],
    fault: {
      refuse: ({ operation, params }) =>
        operation === 'SendMessage' && at(params, 'message', 'referenceTaskIds') !== undefined
          ? { code: -32602, message: 'referenceTaskIds are not known' }
          : undefined,
    },
  },
  {
    id: 'send/reference-continues',
    description: 'A message that refers to an ended task is put into its history',
    breaks: ['send/references-untouched'],
    killedBy: ['send/references'],
    fault: referenceContinues,
  },
  {
    id: 'send/reference-makes-task',
    description: 'A task that a message refers to is made where it does not exist',
    breaks: ['send/references-untouched'],
    killedBy: ['send/references'],
    fault: referenceMakesTask,
  },
  {
    id: 'send/follow-up-starts-new-task',
    description: 'A message to a task that waits for input starts another task',
    breaks: ['send/continues-task'],
    killedBy: ['send/follow-up'],
    fault: { policy: { followUpStartsNewTask: true } },
  },
];

/** AUTH_REQUIRED is left by a cancel only, and messages to such a task are refused. */
const deafInAuthRequired = (): Fault => {
  const waiting = new Set<unknown>();
  return {
    status: (status, { taskId }) => {
      if (status.state === 'TASK_STATE_AUTH_REQUIRED') waiting.add(taskId);
      return status;
    },
    transition: (from, to) =>
      from === 'TASK_STATE_AUTH_REQUIRED' && to !== 'TASK_STATE_CANCELED' ? 'ignore' : undefined,
    reply: (envelope, { method, params }) =>
      method === 'SendMessage' && envelope.result !== undefined && waiting.has(at(params, 'message', 'taskId'))
        ? refuse(envelope.id, -32004, 'The task waits for an authorization', 'UNSUPPORTED_OPERATION')
        : envelope,
  };
};

const authorizationMutants: readonly Mutant[] = [
  {
    id: 'send/auth-required-unexplained',
    description: 'TASK_STATE_AUTH_REQUIRED comes without a status message',
    breaks: ['send/auth-required-message'],
    killedBy: ['send/auth-required'],
    fault: {
      status: (status) => {
        const { message: _left, ...rest } = status;
        return status.state === 'TASK_STATE_AUTH_REQUIRED' ? rest : status;
      },
    },
  },
  {
    id: 'send/auth-required-deaf',
    description: 'A task in AUTH_REQUIRED refuses messages',
    breaks: ['send/auth-required-further-messages'],
    killedBy: ['send/auth-required'],
    fault: deafInAuthRequired,
  },
];

export const sendMutants: readonly Mutant[] = [...answerMutants, ...multiTurnMutants, ...authorizationMutants];
