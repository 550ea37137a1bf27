import { describe, expect, test } from 'vitest';
import { factsWith } from '../../testing/facts.ts';
import { artifact, errorOf, got, history, noAnswer, sent } from '../../testing/answers.ts';
import { endedTask } from './ended-task.ts';

type Observation = Parameters<typeof endedTask.judge>[0];

const done = { artifacts: [artifact('a1', 2)] };
const read = got('COMPLETED', done);
const unknown = errorOf('TaskNotFoundError');
const fine: Observation = {
  ended: sent('COMPLETED', done),
  polled: false,
  reads: [read, read, read],
  late: undefined,
  provoked: errorOf('UnsupportedOperationError'),
  after: read,
};
const reads = (...answers: Observation['reads']): Partial<Observation> => ({ reads: answers });
const at = (state: string, timestamp: string) =>
  got(state, { ...done, status: { state: `TASK_STATE_${state}`, timestamp } });
const stamped = (timestamp: string) => at('COMPLETED', timestamp);

const judge = (observed: Partial<Observation>) => endedTask.judge({ ...fine, ...observed }, factsWith());

describe('get/current-state', () => {
  const stale = got('WORKING', done);
  test.for<[string, Partial<Observation>, string]>([
    ['the same end', {}, 'holds'],
    ['stale for ever', { ...reads(stale, stale, stale), late: stale }, 'violated'],
    ['stale for a moment', { ...reads(stale, read, read), late: read }, 'ambiguous'],
    ['another end', { ...reads(got('FAILED', done), read, read), late: got('FAILED', done) }, 'violated'],
    ['purged', reads(unknown, unknown, unknown), 'untested'],
    ['silence', reads(noAnswer(), read, read), 'untested'],
    ['only GetTask showed the end', { polled: true }, 'untested'],
    ['no end', { ended: sent('WORKING') }, 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['get/current-state'].kind).toBe(kind);
  });
});

describe('get/artifacts', () => {
  const bare = got('COMPLETED');
  const part = got('COMPLETED', { artifacts: [artifact('a1', 1)] });
  test.for<[string, Partial<Observation>, string]>([
    ['all of them', {}, 'holds'],
    ['none', { ...reads(bare, bare, bare), late: bare }, 'violated'],
    ['a part of one', { ...reads(part, part, part), late: part }, 'violated'],
    ['later', { ...reads(bare, read, read), late: read }, 'ambiguous'],
    ['more than the answer', { ended: sent('COMPLETED', { artifacts: [artifact('a1', 1)] }) }, 'holds'],
    ['nothing to show', { ended: sent('COMPLETED') }, 'untested'],
    ['purged', reads(unknown, unknown, unknown), 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['get/artifacts'].kind).toBe(kind);
  });
});

describe('get/idempotent', () => {
  const grown = (...ids: string[]) => got('COMPLETED', { ...done, history: history(...ids) });
  test.for<[string, Partial<Observation>, string]>([
    ['equal', {}, 'holds'],
    ['the last word arrives', reads(grown('u1'), grown('u1', 'a1'), grown('u1', 'a1')), 'holds'],
    ['a timestamp of each read', reads(stamped('1'), stamped('2'), stamped('3')), 'violated'],
    ['a history that grows', reads(grown('a'), grown('a', 'b'), grown('a', 'b', 'c')), 'violated'],
    ['two copies in turn', reads(grown('a', 'b'), grown('a'), grown('a', 'b')), 'holds'],
    ['purged between', reads(read, unknown, unknown), 'untested'],
    ['not ended', reads(got('WORKING'), got('WORKING'), read), 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['get/idempotent'].kind).toBe(kind);
  });
});

describe('get/terminal-stable', () => {
  test.for<[string, Partial<Observation>, string]>([
    ['stays', {}, 'holds'],
    ['lagged, then stays', reads(got('WORKING'), read, read), 'holds'],
    ['works again', { after: at('WORKING', '2026-01-01T00:00:00.001Z') }, 'violated'],
    ['an older status', { after: at('WORKING', '2025-12-31T23:59:59.999Z') }, 'ambiguous'],
    ['of the same time', { after: got('WORKING', done) }, 'ambiguous'],
    ['another end', { after: got('FAILED', done) }, 'violated'],
    ['purged after the message', { after: unknown }, 'untested'],
    ['never ended by GetTask', { ...reads(got('WORKING')), after: got('WORKING') }, 'untested'],
  ])('%s', ([, observed, kind]) => {
    expect(judge(observed)['get/terminal-stable'].kind).toBe(kind);
  });
});
