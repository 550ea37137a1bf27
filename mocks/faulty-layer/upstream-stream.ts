import type { StreamContext } from '../reference-agent/hooks.ts';
import type { OutputStream, StreamItem } from '../reference-agent/streams.ts';
import type { StreamResponse, Task, TaskState } from '../reference-agent/types.ts';
import { isTerminal } from '../reference-agent/types.ts';
import type { LayerFault } from './layer-fault.ts';
import { changeObjects, type CallContext } from './payload-faults.ts';

/** What a layer knows of the tasks whose streams go through it. */
export class SeenTasks {
  readonly #streams = new Map<string, number>();
  readonly #tasks = new Map<string, Task>();

  /** The number of a new stream of a task: 0 for the first. */
  open(taskId: string): number {
    const number = this.#streams.get(taskId) ?? 0;
    this.#streams.set(taskId, number + 1);
    return number;
  }

  /** The task with an event, and its state then. */
  follow(event: object): { readonly task: Task | undefined; readonly state: TaskState | undefined } {
    const seen = event as Partial<Record<'task' | 'statusUpdate' | 'artifactUpdate', unknown>>;
    if (seen.task !== undefined) {
      const task = seen.task as Task;
      this.#tasks.set(task.id, task);
    }
    const update = seen.statusUpdate as { readonly taskId: string; readonly status: Task['status'] } | undefined;
    const known = update && this.#tasks.get(update.taskId);
    if (update && known) this.#tasks.set(known.id, { ...known, status: update.status });
    const id = taskIdOf(event);
    const task = id === undefined ? undefined : this.#tasks.get(id);
    return { task, state: update?.status.state ?? task?.status.state };
  }
}

export function taskIdOf(event: object): string | undefined {
  const { task, statusUpdate, artifactUpdate } = event as Readonly<
    Record<string, { readonly id?: string; readonly taskId?: string } | undefined>
  >;
  return task?.id ?? statusUpdate?.taskId ?? artifactUpdate?.taskId;
}

/** One event of the agent: a payload, or what is passed on as it is (an error in a stream). */
export type UpstreamEvent = { readonly payload: object } | { readonly raw: object };

/** An event that no hook for payloads is asked about. */
export class RawEvent {
  readonly value: object;

  constructor(value: object) {
    this.value = value;
  }
}

/**
 * The stream of an agent with the faults of a layer in it: `event` and `streamEnd` act here as they do in the agent. The last event
 * is the one with a terminal state; a stream that breaks off is reset.
 */
export function faultyStream(options: {
  readonly events: AsyncIterable<UpstreamEvent>;
  readonly call: CallContext;
  readonly fault: LayerFault;
  readonly seen: SeenTasks;
  /** Gives the agent's stream up. */
  readonly cancel: () => void;
}): OutputStream {
  const { call, fault, seen } = options;
  async function* items(): AsyncGenerator<StreamItem, void> {
    let context: StreamContext | undefined;
    let index = 0;
    for await (const event of options.events) {
      if ('raw' in event) {
        yield { event: new RawEvent(event.raw) };
        continue;
      }
      const taskId = taskIdOf(event.payload);
      context ??= {
        binding: call.binding,
        operation: call.operation,
        taskId,
        subscription: taskId === undefined ? 0 : seen.open(taskId),
      };
      const payload = changeObjects(event.payload, fault, { ...call, stream: true });
      const { task, state } = seen.follow(event.payload);
      const last = taskId === undefined || (state !== undefined && isTerminal(state));
      const faulty = fault.event?.(payload as StreamResponse, { ...context, index, state, task, last });
      index += 1;
      const all = faulty === undefined ? [payload] : faulty === null ? [] : [faulty].flat();
      for (const each of all) yield { event: each as object };
    }
    const { binding, operation } = call;
    const end = fault.streamEnd?.(context ?? { binding, operation, taskId: undefined, subscription: 0 });
    yield { end: end ?? 'close' };
  }
  const iterator = items();
  let cancelled = false;
  return {
    async next() {
      try {
        const { value } = await iterator.next();
        return value ?? { end: 'close' };
      } catch {
        return { end: cancelled ? 'close' : 'reset' };
      }
    },
    cancel() {
      cancelled = true;
      options.cancel();
    },
  };
}
