import type { Undo } from './faults/fault.ts';

/** What is still to be undone, the last one first; each at most once, and all of it in any case. */
export interface UndoStack extends AsyncDisposable {
  /** Gives the function that undoes this one now. */
  push(undo: Undo): Undo;
  /** How many are waiting. */
  readonly size: number;
}

export function createUndoStack(): UndoStack {
  const waiting: Undo[] = [];
  return {
    get size() {
      return waiting.length;
    },
    push(undo) {
      let undone: Promise<void> | undefined;
      const once = (): Promise<void> => {
        const index = waiting.indexOf(once);
        if (index >= 0) waiting.splice(index, 1);
        return (undone ??= undo());
      };
      waiting.push(once);
      return once;
    },
    async [Symbol.asyncDispose]() {
      const failures: unknown[] = [];
      for (let undo = waiting.at(-1); undo !== undefined; undo = waiting.at(-1)) {
        await undo().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, 'a fault could not be undone');
    },
  };
}
