import { createHash } from 'node:crypto';
import { only, storedLists } from '../mutants/stored-lists.ts';
import { taskNotFound } from '../reference-agent/errors.ts';
import type { Fault } from '../reference-agent/hooks.ts';
import type { Message, OperationName, Part, Task, TaskState, TaskUpdate } from '../reference-agent/types.ts';
import { isTerminal } from '../reference-agent/types.ts';
import { later } from './respond.ts';

/** What tasks do in unusual agents; each agent gets its own. */

/** Puts the chunks of an artifact together: each update has all of it so far, or only the last one is sent. */
export function wholeArtifacts(send: 'each' | 'last'): Fault {
  const parts = new Map<string, readonly Part[]>();
  return {
    update(update) {
      if (!('artifactUpdate' in update)) return update;
      const { append: _, ...event } = update.artifactUpdate;
      const { artifact, taskId, lastChunk } = event;
      const key = `${taskId} ${artifact.artifactId}`;
      const sum = [...(parts.get(key) ?? []), ...artifact.parts];
      parts.set(key, sum);
      if (send === 'last' && !lastChunk) return null;
      return { artifactUpdate: { ...event, artifact: { ...artifact, parts: sum } } };
    },
  };
}

/** Tasks that have ended are not to be found any more so many milliseconds later. */
export function purgedAfter(ms: number): Fault {
  const purgeAt = new Map<string, number>();
  const isGone = (id: string): boolean => performance.now() >= (purgeAt.get(id) ?? Infinity);
  return {
    ...storedLists(only(({ task }) => !isGone(task.id))),
    update(update, { task }) {
      if ('statusUpdate' in update && isTerminal(update.statusUpdate.status.state)) {
        purgeAt.set(task.id, performance.now() + ms);
      }
      return update;
    },
    refuse: ({ task }) => (task && isGone(task.id) ? taskNotFound(task.id).content : undefined),
  };
}

/** One task is worked on at a time; the others wait in SUBMITTED. */
export function oneTaskAtATime(): Fault {
  let last = Promise.resolve();
  return {
    work(run) {
      const mine = last.then(run);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** GetTask reads from copies in turn, each behind by so many milliseconds. */
export function laggingReads(...lags: readonly number[]): Fault {
  let reads = 0;
  interface Past {
    readonly task: Task;
    readonly until: number;
  }
  const past = new Map<string, Past[]>();
  return {
    update(update, { task }) {
      past.set(task.id, [...(past.get(task.id) ?? []), { task, until: performance.now() }]);
      return update;
    },
    task(task, { operation, stream }) {
      if (operation !== 'GetTask' || stream) return task;
      const at = performance.now() - lags[reads++ % lags.length]!;
      const then = past.get(task.id)?.find(({ until }) => until > at)?.task ?? task;
      return { ...task, status: then.status, artifacts: then.artifacts ?? [] };
    },
  };
}

/** A task is known to other interfaces than that which named it first only after so many milliseconds. */
export function lateOverOthers(ms: number): Fault {
  const homes = new Map<string, { readonly binding: string; readonly since: number }>();
  return {
    refuse({ binding, task }) {
      if (task === undefined) return undefined;
      const home = homes.get(task.id) ?? { binding, since: performance.now() };
      homes.set(task.id, home);
      const isThere = home.binding === binding || performance.now() - home.since >= ms;
      return isThere ? undefined : taskNotFound(task.id).content;
    },
  };
}

/** A task that waits for input for so many milliseconds comes to an end by itself. */
export function impatient(ms: number, end: TaskState): Fault {
  let giveUp: (taskId: string) => void = () => undefined;
  const turns = new Map<string, number>();
  return {
    ready(control) {
      giveUp = (taskId) => control.setStatus(taskId, end, 'No input came in time');
    },
    update(update, { task }) {
      if (!('statusUpdate' in update)) return update;
      const turn = (turns.get(task.id) ?? 0) + 1;
      turns.set(task.id, turn);
      if (update.statusUpdate.status.state === 'TASK_STATE_INPUT_REQUIRED') {
        later(ms, () => turns.get(task.id) === turn && giveUp(task.id));
      }
      return update;
    },
  };
}

/** The credential that an AUTH_REQUIRED task waits for arrives out of band after a moment. */
export const authorizedAfter = (ms: number): Fault => ({
  update(update) {
    const text = 'statusUpdate' in update ? update.statusUpdate.status.message?.parts[0]?.text : undefined;
    const grantUrl = /POST to (\S+)$/.exec(text ?? '')?.[1];
    // Whether it is granted is seen by the task; an agent that is closed meanwhile grants nothing.
    if (grantUrl !== undefined) later(ms, () => void fetch(grantUrl, { method: 'POST' }).catch(() => undefined));
    return update;
  },
});

/** Neighbouring texts become one part. */
const merged = (parts: readonly Part[]): readonly Part[] =>
  parts.reduce<Part[]>((sum, part) => {
    const last = sum.at(-1);
    if (last?.text === undefined || part.text === undefined) return [...sum, part];
    return [...sum.slice(0, -1), { ...last, text: last.text + part.text }];
  }, []);

export const mergedIn = (operations: readonly OperationName[]): Fault => ({
  task(task, { operation, stream }) {
    if (stream || !operations.includes(operation) || !task.artifacts) return task;
    return { ...task, artifacts: task.artifacts.map((artifact) => ({ ...artifact, parts: merged(artifact.parts) })) };
  },
});

/** A new task beyond so many that have not ended is rejected. */
export function rejectsBeyond(limit: number): Fault {
  let open = 0;
  return {
    behaviour(name) {
      if (/message/.test(name)) return name;
      open += 1;
      return open > limit ? 'rejects' : name;
    },
    update(update) {
      if ('statusUpdate' in update && isTerminal(update.statusUpdate.status.state)) open -= 1;
      return update;
    },
  };
}

/** Now and then a message is dealt with in another way. */
export function everyThird(name: string): Fault {
  let messages = 0;
  return { behaviour: (asked) => ((messages += 1) % 3 === 0 ? name : asked) };
}

/** A message without a task goes on with the task that waits for its client, if there is one. */
export function oneConversation(): Fault {
  let waiting: string | undefined;
  return {
    update(update, { task }) {
      if (!('statusUpdate' in update)) return update;
      const { state } = update.statusUpdate.status;
      if (state === 'TASK_STATE_INPUT_REQUIRED') waiting = task.id;
      else if (waiting === task.id) waiting = undefined;
      return update;
    },
    refuse({ operation, params }) {
      const { message } = (params ?? {}) as { readonly message?: { taskId?: string; readonly contextId?: string } };
      const isSend = operation === 'SendMessage' || operation === 'SendStreamingMessage';
      // The request is read after this: so it becomes a follow-up.
      const isObject = typeof message === 'object' && message !== null;
      if (isSend && isObject && !message.taskId && !message.contextId && waiting) message.taskId = waiting;
      return undefined;
    },
  };
}

/** The same words are answered with the task that they made before, whoever says them. */
export const answersFromCache = (): Fault => ({
  policy: { duplicatesRecognised: true },
  refuse({ params }) {
    const { message } = (params ?? {}) as { readonly message?: Partial<Message> };
    const isNew = message?.messageId && !message.taskId && !message.contextId;
    const text: unknown = message?.parts?.[0]?.text;
    // The request is read after this: so it becomes the same message as the one before.
    if (message && isNew && typeof text === 'string' && text.startsWith('tck-complete-task')) {
      const words = createHash('sha256').update(JSON.stringify(message.parts)).digest('hex');
      Object.assign(message, { messageId: `words-${words}` });
    }
    return undefined;
  },
});

export const isLong = ({ history = [] }: Task): boolean =>
  history[0]?.messageId.startsWith('test-resubscribe-message-id') === true;

export const withHistory = (change: (history: readonly Message[]) => readonly Message[]): Fault => ({
  task(task) {
    const { history: full = [], ...rest } = task;
    const history = change(full);
    return history.length === 0 ? rest : { ...rest, history };
  },
});

/** The status that work has begun holds the message that it is about, as some agents have it. */
export function withUsersMessage(update: TaskUpdate, { task }: { readonly task: Task }): TaskUpdate {
  if (!('statusUpdate' in update) || update.statusUpdate.status.state !== 'TASK_STATE_WORKING') return update;
  const { statusUpdate } = update;
  const message = task.history?.findLast(({ role }) => role === 'ROLE_USER');
  if (message === undefined || statusUpdate.status.message !== undefined) return update;
  return { statusUpdate: { ...statusUpdate, status: { ...statusUpdate.status, message } } };
}
