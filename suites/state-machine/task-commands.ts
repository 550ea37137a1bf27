import { ambiguous, holds, violated } from '../../core/findings/judgement.ts';
import type { StimulusName } from '../../core/target/behaviours.ts';
import type { CallResult, Params } from '../../core/wire/binding-client.ts';
import { isInterrupted, isTerminal } from '../../protocol/task-state.ts';
import { noCancel } from '../checks/cancel/ended-task.ts';
import { noSuchOperation, otherCause, refusalOf } from '../checks/shared/refusal.ts';
import { contextOf, historyOf, isError, messageIn, taskIn } from '../checks/shared/task-parts.ts';
import { command, refusedAtEnd, type Deed } from './command.ts';
import { addTask, came, expectedState, observe, pick, short, type Model, type Real, type TaskModel } from './model.ts';

const shown = (answer: CallResult): string => {
  const task = taskIn(answer);
  if (task !== undefined) return `task ${task.id} in ${short(task.state)}`;
  return messageIn(answer) === undefined ? came(answer) : 'a message';
};

const hasTasks = ({ tasks }: Model): boolean => tasks.some(({ given }) => given);

/** The task of this number among those of which something is expected. */
export const taskAt = ({ tasks }: Model, number: number): TaskModel =>
  pick(
    tasks.filter(({ given }) => given),
    number,
  )!;

/** Where a new message goes: into a context of its own, or one that the agent gave out. */
const contextAt = ({ contexts }: Model, number: number | undefined): Params => {
  const contextId = number === undefined ? undefined : pick(contexts, number);
  return contextId === undefined ? {} : { contextId };
};

function learn(model: Model, real: Real, answer: CallResult, kind: StimulusName, asked: Params): TaskModel | undefined {
  const view = taskIn(answer);
  if (view === undefined) return undefined;
  const task = addTask(model, view, kind);
  observe(task, view, answer, real);
  const wanted = asked['contextId'];
  const is = contextOf(view);
  if (typeof wanted !== 'string' || is === undefined) return task;
  real.say(
    'send/context-continues',
    is === wanted
      ? holds('a message with a contextId of the agent’s makes a task within it', answer.exchange)
      : violated(
          {
            reason: 'a message with a contextId that the agent gave out made a task in another',
            expected: wanted,
            actual: is,
          },
          answer.exchange,
        ),
  );
  return task;
}

export const sendMessage = (kind: StimulusName, context: number | undefined): Deed =>
  command(
    `SendMessage (${kind}${context === undefined ? '' : `, context ${context}`})`,
    () => true,
    async (model, real) => {
      const asked = contextAt(model, context);
      const answer = await real.door.send(kind, {
        message: asked,
        configuration: { returnImmediately: kind === 'long-running' },
      });
      learn(model, real, answer, kind, asked);
      return { expected: 'a new task, or a message', came: shown(answer) };
    },
  );

export const sendStreamingMessage = (kind: StimulusName, context: number | undefined): Deed =>
  command(
    `SendStreamingMessage (${kind}${context === undefined ? '' : `, context ${context}`})`,
    () => true,
    async (model, real) => {
      const { deadlines } = real.door;
      const asked = contextAt(model, context);
      const handle = await real.door.sendStreaming(kind, { message: asked });
      const first = await handle.next(() => true, deadlines.operationMs);
      const expected = 'a stream that begins with a new task, or a message';
      if (first === undefined) return { expected, came: 'no event' };
      const opened: Pick<CallResult, 'reply'> = { reply: first.reply };
      const view = taskIn(opened as CallResult);
      if (view === undefined || !handle.opened) {
        handle.close();
        await handle.done;
        return { expected, came: shown(opened as CallResult) };
      }
      const task = addTask(model, view, kind);
      // The exchange of an open stream is not written down yet: what ends the task is seen by other reads.
      task.lastSeen = undefined;
      model.streams.push({ task, handle, row: 'streaming/closes-at-terminal', closed: false });
      return { expected, came: `task ${view.id} in ${short(view.state)}` };
    },
  );

const moreInput = {
  name: 'completes',
  parts: [{ text: 'This is all the input that I have. Please go on with it.' }],
  source: 'generic',
} as const;

/** A further message to a task; with `elsewhere` under the contextId of another context. */
export const followUp = (number: number, streamed: boolean, elsewhere: boolean): Deed =>
  command(
    `${streamed ? 'SendStreamingMessage' : 'SendMessage'} to task ${number}${elsewhere ? ', under another contextId' : ''}`,
    (model) => hasTasks(model) && (!elsewhere || otherContext(model, taskAt(model, number)) !== undefined),
    async (model, real) => {
      const { client, deadlines } = real.door;
      const task = taskAt(model, number);
      const contextId = elsewhere ? otherContext(model, task) : undefined;
      const message = real.door.message(moreInput, {
        taskId: task.id,
        ...(contextId === undefined ? {} : { contextId }),
      });
      const wasInterrupted = isInterrupted(task.lastSeen);
      const timeoutMs = Math.max(deadlines.operationMs, deadlines.taskMs);
      const answer = streamed
        ? await refusalOf(await client.stream('SendStreamingMessage', { message }), deadlines.operationMs)
        : await client.call('SendMessage', { message, configuration: { returnImmediately: true } }, { timeoutMs });
      const told = { came: shown(answer) };
      if (task.end !== undefined) {
        const row = streamed ? 'errors/stream-terminal-task' : 'errors/send-terminal-task';
        // Both the end and the context are reasons to refuse it.
        if (!elsewhere) await refusedAtEnd(row, 'a message to', task, answer, 'UnsupportedOperationError', real);
        else task.untouched = false;
        return { ...told, expected: `a refusal: the task is in ${short(task.lastSeen)}` };
      }
      const view = taskIn(answer);
      if (elsewhere) {
        judgeElsewhere(task, answer, real);
        if (view?.id === task.id) observe(task, view, answer, real);
        return { ...told, expected: 'a refusal: the context is another' };
      }
      if (view?.id === task.id) observe(task, view, answer, real);
      else if (view !== undefined && wasInterrupted) {
        task.given = false;
        real.say(
          'send/continues-task',
          violated(
            {
              reason: `a message to task ${task.id}, which waited for it, is answered with another task`,
              expected: `task ${task.id}, or an error`,
              actual: `task ${view.id}`,
            },
            answer.exchange,
          ),
        );
      }
      return { ...told, expected: 'the same task, a message, or a refusal' };
    },
  );

const otherContext = ({ contexts }: Model, task: TaskModel): string | undefined =>
  task.contextId === undefined ? undefined : contexts.find((contextId) => contextId !== task.contextId);

function judgeElsewhere(task: TaskModel, answer: CallResult, real: Real): void {
  const { reply, exchange } = answer;
  const view = taskIn(answer);
  const row = 'send/context-mismatch';
  if (otherCause(answer) !== undefined || reply.kind === 'none') return;
  if (reply.kind !== 'result') return real.say(row, holds('a contextId that is not the task’s is rejected', exchange));
  if (view === undefined || view.state === 'TASK_STATE_REJECTED') {
    return real.say(
      row,
      ambiguous(
        'a contextId that is not the task’s is answered with a message or a rejected task',
        [
          '§3.4.3: the message is rejected: by an error',
          'an answer that processes nothing (a Message, a task in TASK_STATE_REJECTED) rejects it too',
        ],
        exchange,
      ),
    );
  }
  real.say(
    row,
    violated(
      {
        reason: `a message to task ${task.id} under the contextId of another context is accepted`,
        expected: 'a rejection',
        actual: shown(answer),
      },
      exchange,
    ),
  );
}

export const getTask = (number: number, historyLength: number | undefined): Deed =>
  command(
    `GetTask of task ${number}${historyLength === undefined ? '' : `, historyLength ${historyLength}`}`,
    hasTasks,
    async (model, real) => {
      const task = taskAt(model, number);
      const expected = expectedState(task);
      const params = { id: task.id, ...(historyLength === undefined ? {} : { historyLength }) };
      const answer = await real.door.client.call('GetTask', params);
      const view = taskIn(answer);
      if (view === undefined) {
        missed(task, answer, real);
        return { expected, came: came(answer) };
      }
      if (view.id !== task.id) {
        real.say(
          'get/returns-task',
          violated({ reason: 'GetTask gives another task', expected: task.id, actual: view.id }, answer.exchange),
        );
        return { expected, came: shown(answer) };
      }
      real.say('get/returns-task', holds('GetTask gives the task that was asked for', answer.exchange));
      observe(task, view, answer, real);
      const length = historyOf(view)?.length ?? 0;
      if (historyLength !== undefined && length > historyLength) {
        real.say(
          'get/history-length',
          violated(
            {
              reason: `historyLength ${historyLength} is not obeyed`,
              expected: `at most ${historyLength} messages`,
              actual: `${length} messages`,
            },
            answer.exchange,
          ),
        );
      }
      return { expected, came: shown(answer) };
    },
  );

/** An ended task may be purged; one that was not seen ended may have ended, and then been purged. */
function missed(task: TaskModel, answer: CallResult, real: Real): void {
  if (!isError(answer, 'TaskNotFoundError')) return;
  const ended = task.end !== undefined;
  task.given = false;
  if (ended) return;
  real.say(
    'get/returns-task',
    ambiguous(
      `task ${task.id}, last seen in ${short(task.lastSeen)}, is not found any more`,
      [
        '§3.1.3: a task that has not ended is returned',
        '§3.3.2: a task that has ended may be purged, and this one may have ended meanwhile',
      ],
      answer.exchange,
    ),
  );
}

/** Waits until a task has ended or wants something of its client. */
export const settle = (number: number): Deed =>
  command(`wait for task ${number}`, hasTasks, async (model, real) => {
    const task = taskAt(model, number);
    const answer = await real.door.poll(
      task.id,
      ({ state }) => isTerminal(state) || isInterrupted(state),
      real.door.deadlines.operationMs,
    );
    if (answer.task === undefined) missed(task, answer, real);
    else observe(task, answer.task, answer, real);
    return { expected: 'an end, or a question', came: shown(answer) };
  });

export const cancelTask = (number: number): Deed =>
  command(`CancelTask of task ${number}`, hasTasks, async (model, real) => {
    const task = taskAt(model, number);
    const { end, lastSeen } = task;
    const answer = await real.door.client.call('CancelTask', { id: task.id });
    const view = taskIn(answer);
    if (end !== undefined && lastSeen !== 'TASK_STATE_CANCELED') {
      await refusedAtEnd(
        'cancel/terminal-refused',
        'CancelTask of',
        task,
        answer,
        'TaskNotCancelableError',
        real,
        noCancel,
      );
      return { expected: `TaskNotCancelableError: the task is in ${short(lastSeen)}`, came: shown(answer) };
    }
    if (view?.id === task.id) observe(task, view, answer, real);
    if (end !== undefined) {
      task.untouched = false;
      return { expected: 'the canceled task, TaskNotCancelableError, or TaskNotFoundError', came: shown(answer) };
    }
    return { expected: 'the task, canceled or about to be, or TaskNotCancelableError', came: shown(answer) };
  });

export const subscribe = (number: number): Deed =>
  command(`SubscribeToTask of task ${number}`, hasTasks, async (model, real) => {
    const { client, deadlines } = real.door;
    const task = taskAt(model, number);
    const handle = await client.stream('SubscribeToTask', { id: task.id });
    if (task.end !== undefined) {
      const answer = await refusalOf(handle, deadlines.operationMs);
      await refusedAtEnd(
        'errors/subscribe-terminal-task',
        'SubscribeToTask of',
        task,
        answer,
        'UnsupportedOperationError',
        real,
        noSuchOperation('SubscribeToTask', '§3.1.6'),
      );
      return { expected: `UnsupportedOperationError: the task is in ${short(task.lastSeen)}`, came: came(answer) };
    }
    const expected = 'a stream that begins with the task, or a refusal because it has ended';
    const first = await handle.next(() => true, deadlines.operationMs);
    if (!handle.opened || first?.reply.kind !== 'result') {
      handle.close();
      await handle.done;
      return { expected, came: first === undefined ? 'a refusal' : came({ reply: first.reply } as CallResult) };
    }
    model.streams.push({ task, handle, row: 'streaming/subscribe-closes', closed: false });
    return { expected, came: 'a stream' };
  });

/** The client goes away from a stream; the task goes on (§3.5.2). */
export const closeStream = (number: number): Deed =>
  command(
    `close stream ${number}`,
    ({ streams }) => streams.some(({ closed }) => !closed),
    async (model) => {
      const stream = pick(
        model.streams.filter(({ closed }) => !closed),
        number,
      )!;
      stream.closed = true;
      stream.handle.close();
      await stream.handle.done;
      return { expected: 'nothing', came: 'nothing' };
    },
  );

export const getExtendedAgentCard = (): Deed =>
  command(
    'GetExtendedAgentCard',
    () => true,
    async (_, real) => {
      const answer = await real.door.client.call('GetExtendedAgentCard', {});
      return { expected: 'a card, or a refusal', came: came(answer) };
    },
  );
