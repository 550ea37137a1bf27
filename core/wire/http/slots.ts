import { interfaceKey, type InterfaceRef } from '../../target/target.ts';

/** A bounded number of things at a time; first come, first served. */
export interface Slots {
  /** Resolves with the function that gives the slot back (idempotent), or with undefined once `signal` is aborted. */
  acquire(signal?: AbortSignal): Promise<(() => void) | undefined>;
}

/** Gives back the slot of a thing that needed none. */
export const unbounded = (): void => undefined;

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

/** The slots of an interface, or of what is spoken to none. */
export type SlotsByInterface = (ref: InterfaceRef | null) => Slots;

/** As many for each interface: one that hangs keeps none of the others waiting. */
export function createSlotsByInterface(max: number): SlotsByInterface {
  const made = new Map<string, Slots>();
  return (ref) => {
    const key = ref === null ? '' : interfaceKey(ref);
    const slots = made.get(key) ?? createSlots(max);
    made.set(key, slots);
    return slots;
  };
}
