import { isSuccess, type JournalLine, type TaskLine } from './journal.ts';
import { Latencies } from './statistics.ts';

/** How a run is going. */
export interface LoadProgress {
  readonly elapsedMs: number;
  readonly durationMs: number;
  /** Tasks that ended in the last ten seconds, a minute. */
  readonly perMinute: number;
  readonly finished: number;
  /** Due and neither ended nor dropped. */
  readonly inFlight: number;
  readonly errors: number;
  readonly dropped: number;
  /** Of signals so far, from stamps where there are any, else from the request; undefined for none. Milliseconds. */
  readonly p99SignalMs: number | undefined;
}

const windowMs = 10_000;

/** So many sends in a row have to fail in their connection before anybody asks whether the target is gone. */
const suspectCount = 10;
const suspectMs = 2_000;

/** Follows the journal of a run while it grows; bounded memory. */
export class LiveProgress {
  readonly #durationMs: number;
  readonly #clocksComparable: boolean;
  readonly #sinceStamp = new Latencies();
  readonly #sinceRequest = new Latencies();
  /** Ends of tasks in the last ten seconds by the second: a ring of counts. */
  readonly #ends = new Map<number, number>();
  #start: number | undefined;
  #period = 0;
  #finished = 0;
  #errors = 0;
  #dropped = 0;
  #failing: { count: number; since: number; reason: string } | undefined;

  constructor(durationMs: number, clocksComparable: boolean) {
    this.#durationMs = durationMs;
    this.#clocksComparable = clocksComparable;
  }

  take(line: JournalLine): void {
    if (line.k === 'run') {
      this.#start = line.start / 1_000;
      this.#period = line.period / 1_000;
    } else if (line.k === 'drop') {
      this.#dropped += 1;
    } else {
      this.#takeTask(line);
    }
  }

  #takeTask(task: TaskLine): void {
    this.#finished += 1;
    if (!isSuccess(task.out) && task.out !== 'canceled') this.#errors += 1;
    const second = Math.floor(task.ret / 1e6);
    this.#ends.set(second, (this.#ends.get(second) ?? 0) + 1);
    for (const old of this.#ends.keys()) if (old < second - 30) this.#ends.delete(old);
    for (const [kind, after, , stamp] of task.ev ?? []) {
      if (kind !== 'status' && kind !== 'artifact' && kind !== 'message') continue;
      this.#sinceRequest.record(after);
      if (stamp !== undefined && this.#clocksComparable) this.#sinceStamp.record(task.inv + after - stamp);
    }
    this.#watchConnection(task);
  }

  #watchConnection({ out, inv, code = '' }: TaskLine): void {
    if (out !== 'transport') {
      if (out !== 'canceled') this.#failing = undefined;
      return;
    }
    this.#failing ??= { count: 0, since: inv / 1_000, reason: code };
    this.#failing.count += 1;
  }

  /** Why the target may be gone: nothing but failed connections for a while. Undefined as long as it answers. */
  suspicion(nowMs: number): { readonly sinceMs: number; readonly reason: string } | undefined {
    const failing = this.#failing;
    if (failing === undefined || this.#start === undefined) return undefined;
    if (failing.count < suspectCount || nowMs - failing.since < suspectMs) return undefined;
    return { sinceMs: failing.since - this.#start, reason: failing.reason };
  }

  /** Whether the first task has begun. */
  get started(): boolean {
    return this.#start !== undefined;
  }

  /** @param nowMs milliseconds since the Unix epoch */
  snapshot(nowMs: number): LoadProgress {
    const elapsedMs = this.#start === undefined ? 0 : Math.max(0, nowMs - this.#start);
    const scheduled = Math.min(elapsedMs, this.#durationMs);
    const due = this.#period === 0 ? 0 : Math.ceil(scheduled / this.#period);
    const signals = this.#sinceStamp.count > 0 ? this.#sinceStamp : this.#sinceRequest;
    return {
      elapsedMs,
      durationMs: this.#durationMs,
      perMinute: this.#perMinute(nowMs, elapsedMs),
      finished: this.#finished,
      inFlight: Math.max(0, due - this.#finished - this.#dropped),
      errors: this.#errors,
      dropped: this.#dropped,
      p99SignalMs: signals.quantile(0.99),
    };
  }

  #perMinute(nowMs: number, elapsedMs: number): number {
    // Whole seconds only: the one that is running has not seen all its ends.
    const current = Math.floor(nowMs / 1_000);
    const seconds = Math.min(windowMs / 1_000, Math.floor(elapsedMs / 1_000));
    if (seconds === 0) return 0;
    let ended = 0;
    for (const [second, count] of this.#ends) if (second < current && second >= current - seconds) ended += count;
    return (ended * 60) / seconds;
  }
}
