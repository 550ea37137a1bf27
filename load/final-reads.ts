import { setTimeout as pause } from 'node:timers/promises';
import { isInterrupted, isTerminal } from '../protocol/task-state.ts';
import type { Reply } from '../core/wire/reply.ts';
import type { AcknowledgedTask } from './ledger.ts';

/** One read of a task: what the agent says of it now. */
export type ReadTask = (id: string, signal: AbortSignal | undefined) => Promise<Reply>;

export interface FinalReadOptions {
  readonly tasks: readonly AcknowledgedTask[];
  readonly read: ReadTask;
  readonly concurrency: number;
  /** Milliseconds that tasks without an end may still take to reach it. */
  readonly drainMs: number;
  /** The agent throws away tasks that have ended. */
  readonly purges: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What became of every acknowledged task. */
export interface FinalReads {
  readonly acknowledged: number;
  /** Tasks that the agent gave an answer about: found or not found. */
  readonly read: number;
  readonly found: number;
  /** Acknowledged, and not found any more. */
  readonly lost: readonly string[];
  readonly lostCount: number;
  /** Ended and not found any more, where the agent is said to purge. */
  readonly purged: number;
  /** No answer about them, or one that says nothing. */
  readonly unread: number;
  /** Why the first one could not be read. */
  readonly unreadReason: string | null;
  /** Found in another terminal state than the one that their client had seen, or in none any more. */
  readonly changedEnd: readonly string[];
  readonly changedEndTasks: readonly string[];
  readonly changedEndCount: number;
  /** Found without an end although none of them waits for input: still at work after the drain. */
  readonly unfinished: number;
}

const exampleLimit = 5;
const attempts = 3;
const retryPauseMs = 100;
const pollMs = 250;

/** When so many reads in a row get no answer at all, the agent is taken for gone and the others are not tried. */
const silentLimit = 20;

type Finding = 'found' | 'lost' | 'purged' | 'unread' | 'unfinished' | { readonly changedEnd: string };

const stateOf = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null || !('status' in value)) return undefined;
  const { status } = value;
  return typeof status === 'object' && status !== null && 'state' in status && typeof status.state === 'string'
    ? status.state
    : undefined;
};

/** Reads every acknowledged task by GetTask, a bounded number at a time. Never rejects for what the agent does. */
export async function readAll(options: FinalReadOptions): Promise<FinalReads> {
  const { tasks, concurrency, onProgress, drainMs } = options;
  const reader = new Reader(options, performance.now() + drainMs);
  const queue = tasks.values();
  let done = 0;
  const worker = async (): Promise<void> => {
    for (const task of queue) {
      reader.take(task.id, await reader.find(task));
      done += 1;
      onProgress?.(done, tasks.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, tasks.length) }, worker));
  return reader.result(tasks.length);
}

class Reader {
  readonly #options: FinalReadOptions;
  readonly #drainEnds: number;
  readonly #counts = { found: 0, lost: 0, purged: 0, unread: 0, unfinished: 0, changedEnd: 0 };
  readonly #lost: string[] = [];
  readonly #changed = new Map<string, string>();
  #silent = 0;
  #reason: string | null = null;

  constructor(options: FinalReadOptions, drainEnds: number) {
    this.#options = options;
    this.#drainEnds = drainEnds;
  }

  /** One task, asked again where the answer says nothing, and while it is still at work and the drain is not over. */
  async find(task: AcknowledgedTask): Promise<Finding> {
    const { read, signal, purges } = this.#options;
    let missed = 0;
    for (let attempt = 1; ; attempt += 1) {
      if (signal?.aborted === true || this.#silent >= silentLimit) return this.#unread('the reads were given up');
      const reply = await read(task.id, signal);
      if (reply.kind === 'none') this.#silent += 1;
      else this.#silent = 0;
      if (reply.kind === 'result') {
        const state = stateOf(reply.value);
        const known = judgeState(task, state);
        if (known === 'found' || performance.now() >= this.#drainEnds) return known;
        attempt = 0;
        await this.#wait(pollMs);
        continue;
      }
      if (reply.kind === 'error' && reply.error.name === 'TaskNotFoundError') {
        // Nobody is accused by one answer alone.
        missed += 1;
        if (missed === 2) return purges && task.ended !== undefined ? 'purged' : 'lost';
      }
      if (attempt >= attempts) return this.#unread(describe(reply));
      await this.#wait(retryPauseMs * attempt);
    }
  }

  #unread(reason: string): Finding {
    this.#reason ??= reason;
    return 'unread';
  }

  async #wait(ms: number): Promise<void> {
    const { signal } = this.#options;
    try {
      await pause(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  }

  take(id: string, finding: Finding): void {
    if (typeof finding === 'object') {
      this.#counts.changedEnd += 1;
      if (this.#changed.size < exampleLimit) this.#changed.set(id, `${id}: ${finding.changedEnd}`);
      return;
    }
    this.#counts[finding] += 1;
    if (finding === 'lost' && this.#lost.length < exampleLimit) this.#lost.push(id);
  }

  result(acknowledged: number): FinalReads {
    const { found, lost, purged, unread, unfinished, changedEnd } = this.#counts;
    return {
      acknowledged,
      read: acknowledged - unread,
      found: found + unfinished + changedEnd,
      lost: this.#lost,
      lostCount: lost,
      purged,
      unread,
      unreadReason: this.#reason,
      changedEnd: [...this.#changed.values()],
      changedEndTasks: [...this.#changed.keys()],
      changedEndCount: changedEnd,
      unfinished,
    };
  }
}

function judgeState({ ended, waiting }: AcknowledgedTask, state: string | undefined): Finding {
  if (ended !== undefined) {
    return state === ended ? 'found' : { changedEnd: `${ended} on the stream, ${state ?? 'no state'} by GetTask` };
  }
  return waiting || isTerminal(state) || isInterrupted(state) ? 'found' : 'unfinished';
}

function describe(reply: Reply): string {
  switch (reply.kind) {
    case 'error':
      return `${reply.error.name ?? reply.error.code}: ${reply.error.message}`;
    case 'malformed':
      return `HTTP ${reply.status}: ${reply.why}`;
    case 'none':
      return `${reply.failure.kind}: ${reply.failure.message}`;
    case 'result':
      return 'a result';
  }
}
