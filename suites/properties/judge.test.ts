import { describe, expect, test } from 'vitest';
import type { CallResult } from '../../core/wire/binding-client.ts';
import type { Operation } from '../../protocol/operations.ts';
import {
  agentMessage,
  errorOf,
  got,
  history,
  noAnswer,
  page,
  resultOf,
  sent,
  task,
  unnamed,
} from '../testing/answers.ts';
import type { Case } from './cases.ts';
import { compareAnswers, judgeCase, judgeUnknownFields } from './judge.ts';
import type { Performed } from './perform.ts';
import { refs, type Json } from './requests.ts';
import { violationsOf } from './violations.ts';
import type { World } from './world.ts';

const uuid = '0a1b2c3d-0000-4000-8000-000000000001';

const worldOf = (binding: string, unknown = uuid): World =>
  ({
    door: { interface: { binding, version: '1.0', url: 'http://a.test' } },
    values: new Map([
      [refs.unknownTask, unknown],
      [refs.unknownConfig, unknown],
    ]),
  }) as unknown as World;

const performed = (
  answer: CallResult,
  { binding = 'JSONRPC', unknown = uuid, params = {} as Json } = {},
): Performed => ({
  world: worldOf(binding, unknown),
  params,
  answer,
});

const good = { what: 'a good request', ok: true, results: [got('COMPLETED')] };
const bad = { ...good, ok: false };

/** `violated errors/get-unknown-task`, for what is no pass. */
const told = (drawn: Case, made: Performed, control = good): readonly string[] =>
  judgeCase(drawn, made, control)
    .filter(({ judgement: { kind } }) => kind !== 'holds')
    .map(({ row, judgement: { kind } }) => `${kind} ${row}`);

const valid = (operation: Operation, params: Json): Case => ({ operation, params });
const broken = (operation: Operation, kind: string): Case => {
  const violation = violationsOf(operation, { inlinePush: true }).find((one) => one.kind === kind)!;
  return { operation, params: {}, violation };
};

describe('a request with one fault', () => {
  test.for<[string, Case, CallResult, readonly string[]]>([
    ['is refused as invalid', broken('GetTask', 'type'), errorOf('InvalidParamsError'), []],
    ['is accepted', broken('GetTask', 'type'), got('COMPLETED'), ['violated errors/invalid-params']],
    [
      'is a task that is not found: what is no id names none',
      broken('GetTask', 'type'),
      errorOf('TaskNotFoundError'),
      ['ambiguous errors/invalid-params'],
    ],
    [
      'is an invalid request',
      broken('GetTask', 'type'),
      errorOf('InvalidRequestError'),
      ['ambiguous errors/invalid-params'],
    ],
    [
      'is refused for the state first',
      broken('CancelTask', 'type'),
      errorOf('TaskNotCancelableError'),
      ['untested errors/invalid-params'],
    ],
    ['is not answered', broken('GetTask', 'type'), noAnswer(), ['untested errors/invalid-params']],
    [
      'is refused with a shared code',
      broken('GetTask', 'type'),
      unnamed('InvalidParamsError', 'TaskNotFoundError'),
      [],
    ],
    [
      'has a page size out of range that is clamped',
      broken('ListTasks', 'page-size'),
      page([task('COMPLETED')]),
      ['ambiguous list/page-size-validated'],
    ],
    [
      'has a negative history length that counts as 0',
      broken('ListTasks', 'history'),
      page([]),
      ['ambiguous list/history-length-validated'],
    ],
  ])('%s', ([, drawn, answer, expected]) => {
    expect(told(drawn, performed(answer))).toEqual(expected);
  });

  test('proves nothing where the good request is not served', () => {
    expect(told(broken('GetTask', 'type'), performed(got('COMPLETED')), bad)).toEqual([
      'untested errors/invalid-params',
    ]);
  });

  test('an unknown token may end the list, and is not ignored', () => {
    const listed = { ...good, results: [page([task('COMPLETED')])] };
    expect(told(broken('ListTasks', 'page-token'), performed(page([task('COMPLETED')])), listed)).toEqual([
      'violated list/page-token-validated',
    ]);
    expect(told(broken('ListTasks', 'page-token'), performed(page([])), listed)).toEqual([
      'ambiguous list/page-token-validated',
    ]);
  });
});

describe('a request that is to be refused for its task', () => {
  const unknownTask = valid('GetTask', { id: refs.unknownTask });
  const endedCancel = valid('CancelTask', { id: refs.endedTask });
  const endedSend = valid('SendMessage', { message: { taskId: refs.endedTask, parts: [{ text: 'a' }] } });
  const withMore = valid('SendMessage', {
    message: { taskId: refs.endedTask, parts: [{ text: 'a' }] },
    configuration: { acceptedOutputModes: ['x/y'] },
  });
  test.for<[string, Case, CallResult, readonly string[]]>([
    ['unknown, and not found', unknownTask, errorOf('TaskNotFoundError'), []],
    ['unknown, and returned', unknownTask, got('COMPLETED'), ['violated errors/get-unknown-task']],
    [
      'unknown, and a matter of parameters',
      unknownTask,
      errorOf('InvalidParamsError'),
      ['violated errors/get-unknown-task'],
    ],
    ['ended, and not cancelable', endedCancel, errorOf('TaskNotCancelableError'), []],
    ['ended, and canceled', endedCancel, got('CANCELED'), ['violated cancel/terminal-refused']],
    [
      'ended, of an agent that cancels nothing',
      endedCancel,
      errorOf('UnsupportedOperationError'),
      ['ambiguous cancel/terminal-refused'],
    ],
    ['ended, and takes no message', endedSend, errorOf('UnsupportedOperationError'), []],
    ['ended, and takes a message', endedSend, sent('WORKING'), ['violated errors/send-terminal-task']],
    [
      'ended, and answers with a message',
      endedSend,
      resultOf({ message: agentMessage() }),
      ['violated errors/send-terminal-task'],
    ],
    [
      'ended, and another reason comes first',
      withMore,
      errorOf('ContentTypeNotSupportedError'),
      ['untested errors/send-terminal-task'],
    ],
    ['ended, and a system error', withMore, errorOf('InternalError'), ['violated errors/send-terminal-task']],
  ])('%s', ([, drawn, answer, expected]) => {
    expect(told(drawn, performed(answer))).toEqual(expected);
  });

  test('an id of a form that may not be an id may be a matter of its form', () => {
    const made = performed(errorOf('InvalidParamsError'), { unknown: 'task/17' });
    expect(told(unknownTask, made)).toEqual(['ambiguous errors/get-unknown-task']);
  });
});

describe('a valid request', () => {
  const send = valid('SendMessage', { message: {} });
  test.for<[string, CallResult, readonly string[]]>([
    ['is served', sent('COMPLETED'), []],
    ['is answered with a message', resultOf({ message: agentMessage() }), []],
    ['is refused for its contents', errorOf('ContentTypeNotSupportedError'), []],
    ['is refused as one that is not supported', errorOf('UnsupportedOperationError'), []],
    ['is a system error', errorOf('InternalError'), ['ambiguous robustness/valid-request-answered']],
    ['is not answered in time', noAnswer(), ['untested robustness/valid-request-answered']],
    [
      'cuts the connection',
      { ...noAnswer(), reply: { kind: 'none', failure: { kind: 'reset', message: 'reset' } } },
      ['violated robustness/valid-request-answered'],
    ],
  ])('%s', ([, answer, expected]) => {
    expect(told(send, performed(answer))).toEqual(expected);
  });

  test('that cuts the connection proves nothing where the good request does too', () => {
    const cut: CallResult = { ...noAnswer(), reply: { kind: 'none', failure: { kind: 'reset', message: 'reset' } } };
    expect(told(send, performed(cut), bad)).toEqual(['untested robustness/valid-request-answered']);
  });

  test.for<[string, number, readonly string[], readonly string[]]>([
    ['fewer', 3, ['a'], []],
    ['none', 0, [], []],
    ['as many as asked for', 1, ['a'], []],
    ['more', 1, ['a', 'b'], ['violated get/history-length']],
  ])('shows %s messages of history', ([, historyLength, ids, expected]) => {
    const drawn = valid('GetTask', { id: 't1', historyLength });
    expect(told(drawn, performed(got('COMPLETED', { history: history(...ids) })))).toEqual(expected);
  });

  const parts = [{ text: 'a \u{1f600} b' }];
  test.for<[string, Json, readonly string[]]>([
    ['keeps its text', { history: [agentMessage({ messageId: 'own', parts })] }, []],
    ['shows no history', {}, []],
    ['shows another message', { history: [agentMessage({ messageId: 'other', parts: [{ text: 'x' }] })] }, []],
    ['shows other parts', { history: [agentMessage({ messageId: 'own', parts: [] })] }, []],
    [
      'has its text cut',
      { history: [agentMessage({ messageId: 'own', parts: [{ text: 'a ' }] })] },
      ['ambiguous envelope/text-kept'],
    ],
  ])('%s', ([, more, expected]) => {
    const params = { message: { messageId: 'own', parts } };
    expect(told(send, performed(sent('COMPLETED', more), { params }))).toEqual(expected);
  });
});

describe('a field that nobody knows', () => {
  const drawn = valid('GetTask', {});
  test.for<[string, CallResult, CallResult, string | undefined]>([
    ['changes nothing', got('COMPLETED'), got('COMPLETED'), 'holds'],
    ['changes no refusal', errorOf('TaskNotFoundError'), errorOf('TaskNotFoundError'), 'holds'],
    ['is refused', errorOf('InvalidParamsError'), got('COMPLETED'), 'violated'],
    ['is not answered', noAnswer(), got('COMPLETED'), undefined],
    ['meets a system error', errorOf('InternalError'), got('COMPLETED'), undefined],
  ])('%s', ([, answer, without, expected]) => {
    expect(judgeUnknownFields(drawn, answer, without)?.judgement.kind).toBe(expected);
  });
});

describe('the same request over two interfaces', () => {
  const two = (one: CallResult, other: CallResult) => [performed(one), performed(other, { binding: 'HTTP+JSON' })];
  const drawn = valid('GetTask', { id: 't1' });
  test.for<[string, Case, readonly Performed[], string | undefined]>([
    ['is served by both', drawn, two(got('COMPLETED'), got('WORKING')), 'holds'],
    ['is refused by both alike', drawn, two(errorOf('TaskNotFoundError'), errorOf('TaskNotFoundError')), 'holds'],
    ['is refused by one', drawn, two(got('COMPLETED'), errorOf('UnsupportedOperationError')), 'violated'],
    [
      'with a fault is refused by one',
      broken('GetTask', 'type'),
      two(got('COMPLETED'), errorOf('InvalidParamsError')),
      'ambiguous',
    ],
    ['is not answered by one', drawn, two(got('COMPLETED'), noAnswer()), undefined],
    [
      'has a code that several errors share',
      drawn,
      two(errorOf('TaskNotFoundError'), unnamed('TaskNotFoundError')),
      undefined,
    ],
    ['is sent over one alone', drawn, two(got('COMPLETED'), got('COMPLETED')).slice(0, 1), undefined],
    [
      'is refused by both, each for another thing in it',
      valid('SendMessage', { message: { messageId: 'a', role: 'ROLE_USER', parts: [], metadata: {}, extensions: [] } }),
      two(errorOf('InvalidParamsError'), errorOf('ContentTypeNotSupportedError')),
      'ambiguous',
    ],
    [
      'is refused by both for the one thing in it, in two ways',
      valid('GetTask', { id: 't1' }),
      two(errorOf('TaskNotFoundError'), errorOf('UnsupportedOperationError')),
      'violated',
    ],
    [
      'has an empty value, which gRPC does not say',
      valid('GetTask', { id: 't1', tenant: '' }),
      [performed(errorOf('InvalidParamsError')), performed(got('COMPLETED'), { binding: 'GRPC' })],
      'ambiguous',
    ],
    [
      'has an empty value, which both say',
      valid('GetTask', { id: 't1', tenant: '' }),
      two(errorOf('InvalidParamsError'), got('COMPLETED')),
      'violated',
    ],
  ])('%s', ([, one, all, expected]) => {
    expect(compareAnswers(one, all)?.kind).toBe(expected);
  });
});
