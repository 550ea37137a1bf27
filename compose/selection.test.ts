import { describe, expect, test } from 'vitest';
import type { Level, RequirementRow } from '../protocol/requirements/row.ts';
import { select, SelectionError, type SelectOptions } from './selection.ts';

const row = (id: string, level: Level = 'MUST', extra: Partial<RequirementRow> = {}): [string, RequirementRow] => [
  id,
  { id, level, basis: 'stated', section: '§1', role: 'server', text: id, ...extra },
];
const rows = new Map([
  row('get/a'),
  row('get/b', 'SHOULD'),
  row('get/may', 'MAY'),
  row('send/a'),
  row('send/client', 'MUST', { role: 'client', unobservable: 'a duty of clients' }),
]);
const subjects = [
  { id: 'get/task', requirements: ['get/a', 'get/b', 'get/may'] },
  { id: 'send/task', requirements: ['send/a', 'get/a'] },
  { id: 'invariants/all', requirements: ['get/a', 'send/a'] },
];

/** `check row` for everything that is in. */
function pairs(options: SelectOptions): string[] {
  const selected = select(options, { subjects, rows });
  return subjects.flatMap(({ id, requirements }) =>
    requirements
      .filter((requirement) => selected.check(id) && selected.row(rows.get(requirement)!, id))
      .map((requirement) => `${id} ${requirement}`),
  );
}

test('a patch release leaves out what another one says alone', () => {
  const ofPatches = new Map([
    row('get/a'),
    row('get/new', 'MUST', { since: '1.0.1' }),
    row('get/old', 'MUST', { until: '1.0.0' }),
  ]);
  const own = [{ id: 'get/task', requirements: [...ofPatches.keys()] }];
  const rowsOf = (options: SelectOptions) =>
    select(options, { subjects: own, rows: ofPatches }).rows.map(({ id }) => id);
  expect(rowsOf({})).toEqual(['get/a', 'get/new', 'get/old']);
  expect(rowsOf({ specPatch: '1.0.0' })).toEqual(['get/a', 'get/old']);
  expect(rowsOf({ specPatch: '1.0.1' })).toEqual(['get/a', 'get/new']);
});

describe('what is in', () => {
  test('everything, where nothing is said', () => {
    const selected = select({}, { subjects, rows });
    expect(pairs({})).toHaveLength(7);
    expect(selected.rows).toHaveLength(rows.size);
    expect(selected.everything).toBe(true);
  });

  test.for<[string, SelectOptions, string[]]>([
    ['a check, with all its rows', { only: ['send/task'] }, ['send/task send/a', 'send/task get/a']],
    ['a row, by all that measure it', { only: ['send/a'] }, ['send/task send/a', 'invariants/all send/a']],
    [
      'an area: its checks and its rows',
      { only: ['send'] },
      ['send/task send/a', 'send/task get/a', 'invariants/all send/a'],
    ],
    ['a pattern', { only: ['*/b'] }, ['get/task get/b']],
    ['several', { only: ['*/b', 'get/may'] }, ['get/task get/b', 'get/task get/may']],
    ['not what is skipped', { only: ['get/task'], skip: ['get/b', 'get/may'] }, ['get/task get/a']],
    ['no skipped check', { skip: ['invariants', 'get/task'] }, ['send/task send/a', 'send/task get/a']],
    ['MUST', { level: 'MUST', only: ['get/task'] }, ['get/task get/a']],
    ['SHOULD and MUST', { level: 'SHOULD', only: ['get/task'] }, ['get/task get/a', 'get/task get/b']],
  ])('%s', ([, options, wanted]) => {
    expect(pairs(options)).toEqual(wanted);
    expect(select(options, { subjects, rows }).everything).toBe(false);
  });

  test('rows that nothing measures count by their own id', () => {
    const counted = (options: SelectOptions) => select(options, { subjects, rows }).rows.map(({ id }) => id);
    expect(counted({ only: ['send'] })).toEqual(['get/a', 'send/a', 'send/client']);
    expect(counted({ only: ['get/task'] })).toEqual(['get/a', 'get/b', 'get/may']);
  });
});

test.for<[SelectOptions, string]>([
  [{ only: ['nope'] }, '--only nope matches no check'],
  [{ skip: ['nope/*'] }, '--skip nope/* matches no check'],
  [{ only: ['get.a'] }, '--only get.a matches no check'],
  [{ only: ['get/b'], level: 'MUST' }, 'leave no check to run'],
])('%j is refused', ([options, message]) => {
  expect(() => select(options, { subjects, rows })).toThrow(SelectionError);
  expect(() => select(options, { subjects, rows })).toThrow(message);
});
