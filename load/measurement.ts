import { isTerminal } from '../protocol/task-state.ts';
import { isSuccess, type DropLine, type JournalEvent, type Outcome, type RunLine, type TaskLine } from './journal.ts';
import { Latencies } from './statistics.ts';

/** What the measurement has to know before it reads the first task. */
export interface MeasurementFacts {
  readonly run: RunLine;
  readonly drops: readonly DropLine[];
  /** Further dropped moments of which nobody wrote down when they were (a stock k6 only counts them). */
  readonly unlistedDrops: number;
  /** Microseconds of the schedule, as far as the run went. */
  readonly scheduledMicros: number;
  /** Whether stamps of the agent and times of the generator are on one clock. */
  readonly clocksComparable: boolean;
}

/** One kind of failure, with how often it came. */
export interface ErrorGroup {
  readonly outcome: Outcome;
  readonly code: string;
  readonly count: number;
  /** The first one's text. */
  readonly example: string;
}

/** How events say when they were sent. */
export interface StampStatistics {
  /** Signals: every status, artifact and message event up to the end of its task. */
  readonly signals: number;
  readonly stamped: number;
  /** Stamped after they arrived or before their task was sent, beyond the resolution of the stamp: the clocks differ. */
  readonly impossible: number;
  /** Finest resolution seen, in milliseconds (trailing zeros may be left out of a stamp); undefined where nothing is stamped. */
  readonly resolutionMs: number | undefined;
  /** Tasks with signals, and those of them with at least one stamp. */
  readonly tasks: number;
  readonly stampedTasks: number;
}

/** What one pass over the journal brings. */
export interface Measurement {
  readonly started: number;
  readonly dropped: number;
  readonly successes: number;
  /** Ended by the end of the run itself: neither a success nor an error. */
  readonly canceled: number;
  readonly errors: readonly ErrorGroup[];
  readonly errorCount: number;
  readonly byOutcome: Readonly<Partial<Record<Outcome, number>>>;
  /** Successes that were over within the schedule, moved by what a task takes; see `heldRate`. */
  readonly heldRatePerMinute: number | undefined;
  readonly events: number;
  /** From the moment that was due: how late the generator was itself. */
  readonly lag: Latencies;
  readonly submit: Latencies;
  readonly firstSignal: Latencies;
  readonly completion: Latencies;
  /** From the emission stamp, where stamps can be used. */
  readonly signalSinceStamp: Latencies;
  /** From the moment at which the request was due. */
  readonly signalSinceRequest: Latencies;
  readonly stamps: StampStatistics;
  /** Streams that the server left open after the end of the task. */
  readonly held: number;
}

const errorGroupLimit = 50;

/** Microseconds by which a stamp may be off for reasons other than the clock: it may be rounded up. */
const stampTolerance = 2_000;

/** Moments of a schedule are computed twice, from a period that is not whole. */
const roundingMicros = 10;

const isSignal = ([kind]: JournalEvent): boolean => kind === 'status' || kind === 'artifact' || kind === 'message';

const resolutionOf = (digits: number): number => 1_000_000 / 10 ** Math.min(6, digits);

/**
 * Sums up the tasks of a run, one after the other, in bounded memory (two numbers a task). Latencies count from the moment of the
 * schedule, not from the one at which the generator got to it: a generator that is late must not make the agent look fast.
 */
export class Measuring {
  readonly #facts: MeasurementFacts;
  readonly #drops: readonly number[];
  readonly #errors = new Map<string, { outcome: Outcome; code: string; count: number; example: string }>();
  readonly #byOutcome: Partial<Record<Outcome, number>> = {};
  readonly #lag = new Latencies();
  readonly #submit = new Latencies();
  readonly #firstSignal = new Latencies();
  readonly #completion = new Latencies();
  readonly #sinceStamp = new Latencies();
  readonly #sinceRequest = new Latencies();
  /** Ends of successes after the start of the schedule, and their latencies where they belong to its first half. */
  readonly #ends: number[] = [];
  readonly #earlyCompletion = new Latencies();
  #started = 0;
  #successes = 0;
  #canceled = 0;
  #errorCount = 0;
  #events = 0;
  #held = 0;
  #signals = 0;
  #stamped = 0;
  #impossible = 0;
  #finest: number | undefined;
  #tasksWithSignals = 0;
  #stampedTasks = 0;

  constructor(facts: MeasurementFacts) {
    this.#facts = facts;
    this.#drops = facts.drops.map(({ at }) => at).toSorted((a, b) => a - b);
  }

  add(task: TaskLine): void {
    const due = this.#dueOf(task);
    this.#started += 1;
    this.#byOutcome[task.out] = (this.#byOutcome[task.out] ?? 0) + 1;
    this.#lag.record(task.inv - due);
    if (task.held === true) this.#held += 1;
    const events = task.ev ?? [];
    this.#events += events.length + (task.more ?? 0);
    const end = endOf(task);
    this.#takeSignals(task, events, due);
    if (task.out === 'canceled') this.#canceled += 1;
    else if (isSuccess(task.out)) this.#takeSuccess(task, due, end);
    else this.#takeError(task);
  }

  /** The moment of the schedule that this task belongs to: those that were dropped before took one each. */
  #dueOf({ sch, inv }: TaskLine): number {
    const { period } = this.#facts.run;
    const before = lowerBound(this.#drops, inv);
    const due = sch + before * period;
    // Of those that are not listed as many came before as fit in: a task is started at its moment or dropped there.
    const unlisted = Math.min(this.#facts.unlistedDrops, Math.max(0, Math.floor((inv - due) / period)));
    return Math.min(inv, due + unlisted * period);
  }

  #takeSignals(task: TaskLine, events: readonly JournalEvent[], due: number): void {
    const acknowledged = events.find(([kind]) => kind === 'task' || kind === 'status' || kind === 'artifact');
    if (acknowledged !== undefined) this.#submit.record(task.inv + acknowledged[1] - due);
    const last = events.findIndex(isEnd);
    const signals = (last < 0 ? events : events.slice(0, last + 1)).filter(isSignal);
    if (signals.length === 0) return;
    this.#firstSignal.record(task.inv + signals[0]![1] - due);
    this.#tasksWithSignals += 1;
    let stamped = false;
    for (const [, after, , stamp, digits = 0] of signals) {
      const arrived = task.inv + after;
      this.#signals += 1;
      this.#sinceRequest.record(arrived - due);
      if (stamp === undefined) continue;
      stamped = true;
      this.#stamped += 1;
      const resolution = resolutionOf(digits);
      this.#finest = Math.min(this.#finest ?? Infinity, resolution);
      if (stamp > arrived + stampTolerance || stamp < task.inv - resolution - stampTolerance) this.#impossible += 1;
      this.#sinceStamp.record(arrived - stamp);
    }
    if (stamped) this.#stampedTasks += 1;
  }

  #takeSuccess(task: TaskLine, due: number, end: number): void {
    this.#successes += 1;
    const { run, scheduledMicros } = this.#facts;
    const moment = due - run.start;
    // A schedule may begin one more task at its very end, or was cut short before this one was due.
    if (moment < scheduledMicros - roundingMicros) this.#ends.push(end - run.start);
    if (task.out === 'accepted') return;
    this.#completion.record(end - due);
    if (moment < scheduledMicros / 2) this.#earlyCompletion.record(end - due);
  }

  #takeError({ out, code = '', err = '' }: TaskLine): void {
    this.#errorCount += 1;
    const key = `${out} ${code}`;
    const known = this.#errors.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#errors.size < errorGroupLimit) this.#errors.set(key, { outcome: out, code, count: 1, example: err });
  }

  result(): Measurement {
    return {
      started: this.#started,
      dropped: this.#drops.length + this.#facts.unlistedDrops,
      successes: this.#successes,
      canceled: this.#canceled,
      errors: [...this.#errors.values()].toSorted((a, b) => b.count - a.count),
      errorCount: this.#errorCount,
      byOutcome: this.#byOutcome,
      heldRatePerMinute: this.#heldRate(),
      events: this.#events,
      lag: this.#lag,
      submit: this.#submit,
      firstSignal: this.#firstSignal,
      completion: this.#completion,
      signalSinceStamp: this.#sinceStamp,
      signalSinceRequest: this.#sinceRequest,
      stamps: {
        signals: this.#signals,
        stamped: this.#stamped,
        impossible: this.#impossible,
        resolutionMs: this.#finest === undefined ? undefined : this.#finest / 1_000,
        tasks: this.#tasksWithSignals,
        stampedTasks: this.#stampedTasks,
      },
      held: this.#held,
    };
  }

  /**
   * Tasks a minute that the agent really finished while they kept coming. A task takes its time, so the window is the schedule
   * plus what tasks of its first half took (their p99): an agent that keeps up has then finished them all, however long a task
   * takes; one that falls behind takes longer and longer and has not. Counting all until the last one is done would call any
   * agent fast enough that has time to catch up after the load.
   */
  #heldRate(): number | undefined {
    const { scheduledMicros } = this.#facts;
    if (scheduledMicros <= 0 || this.#started === 0) return undefined;
    const usual = (this.#earlyCompletion.quantile(0.99) ?? 0) * 1_000;
    // The histogram has three digits: what lies within them is not late.
    const until = scheduledMicros + usual * 1.002 + 1_000;
    const inTime = this.#ends.filter((end) => end <= until).length;
    return (inTime * 60_000_000) / scheduledMicros;
  }
}

const isEnd = ([kind, , state]: JournalEvent): boolean => kind === 'message' || isTerminal(state);

/** When the task was over for its client: the terminal event; the answer where there are no events. */
function endOf(task: TaskLine): number {
  const events = task.ev ?? [];
  const end = events.find(isEnd) ?? (task.out === 'waiting' ? events.at(-1) : undefined);
  return end === undefined ? task.ret : task.inv + end[1];
}

/** How many of the sorted values are below the limit. */
function lowerBound(sorted: readonly number[], limit: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** What signal latency is counted from, and why. */
export interface SignalBasis {
  readonly kind: 'emission-stamp' | 'causing-request' | 'none';
  readonly reason: string;
}

/** Coarser stamps say nothing of latencies that matter here. */
const coarsestMs = 10;

/** At least so many of the tasks have to carry a stamp, and at most so many stamps may be impossible. */
const stampedShare = 0.9;
const impossibleShare = 0.01;

/** Chooses one basis for the whole run; numbers of two kinds are never mixed. */
export function chooseBasis(stamps: StampStatistics, clocksComparable: boolean): SignalBasis {
  const { signals, stamped, impossible, resolutionMs, tasks, stampedTasks } = stamps;
  if (signals === 0) return { kind: 'none', reason: 'no signal was received' };
  const request = (why: string): SignalBasis => ({
    kind: 'causing-request',
    reason: `counted from the moment at which the request was due, the agent's own work included: ${why}`,
  });
  if (stamped === 0) return request('no event carries an emission stamp');
  if (!clocksComparable) return request("the agent's clock is not this machine's");
  if (impossible > stamped * impossibleShare) {
    return request(`${impossible} of ${stamped} stamps lie before the request or after the arrival: another clock`);
  }
  if (stampedTasks < tasks * stampedShare)
    return request(`only ${stampedTasks} of ${tasks} tasks carry emission stamps`);
  if (resolutionMs !== undefined && resolutionMs > coarsestMs) {
    return request(`the agent's stamps are only to ${resolutionMs} ms`);
  }
  const coarse = resolutionMs !== undefined && resolutionMs >= 1 ? `, to ${resolutionMs} ms` : '';
  return {
    kind: 'emission-stamp',
    reason: `counted from the agent's own stamps on the same clock (${stamped} of ${signals} signals carry one${coarse})`,
  };
}
