import { expect, test } from 'vitest';
import type { CallResult } from '../../../core/wire/binding-client.ts';
import { artifact, got, history, page, task } from '../../testing/answers.ts';
import { factsWith } from '../../testing/facts.ts';
import { contents, type Contents } from './contents.ts';

type Json = Readonly<Record<string, unknown>>;

const done = { artifacts: [artifact('a1', 2)], history: history('m1', 'm2', 'm3') };
const listed = (more: Json = {}): CallResult => page([task('COMPLETED', more)]);
const shown = (...ids: readonly string[]): CallResult => listed(ids.length === 0 ? {} : { history: history(...ids) });
const full = shown('m1', 'm2', 'm3');
const limited = (...parts: readonly (readonly [number, CallResult])[]): Contents['limited'] =>
  parts.map(([limit, answer]) => ({ limit, answer }));

const fine: Contents = {
  id: 't1',
  sent: ['m1', 'm3'],
  got: got('COMPLETED', done),
  plain: [full, full],
  withArtifacts: listed(done),
  full: [full, full],
  limited: limited([0, shown()], [1, shown('m3')], [2, shown('m2', 'm3')], [1000, full]),
};
const bare = { got: got('COMPLETED') };
const none = page([]);

const judge = (observed: Partial<Contents>) => contents.judge({ ...fine, ...observed }, factsWith());

test('a right agent', () => {
  expect(new Set(Object.values(judge({})).map(({ kind }) => kind))).toEqual(new Set(['holds']));
});

test.for<[keyof ReturnType<typeof judge>, string, Partial<Contents>, string]>([
  ['list/artifacts-omitted', 'there', { plain: [full, listed(done)] }, 'violated'],
  ['list/artifacts-omitted', 'empty', { plain: [listed({ artifacts: [] }), full] }, 'violated'],
  [
    'list/artifacts-omitted',
    'empty, of a task that has none',
    { ...bare, plain: [listed({ artifacts: [] })] },
    'violated',
  ],
  ['list/artifacts-omitted', 'null', { plain: [listed({ artifacts: null }), full] }, 'ambiguous'],
  ['list/artifacts-omitted', 'none to leave out', bare, 'untested'],
  ['list/artifacts-omitted', 'not listed', { plain: [full, none] }, 'untested'],
  ['list/artifacts-included', 'without', { withArtifacts: full }, 'violated'],
  [
    'list/artifacts-included',
    'a part of one',
    { withArtifacts: listed({ artifacts: [artifact('a1', 1)] }) },
    'violated',
  ],
  ['list/artifacts-included', 'another one', { withArtifacts: listed({ artifacts: [artifact('a2', 2)] }) }, 'violated'],
  ['list/artifacts-included', 'none to include', { ...bare, withArtifacts: listed({ artifacts: [] }) }, 'untested'],
  ['list/artifacts-included', 'not listed', { withArtifacts: none }, 'untested'],
  ['list/history-length', 'too long', { limited: limited([1, shown('m2', 'm3')]) }, 'violated'],
  ['list/history-length', 'lists have none', { full: [shown(), shown()], limited: limited([1, shown()]) }, 'holds'],
  [
    'list/history-length',
    'no history at all',
    { ...bare, full: [shown(), shown()], limited: limited([1, shown()]) },
    'untested',
  ],
  ['list/history-most-recent', 'the oldest', { limited: limited([1, shown('m1')]) }, 'violated'],
  ['list/history-most-recent', 'it grew', { full: [full, shown('m1', 'm2', 'm3', 'm4')] }, 'untested'],
  ['list/history-zero-omitted', 'empty', { limited: limited([0, listed({ history: [] })]) }, 'violated'],
])('%s: %s', ([row, , observed, kind]) => {
  expect(judge(observed)[row].kind).toBe(kind);
});
