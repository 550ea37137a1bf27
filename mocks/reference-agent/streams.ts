import type { Binding } from './bindings.ts';
import { faultOn } from './bindings.ts';
import type { EventBus } from './event-bus.ts';
import type { Fault, StreamContext } from './hooks.ts';
import type { Tasks } from './tasks.ts';
import type { OperationName, StreamResponse, Task } from './types.ts';
import { isInterrupted, isTerminal } from './types.ts';

/** What a binding gets from a stream: an event to send, or the end and its manner. */
export type StreamItem = { readonly event: object } | { readonly end: 'close' | 'keep-open' | 'reset' };

/** One stream of one client, independent of the binding. */
export interface OutputStream {
  next(): Promise<StreamItem>;
  /** The client has gone away (§3.5.2: nothing else is affected). */
  cancel(): void;
}

/** A stream with a queue: events are put in as they happen and taken out at the client's speed. */
class QueuedStream implements OutputStream {
  readonly #queue: StreamItem[] = [];
  #waiting: ((item: StreamItem) => void) | undefined;
  #ended = false;
  readonly #onCancel: () => void;

  constructor(onCancel: () => void) {
    this.#onCancel = onCancel;
  }

  put(item: StreamItem): void {
    if (this.#ended) return;
    if ('end' in item) this.#ended = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(item);
    else this.#queue.push(item);
  }

  next(): Promise<StreamItem> {
    const item = this.#queue.shift();
    if (item) return Promise.resolve(item);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  cancel(): void {
    this.put({ end: 'close' });
    this.#onCancel();
  }
}

/** The call that a stream answers. */
export interface StreamCall {
  readonly operation: OperationName;
  readonly binding: Binding;
}

export interface Streams {
  /** A stream of exactly one Message (§3.1.2). */
  single(message: object, call: StreamCall): OutputStream;
  /**
   * A stream of a task's updates that begins with the task as it is now and ends with its terminal state. `present`
   * turns the task into what is sent; `snapshotOnly` ends it there (for a mutant).
   */
  open(taskId: string, call: StreamCall, present: (task: Task) => object, snapshotOnly?: boolean): OutputStream;
  /** Streams that are open on a task. */
  count(taskId: string): number;
}

interface OpenStreams {
  /** Streams ever opened on the task. */
  opened: number;
  readonly open: Set<QueuedStream>;
}

export function createStreams(deps: {
  readonly tasks: Tasks;
  readonly bus: EventBus;
  readonly fault: Fault | undefined;
  /** For the mutant whose disconnects cancel. */
  readonly cancelTask: (taskId: string) => void;
}): Streams {
  const { tasks, bus } = deps;
  const byTask = new Map<string, OpenStreams>();

  /** Puts one event into a stream, as the mutant's hook wants it. */
  const sender = (stream: QueuedStream, context: StreamContext) => {
    let index = 0;
    const fault = faultOn(deps.fault, context.binding);
    return (event: StreamResponse | object, task: Task | undefined, last: boolean): void => {
      const state = task?.status.state;
      const faulty = fault?.event?.(event as StreamResponse, { ...context, index, state, task, last });
      const events = faulty === undefined ? [event] : faulty === null ? [] : [faulty].flat();
      for (const each of events) stream.put({ event: each as object });
      index += 1;
    };
  };

  const finish = (stream: QueuedStream, context: StreamContext): void =>
    stream.put({ end: faultOn(deps.fault, context.binding)?.streamEnd?.(context) ?? 'close' });

  return {
    count: (taskId) => byTask.get(taskId)?.open.size ?? 0,

    single(message, { operation, binding }) {
      const stream = new QueuedStream(() => undefined);
      const context: StreamContext = { binding, operation, taskId: undefined, subscription: 0 };
      sender(stream, context)({ message }, undefined, true);
      finish(stream, context);
      return stream;
    },

    open(taskId, { operation, binding }, present, snapshotOnly = false) {
      const fault = faultOn(deps.fault, binding);
      const entry = byTask.get(taskId) ?? { opened: 0, open: new Set() };
      byTask.set(taskId, entry);
      const context: StreamContext = { binding, operation, taskId, subscription: entry.opened };
      entry.opened += 1;

      const forget = (): void => {
        unsubscribe();
        entry.open.delete(stream);
        const task = tasks.get(taskId)?.task;
        if (entry.open.size === 0 && (!task || isTerminal(task.status.state))) byTask.delete(taskId);
      };
      const stream = new QueuedStream(() => {
        forget();
        if (fault?.policy?.disconnectCancels) deps.cancelTask(taskId);
        if (fault?.policy?.closingStreamEndsOthers) for (const other of [...entry.open]) other.put({ end: 'close' });
      });
      const send = sender(stream, context);
      const unsubscribe = bus.subscribe(taskId, ({ update, task }) => {
        if (fault?.policy?.onlyNewestStreamGetsEvents && [...entry.open].at(-1) !== stream) return;
        const { state } = task.status;
        const over = isTerminal(state) || (fault?.policy?.streamsEndWhenInterrupted === true && isInterrupted(state));
        const last = over && 'statusUpdate' in update;
        send(update, task, last);
        if (!last) return;
        forget();
        finish(stream, context);
      });
      if (fault?.policy?.newStreamEndsOthers) for (const other of [...entry.open]) other.cancel();
      entry.open.add(stream);

      const task = tasks.get(taskId)?.task;
      const endsAtOnce = fault?.policy?.interruptedSubscriptionsEnd === true && operation === 'SubscribeToTask';
      const ended =
        snapshotOnly ||
        task === undefined ||
        isTerminal(task.status.state) ||
        (endsAtOnce && isInterrupted(task.status.state));
      if (task && !fault?.policy?.snapshotOmitted) send({ task: present(task) }, task, ended);
      if (ended) {
        forget();
        finish(stream, context);
      }
      return stream;
    },
  };
}
