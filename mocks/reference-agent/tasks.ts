import { randomUUID } from 'node:crypto';
import type { EventBus } from './event-bus.ts';
import type { Fault } from './hooks.ts';
import type { TaskRecord, TaskStore, Turn } from './task-store.ts';
import type { Artifact, Message, Part, Task, TaskState, TaskStatus, TaskUpdate } from './types.ts';
import { isTerminal } from './types.ts';

export interface ChunkFlags {
  /** The parts extend the artifact of the same id. */
  readonly append?: boolean;
  readonly lastChunk?: boolean;
}

export interface NewTask {
  readonly owner: string;
  readonly contextId: string;
  readonly behaviour: string;
  readonly turn: Turn;
  /** For mutants: otherwise the id is made here. */
  readonly givenId?: string | undefined;
}

/** The life of tasks: every change is stored first and then published, in one synchronous step. */
export interface Tasks {
  get(taskId: string): TaskRecord | undefined;
  create(task: NewTask): TaskRecord;
  /** Adds the client's message to the history. */
  addMessage(taskId: string, message: Message): void;
  /** Counts one more turn: the client has answered an interruption. */
  startTurn(taskId: string, turn: Turn): void;
  /** False where the state machine does not allow it: a terminal state is never left. `force` is for mutants. */
  setStatus(taskId: string, state: TaskState, text?: string, force?: boolean): boolean;
  /** False where the task is in a terminal state. */
  addArtifact(taskId: string, artifact: Artifact, flags: ChunkFlags): boolean;
}

export function agentMessage(parts: readonly Part[], contextId: string, taskId?: string): Message {
  return {
    messageId: randomUUID(),
    contextId,
    ...(taskId === undefined ? {} : { taskId }),
    role: 'ROLE_AGENT',
    parts,
  };
}

/** Milliseconds that never go back, so that the order of changes and the order of timestamps agree. */
function createClock(): () => string {
  let last = 0;
  return () => {
    last = Math.max(last, Date.now());
    return new Date(last).toISOString();
  };
}

/** UTC with microseconds: artifact events have no timestamp of their own by which their way to a client could be timed. */
function emissionStamp(): string {
  const now = performance.timeOrigin + performance.now();
  const micros = Math.floor((now % 1) * 1000);
  return `${new Date(now).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}

export function createTasks(store: TaskStore, bus: EventBus, fault: Fault | undefined): Tasks {
  const policy = fault?.policy ?? {};
  const now = createClock();

  /** The history with the message of the current status, which joins it when something follows. */
  const historyOf = ({ history = [], status }: Task): readonly Message[] => {
    const said = status.message;
    return said && !history.some(({ messageId }) => messageId === said.messageId) ? [...history, said] : history;
  };

  const withStatus = (task: Task, status: TaskStatus): Task => ({ ...task, status, history: historyOf(task) });

  const withArtifact = (task: Task, artifact: Artifact, append: boolean): Task => {
    const artifacts = task.artifacts ?? [];
    const index = artifacts.findIndex(({ artifactId }) => artifactId === artifact.artifactId);
    const known = artifacts[index];
    if (!known) return { ...task, artifacts: [...artifacts, artifact] };
    const extended =
      append && !policy.appendReplaces ? { ...known, parts: [...known.parts, ...artifact.parts] } : artifact;
    return { ...task, artifacts: artifacts.with(index, extended) };
  };

  const apply = (record: TaskRecord, update: TaskUpdate): void => {
    const faulty = fault?.update?.(update, { task: record.task });
    if (faulty === null) return;
    const effective = faulty ?? update;
    const next: TaskRecord =
      'statusUpdate' in effective
        ? {
            ...record,
            task: withStatus(record.task, effective.statusUpdate.status),
            steps: record.steps + 1,
            statusSequence: store.nextSequence(),
          }
        : {
            ...record,
            task: withArtifact(
              record.task,
              effective.artifactUpdate.artifact,
              effective.artifactUpdate.append === true,
            ),
            steps: record.steps + 1,
          };
    store.put(next);
    bus.publish({ update: effective, task: next.task });
  };

  /** The state to go to, or undefined to stay. */
  const decide = (from: TaskState, to: TaskState): TaskState | undefined => {
    const faulty = fault?.transition?.(from, to);
    if (faulty === 'ignore') return undefined;
    if (faulty === 'allow') return to;
    if (faulty !== undefined) return faulty;
    if (from === 'TASK_STATE_CANCELED' && policy.completionOverwritesCanceled) return to;
    return isTerminal(from) ? undefined : to;
  };

  return {
    get: (taskId) => store.get(taskId),

    create({ owner, contextId, behaviour, turn, givenId }) {
      const { message } = turn;
      const generated = givenId ?? randomUUID();
      const id = fault?.taskId?.(generated, { message }) ?? generated;
      const status: TaskStatus = { state: 'TASK_STATE_SUBMITTED', timestamp: now() };
      const record: TaskRecord = {
        task: {
          id,
          contextId,
          status: fault?.status?.(status, { taskId: id }) ?? status,
          history: [{ ...message, taskId: id, contextId }],
        },
        owner,
        behaviour,
        turn: 1,
        work: turn,
        steps: 0,
        statusSequence: store.nextSequence(),
      };
      store.put(record);
      return record;
    },

    startTurn(taskId, turn) {
      const record = store.get(taskId);
      if (record) store.put({ ...record, turn: record.turn + 1, work: turn, steps: 0 });
    },

    addMessage(taskId, message) {
      const record = store.get(taskId);
      if (!record) return;
      const { task } = record;
      store.put({
        ...record,
        task: { ...task, history: [...historyOf(task), { ...message, taskId, contextId: task.contextId }] },
      });
    },

    setStatus(taskId, state, text, force = false) {
      const record = store.get(taskId);
      if (!record) return false;
      const { task } = record;
      const target = force ? state : decide(task.status.state, state);
      if (target === undefined) return false;
      const status: TaskStatus = {
        state: target,
        ...(text === undefined ? {} : { message: agentMessage([{ text }], task.contextId, taskId) }),
        timestamp: now(),
      };
      const effective = fault?.status?.(status, { taskId, from: task.status.state }) ?? status;
      apply(record, { statusUpdate: { taskId, contextId: task.contextId, status: effective } });
      return true;
    },

    addArtifact(taskId, artifact, { append, lastChunk }) {
      const record = store.get(taskId);
      if (!record || (isTerminal(record.task.status.state) && !policy.completionOverwritesCanceled)) return false;
      apply(record, {
        artifactUpdate: {
          taskId,
          contextId: record.task.contextId,
          artifact,
          ...(append ? { append } : {}),
          ...(lastChunk ? { lastChunk } : {}),
          metadata: { emittedAt: emissionStamp() },
        },
      });
      return true;
    },
  };
}
