import { describe, expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { agentMessage, errorOf, got, noAnswer, resultOf, sent } from '../../testing/answers.ts';
import { followUp } from './follow-up.ts';

type Observation = Parameters<typeof followUp.judge>[0];
type Continued = Observation['pair'];

const continued = (answer: Continued['answer'], more: Partial<Continued> = {}): Continued => ({
  taskId: 't1',
  contextId: 'c1',
  before: got('INPUT_REQUIRED'),
  answer,
  after: got('COMPLETED'),
  messageId: 'm7',
  ...more,
});
/** GetTask after a follow-up, with a message in the history. */
const kept = (message: object) => got('COMPLETED', { history: [{ messageId: 'm1', contextId: 'c1' }, message] });
/** The answer of a follow-up, with a message in the status. */
const said = (message: object) =>
  sent('INPUT_REQUIRED', { status: { state: 'TASK_STATE_INPUT_REQUIRED', message: agentMessage(message as never) } });
const fine = continued(sent('COMPLETED'));
const refused = continued(errorOf('InvalidParamsError'), { after: got('INPUT_REQUIRED') });
const mismatch = (answer: Continued['answer'], more: Partial<Continued> = {}) => ({
  ...continued(answer, { after: got('INPUT_REQUIRED'), ...more }),
  foreign: 'c2',
});

const judge = (observed: Partial<Observation>) =>
  followUp.judge(
    { mismatch: mismatch(errorOf('InvalidParamsError')), pair: fine, alone: fine, ...observed },
    factsWith(),
  );

describe('send/continues-task', () => {
  test.for<[string, Partial<Observation>, string]>([
    ['the same task', {}, 'holds'],
    ['another task', { pair: continued(sent('COMPLETED', { id: 't9' })) }, 'violated'],
    ['another task for the taskId alone', { alone: continued(sent('COMPLETED', { id: 't9' })) }, 'violated'],
    [
      'unknown, though GetTask shows it',
      { pair: continued(errorOf('TaskNotFoundError'), { after: got('INPUT_REQUIRED') }) },
      'violated',
    ],
    [
      'gone',
      { pair: continued(errorOf('TaskNotFoundError'), { after: errorOf('TaskNotFoundError') }), alone: refused },
      'ambiguous',
    ],
    ['refused', { pair: refused, alone: refused }, 'ambiguous'],
    ['only the taskId alone is refused', { alone: refused }, 'holds'],
    [
      'it had gone on by itself',
      { pair: continued(errorOf('UnsupportedOperationError'), { before: got('COMPLETED') }), alone: refused },
      'untested',
    ],
    ['a message', { pair: continued(resultOf({ message: agentMessage() })), alone: refused }, 'untested'],
    ['silence', { pair: continued(noAnswer()), alone: continued(noAnswer()) }, 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['send/continues-task'].kind).toBe(kind);
  });
});

describe('send/context-inferred', () => {
  test.for<[string, Partial<Observation>, string]>([
    ['inferred', {}, 'holds'],
    ['another context', { alone: continued(sent('COMPLETED', { contextId: 'c9' })) }, 'violated'],
    [
      'another context by GetTask',
      { alone: continued(fine.answer, { after: got('COMPLETED', { contextId: 'c9' }) }) },
      'violated',
    ],
    ['refused, the pair accepted', { alone: refused }, 'violated'],
    ['refused as the pair', { alone: refused, pair: refused }, 'untested'],
    ['ended by itself meanwhile', { alone: continued(errorOf('UnsupportedOperationError')) }, 'untested'],
    [
      'refused after its end',
      { alone: continued(errorOf('UnsupportedOperationError'), { before: got('COMPLETED') }) },
      'untested',
    ],
    ['another task', { alone: continued(sent('COMPLETED', { id: 't9', contextId: 'c9' })) }, 'untested'],
    [
      'the message is kept in another context',
      { alone: continued(fine.answer, { after: kept({ messageId: 'm7', taskId: 't1', contextId: 'c9' }) }) },
      'violated',
    ],
    ['the message is kept as sent', { alone: continued(fine.answer, { after: kept({ messageId: 'm7' }) }) }, 'holds'],
    [
      'a message that was passed on keeps its own context',
      { alone: continued(fine.answer, { after: kept({ messageId: 'm8', taskId: 't8', contextId: 'c8' }) }) },
      'holds',
    ],
    ['the status speaks of another context', { alone: continued(said({ taskId: 't1', contextId: 'c9' })) }, 'violated'],
    ['the status passes a message on', { alone: continued(said({ taskId: 't8', contextId: 'c8' })) }, 'holds'],
    ['shown by GetTask only', { alone: continued(sent('COMPLETED', { contextId: undefined })) }, 'holds'],
    ['no contexts', { alone: { ...fine, contextId: undefined } }, 'untested'],
    ['silence', { alone: continued(noAnswer()) }, 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['send/context-inferred'].kind).toBe(kind);
  });
});

describe('send/context-mismatch', () => {
  test.for<[string, Partial<Observation>, string]>([
    ['refused, the pair accepted', {}, 'holds'],
    ['refused as the pair', { pair: refused }, 'untested'],
    ['accepted', { mismatch: mismatch(sent('COMPLETED')) }, 'violated'],
    ['accepted as a new task', { mismatch: mismatch(sent('COMPLETED', { id: 't9', contextId: 'c2' })) }, 'violated'],
    ['a rejected task', { mismatch: mismatch(sent('REJECTED', { id: 't9' })) }, 'ambiguous'],
    ['a message', { mismatch: mismatch(resultOf({ message: agentMessage() })) }, 'ambiguous'],
    ['accepted, but so is nothing else', { mismatch: mismatch(sent('COMPLETED')), pair: refused }, 'untested'],
    [
      'it no longer waited',
      { mismatch: mismatch(errorOf('UnsupportedOperationError'), { before: got('COMPLETED') }) },
      'untested',
    ],
    ['no contexts', { mismatch: undefined }, 'untested'],
    ['silence', { mismatch: mismatch(noAnswer()) }, 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['send/context-mismatch'].kind).toBe(kind);
  });
});
