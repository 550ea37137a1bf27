import type { Fault } from '../reference-agent/hooks.ts';
import type { Mutant } from './mutant.ts';
import { principalMutants } from './generated-principals.ts';
import { asObject, at, errorInfo, nameOf } from './params.ts';

/*
 * Defects at the edges of what a request may hold, and in what operations do to each other: no check of the catalogue asks for
 * them, the suites of generated cases meet them.
 */

const texts = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
};

const partsOf = (params: unknown): readonly unknown[] => {
  const parts = at(params, 'message', 'parts');
  return Array.isArray(parts) ? parts : [];
};

/** What is wrong with the type of these fields is not found. */
const wrongTypeUnseen = (name: string, isWrong: (value: unknown) => boolean): Fault => ({
  violations: (found, { params }) =>
    [at(params, name), at(params, 'message', name)].some(isWrong)
      ? found.filter(({ field }) => !field.endsWith(name))
      : found,
});

/** Of the requests to one operation. */
const counted = (): ((key: string) => number) => {
  const times = new Map<string, number>();
  return (key) => {
    const next = (times.get(key) ?? 0) + 1;
    times.set(key, next);
    return next;
  };
};

const unsupported = { code: -32004, message: 'Not taken here', details: errorInfo('UNSUPPORTED_OPERATION') };

const invalid = { code: -32602, message: 'Not taken here' };

const properties: readonly Mutant[] = [
  {
    id: 'properties/page-size-word',
    description: 'A pageSize that is a word counts as unset',
    breaks: ['errors/invalid-params'],
    killedBy: ['properties'],
    suite: 'properties',
    fault: wrongTypeUnseen('pageSize', (value) => typeof value === 'string'),
  },
  {
    id: 'properties/context-object',
    description: 'A contextId of a wrong type is overlooked',
    breaks: ['errors/invalid-params'],
    killedBy: ['properties'],
    suite: 'properties',
    fault: wrongTypeUnseen('contextId', (value) => typeof value === 'object'),
  },
  {
    id: 'properties/fine-timestamp-ignored',
    description: 'A statusTimestampAfter with more than three digits of a second filters nothing',
    breaks: ['list/timestamp-filter'],
    mayBreak: ['list/total-size'],
    killedBy: ['invariants/list-contents'],
    suite: 'properties',
    fault: () => {
      let fine = false;
      return {
        refuse: ({ operation, params }) => {
          fine = operation === 'ListTasks' && /\.\d{4,}Z$/.test(nameOf(at(params, 'statusTimestampAfter')));
          return undefined;
        },
        listQuery: (query) => (fine ? { ...query, statusSince: undefined } : query),
      };
    },
  },
  {
    id: 'properties/null-data-refused',
    description: 'On HTTP+JSON a part whose data is null counts as one without a content',
    breaks: ['equivalence/errors'],
    killedBy: ['properties'],
    suite: 'properties',
    options: { bindings: ['JSONRPC', 'HTTP+JSON'] },
    fault: {
      only: ['HTTP+JSON'],
      refuse: ({ binding, params }) =>
        binding === 'HTTP+JSON' && partsOf(params).some((part) => asObject(part)['data'] === null)
          ? unsupported
          : undefined,
    },
  },
  {
    id: 'properties/unknown-in-configuration',
    description: 'A field that nobody knows is refused inside the configuration of a stream',
    breaks: ['envelope/unknown-fields'],
    mayBreak: ['equivalence/errors'],
    killedBy: ['properties'],
    suite: 'properties',
    fault: {
      refuse: ({ operation, params }) =>
        operation === 'SendStreamingMessage' &&
        Object.keys(asObject(at(params, 'configuration'))).some((name) => name.startsWith('gauntlet'))
          ? invalid
          : undefined,
    },
  },
  {
    id: 'properties/astral-text-cut',
    description: 'Text is kept up to the first character beyond the basic plane',
    breaks: ['envelope/text-kept'],
    killedBy: ['properties'],
    suite: 'properties',
    fault: {
      task: (task) => ({
        ...task,
        history: task.history?.map((message) => ({
          ...message,
          parts: message.parts.map((part) =>
            part.text === undefined ? part : { ...part, text: part.text.replace(/[\u{10000}-\u{10ffff}].*$/su, '') },
          ),
        })),
      }),
    },
  },
  {
    id: 'properties/long-text-cuts-off',
    description: 'A text of four thousand characters or more cuts the connection',
    breaks: ['robustness/valid-request-answered'],
    killedBy: ['properties'],
    suite: 'properties',
    fault: {
      reply: (envelope, { params }) =>
        texts(at(params, 'message')).some((text) => text.length >= 4_000) ? 'reset' : envelope,
      restReply: (body, { params }) =>
        texts(at(params, 'message')).some((text) => text.length >= 4_000) ? 'reset' : body,
    },
  },
];

const stateMachine: readonly Mutant[] = [
  {
    id: 'state-machine/third-task-elsewhere',
    description: 'The third task of a context gets a context of its own',
    breaks: ['send/context-continues'],
    mayBreak: ['send/context-id-kept'],
    killedBy: ['state-machine'],
    suite: 'state-machine',
    fault: () => {
      const next = counted();
      return { contextId: (chosen) => (next(chosen) === 3 ? crypto.randomUUID() : chosen) };
    },
  },
  {
    id: 'state-machine/list-forgets-canceled',
    description: 'A task that was canceled is not listed any more',
    breaks: ['list/returns-tasks'],
    mayBreak: ['list/total-size', 'list/pages', 'list/status-filter', 'list/unchanged-once', 'list/page-size-used'],
    killedBy: ['state-machine'],
    suite: 'state-machine',
    fault: {
      result: (result, { operation }) => {
        const { tasks } = asObject(result);
        if (operation !== 'ListTasks' || !Array.isArray(tasks)) return result;
        return { ...result, tasks: tasks.filter((task) => at(task, 'status', 'state') !== 'TASK_STATE_CANCELED') };
      },
    },
  },
  {
    id: 'state-machine/second-message-after-end',
    description: 'The second message to a task that has ended is taken',
    breaks: ['errors/send-terminal-task'],
    mayBreak: ['errors/stream-terminal-task', 'schema/agent-message-context'],
    killedBy: ['state-machine'],
    suite: 'state-machine',
    fault: () => {
      const next = counted();
      return {
        error: (error, { operation, params }) => {
          const taskId = nameOf(at(params, 'message', 'taskId'));
          if (!operation.startsWith('Send') || error.code !== -32004 || taskId === '' || next(taskId) < 2) return error;
          const message = { messageId: crypto.randomUUID(), role: 'ROLE_AGENT', parts: [{ text: 'Taken' }] };
          return { result: { message } };
        },
      };
    },
  },
  {
    id: 'state-machine/cancel-uncompletes',
    description: 'A refused cancel of a completed task makes it show as failed afterwards',
    breaks: ['get/terminal-stable'],
    mayBreak: ['list/current-state', 'list/status-filter', 'errors/subscribe-terminal-task', 'push/one-end'],
    killedBy: ['invariants/terminal-state'],
    suite: 'state-machine',
    fault: () => {
      const canceled = new Set<string>();
      return {
        error: (error, { operation, params }) => {
          if (operation === 'CancelTask' && error.code === -32002) canceled.add(nameOf(at(params, 'id')));
          return error;
        },
        task: (task, { operation }) =>
          canceled.has(task.id) && operation === 'GetTask' && task.status.state === 'TASK_STATE_COMPLETED'
            ? { ...task, status: { ...task.status, state: 'TASK_STATE_FAILED' } }
            : task,
      };
    },
  },
];

/** Mutants of the suites of generated cases; ids are unique. */
export const generatedMutants: readonly Mutant[] = [...properties, ...stateMachine, ...principalMutants];
