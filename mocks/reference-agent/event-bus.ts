import type { Task, TaskUpdate } from './types.ts';

/** An update of a task, with the task as it is after it. */
export interface BusEvent {
  readonly update: TaskUpdate;
  readonly task: Task;
}

export type BusListener = (event: BusEvent) => void;

/** Delivers the updates of each task to all its listeners, to each in the order in which they were generated (§3.5.2). */
export interface EventBus {
  /** Returns the function that ends the subscription. */
  subscribe(taskId: string, listener: BusListener): () => void;
  /** Hears the updates of all tasks. */
  subscribeAll(listener: BusListener): () => void;
  publish(event: BusEvent): void;
  close(): void;
}

export function createEventBus(): EventBus {
  const byTask = new Map<string, Set<BusListener>>();
  const everywhere = new Set<BusListener>();

  return {
    subscribe(taskId, listener) {
      const listeners = byTask.get(taskId) ?? new Set();
      byTask.set(taskId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && byTask.get(taskId) === listeners) byTask.delete(taskId);
      };
    },
    subscribeAll(listener) {
      everywhere.add(listener);
      return () => everywhere.delete(listener);
    },
    publish(event) {
      // Copies: a listener may end its own subscription, or another's, while it is called.
      for (const listener of [...everywhere]) listener(event);
      for (const listener of [...(byTask.get(event.task.id) ?? [])]) listener(event);
    },
    close() {
      byTask.clear();
      everywhere.clear();
    },
  };
}
