import { expect, test } from 'vitest';
import type { ProbeContext } from '../../core/engine/check.ts';
import { taskViewOf } from '../../core/engine/task-view.ts';
import type { CallResult } from '../../core/wire/binding-client.ts';
import { errorOf, got, inTurn, noAnswer, resultOf, sent, task } from '../testing/answers.ts';
import { by, type Deed } from './command.ts';
import { addTask, bothHands, emptyModels, observe, Real, type Hands, type Model } from './model.ts';
import { cancelForeign, configOfForeign, followUpForeign, getForeign, joinContext, listForeign } from './trespass.ts';

const agent = () => ({ lists: true, waited: 'never' as const, push: true });

/** An agent that answers with these, one after the other, whoever asks. */
function handsOf(answers: readonly CallResult[], shares: readonly string[] = []): Hands<Real> {
  const next = inTurn(answers);
  const door = {
    interface: { binding: 'JSONRPC', version: '1.0', url: 'http://a.test' },
    deadlines: { operationMs: 1_000, taskMs: 1_000, graceMs: 0, pollMs: 1 },
    client: { call: next },
    send: next,
    second: { shares },
    random: () => 0.5,
    message: () => ({}),
    openWebhook: () => ({ url: 'http://hook.test' }),
  } as unknown as ProbeContext;
  return bothHands(new Real(door, agent()), door, agent());
}

/** Task t1 of the first principal and t2 of the second, each in a context of its own. */
function modelWith(state: string): Hands<Model> {
  const model = emptyModels(true);
  const put = (of: Model, answer: CallResult, real: Real): void => {
    const view = taskViewOf(answer.reply)!;
    observe(addTask(of, view, 'completes'), view, answer, real);
  };
  const { first } = handsOf([]);
  put(model.first, got(state), first);
  put(model.second!, got('COMPLETED', { id: 't2', contextId: 'c2' }), first);
  return model;
}

const told = ({ outcomes }: Real): readonly string[] =>
  outcomes.map(({ row, judgement: { kind } }) => `${kind} ${row}`);

const notFound = errorOf('TaskNotFoundError');
const own = got('COMPLETED', { id: 't2', contextId: 'c2' });
const page = (...tasks: readonly unknown[]): CallResult =>
  resultOf({ tasks, nextPageToken: '', pageSize: 100, totalSize: tasks.length });
const alike = 'holds errors/not-found-or-forbidden';

test.for<[string, Deed, string, readonly CallResult[], readonly string[]]>([
  [
    'GetTask that is refused as if there were none',
    getForeign(0),
    'WORKING',
    [got('WORKING'), own, notFound, notFound, got('WORKING')],
    ['holds security/get-scoped', alike],
  ],
  [
    'GetTask that is served',
    getForeign(0),
    'WORKING',
    [got('WORKING'), own, got('WORKING'), notFound, got('WORKING')],
    ['violated security/get-scoped', 'untested errors/not-found-or-forbidden'],
  ],
  [
    'GetTask that is refused in another way than of what does not exist',
    getForeign(0),
    'WORKING',
    [got('WORKING'), own, errorOf('InvalidParamsError'), notFound, got('WORKING')],
    ['holds security/get-scoped', 'violated errors/not-found-or-forbidden'],
  ],
  [
    'GetTask of who is not served at all',
    getForeign(0),
    'WORKING',
    [got('WORKING'), notFound, got('WORKING'), notFound, got('WORKING')],
    ['untested security/get-scoped', 'untested errors/not-found-or-forbidden'],
  ],
  [
    'GetTask without an answer',
    getForeign(0),
    'WORKING',
    [got('WORKING'), own, noAnswer(), notFound, got('WORKING')],
    ['untested security/get-scoped', 'untested errors/not-found-or-forbidden'],
  ],
  [
    'GetTask of a task that was purged meanwhile',
    getForeign(0),
    'COMPLETED',
    [got('COMPLETED'), own, notFound, notFound, notFound, notFound],
    [],
  ],
  [
    'CancelTask that looks at the state of the task first',
    cancelForeign(0),
    'COMPLETED',
    [got('COMPLETED'), own, errorOf('TaskNotCancelableError'), notFound, got('COMPLETED')],
    ['ambiguous security/cancel-scoped', 'violated errors/not-found-or-forbidden'],
  ],
  [
    'a message that is taken',
    followUpForeign(0, false),
    'WORKING',
    [got('WORKING'), own, sent('WORKING'), notFound, got('WORKING')],
    ['violated security/send-scoped', 'untested errors/not-found-or-forbidden'],
  ],
  [
    'a message that makes a task of its own',
    followUpForeign(0, false),
    'WORKING',
    [got('WORKING'), own, sent('WORKING', { id: 't3' }), sent('WORKING', { id: 't4' }), got('WORKING')],
    ['holds security/send-scoped', 'untested errors/not-found-or-forbidden'],
  ],
  [
    'a refused message after which the task is its sender’s',
    followUpForeign(0, false),
    'WORKING',
    [got('WORKING'), own, notFound, notFound, notFound, got('WORKING')],
    ['violated security/get-scoped'],
  ],
  [
    'a list without it',
    listForeign({ context: undefined, status: undefined, pageSize: 100 }),
    'WORKING',
    [page(task('COMPLETED', { id: 't2' })), got('WORKING'), own],
    ['holds list/authorization-scoping'],
  ],
  [
    'a list that shows it',
    listForeign({ context: 0, status: undefined, pageSize: 100 }),
    'WORKING',
    [page(task('WORKING')), got('WORKING'), own],
    ['violated list/authorization-scoping'],
  ],
  [
    'a configuration that can be made',
    configOfForeign('Create', 0, 0),
    'WORKING',
    [got('WORKING'), own, resultOf({ id: 'p', url: 'http://hook.test' }), resultOf({}), notFound, got('WORKING')],
    ['violated push/access', 'untested errors/not-found-or-forbidden'],
  ],
  [
    'an empty list of configurations',
    configOfForeign('List', 0, 0),
    'WORKING',
    [got('WORKING'), own, resultOf({ configs: [] }), notFound, got('WORKING')],
    ['holds push/access', 'untested errors/not-found-or-forbidden'],
  ],
  [
    'a message into its context, of which nothing is said',
    joinContext(0),
    'WORKING',
    [sent('COMPLETED', { id: 't9' })],
    [],
  ],
])('%s', async ([, deed, state, answers, expected]) => {
  const real = handsOf(answers);
  const model = modelWith(state);
  const command = by('second', deed);
  expect(await command.check(model)).toBe(true);
  await command.run(model, real);
  expect(told(real.first)).toEqual(expected);
  expect(real.first.steps).toEqual([expect.stringMatching(/^as the second principal: /)]);
});

test('a deletion that is confirmed and takes the configuration away is told by its owner', async () => {
  const config = resultOf({ id: 'p', url: 'http://hook.test' });
  const answers = [config, got('WORKING'), own, resultOf({}), resultOf({}), got('WORKING'), notFound, got('WORKING')];
  const real = handsOf(answers);
  const model = modelWith('WORKING');
  model.first.tasks[0]!.configs.push({ id: 'p', url: 'http://hook.test', deleted: false });
  await by('second', configOfForeign('Delete', 0, 0)).run(model, real);
  expect(told(real.first)).toContain('violated push/access');
});

test('what both principals send may be how the agent knows its caller: then nothing is said', async () => {
  const answers = [got('WORKING'), own, got('WORKING'), notFound, got('WORKING')];
  const real = handsOf(answers, ['X-Gateway']);
  await by('second', getForeign(0)).run(modelWith('WORKING'), real);
  expect(told(real.first)).toContain('untested security/get-scoped');
});

test('an id that both principals have is no task of the other', async () => {
  const model = modelWith('WORKING');
  addTask(model.second!, taskViewOf(got('WORKING').reply)!, 'completes');
  expect(await by('second', getForeign(0)).check(model)).toBe(false);
});

test('what is made within a context of the other is expected in no list, and who sees it is not judged', async () => {
  const { first, second } = modelWith('WORKING');
  second!.tasks.pop();
  const made = addTask(second!, taskViewOf(got('COMPLETED', { id: 't9' }).reply)!, 'completes');
  expect(made.contextId).toBeUndefined();
  expect(second!.contexts).toEqual(['c2']);
  expect(await by('first', getForeign(0)).check({ first, second: second! })).toBe(false);
});

test('without a second principal nothing of it is done', async () => {
  expect(await by('second', getForeign(0)).check(emptyModels(false))).toBe(false);
});
