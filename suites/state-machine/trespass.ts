import { violated, type Judgement } from '../../core/findings/judgement.ts';
import type { Exchange } from '../../core/history/exchange.ts';
import type { CallResult, Params } from '../../core/wire/binding-client.ts';
import { describeReply } from '../../core/wire/reply.ts';
import { configIn, configsIn, getConfig, refOf } from '../checks/push/configuration.ts';
import {
  judgeAlike,
  judgeTrespass,
  showsTask,
  type Boundary,
  type Trespass,
} from '../checks/security/isolation-judges.ts';
import { wasServed } from '../checks/security/rejection-judges.ts';
import { taskOn, walkFrom } from '../checks/list/page.ts';
import { refusalOf } from '../checks/shared/refusal.ts';
import { similarId } from '../checks/shared/similar-id.ts';
import { isError, showsLife, taskIn } from '../checks/shared/task-parts.ts';
import type { TaskState } from '../../protocol/task-state.ts';
import { command, type Deed } from './command.ts';
import { addTask, came, observe, pick, short, type Model, type Real, type TaskModel } from './model.ts';

/*
 * What one principal made, in the hands of another (§13.1): the rows and the judges of the check `security/isolation`, wherever a
 * sequence has come to.
 */

const aRefusal = 'a refusal, as of a task that does not exist';

/**
 * What the other principal made, in contexts of its own. Of an id that both have nothing is said: an agent may count for each
 * principal anew.
 */
const preyIn = ({ foreign, tasks }: Model): readonly TaskModel[] =>
  foreign.tasks.filter(({ id, given, joined }) => given && !joined && !tasks.some((own) => own.id === id));

const ownIn = ({ tasks }: Model): TaskModel | undefined => tasks.findLast(({ given }) => given);

const mayTrespass = (model: Model): boolean => ownIn(model) !== undefined && preyIn(model).length > 0;

/** GetTask by whoever made it; what it shows is taken up. */
async function readAsOwner(task: TaskModel, owner: Real): Promise<CallResult> {
  const answer = await owner.door.client.call('GetTask', { id: task.id });
  const view = taskIn(answer);
  if (view?.id === task.id) observe(task, view, answer, owner);
  return answer;
}

/** Both are served what is their own at this moment; else no answer proves anything. */
async function boundaryOf(model: Model, real: Real, task: TaskModel): Promise<Boundary> {
  const ofOwner = await readAsOwner(task, real.other!);
  const own = await real.door.client.call('GetTask', { id: ownIn(model)!.id });
  const unproven = !wasServed(ofOwner)
    ? `whoever made the task does not get it: ${describeReply(ofOwner.reply)}`
    : !wasServed(own)
      ? `whoever asks is not served: ${describeReply(own.reply)}`
      : undefined;
  return { unproven, shares: real.door.second?.shares ?? [], evidence: [ofOwner.exchange, own.exchange] };
}

type Ask = (taskId: string) => Promise<CallResult>;

interface Intrusion {
  readonly row: string;
  readonly operation: string;
  readonly ask: Ask;
  readonly reaches?: Trespass['reaches'];
}

/** Asks for a task of the other principal, and for one that does not exist; what both get is judged. */
async function intrude(
  { row, operation, ask, reaches }: Intrusion,
  task: TaskModel,
  model: Model,
  real: Real,
): Promise<{ readonly answer: CallResult; readonly boundary: Boundary }> {
  const boundary = await boundaryOf(model, real, task);
  const answer = await ask(task.id);
  const one: Trespass = {
    what: `${operation} of a task of another principal, in ${short(task.lastSeen)},`,
    answer,
    unknown: await ask(similarId(task.id, real.door.random)),
    ...(reaches === undefined ? {} : { reaches }),
  };
  const after = await readAsOwner(task, real.other!);
  if (wasServed(answer) || wasServed(after)) {
    real.say(row, judgeTrespass(one, boundary));
    real.say('errors/not-found-or-forbidden', judgeAlike(one, boundary));
  } else if (isError(after, 'TaskNotFoundError')) await judgeLost({ operation, task, boundary, answer, after }, real);
  return { answer, boundary };
}

interface Lost {
  readonly operation: string;
  readonly task: TaskModel;
  readonly boundary: Boundary;
  readonly answer: CallResult;
  readonly after: CallResult;
}

/** A task that its maker does not find any more was purged (§3.3.2), unless the other one finds it now. */
async function judgeLost({ operation, task, boundary, answer, after }: Lost, real: Real): Promise<void> {
  task.given = false;
  const found = await real.door.client.call('GetTask', { id: task.id });
  const what = `after ${operation} by another principal, GetTask of the task that it named`;
  if (!showsTask(task.id)(found)) return;
  const evidence = [answer.exchange, after.exchange, ...boundary.evidence];
  real.say(
    'security/get-scoped',
    judgeTrespass(
      { what, answer: found, reaches: showsTask(task.id) },
      { ...boundary, evidence: evidence.filter((one) => one !== found.exchange) },
    ),
  );
}

/** A deed against one of the tasks of the other principal. */
const against = (
  operation: string,
  number: number,
  act: (task: TaskModel, model: Model, real: Real) => Promise<CallResult>,
  candidates: (model: Model) => readonly TaskModel[] = preyIn,
): Deed =>
  command(
    `${operation} of task ${number} of the other principal`,
    (model) => mayTrespass(model) && candidates(model).length > 0,
    async (model, real) => ({
      expected: aRefusal,
      came: came(await act(pick(candidates(model), number)!, model, real)),
    }),
  );

export const getForeign = (number: number): Deed =>
  against('GetTask', number, async (task, model, real) => {
    const ask: Ask = (id) => real.door.client.call('GetTask', { id });
    return (await intrude({ row: 'security/get-scoped', operation: 'GetTask', ask }, task, model, real)).answer;
  });

export const cancelForeign = (number: number): Deed =>
  against('CancelTask', number, async (task, model, real) => {
    task.untouched = false;
    const ask: Ask = (id) => real.door.client.call('CancelTask', { id });
    return (await intrude({ row: 'security/cancel-scoped', operation: 'CancelTask', ask }, task, model, real)).answer;
  });

export const subscribeForeign = (number: number): Deed =>
  against('SubscribeToTask', number, async (task, model, real) => {
    const { client, deadlines } = real.door;
    const ask: Ask = async (id) => refusalOf(await client.stream('SubscribeToTask', { id }), deadlines.operationMs);
    const row = 'security/subscribe-scoped';
    return (await intrude({ row, operation: 'SubscribeToTask', ask }, task, model, real)).answer;
  });

export const followUpForeign = (number: number, streamed: boolean): Deed => {
  const operation = streamed ? 'SendStreamingMessage' : 'SendMessage';
  return against(operation, number, async (task, model, real) => {
    const { client, deadlines } = real.door;
    task.untouched = false;
    const ask: Ask = async (taskId) => {
      const message = real.door.message('completes', { taskId });
      const answer = streamed
        ? await refusalOf(await client.stream('SendStreamingMessage', { message }), deadlines.operationMs)
        : await client.call('SendMessage', { message, configuration: { returnImmediately: true } });
      // Whoever takes an unknown id for none makes a task for who asks.
      const made = taskIn(answer);
      if (made !== undefined && made.id !== task.id) addTask(model, made, 'completes');
      return answer;
    };
    const intrusion = { row: 'security/send-scoped', operation, ask, reaches: showsTask(task.id) };
    return (await intrude(intrusion, task, model, real)).answer;
  });
};

/** A new message into a context of the other: whether it may be named is not said, nor who sees what comes of it (§13.1). */
export const joinContext = (number: number): Deed =>
  command(
    `SendMessage (completes, context ${number} of the other principal)`,
    ({ foreign }) => foreign.contexts.length > 0,
    async (model, real) => {
      const contextId = pick(model.foreign.contexts, number)!;
      const answer = await real.door.send('completes', { message: { contextId } });
      const view = taskIn(answer);
      if (view !== undefined && !model.foreign.tasks.some(({ id }) => id === view.id)) {
        const task = addTask(model, view, 'completes');
        observe(task, view, answer, real);
      }
      return { expected: 'a new task, a message, or a refusal', came: came(answer) };
    },
  );

/** What is asked of the configurations of a task. */
export type ConfigOperation = 'Create' | 'Get' | 'List' | 'Delete';

const row = 'push/access';

export const configOfForeign = (kind: ConfigOperation, number: number, which: number): Deed => {
  const operation = kind === 'List' ? 'ListTaskPushNotificationConfigs' : `${kind}TaskPushNotificationConfig`;
  // A deletion shows where it took something away: of a task that goes on.
  const candidates = (model: Model) =>
    preyIn(model).filter(({ configs, end }) => {
      if (kind === 'Create' || kind === 'List') return true;
      return kind === 'Delete' ? end === undefined && configs.some(({ deleted }) => !deleted) : configs.length > 0;
    });
  return against(operation, number, acts[kind](which), candidates);
};

type Act = (task: TaskModel, model: Model, real: Real) => Promise<CallResult>;

const acts: Readonly<Record<ConfigOperation, (which: number) => Act>> = {
  Create: () => async (task, model, real) => {
    const { client } = real.door;
    const { url } = real.door.openWebhook();
    const ask: Ask = async (taskId) => {
      const answer = await client.call('CreateTaskPushNotificationConfig', { taskId, url });
      const id = configIn(answer)?.id;
      if (id !== undefined) await client.call('DeleteTaskPushNotificationConfig', refOf({ taskId }, id));
      return answer;
    };
    return (await intrude({ row, operation: 'CreateTaskPushNotificationConfig', ask }, task, model, real)).answer;
  },
  Get: (which) => async (task, model, real) => {
    const ref = (taskId: string): Params => refOf({ taskId }, pick(task.configs, which)!.id);
    const ask: Ask = (taskId) => real.door.client.call('GetTaskPushNotificationConfig', ref(taskId));
    return (await intrude({ row, operation: 'GetTaskPushNotificationConfig', ask }, task, model, real)).answer;
  },
  List: () => async (task, model, real) => {
    const ask: Ask = (taskId) => real.door.client.call('ListTaskPushNotificationConfigs', { taskId });
    const reaches = (answer: CallResult): boolean => (configsIn(answer) ?? []).length > 0;
    const intrusion = { row, operation: 'ListTaskPushNotificationConfigs', ask, reaches };
    return (await intrude(intrusion, task, model, real)).answer;
  },
  // A deletion is idempotent (§3.1.10), so that what it did is seen by the owner alone.
  Delete: (which) => async (task, model, real) => {
    const owner = real.other!;
    const there = task.configs.filter(({ deleted }) => !deleted);
    const config = pick(there, which)!;
    const before = await getConfig(owner.door, refOf({ taskId: task.id }, config.id));
    const ask: Ask = (taskId) =>
      real.door.client.call('DeleteTaskPushNotificationConfig', refOf({ taskId }, config.id));
    const intrusion = { row, operation: 'DeleteTaskPushNotificationConfig', ask, reaches: () => false };
    const { answer, boundary } = await intrude(intrusion, task, model, real);
    const after = await owner.door.client.call('GetTaskPushNotificationConfig', refOf({ taskId: task.id }, config.id));
    const isTaken = before.reply.kind === 'result' && isError(after, 'TaskNotFoundError');
    // The configurations of a task may end with it.
    if (!isTaken || !showsLife(await readAsOwner(task, owner))) return answer;
    config.deleted = true;
    if (boundary.unproven === undefined && boundary.shares.length === 0)
      real.say(row, deletedBy(config.id, [before.exchange, answer.exchange, after.exchange]));
    return answer;
  },
};

const deletedBy = (id: string, evidence: readonly Exchange[]): Judgement =>
  violated(
    {
      reason: `another principal deleted configuration ${id}`,
      expected: 'the configuration, as it was created',
      actual: 'TaskNotFoundError',
    },
    ...evidence,
  );

export interface ForeignListChoice {
  /** A context of the other principal; undefined: no context is named. */
  readonly context: number | undefined;
  readonly status: TaskState | undefined;
  readonly pageSize: number;
}

/** A list may hold what others made: it is read no further than this. */
const mostPages = 5;

/** Lists all that there is, or a context of the other principal: nothing of the other is in it. */
export const listForeign = ({ context, status, pageSize }: ForeignListChoice): Deed =>
  command(
    `ListTasks${context === undefined ? '' : ` of context ${context} of the other principal`}` +
      `${status === undefined ? '' : `, ${short(status)}`}, pages of ${pageSize}`,
    (model) => mayTrespass(model) && (context === undefined || model.foreign.contexts.length > 0),
    async (model, real) => {
      const contextId = context === undefined ? undefined : pick(model.foreign.contexts, context);
      const asked = {
        pageSize,
        ...(contextId === undefined ? {} : { contextId }),
        ...(status === undefined ? {} : { status }),
      };
      const { pages } = await walkFrom(real.door, await real.door.client.call('ListTasks', asked), asked, mostPages);
      await judgePages(pages, model, real);
      return { expected: 'no task of the other principal', came: came(pages[0]!) };
    },
  );

/** §3.1.4: a list shows the tasks of whoever asks, on all of its pages. */
export async function judgePages(pages: readonly CallResult[], model: Model, real: Real): Promise<void> {
  if (real.other === undefined || !mayTrespass(model)) return;
  const prey = preyIn(model);
  const shown = (answer: CallResult): TaskModel | undefined => prey.find(({ id }) => taskOn(answer, id) !== undefined);
  const leak = pages.find((answer) => shown(answer) !== undefined);
  // Of an agent that lists nothing for the maker either, it is no sign that nothing is shown.
  if (leak === undefined && !real.other.agent.lists) return;
  const answer = leak ?? pages[0]!;
  const task = shown(answer) ?? prey[0]!;
  const boundary = await boundaryOf(model, real, task);
  const judged = judgeTrespass({ what: 'ListTasks', answer, reaches: () => leak !== undefined }, boundary);
  real.say(
    'list/authorization-scoping',
    judged.kind === 'violated'
      ? {
          ...judged,
          reason: `ListTasks shows a task of another principal, in ${short(task.lastSeen)}`,
          expected: 'only tasks of whoever asks',
          actual: `task ${task.id}`,
        }
      : judged,
  );
}
