import { describe, expect, test } from 'vitest';
import type { ProbeContext, TaskView } from '../../core/engine/check.ts';
import { taskViewOf } from '../../core/engine/task-view.ts';
import type { CallResult } from '../../core/wire/binding-client.ts';
import { taskStates } from '../../protocol/task-state.ts';
import { agentMessage, errorOf, got, inTurn, noAnswer, resultOf, sent, task } from '../testing/answers.ts';
import type { Deed } from './command.ts';
import { addTask, emptyModel, expectedState, observe, Real, type Model, type TaskModel } from './model.ts';
import { cancelTask, followUp, getTask, sendMessage } from './task-commands.ts';

/** A moment later than the others. */
const later = { timestamp: '2026-01-01T00:00:09.000Z' };
const status = (state: string, more: object = {}) => ({ status: { state: `TASK_STATE_${state}`, ...more } });

const viewOf = (answer: CallResult): TaskView => taskViewOf(answer.reply)!;

/** An agent that answers with these, one after the other. */
function realOf(...answers: readonly CallResult[]): Real {
  const next = inTurn(answers);
  const door = {
    interface: { binding: 'JSONRPC', version: '1.0', url: 'http://a.test' },
    deadlines: { operationMs: 1_000, taskMs: 1_000, graceMs: 10, pollMs: 1 },
    client: { call: next },
    send: next,
    message: () => ({}),
  };
  return new Real(door as unknown as ProbeContext, { lists: false, waited: 'never', push: false });
}

/** `violated get/terminal-stable`, for what is no pass. */
const told = ({ outcomes }: Real): readonly string[] =>
  outcomes
    .filter(({ judgement: { kind } }) => kind !== 'holds')
    .map(({ row, judgement: { kind } }) => `${kind} ${row}`);

function seen(model: Model, ...answers: readonly CallResult[]): { readonly known: TaskModel; readonly real: Real } {
  const real = realOf();
  const known = addTask(model, viewOf(answers[0]!), 'completes');
  for (const answer of answers) observe(known, viewOf(answer), answer, real);
  return { known, real };
}

describe('what a task could be', () => {
  const open = taskStates.filter(
    (state) =>
      !['UNSPECIFIED', 'COMPLETED', 'FAILED', 'CANCELED', 'REJECTED'].includes(state.replace('TASK_STATE_', '')),
  );

  test.for(open.map((state) => state.replace('TASK_STATE_', '')))('after %s: anything', (state) => {
    const { known, real } = seen(emptyModel(), got(state), got('SUBMITTED'), got('INPUT_REQUIRED'), got('WORKING'));
    expect(told(real)).toEqual([]);
    expect(known.could.size).toBe(taskStates.length - 1);
    expect(expectedState(known)).toBe('the task, in any state');
  });

  test.for(['COMPLETED', 'FAILED', 'CANCELED', 'REJECTED'])('after %s: that alone', (state) => {
    const { known, real } = seen(emptyModel(), got('WORKING'), got(state), got(state));
    expect(told(real)).toEqual([]);
    expect([...known.could]).toEqual([`TASK_STATE_${state}`]);
    expect(expectedState(known)).toBe(`the task in ${state}`);
    expect(known.given).toBe(true);
  });

  test.for<[string, readonly CallResult[], readonly string[]]>([
    ['an end that begins it', [sent('COMPLETED')], []],
    ['a question that is asked again', [got('INPUT_REQUIRED'), got('INPUT_REQUIRED')], []],
    ['work that goes back to the queue', [got('WORKING'), got('SUBMITTED')], []],
    ['two ends', [got('COMPLETED'), got('FAILED')], ['violated get/terminal-stable']],
    ['a cancel that is overwritten', [got('CANCELED'), got('COMPLETED')], ['violated get/terminal-stable']],
    [
      'work after the end, by the agent’s own clock',
      [got('COMPLETED'), got('WORKING', status('WORKING', later))],
      ['violated get/terminal-stable'],
    ],
    [
      'an old view of a copy that lags',
      [got('COMPLETED', status('COMPLETED', later)), got('WORKING')],
      ['ambiguous get/terminal-stable'],
    ],
    [
      'an older view that has no time',
      [got('COMPLETED'), got('WORKING', status('WORKING'))],
      ['ambiguous get/terminal-stable'],
    ],
    ['a state that nobody knows', [got('COMPLETED'), got('PAUSED')], []],
    ['no state at all', [got('COMPLETED'), resultOf({ id: 't1' })], []],
  ])('%s', ([, answers, expected]) => {
    expect(told(seen(emptyModel(), ...answers).real)).toEqual(expected);
  });

  test('one contradiction is told once: nothing more is expected of it', () => {
    const { known, real } = seen(emptyModel(), got('COMPLETED'), got('FAILED'), got('CANCELED'));
    expect(told(real)).toEqual(['violated get/terminal-stable']);
    expect(known.given).toBe(false);
  });

  test('a task is known by its id, and a context by its first task', () => {
    const model = emptyModel();
    const one = addTask(model, viewOf(got('WORKING')), 'completes');
    expect(addTask(model, viewOf(got('COMPLETED', { contextId: 'c2' })), 'completes')).toBe(one);
    addTask(model, viewOf(got('WORKING', { id: 't2', contextId: '' })), 'completes');
    expect(model.contexts).toEqual(['c1']);
  });
});

describe('a command', () => {
  /** Task t1, as last seen; another context c2 is known. */
  const modelWith = (state: string): Model => {
    const model = emptyModel();
    seen(model, got(state));
    model.contexts.push('c2');
    return model;
  };
  const run = async (command: Deed, model: Model, ...answers: readonly CallResult[]): Promise<readonly string[]> => {
    const real = realOf(...answers);
    expect(await command.check(model)).toBe(true);
    await command.run(model, real);
    expect(real.steps).toHaveLength(1);
    return told(real);
  };
  const notFound = errorOf('TaskNotFoundError');
  const unsupported = errorOf('UnsupportedOperationError');

  test.for<[string, Deed, string, readonly CallResult[], readonly string[]]>([
    ['GetTask of an ended task that was purged', getTask(0, undefined), 'COMPLETED', [notFound], []],
    [
      'GetTask of a task that may have ended and been purged',
      getTask(0, undefined),
      'WORKING',
      [notFound],
      ['ambiguous get/returns-task'],
    ],
    [
      'GetTask of another task',
      getTask(0, undefined),
      'WORKING',
      [got('WORKING', { id: 't9' })],
      ['violated get/returns-task'],
    ],
    ['GetTask without an answer', getTask(0, undefined), 'WORKING', [noAnswer()], []],
    ['GetTask without history', getTask(0, 2), 'WORKING', [got('WORKING')], []],
    [
      'GetTask with too much of it',
      getTask(0, 0),
      'WORKING',
      [got('WORKING', { history: [agentMessage()] })],
      ['violated get/history-length'],
    ],
    ['CancelTask that cancels', cancelTask(0), 'WORKING', [got('CANCELED')], []],
    ['CancelTask that is on its way', cancelTask(0), 'WORKING', [got('WORKING')], []],
    ['CancelTask that is refused', cancelTask(0), 'WORKING', [errorOf('TaskNotCancelableError')], []],
    ['CancelTask that came too late', cancelTask(0), 'WORKING', [got('COMPLETED')], []],
    ['CancelTask of a canceled task, told again', cancelTask(0), 'CANCELED', [got('CANCELED')], []],
    ['CancelTask of a canceled task, refused', cancelTask(0), 'CANCELED', [errorOf('TaskNotCancelableError')], []],
    [
      'CancelTask of an ended task',
      cancelTask(0),
      'COMPLETED',
      [errorOf('TaskNotCancelableError'), got('COMPLETED')],
      [],
    ],
    [
      'CancelTask of an ended task that is taken',
      cancelTask(0),
      'COMPLETED',
      [got('COMPLETED'), got('COMPLETED')],
      ['violated cancel/terminal-refused'],
    ],
    [
      'CancelTask of an ended task that was purged',
      cancelTask(0),
      'COMPLETED',
      [notFound, notFound],
      ['untested cancel/terminal-refused'],
    ],
    ['a message to an ended task', followUp(0, false, false), 'COMPLETED', [unsupported, got('COMPLETED')], []],
    [
      'a message to an ended task that is taken',
      followUp(0, false, false),
      'COMPLETED',
      [sent('WORKING'), got('COMPLETED')],
      ['violated errors/send-terminal-task'],
    ],
    [
      'a message to an ended task that was purged',
      followUp(0, false, false),
      'COMPLETED',
      [notFound, notFound],
      ['untested errors/send-terminal-task'],
    ],
    [
      'a message to an ended task under another context',
      followUp(0, false, true),
      'COMPLETED',
      [errorOf('InvalidParamsError')],
      [],
    ],
    ['a message to a task at work that is refused', followUp(0, false, false), 'WORKING', [unsupported], []],
    [
      'a message to a task at work that is answered with a message',
      followUp(0, false, false),
      'WORKING',
      [resultOf({ message: agentMessage() })],
      [],
    ],
    [
      'a message to a task at work that makes another',
      followUp(0, false, false),
      'WORKING',
      [sent('WORKING', { id: 't2' })],
      [],
    ],
    [
      'a message to a waiting task that makes another',
      followUp(0, false, false),
      'INPUT_REQUIRED',
      [sent('WORKING', { id: 't2' })],
      ['violated send/continues-task'],
    ],
    [
      'a message under another context that is refused',
      followUp(0, false, true),
      'WORKING',
      [errorOf('InvalidParamsError')],
      [],
    ],
    [
      'a message under another context that is answered with a message',
      followUp(0, false, true),
      'WORKING',
      [resultOf({ message: agentMessage() })],
      ['ambiguous send/context-mismatch'],
    ],
    [
      'a message under another context that is taken',
      followUp(0, false, true),
      'WORKING',
      [sent('WORKING')],
      ['violated send/context-mismatch'],
    ],
    ['a message under another context without an answer', followUp(0, false, true), 'WORKING', [noAnswer()], []],
    [
      'a new message that is answered with a message',
      sendMessage('completes', 0),
      'WORKING',
      [resultOf({ message: agentMessage() })],
      [],
    ],
    [
      'a new message in a context',
      sendMessage('completes', 1),
      'WORKING',
      [sent('COMPLETED', { id: 't2', contextId: 'c2' })],
      [],
    ],
    [
      'a new message in a context that makes a task elsewhere',
      sendMessage('completes', 1),
      'WORKING',
      [sent('COMPLETED', { id: 't2', contextId: 'c9' })],
      ['violated send/context-continues'],
    ],
    [
      'a new message whose task tells no context',
      sendMessage('completes', 1),
      'WORKING',
      [resultOf({ task: { id: 't2', ...status('WORKING') } })],
      [],
    ],
  ])('%s', async ([, command, state, answers, expected]) => {
    expect(await run(command, modelWith(state), ...answers)).toEqual(expected);
  });

  test('says nothing of a task that is not given any more', async () => {
    const model = modelWith('COMPLETED');
    await run(getTask(0, undefined), model, notFound);
    expect(getTask(0, undefined).check(model)).toBe(false);
  });

  test('a task in answer to a message is taken up', async () => {
    const model = emptyModel();
    await run(sendMessage('completes', undefined), model, resultOf({ task: task('COMPLETED', { id: 't5' }) }));
    expect(model.tasks.map(({ id, lastSeen }) => [id, lastSeen])).toEqual([['t5', 'TASK_STATE_COMPLETED']]);
  });
});
