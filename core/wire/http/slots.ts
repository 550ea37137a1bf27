/** A bounded number of things at a time; first come, first served. */
export interface Slots {
  /** Resolves with the function that gives the slot back (idempotent), or with undefined once `signal` is aborted. */
  acquire(signal?: AbortSignal): Promise<(() => void) | undefined>;
}

export function createSlots(max: number): Slots {
  const waiting: (() => void)[] = [];
  let free = max;

  const take = (): (() => void) => {
    let held = true;
    free -= 1;
    return () => {
      if (!held) return;
      held = false;
      free += 1;
      waiting.shift()?.();
    };
  };

  return {
    acquire(signal) {
      if (signal?.aborted) return Promise.resolve(undefined);
      if (free > 0) return Promise.resolve(take());
      return new Promise((resolve) => {
        const turn = (): void => {
          signal?.removeEventListener('abort', giveUp);
          resolve(take());
        };
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(turn), 1);
          resolve(undefined);
        };
        waiting.push(turn);
        signal?.addEventListener('abort', giveUp, { once: true });
      });
    },
  };
}
