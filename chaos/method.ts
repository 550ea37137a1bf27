import type { TimelineEntry } from '../core/findings/chaos-section.ts';
import type { InjectedFault, Millis } from '../core/history/exchange.ts';
import type { Pulse } from './client/pulse.ts';
import type { PlannedFault } from './experiment.ts';
import type { FaultTarget } from './faults/fault.ts';
import { createUndoStack, type UndoStack } from './undo-stack.ts';

export interface MethodOptions {
  readonly target: FaultTarget;
  /** When the load began. */
  readonly zero: Millis;
  readonly clock: string;
  readonly signal: AbortSignal;
  readonly say: (kind: TimelineEntry['kind'], text: string, at?: Millis) => void;
  readonly onFault: (fault: InjectedFault) => void;
  /** Hears every pulse until the returned function is called. */
  readonly listen: (listener: (pulse: Pulse) => void) => () => void;
}

/** Injects faults at their moments and undoes each of them. */
export interface Method {
  /** Resolves when every fault is over: with null, or with why one could not be injected or undone. An abort ends them at once. */
  run(planned: readonly PlannedFault[]): Promise<string | null>;
}

export function createMethod(options: MethodOptions): Method {
  const { target, zero, clock, signal, say, onFault, listen } = options;

  /** Resolves at a moment, earlier where `early` says so, and at the abort. */
  const until = async (moment: Millis, early?: (end: () => void) => () => void): Promise<void> => {
    const over = Promise.withResolvers<void>();
    const end = (): void => over.resolve();
    const timer = setTimeout(end, Math.max(0, moment - performance.now()));
    const stopEarly = early?.(end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    await over.promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    stopEarly?.();
  };

  const runOne = async ({ atMs, fault, forMs, until: end }: PlannedFault, stack: UndoStack): Promise<void> => {
    const plannedAt = zero + atMs;
    await until(plannedAt);
    if (signal.aborted) return;
    const undo = stack.push(await fault.inject(target));
    const injectedAt = performance.now();
    say('fault', fault.description, injectedAt);
    let undoneAt: Millis | null = null;
    try {
      await until(
        // Counted from the effect: on a busy machine a fault that came late must not be a shorter one.
        injectedAt + forMs,
        end === 'unrouted'
          ? (resolve) => listen(({ routed, at }) => routed === false && at > injectedAt && resolve())
          : undefined,
      );
      const begun = performance.now();
      await undo();
      undoneAt = begun;
      say('undone', fault.description);
    } finally {
      const { name, description, target: subject } = fault;
      onFault({ fault: name, target: subject, description, plannedAt, injectedAt, undoneAt, clock });
    }
  };

  return {
    async run(planned) {
      const stack = createUndoStack();
      const failures: unknown[] = [];
      const injected = await Promise.allSettled(planned.map((each) => runOne(each, stack)));
      // Also where another fault failed: nothing stays behind.
      try {
        await stack[Symbol.asyncDispose]();
      } catch (error) {
        failures.push(error);
      }
      failures.unshift(...injected.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : [])));
      const [first] = failures;
      if (first === undefined) return null;
      return first instanceof Error ? first.message : String(first);
    },
  };
}
