import type { Exchange } from '../history/exchange.ts';
import type { HistoryRecorder } from '../history/recorder.ts';
import { wait } from './wait.ts';

export interface LivenessOptions {
  readonly recorder: HistoryRecorder;
  /** One cheap request to the target: whether it answered anything. */
  readonly isAlive: () => Promise<boolean>;
  /** Between the two questions: an agent may be restarted by its supervisor. */
  readonly graceMs: number;
  readonly signal: AbortSignal;
  readonly onLost: (loss: Loss) => void;
}

export interface Loss {
  readonly reason: string;
  /** The last exchanges that ended before the target was asked whether it lives, the one that raised the doubt included. */
  readonly lastExchanges: readonly Exchange[];
}

const keptExchanges = 10;

/** Refused, reset, or no answer at all: a sign that the target may be gone. A stream that stays open is none. */
const raisesDoubt = ({ failure, response }: Exchange): boolean =>
  failure?.kind === 'refused' || failure?.kind === 'reset' || (failure?.kind === 'timeout' && response === null);

/**
 * Looks at every exchange of a run; where one raises a doubt, asks the target itself, and once more after a grace. Dead twice is
 * lost.
 */
export function watchLiveness({ recorder, isAlive, graceMs, signal, onLost }: LivenessOptions): {
  /** Resolves when no question is open. */
  settled(): Promise<void>;
  stop(): void;
} {
  let watching = true;
  let asking: Promise<void> | undefined;

  const alive = async (): Promise<boolean> => {
    try {
      return await isAlive();
    } catch {
      // Not even a request could be made.
      return false;
    }
  };

  const ask = async (doubt: Exchange): Promise<void> => {
    const { exchanges } = recorder.history();
    const last = exchanges.toSorted((a, b) => a.endedAt - b.endedAt).slice(-keptExchanges);
    if (await alive()) return;
    await wait(graceMs, signal);
    if (signal.aborted || (await alive()) || !watching) return;
    watching = false;
    const { kind, message } = doubt.failure!;
    onLost({ reason: `the target no longer answers (first ${kind} at ${doubt.id}: ${message})`, lastExchanges: last });
  };

  recorder.onExchange((exchange) => {
    if (!watching || asking !== undefined || signal.aborted || !raisesDoubt(exchange)) return;
    asking = ask(exchange).finally(() => {
      asking = undefined;
    });
  });

  return {
    settled: () => asking ?? Promise.resolve(),
    stop: () => {
      watching = false;
    },
  };
}
