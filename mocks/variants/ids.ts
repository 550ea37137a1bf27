import { createHash, randomUUID } from 'node:crypto';
import { invalidParams } from '../reference-agent/errors.ts';
import type { Fault, RefusalContext } from '../reference-agent/hooks.ts';
import type { Message } from '../reference-agent/types.ts';
import type { Variant } from './variant.ts';

/** The message of a send, as far as hooks may rely on it before it is validated. */
const messageIn = ({ params }: RefusalContext): Partial<Message> =>
  (params as { readonly message?: Partial<Message> } | null)?.message ?? {};

/** The task id that a request names. */
function namedTask(context: RefusalContext): string | undefined {
  // Where there is a taskId, the id is of a push configuration.
  const { id, taskId } = (context.params ?? {}) as { readonly id?: unknown; readonly taskId?: unknown };
  const named = messageIn(context).taskId ?? taskId ?? id;
  return typeof named === 'string' && named !== '' ? named : undefined;
}

/** Task ids of a form of the agent's own; another form is refused before it is looked for. */
const validated = (make: () => string, isValid: (id: string) => boolean): Fault => ({
  taskId: make,
  refuse(context) {
    const named = namedTask(context);
    if (named === undefined || isValid(named)) return undefined;
    return invalidParams([{ field: 'id', description: 'Is not the id of a task of this agent' }]).content;
  },
});

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const checksum = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

function counted(write: (count: number) => string): () => string {
  let count = 0;
  return () => write((count += 1));
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ulid = (): string => {
  const random = Array.from({ length: 24 }, () => crockford[Math.floor(Math.random() * 32)]).join('');
  return `01${random}`;
};

/** Contexts that the agent has given out. */
function refusesForeignContexts(also: 'its own' | 'none'): Fault {
  const own = new Set<string>();
  return {
    contextId(chosen, { message }) {
      if (message.contextId === undefined) own.add(chosen);
      return chosen;
    },
    refuse(context) {
      const { contextId, taskId } = messageIn(context);
      if (typeof contextId !== 'string' || contextId === '' || taskId !== undefined) return undefined;
      if (also === 'none' && own.has(contextId)) return undefined;
      return invalidParams([{ field: 'message.contextId', description: 'Contexts are made by this agent only' }])
        .content;
    },
  };
}

export const idVariants: readonly Variant[] = [
  {
    id: 'ids/uuids-only',
    description: 'An id that is no UUID is refused with InvalidParamsError',
    allowedBy: '§3.3.2: "Invalid task ID format" is a validation error',
    fault: () =>
      validated(
        () => randomUUID(),
        (id) => uuid.test(id),
      ),
  },
  {
    id: 'ids/counted',
    description: 'Task ids are 1, 2, 3, …',
    allowedBy: 'a2a.proto Task.id: a unique identifier (e.g. UUID)',
    fault: () => ({ taskId: counted(String) }),
  },
  {
    id: 'ids/prefixed',
    description: 'Task ids are task_0001, task_0002, …; another form is refused with InvalidParamsError',
    allowedBy: '§3.3.2: "Invalid task ID format" is a validation error',
    fault: () =>
      validated(
        counted((count) => `task_${String(count).padStart(4, '0')}`),
        (id) => /^task_\d+$/.test(id),
      ),
  },
  {
    id: 'ids/ulids',
    description: 'Task ids are prefixed ULIDs; another form is refused with InvalidParamsError',
    allowedBy: '§3.3.2: "Invalid task ID format" is a validation error',
    fault: () =>
      validated(
        () => `tsk-${ulid()}`,
        (id) => /^tsk-[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id),
      ),
  },
  {
    id: 'ids/with-checksum',
    description: 'Task ids carry a checksum; one that does not fit is refused with InvalidParamsError',
    allowedBy: '§3.3.2: "Invalid task ID format" is a validation error',
    warns: [
      'errors/get-unknown-task',
      'errors/cancel-unknown-task',
      'errors/subscribe-unknown-task',
      'errors/send-unknown-task',
      'errors/stream-unknown-task',
      'push/create-unknown-task',
      'push/get-unknown-task',
      'push/list-unknown-task',
      'push/delete-unknown-task',
    ],
    fault: () =>
      validated(
        () => {
          const id = randomUUID();
          return `${id}.${checksum(id)}`;
        },
        (id) => checksum(id.slice(0, -9)) === id.slice(-8),
      ),
  },
  {
    id: 'ids/odd-characters',
    description: 'Ids have blanks, slashes, quotes and characters outside ASCII',
    allowedBy: 'a2a.proto Task.id, Message.context_id: strings; (e.g. UUID)',
    fault: () => ({
      taskId: counted((count) => `Aufgabe "${count}" / Größe\\ü 日本?#%20&`),
      contextId: (chosen, { message }) => (message.contextId === undefined ? `ctx/${chosen} ☃ <b>` : chosen),
    }),
  },
  {
    id: 'ids/long',
    description: 'Task ids have 1,500 characters',
    allowedBy: 'a2a.proto Task.id: a string without a limit',
    fault: { taskId: (generated) => `${generated}-${'x'.repeat(1_463)}` },
  },
  {
    id: 'contexts/foreign-refused',
    description: 'A contextId that the agent has not given out is refused',
    allowedBy: '§3.4.1: if it cannot accept a client-provided contextId, it MUST reject the request',
    fault: () => refusesForeignContexts('none'),
  },
  {
    id: 'contexts/all-refused',
    description: 'A contextId without a taskId is refused, also one that the agent has given out',
    allowedBy: '§3.4.1: contexts may expire, and what cannot be accepted is rejected',
    warns: ['send/context-continues'],
    fault: () => refusesForeignContexts('its own'),
  },
  {
    id: 'contexts/one-for-all',
    description: 'All tasks of the agent are in one context, unless the client names another',
    allowedBy: '§3.4.1: a contextId groups related tasks; which are related is for the agent to say',
    fault: { contextId: (chosen, { message }) => message.contextId ?? (chosen === '' ? chosen : 'the-context') },
  },
  {
    id: 'contexts/none',
    description: 'The agent knows no contexts: nothing has a contextId',
    allowedBy: 'a2a.proto Task.context_id: not REQUIRED; §3.4.1: MAY generate',
    profile: 'minimal',
    share: 0.5,
    warns: ['schema/agent-message-context', 'send/context-id-kept'],
    fault: {
      payload: (payload) =>
        JSON.parse(
          JSON.stringify(payload, (key, value: unknown) => (key === 'contextId' ? undefined : value)),
        ) as object,
    },
  },
];
