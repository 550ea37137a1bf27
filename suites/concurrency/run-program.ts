import { longestPollMs } from '../../core/engine/deadlines.ts';
import type { ProbeContext, TaskView } from '../../core/engine/check.ts';
import { taskViewOf } from '../../core/engine/task-view.ts';
import { wait } from '../../core/engine/wait.ts';
import type { Exchange } from '../../core/history/exchange.ts';
import { streamItems, type StreamItem } from '../../core/history/stream-view.ts';
import { isObject, stringOf } from '../../core/invariants/json.ts';
import type { Stimulus } from '../../core/target/behaviours.ts';
import type { BindingClient, CallOptions, CallResult, Params, StreamHandle } from '../../core/wire/binding-client.ts';
import type { Reply } from '../../core/wire/reply.ts';
import { isInterrupted, isTerminal } from '../../protocol/task-state.ts';
import type { How, Program, Step, TaskRef, Work } from './program.ts';

/** A task that a program has made. */
export interface MadeTask {
  readonly id: string;
  readonly contextId: string | undefined;
  readonly work: Work;
}

/** A step as it was done. */
export interface Done {
  /** What the program asked for; null for what the harness looks at afterwards. */
  readonly step: Step | null;
  /** `main` before and after the branches, `A`, `B`, … in them. */
  readonly client: string;
  readonly kind: 'start' | 'send' | 'get' | 'cancel' | 'subscribe' | 'list' | 'config';
  /** The task that was named, or that was made. */
  readonly taskId: string | undefined;
  /** Of a list: the context that was asked for. */
  readonly contextId?: string | undefined;
  /** The id of a push configuration that was named. */
  readonly configId?: string | undefined;
  readonly act?: 'create' | 'get' | 'list' | 'delete';
  readonly exchange: Exchange;
  /** The plain answer; undefined for a stream. */
  readonly reply: Reply | undefined;
  readonly items: readonly StreamItem[];
}

/** All that was done for a program. */
export interface Execution {
  readonly program: Program;
  readonly done: readonly Done[];
  readonly tasks: readonly MadeTask[];
}

interface Open {
  readonly handle: StreamHandle;
  readonly about: Omit<Done, 'exchange' | 'reply' | 'items' | 'taskId'>;
  readonly named: string | undefined;
}

/** Harmless to any agent that asked for input, and to one that is at work. */
const furtherMessage: Stimulus = {
  name: 'completes',
  parts: [{ text: 'This is all the input that I have. Please go on with it.' }],
  source: 'generic',
};

const clientNames = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const itemsOf = (handle: Pick<StreamHandle, 'events'>): readonly StreamItem[] => streamItems(handle.events);

/** The task that a stream is about, by the first event that names one. */
const taskOfStream = (items: readonly StreamItem[]): StreamItem | undefined =>
  items.find(({ taskId }) => taskId !== undefined);

/** The doors that a program comes by: of one interface, or of several of one agent. */
export type Doors = readonly [ProbeContext, ...ProbeContext[]];

/** Which door a client comes by: what is before and after the branches by the first, the branches by the others in turn. */
export const doorOf = (doors: Doors, client: string): ProbeContext =>
  client === 'main' ? doors[0] : doors[(clientNames.indexOf(client) + 1) % doors.length]!;

/** One execution of a program on the interfaces of its doors. */
class ProgramRun {
  readonly #doors: Doors;
  /** What is the same at all of them is read of the first. */
  readonly #door: ProbeContext;
  readonly #program: Program;
  readonly #done: Done[] = [];
  readonly #open: Open[] = [];
  readonly #tasks: MadeTask[] = [];
  readonly #configs: string[] = [];

  constructor(doors: Doors, program: Program) {
    this.#doors = doors;
    this.#door = doors[0];
    this.#program = program;
  }

  async run(): Promise<Execution> {
    const { prefix, branches } = this.#program;
    await this.#follow('main', prefix, []);
    const before = [...this.#tasks];
    await Promise.all(branches.map((steps, index) => this.#follow(clientNames[index] ?? `Z${index}`, steps, before)));
    await this.#settle();
    return { program: this.#program, done: this.#done, tasks: this.#tasks };
  }

  /** @param known tasks that steps name by number; those of the prefix itself come as they are made */
  async #follow(client: string, steps: readonly Step[], known: readonly MadeTask[]): Promise<void> {
    let own: MadeTask | undefined;
    const find = (ref: TaskRef): MadeTask | undefined => {
      const numbered = client === 'main' ? this.#tasks : known;
      return (ref === 'own' ? own : undefined) ?? numbered[typeof ref === 'number' ? ref % numbered.length : 0];
    };
    for (const step of steps) {
      if (this.#door.signal.aborted) return;
      own = (await this.#take(client, step, find)) ?? own;
    }
  }

  /** Resolves with the task that the step made. */
  async #take(client: string, step: Step, find: (ref: TaskRef) => MadeTask | undefined): Promise<MadeTask | undefined> {
    if (step.do === 'wait') {
      const { behaviours, signal } = this.#door;
      const usual = behaviours.elicited['completes']?.durationMs ?? 0;
      await wait('ms' in step ? step.ms : (step.eighths / 8) * usual, signal);
      return undefined;
    }
    const [first] = this.#tasks;
    if (step.do === 'start') {
      const contextId = step.shared ? first?.contextId : undefined;
      const extra = contextId === undefined ? {} : { contextId };
      return this.#send({ step, client, kind: 'start' }, step.work, step.how, extra);
    }
    if (step.do === 'list') {
      const contextId = first?.contextId;
      const about = { step, client, kind: 'list', contextId } as const;
      if (contextId !== undefined) await this.#call(about, 'ListTasks', { contextId, pageSize: 100 }, undefined);
      return undefined;
    }
    const task = find(step.task);
    if (task !== undefined) await this.#ask(client, step, task);
    return undefined;
  }

  async #ask(
    client: string,
    step: Exclude<Step, { readonly do: 'start' | 'list' | 'wait' }>,
    { id, work }: MadeTask,
  ): Promise<void> {
    const about = { step, client };
    switch (step.do) {
      case 'get':
        return void (await this.#call({ ...about, kind: 'get' }, 'GetTask', { id }, id));
      case 'cancel':
        return void (await this.#call({ ...about, kind: 'cancel' }, 'CancelTask', { id }, id));
      case 'subscribe': {
        const handle = await this.#clientOf(client).stream('SubscribeToTask', { id }, this.#options(client));
        return void (await this.#watch(handle, { ...about, kind: 'subscribe' }, id));
      }
      case 'send':
        return void (await this.#send({ ...about, kind: 'send' }, work, step.how, { taskId: id }));
      case 'config':
        return await this.#config({ ...about, kind: 'config', act: step.act }, step, id);
    }
  }

  async #config(
    about: Omit<Done, 'exchange' | 'reply' | 'items' | 'taskId'>,
    { act, which }: Extract<Step, { readonly do: 'config' }>,
    taskId: string,
  ): Promise<void> {
    if (!this.#door.canNotify) return;
    if (act === 'list') {
      return void (await this.#call(about, 'ListTaskPushNotificationConfigs', { taskId }, taskId));
    }
    if (act === 'create') {
      const { url } = doorOf(this.#doors, about.client).openWebhook();
      const { reply } = await this.#call(about, 'CreateTaskPushNotificationConfig', { taskId, url }, taskId);
      const id = reply.kind === 'result' && isObject(reply.value) ? stringOf(reply.value['id']) : undefined;
      if (id !== undefined) this.#configs.push(id);
      return;
    }
    const id = this.#configs[which % this.#configs.length];
    if (id === undefined) return;
    const operation = act === 'get' ? 'GetTaskPushNotificationConfig' : 'DeleteTaskPushNotificationConfig';
    await this.#call({ ...about, configId: id }, operation, { taskId, id }, taskId);
  }

  #clientOf(client: string): BindingClient {
    return doorOf(this.#doors, client).client;
  }

  #options(client: string): CallOptions {
    return { actor: `client-${client}` };
  }

  async #call(
    about: Omit<Done, 'exchange' | 'reply' | 'items' | 'taskId'>,
    operation: Parameters<ProbeContext['client']['call']>[0],
    params: Params,
    taskId: string | undefined,
    options: CallOptions = {},
  ): Promise<CallResult> {
    const result = await this.#clientOf(about.client).call(operation, params, {
      ...this.#options(about.client),
      ...options,
    });
    const made = about.kind === 'start' ? taskViewOf(result.reply)?.id : undefined;
    this.#done.push({ ...about, taskId: taskId ?? made, exchange: result.exchange, reply: result.reply, items: [] });
    return result;
  }

  /** A message, new or to a task. Resolves with the task that it made. */
  async #send(
    about: Omit<Done, 'exchange' | 'reply' | 'items' | 'taskId'>,
    work: Work,
    how: How,
    extra: { readonly taskId?: string; readonly contextId?: string },
  ): Promise<MadeTask | undefined> {
    const named = extra.taskId;
    const message = this.#door.message(named === undefined ? work : furtherMessage, extra);
    if (how === 'stream') {
      const client = this.#clientOf(about.client);
      const handle = await client.stream('SendStreamingMessage', { message }, this.#options(about.client));
      const first = await this.#watch(handle, about, named);
      return named === undefined ? this.#learn(first?.taskId, first?.contextId, work) : undefined;
    }
    const params = { message, ...(how === 'immediate' ? { configuration: { returnImmediately: true } } : {}) };
    const { operationMs, taskMs } = this.#door.deadlines;
    const timeoutMs = how === 'blocking' ? Math.max(operationMs, taskMs) : operationMs;
    const { reply } = await this.#call(about, 'SendMessage', params, named, { timeoutMs });
    const task = taskViewOf(reply);
    return named === undefined ? this.#learn(task?.id, task?.contextId, work) : undefined;
  }

  #learn(id: string | undefined, contextId: string | undefined, work: Work): MadeTask | undefined {
    if (id === undefined) return undefined;
    const known = this.#tasks.find((task) => task.id === id);
    if (known !== undefined) return known;
    const task: MadeTask = { id, contextId, work };
    this.#tasks.push(task);
    return task;
  }

  /** Goes on once the first event is there; the rest comes while others do something. */
  async #watch(handle: StreamHandle, about: Open['about'], named: string | undefined): Promise<StreamItem | undefined> {
    this.#open.push({ handle, about, named });
    await handle.next(() => true, this.#door.deadlines.operationMs);
    return taskOfStream(itemsOf(handle));
  }

  /** Lets all tasks come to their end, or cancels them, and looks at them twice: what is shown then is meant to stay. */
  async #settle(): Promise<void> {
    const { deadlines, behaviours, signal } = this.#door;
    const own = { step: null, client: 'main' } as const;
    const read = async (id: string): Promise<TaskView | undefined> =>
      taskViewOf((await this.#call({ ...own, kind: 'get' }, 'GetTask', { id }, id)).reply);

    await Promise.all(
      this.#tasks.map(async ({ id, work }) => {
        const until = performance.now() + deadlines.taskMs;
        let pause = 5;
        for (let task = await read(id); task !== undefined && !isTerminal(task.state); task = await read(id)) {
          // What is at work is left alone until it ends; what waits for somebody would do so for ever.
          const ends = work === 'completes' || (this.#isAnswered(id) && !isInterrupted(task.state));
          if (!ends || performance.now() >= until || signal.aborted)
            return void (await this.#call({ ...own, kind: 'cancel' }, 'CancelTask', { id }, id));
          await wait(pause, signal);
          pause = Math.min(2 * pause, longestPollMs);
        }
      }),
    );
    // The end of work that was canceled may still come, and must not show.
    const canceled = this.#done.some(({ kind, step }) => kind === 'cancel' && step !== null);
    const longest = behaviours.elicited['completes']?.durationMs ?? 0;
    if (canceled) await wait(Math.min(500, 20 + longest), signal);
    for (const _ of ['once', 'twice']) await Promise.all(this.#tasks.map(({ id }) => read(id)));
    await this.#closeStreams();
  }

  #isAnswered(id: string): boolean {
    return this.#done.some(({ kind, taskId }) => kind === 'send' && taskId === id);
  }

  async #closeStreams(): Promise<void> {
    const { graceMs } = this.#door.deadlines;
    await Promise.all(
      this.#open.map(async ({ handle, about, named }) => {
        const ended = handle.events.length > 0 ? handle.next(() => false, graceMs) : Promise.resolve();
        await ended;
        handle.close();
        const { exchange, reply } = await handle.done;
        const items = itemsOf(handle);
        const taskId = named ?? taskOfStream(items)?.taskId;
        this.#done.push({ ...about, taskId, exchange, reply, items });
      }),
    );
    this.#done.sort((a, b) => a.exchange.startedAt - b.exchange.startedAt);
  }
}

/** Does what a program says, each branch as a client of its own, and sees what became of its tasks. */
export const runProgram = (doors: Doors, program: Program): Promise<Execution> => new ProgramRun(doors, program).run();
