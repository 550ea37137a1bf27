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
}

/** What the streams alone say about tasks: every task of the run is in it, not a sample. */
export interface LedgerDefects {
  /** Task ids that two sends got. */
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

  add(example: string): void {
    this.count += 1;
    if (this.examples.length < exampleLimit) this.examples.push(example);
  }
}

/** Keeps book of every task id of a run: a few words each, whatever the task sent. */
export class Ledger {
  readonly #tasks = new Map<string, AcknowledgedTask>();
  readonly #defects = {
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
    if (this.#tasks.has(id)) this.#defects.sharedIds.add(`${id} for ${msg}`);
    if (ids.length > 1) this.#defects.mixedStreams.add(`${msg}: ${ids.slice(0, 3).join(', ')}`);
    const ends = new Set(ev.flatMap(([, , state]) => (isTerminal(state) ? [state!] : [])));
    if (ends.size > 1) this.#defects.twoEnds.add(`${id}: ${[...ends].join(', then ')}`);
    const late = afterEnd(ev);
    if (late !== undefined) this.#defects.afterEnd.add(`${id}: ${late}`);
    if (goesBack(ev)) this.#defects.stampsGoBack.add(id);
    const [ended = isTerminal(st) ? st : undefined] = ends;
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
