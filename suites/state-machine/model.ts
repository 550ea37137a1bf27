import type { ProbeContext, TaskView } from '../../core/engine/check.ts';
import { ambiguous, violated, type Judgement } from '../../core/findings/judgement.ts';
import type { Exchange } from '../../core/history/exchange.ts';
import { departure, lagReadings } from '../../core/history/status-age.ts';
import type { StimulusName } from '../../core/target/behaviours.ts';
import type { CallResult, StreamHandle } from '../../core/wire/binding-client.ts';
import { describeReply } from '../../core/wire/reply.ts';
import { isTaskState, isTerminal, mayFollow, taskStates, type TaskState } from '../../protocol/task-state.ts';
import type { Outcome } from '../generated/hunt.ts';
import type { Deed } from './command.ts';

/** A push configuration that the agent has confirmed; deleted ones are kept, to be asked for again. */
export interface ConfigModel {
  readonly id: string;
  readonly url: string;
  deleted: boolean;
}

/** What is known of one task, from what was asked and answered. */
export interface TaskModel {
  readonly id: string;
  readonly contextId: string | undefined;
  /** Made within a context of the other principal: who may see it is the agent's to say (§13.1). */
  readonly joined: boolean;
  readonly kind: StimulusName;
  /**
   * The states in which it could be now. The agent moves a task when it likes, so that after any state that has not ended every
   * other may follow.
   */
  could: ReadonlySet<TaskState>;
  lastSeen: TaskState | undefined;
  /** The answer that first showed its end. */
  end: { readonly view: TaskView; readonly answer: Pick<CallResult, 'exchange'> } | undefined;
  /** Nothing was asked of it since its end: by update time and by status time it is as old as its end. */
  untouched: boolean;
  /** The agent no longer shows it (§3.3.2: tasks may be purged), or contradicts itself: nothing is expected of it any more. */
  given: boolean;
  readonly configs: ConfigModel[];
}

export interface OpenStream {
  readonly task: TaskModel;
  readonly handle: StreamHandle;
  readonly row: 'streaming/closes-at-terminal' | 'streaming/subscribe-closes';
  closed: boolean;
}

/** The observable state of an agent, as far as one sequence made it in the hands of one principal. */
export interface Model {
  readonly tasks: TaskModel[];
  readonly contexts: string[];
  readonly streams: OpenStream[];
  /** What the other principal made; nothing where there is none. */
  readonly foreign: Pick<Model, 'tasks' | 'contexts'>;
  /** What was done last, to be done once more. */
  last: Deed | undefined;
}

const nothing: Model['foreign'] = { tasks: [], contexts: [] };

export const emptyModel = (foreign = nothing): Model => ({
  tasks: [],
  contexts: [],
  streams: [],
  foreign,
  last: undefined,
});

/** Who does a command: the user of the run, or the second principal. */
export type Who = 'first' | 'second';

/** How a step of the second principal begins. */
export const ofSecond = 'as the second principal: ';

/** What there is once for each principal; the second is not always named. */
export interface Hands<Value> {
  readonly first: Value;
  readonly second?: Value;
}

/** Each principal sees what it made, and knows what the other did. */
export function emptyModels(isSecondNamed: boolean): Hands<Model> {
  const first = emptyModel();
  if (!isSecondNamed) return { first };
  const second = emptyModel(first);
  return { first: { ...first, foreign: second }, second };
}

const anyState: ReadonlySet<TaskState> = new Set(taskStates.filter((state) => state !== 'TASK_STATE_UNSPECIFIED'));

const followersOf = (state: TaskState): ReadonlySet<TaskState> =>
  new Set([...anyState].filter((other) => mayFollow(state, other)));

/** What was done in a sequence, and what it says. */
export interface Log {
  readonly outcomes: Outcome[];
  readonly steps: string[];
}

/** One sequence under way on one interface, in the hands of one principal. */
export class Real {
  readonly door: ProbeContext;
  readonly outcomes: Outcome[];
  readonly steps: string[];
  /** What is known of the agent, beyond the sequence. */
  readonly agent: AgentFacts;
  /** The hands of the other principal; undefined where none was named. */
  other: Real | undefined;

  readonly #whose: string;

  constructor(door: ProbeContext, agent: AgentFacts, log: Log = { outcomes: [], steps: [] }, whose = '') {
    this.door = door;
    this.#whose = whose;
    this.agent = agent;
    this.outcomes = log.outcomes;
    this.steps = log.steps;
  }

  say(row: string, judgement: Judgement): void {
    this.outcomes.push({ check: 'state-machine', row, interface: this.door.interface, judgement });
  }

  step(does: string, expected: string, came: string): void {
    this.steps.push(`${this.#whose}${does}: expected ${expected}; came ${came}`);
  }
}

/** The same sequence in the hands of both; what they do is written down in one place. */
export function bothHands(first: Real, door: ProbeContext, agent: AgentFacts): Hands<Real> {
  const second = new Real(door, agent, first, ofSecond);
  first.other = second;
  second.other = first;
  return { first, second };
}

/** What was seen of an agent over all sequences of one interface, by one principal. */
export interface AgentFacts {
  /** Own tasks were listed: an agent may list nothing for a client that it does not know (§13.1). */
  lists: boolean;
  /** What waiting for a list to catch up has brought: a copy that lagged, or nothing. */
  waited: 'never' | 'in vain' | 'well';
  /** Webhooks of this run are taken. */
  readonly push: boolean;
}

export const short = (state: string | undefined): string => state?.replace('TASK_STATE_', '') ?? 'no state';

export const came = (answer: CallResult): string => {
  const { reply } = answer;
  if (reply.kind !== 'result') return describeReply(reply);
  return 'a result';
};

export function addTask(model: Model, view: TaskView, kind: StimulusName): TaskModel {
  const known = model.tasks.find(({ id }) => id === view.id);
  if (known !== undefined) return known;
  const { contextId } = view;
  // What is expected of a task within a context of somebody else is not said.
  const joined = contextId !== undefined && model.foreign.contexts.includes(contextId);
  const isOwn = contextId !== undefined && contextId !== '' && !joined;
  const task: TaskModel = {
    id: view.id,
    contextId: isOwn ? contextId : undefined,
    joined,
    kind,
    could: anyState,
    lastSeen: undefined,
    end: undefined,
    untouched: true,
    given: true,
    configs: [],
  };
  model.tasks.push(task);
  if (isOwn && !model.contexts.includes(contextId)) model.contexts.push(contextId);
  return task;
}

/** Takes up what an answer shows of a task; a state in which it cannot be is a departure from its end. */
export function observe(task: TaskModel, view: TaskView, answer: Pick<CallResult, 'exchange'>, real: Real): void {
  const { state } = view;
  if (!task.given || !isTaskState(state) || state === 'TASK_STATE_UNSPECIFIED') return;
  if (!task.could.has(state)) {
    const { end } = task;
    if (end === undefined) return;
    real.say('get/terminal-stable', departed(task, end, view, [end.answer.exchange, answer.exchange]));
    task.given = false;
    return;
  }
  task.could = followersOf(state);
  task.lastSeen = state;
  if (isTerminal(state)) task.end ??= { view, answer };
}

function departed(
  { id, lastSeen }: TaskModel,
  end: NonNullable<TaskModel['end']>,
  view: TaskView,
  evidence: readonly Exchange[],
): Judgement {
  const what = `task ${id}, which had ended in ${short(lastSeen)}, is shown in ${short(view.state)}`;
  return departure(end.view.raw, view.raw) === 'left'
    ? violated({ reason: what, expected: short(lastSeen), actual: short(view.state) }, ...evidence)
    : ambiguous(what, lagReadings, ...evidence);
}

/** By number, however large: the same number means the same task while there are no new ones. */
export const pick = <Item>(items: readonly Item[], number: number): Item | undefined =>
  items.length === 0 ? undefined : items[number % items.length];

/** The states of a task in words, for a step. */
export const expectedState = ({ could, end }: TaskModel): string =>
  end === undefined ? 'the task, in any state' : `the task in ${[...could].map(short).join(' or ')}`;
