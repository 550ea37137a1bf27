import { isTerminal } from '../protocol/task-state.ts';
import type { JournalEvent, TaskLine } from './journal.ts';

/** What a run has to remember of each task that an agent acknowledged. */
export interface AcknowledgedTask {
  readonly id: string;
  /** The terminal state that its client saw; undefined where it saw none. */
  readonly ended: string | undefined;
  /** It waits for input, so that no end is due. */
  readonly waiting: boolean;
}

/** One thing that is wrong with the tasks of a run; `examples` name some of them. */
export interface TaskDefect {
  readonly count: number;
  readonly examples: readonly string[];
  /** Tasks of the examples, to find what was on the wire. */
  readonly tasks: readonly string[];
}

/** What the streams alone say about tasks: every task of the run is in it, not a sample. */
export interface LedgerDefects {
  /** Task ids that a send got for new work although the task of another send had ended under it. */
  readonly reusedIds: TaskDefect;
  /** Task ids that two sends got, without a sign that there were two tasks. */
  readonly sharedIds: TaskDefect;
  /** Streams of one send that named several tasks. */
  readonly mixedStreams: TaskDefect;
  /** Streams that showed two different terminal states. */
  readonly twoEnds: TaskDefect;
  /** Streams with an update after the terminal event, other than that state once more. */
  readonly afterEnd: TaskDefect;
  /** Streams whose status stamps go back. */
  readonly stampsGoBack: TaskDefect;
}

const exampleLimit = 5;

class Defects implements TaskDefect {
  count = 0;
  readonly examples: string[] = [];
  readonly tasks: string[] = [];

  add(task: string, example: string): void {
    this.count += 1;
    if (this.examples.length === exampleLimit) return;
    this.examples.push(example);
    this.tasks.push(task);
  }
}

/** Keeps book of every task id of a run: a few words each, whatever the task sent. */
export class Ledger {
  readonly #tasks = new Map<string, AcknowledgedTask>();
  /** When the client saw the end of a task, in microseconds since the Unix epoch. */
  readonly #endedAt = new Map<string, number>();
  readonly #defects = {
    reusedIds: new Defects(),
    sharedIds: new Defects(),
    mixedStreams: new Defects(),
    twoEnds: new Defects(),
    afterEnd: new Defects(),
    stampsGoBack: new Defects(),
  };
  #streams = 0;

  add(task: TaskLine): void {
    const { id, ids = [], ev = [], out, st, msg = `task ${task.i}` } = task;
    if (id === undefined || id === '') return;
    this.#streams += 1;
    if (this.#tasks.has(id)) {
      const isNewWork = (this.#endedAt.get(id) ?? Infinity) < task.inv && ev.some(showsWork);
      this.#defects[isNewWork ? 'reusedIds' : 'sharedIds'].add(id, `${id} for ${msg}`);
    }
    if (ids.length > 1) this.#defects.mixedStreams.add(id, `${msg}: ${ids.slice(0, 3).join(', ')}`);
    const ends = new Set(ev.flatMap(([, , state]) => (isTerminal(state) ? [state!] : [])));
    if (ends.size > 1) this.#defects.twoEnds.add(id, `${id}: ${[...ends].join(', then ')}`);
    const late = afterEnd(ev);
    if (late !== undefined) this.#defects.afterEnd.add(id, `${id}: ${late}`);
    if (goesBack(ev)) this.#defects.stampsGoBack.add(id, id);
    const [ended = isTerminal(st) ? st : undefined] = ends;
    const seenEnd = ev.find(([, , state]) => isTerminal(state));
    if (seenEnd !== undefined) this.#endedAt.set(id, task.inv + seenEnd[1]);
    this.#tasks.set(id, { id, ended, waiting: out === 'waiting' });
  }

  /** In the order of their acknowledgement. */
  get tasks(): readonly AcknowledgedTask[] {
    return [...this.#tasks.values()];
  }

  /** Sends whose answer named a task. */
  get streams(): number {
    return this.#streams;
  }

  get defects(): LedgerDefects {
    return this.#defects;
  }
}

/** Whether an event shows a task that is not at its end. */
const showsWork = ([kind, , state]: JournalEvent): boolean =>
  kind === 'artifact' || (state !== undefined && !isTerminal(state));

/** The first update after the terminal event that is not the same state once more (§11.7 lets a Task be sent again). */
function afterEnd(events: readonly JournalEvent[]): string | undefined {
  const end = events.findIndex(([, , state]) => isTerminal(state));
  if (end < 0) return undefined;
  const endState = events[end]![2];
  const late = events
    .slice(end + 1)
    .find(([kind, , state]) => kind === 'artifact' || ((kind === 'status' || kind === 'task') && state !== endState));
  return late === undefined
    ? undefined
    : [late[0], ...(late[2] === undefined ? [] : [late[2]]), 'after', endState].join(' ');
}

function goesBack(events: readonly JournalEvent[]): boolean {
  const stamps = events.flatMap(([kind, , , stamp]) => (kind === 'status' && stamp !== undefined ? [stamp] : []));
  return stamps.some((stamp, index) => index > 0 && stamp < stamps[index - 1]!);
}
