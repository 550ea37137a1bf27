/** The agent's timers in one place, so that closing it leaves none behind. */
export interface Timers {
  /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted, and when the timers are closed. */
  delay(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `tick` every `ms` until the returned function is called. */
  every(ms: number, tick: () => void): () => void;
  close(): void;
}

export class ClosedError extends Error {
  constructor() {
    super('The agent is closed');
    this.name = 'ClosedError';
  }
}

export function createTimers(): Timers {
  const cancels = new Set<() => void>();

  return {
    delay(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const finish = (settle: () => void): void => {
          clearTimeout(timer);
          cancels.delete(cancel);
          signal?.removeEventListener('abort', onAbort);
          settle();
        };
        const cancel = (): void => finish(() => reject(new ClosedError()));
        const onAbort = (): void => finish(() => reject(signal?.reason as Error));
        const timer = setTimeout(() => finish(resolve), ms);
        cancels.add(cancel);
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    },
    every(ms, tick) {
      const timer = setInterval(tick, ms);
      const cancel = (): void => {
        clearInterval(timer);
        cancels.delete(cancel);
      };
      cancels.add(cancel);
      return cancel;
    },
    close() {
      for (const cancel of [...cancels]) cancel();
    },
  };
}
