import { rewriteStrings } from '../mutants/rewrite.ts';
import { invalidParams, unsupportedOperation } from '../reference-agent/errors.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import type { Message, Task } from '../reference-agent/types.ts';
import type { Variant } from './variant.ts';

const messageIn = (params: unknown): Message | undefined => (params as { readonly message?: Message } | null)?.message;

const controls = /[\u0000-\u0008\u000e-\u001f\u007f]/g;

/** The history of a task begins with what was said before in its context. */
const historyOfTheContext = (): Fault => {
  const said = new Map<string, Map<string, readonly Message[]>>();
  return {
    task(task: Task) {
      const { contextId, history } = task;
      if (history === undefined) return task;
      const tasks = said.get(contextId) ?? new Map<string, readonly Message[]>();
      said.set(contextId, tasks.set(task.id, history));
      const before = [...tasks].slice(0, [...tasks.keys()].indexOf(task.id)).flatMap(([, messages]) => messages);
      return history.length === 0 ? task : { ...task, history: [...before, ...history] };
    },
  };
};

/** What an agent may make of a message. */
export const messageVariants: readonly Variant[] = [
  {
    id: 'messages/nul-refused',
    description: 'A message with NUL in it is refused: the store cannot hold it',
    allowedBy: '§3.3.2: validate all input; RFC 8259 §9: a parser may set limits on the contents of strings',
    fault: {
      refuse: ({ params }) =>
        JSON.stringify(messageIn(params)?.parts ?? []).includes('\\u0000')
          ? invalidParams([{ field: 'message.parts', description: 'Must not contain NUL' }]).content
          : undefined,
    },
  },
  {
    id: 'messages/large-refused',
    description: 'A message of more than 64 KB is refused',
    allowedBy: '§13.4: limits are for the agent to set',
    fault: {
      refuse: ({ operation, params }) =>
        /^Send/.test(operation) && JSON.stringify(params).length > 65_536
          ? invalidParams([{ field: 'message', description: 'Must be of 64 KB or less' }]).content
          : undefined,
    },
  },
  {
    id: 'messages/metadata-dropped',
    description: 'Metadata of messages is not kept',
    allowedBy: '§3.7: what is kept of messages is for the agent to say',
    fault: {
      task: (task) => ({
        ...task,
        ...(task.history && { history: task.history.map(({ metadata: _, ...message }) => message) }),
      }),
    },
  },
  {
    id: 'messages/cleaned',
    description: 'Messages are kept without control characters, and without blanks at their ends',
    allowedBy: '§3.7: the agent determines which messages are persisted',
    warns: ['envelope/text-kept'],
    fault: {
      task: ({ history, ...task }) => ({
        ...task,
        ...(history && { history: rewriteStrings(history, (text) => text.replaceAll(controls, '').trim()) }),
      }),
    },
  },
  {
    id: 'messages/references-refused',
    description: 'Messages that refer to other tasks are not supported',
    allowedBy:
      '§3.3.2: all operations may return errors; §3.4.3: referenceTaskIds SHOULD be used, no section demands it of agents',
    warns: ['send/references-served'],
    fault: {
      refuse: ({ params }) =>
        messageIn(params)?.referenceTaskIds === undefined
          ? undefined
          : unsupportedOperation('There are no references here', {}).content,
    },
  },
  {
    id: 'messages/history-of-the-context',
    description: 'The history of a task begins with the messages of earlier tasks of its context',
    allowedBy: '§3.4.3: new tasks within a context can inherit from previous interactions',
    fault: historyOfTheContext,
    // Where others speak in between, two reads of a task need not agree.
    share: 0.5,
  },
  {
    id: 'messages/debug-info',
    description: 'Errors carry google.rpc.DebugInfo with a stack trace',
    allowedBy: '§3.3.2: well-known types of google.rpc SHOULD be used for details',
    fault: {
      error: (error) => ({
        ...error,
        details: [
          ...(error.details ?? []),
          {
            '@type': 'type.googleapis.com/google.rpc.DebugInfo',
            stackEntries: ['goroutine 1 [running]:', 'main.main()'],
            detail: 'Traceback (most recent call last)',
          },
        ],
      }),
    },
  },
];
