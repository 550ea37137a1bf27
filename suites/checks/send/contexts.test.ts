import { describe, expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { agentMessage, errorOf, got, noAnswer, resultOf, sent } from '../../testing/answers.ts';
import { contexts } from './contexts.ts';

type Observation = Parameters<typeof contexts.judge>[0];

const plain = sent('COMPLETED', { contextId: 'c1' });
const own = (answer: Observation['own']['sent'], read?: Observation['own']['got']): Observation['own'] => ({
  contextId: 'mine',
  sent: answer,
  got: read,
});
const given = (answer: Observation['own']['sent'], read?: Observation['own']['got']): Observation['own'] => ({
  contextId: 'c1',
  sent: answer,
  got: read,
});
const kept = sent('COMPLETED', { id: 't2', contextId: 'mine' });
const none = { id: 't2', contextId: undefined };

const judge = (observed: Partial<Observation>) =>
  contexts.judge({ plain, again: plain, own: own(kept), given: undefined, ...observed }, factsWith());

describe('send/context-id-kept', () => {
  test.for<[string, Partial<Observation>, string]>([
    ['kept', {}, 'holds'],
    ['kept in a message', { own: own(resultOf({ message: agentMessage({ contextId: 'mine' }) })) }, 'holds'],
    ['rejected', { own: own(errorOf('InvalidParamsError')) }, 'holds'],
    ['rejected for any message', { plain: errorOf('InternalError'), own: own(errorOf('InternalError')) }, 'untested'],
    ['replaced', { own: own(sent('COMPLETED', { id: 't2', contextId: 'other' })) }, 'violated'],
    ['replaced behind the answer', { own: own(kept, got('COMPLETED', { id: 't2', contextId: 'other' })) }, 'violated'],
    [
      'shown by GetTask only',
      { own: own(sent('COMPLETED', none), got('COMPLETED', { id: 't2', contextId: 'mine' })) },
      'holds',
    ],
    ['shown nowhere', { own: own(sent('COMPLETED', none), got('COMPLETED', none)) }, 'ambiguous'],
    [
      'a message without context',
      { own: own(resultOf({ message: agentMessage({ contextId: undefined }) })) },
      'untested',
    ],
    ['silence', { own: own(noAnswer()) }, 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['send/context-id-kept'].kind).toBe(kind);
  });
});

describe('send/context-continues', () => {
  test.for<[string, Partial<Observation>, string]>([
    ['a new task in the context', { given: given(sent('COMPLETED', { id: 't2' })) }, 'holds'],
    ['a message in the context', { given: given(resultOf({ message: agentMessage() })) }, 'holds'],
    ['another context', { given: given(sent('COMPLETED', { id: 't2', contextId: 'other' })) }, 'violated'],
    ['the ended task again, with another end', { given: given(sent('FAILED')) }, 'violated'],
    ['the ended task as it was', { given: given(sent('COMPLETED')) }, 'ambiguous'],
    ['a task that goes on', { plain: sent('WORKING'), given: given(sent('WORKING')) }, 'holds'],
    ['refused', { given: given(errorOf('InvalidParamsError')) }, 'ambiguous'],
    ['the agent gave none', { given: undefined }, 'untested'],
    ['silence', { given: given(noAnswer()) }, 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['send/context-continues'].kind).toBe(kind);
  });
});

describe('send/idempotent', () => {
  test.for<[string, Partial<Observation>, string]>([
    ['one task', {}, 'holds'],
    ['two tasks', { again: sent('COMPLETED', { id: 't2' }) }, 'holds'],
    ['refused', { again: errorOf('InvalidParamsError') }, 'holds'],
    ['silence', { again: noAnswer() }, 'untested'],
    ['no task', { plain: resultOf({ message: agentMessage() }) }, 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['send/idempotent'].kind).toBe(kind);
  });
});
