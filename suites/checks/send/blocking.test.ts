import { describe, expect, test } from 'vitest';
import type { JudgeFacts } from '../../../core/engine/check.ts';
import type { Behaviours } from '../../../core/target/behaviours.ts';
import { agentMessage, artifact, errorOf, got, noAnswer, resultOf, sent } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { blocking, type BlockingAttempt } from './blocking.ts';

const attempt = (
  sentAnswer: BlockingAttempt['sent'],
  gotAnswer?: BlockingAttempt['got'],
  more: Partial<BlockingAttempt> = {},
): BlockingAttempt => ({
  stimulus: 'completes',
  sent: sentAnswer,
  ...(gotAnswer ? { got: gotAnswer } : {}),
  ...more,
});

type Row = keyof ReturnType<typeof blocking.judge>;
const verdict = (row: Row, attempts: readonly BlockingAttempt[], facts: JudgeFacts = factsWith()): string =>
  blocking.judge(attempts, facts)[row].kind;

const done = { artifacts: [artifact('a1')] };

describe('send/blocking', () => {
  test.for<[string, BlockingAttempt[], string]>([
    ['completed', [attempt(sent('COMPLETED'))], 'holds'],
    ['asks for input', [attempt(sent('INPUT_REQUIRED'))], 'holds'],
    ['still at work', [attempt(sent('WORKING'))], 'violated'],
    ['only submitted', [attempt(sent('COMPLETED')), attempt(sent('SUBMITTED', { id: 't2' }))], 'violated'],
    ['a direct message', [attempt(resultOf({ message: agentMessage() }))], 'untested'],
    ['an error', [attempt(errorOf('InternalError'))], 'untested'],
    ['silence', [attempt(noAnswer())], 'untested'],
    [
      'silence beside a settled task',
      [
        attempt(noAnswer(), undefined, {
          stuck: { listed: resultOf({}), state: 'TASK_STATE_COMPLETED', answer: 'none' },
        }),
      ],
      'violated',
    ],
    [
      'the second send was answered after all',
      [
        attempt(noAnswer(), undefined, {
          stuck: { listed: resultOf({}), state: 'TASK_STATE_COMPLETED', answer: sent('COMPLETED') },
        }),
      ],
      'untested',
    ],
  ])('%s', ([, attempts, kind]) => {
    expect(verdict('send/blocking', attempts)).toBe(kind);
  });
});

describe('send/task-or-message', () => {
  test.for<[string, BlockingAttempt[], string]>([
    ['a task', [attempt(sent('COMPLETED'))], 'holds'],
    ['a message', [attempt(resultOf({ message: agentMessage() }))], 'holds'],
    ['neither', [attempt(resultOf({ accepted: true }))], 'violated'],
    ['null', [attempt(resultOf(null))], 'violated'],
    ['a task without id is a task', [attempt(sent('COMPLETED', { id: undefined }))], 'holds'],
    ['errors only', [attempt(errorOf('InternalError'))], 'untested'],
  ])('%s', ([, attempts, kind]) => {
    expect(verdict('send/task-or-message', attempts)).toBe(kind);
  });
});

describe('send/latest-state', () => {
  const lacking = attempt(sent('COMPLETED'), got('COMPLETED', done));
  test.for<[string, BlockingAttempt[], string]>([
    ['the same', [attempt(sent('COMPLETED', done), got('COMPLETED', done))], 'holds'],
    ['without the artifact, twice', [lacking, lacking].map((one) => ({ ...one })), 'violated'],
    ['once only', [lacking, attempt(sent('COMPLETED', done), got('COMPLETED', done))], 'ambiguous'],
    [
      'fewer parts, twice',
      [1, 2].map(() =>
        attempt(
          sent('COMPLETED', { artifacts: [artifact('a1', 1)] }),
          got('COMPLETED', { artifacts: [artifact('a1', 3)] }),
        ),
      ),
      'violated',
    ],
    [
      'without the status message, twice',
      [1, 2].map(() =>
        attempt(
          sent('COMPLETED'),
          got('COMPLETED', { status: { state: 'TASK_STATE_COMPLETED', message: agentMessage() } }),
        ),
      ),
      'violated',
    ],
    ['GetTask shows less: not this row', [attempt(sent('COMPLETED', done), got('COMPLETED'))], 'holds'],
    ['purged', [attempt(sent('COMPLETED', done), errorOf('TaskNotFoundError'))], 'untested'],
    ['not at its end', [attempt(sent('INPUT_REQUIRED'), got('INPUT_REQUIRED'))], 'untested'],
  ])('%s', ([, attempts, kind]) => {
    expect(verdict('send/latest-state', attempts)).toBe(kind);
  });
});

describe('send/task-id-generated', () => {
  test.for<[string, BlockingAttempt[], string]>([
    ['two ids', [attempt(sent('COMPLETED')), attempt(sent('COMPLETED', { id: 't2' }))], 'holds'],
    ['one id for two ended tasks', [attempt(sent('COMPLETED')), attempt(sent('FAILED'))], 'violated'],
    ['in two contexts', [attempt(sent('COMPLETED')), attempt(sent('COMPLETED', { contextId: 'c2' }))], 'violated'],
    ['the ended task as it was', [attempt(sent('COMPLETED')), attempt(sent('COMPLETED'))], 'ambiguous'],
    ['a task that had not ended may go on', [attempt(sent('INPUT_REQUIRED')), attempt(sent('COMPLETED'))], 'holds'],
    ['no id', [attempt(sent('COMPLETED', { id: undefined }))], 'violated'],
    ['an empty id', [attempt(sent('COMPLETED', { id: '' }))], 'violated'],
    ['one task only', [attempt(sent('COMPLETED'))], 'untested'],
    ['no task', [attempt(resultOf({ message: agentMessage() }))], 'untested'],
  ])('%s', ([, attempts, kind]) => {
    expect(verdict('send/task-id-generated', attempts)).toBe(kind);
  });
});

describe('send/context-id-included', () => {
  const without = { contextId: undefined };
  test.for<[string, BlockingAttempt[], string]>([
    ['included', [attempt(sent('COMPLETED'), got('COMPLETED'))], 'holds'],
    ['in a message', [attempt(resultOf({ message: agentMessage() }))], 'holds'],
    ['only GetTask shows it', [attempt(sent('COMPLETED', without), got('COMPLETED'))], 'violated'],
    ['no contexts at all', [attempt(sent('COMPLETED', without), got('COMPLETED', without))], 'untested'],
    ['a message without', [attempt(resultOf({ message: agentMessage(without) }))], 'untested'],
  ])('%s', ([, attempts, kind]) => {
    expect(verdict('send/context-id-included', attempts)).toBe(kind);
  });
});

describe('send/results-in-artifacts', () => {
  const talking = { status: { state: 'TASK_STATE_COMPLETED', message: agentMessage() } };
  const stimulus = { name: 'data-part', parts: [], source: 'config' } as const;
  const others: Behaviours['elicited'] = {
    'data-part': { stimulus, outcome: 'task', states: [], artifactEvents: 1, exchanges: [] },
  };
  test.for<[string, BlockingAttempt[], Behaviours['elicited'], string]>([
    ['artifacts', [attempt(sent('COMPLETED', done))], {}, 'holds'],
    ['artifacts by GetTask', [attempt(sent('COMPLETED'), got('COMPLETED', done))], {}, 'holds'],
    ['a message only', [attempt(sent('COMPLETED', talking))], {}, 'ambiguous'],
    ['a message only, artifacts elsewhere', [attempt(sent('COMPLETED', talking))], others, 'holds'],
    ['nothing to say', [attempt(sent('COMPLETED'))], {}, 'untested'],
    [
      'failed',
      [attempt(sent('FAILED', { status: { state: 'TASK_STATE_FAILED', message: agentMessage() } }))],
      {},
      'untested',
    ],
  ])('%s', ([, attempts, elicited, kind]) => {
    expect(verdict('send/results-in-artifacts', attempts, factsWith({ elicited }))).toBe(kind);
  });
});
