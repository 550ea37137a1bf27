import { describe, expect, test } from 'vitest';
import { rows } from '../requirements/rows.ts';
import { statementsOfProto, statementsOfText } from './testing/extract.ts';
import { compareStatements, statementIndex } from './testing/statement-index.ts';

const index = statementIndex();

describe('the index of statements', () => {
  test('holds the whole text: some hundred statements of every chapter that demands something', () => {
    expect(index.length).toBeGreaterThan(480);
    const chapters = new Set(index.flatMap(({ section }) => /^§(\d+|A)/.exec(section)?.[1] ?? []));
    // §6 has examples alone.
    expect([...chapters].toSorted()).toEqual([
      '1',
      '10',
      '11',
      '12',
      '13',
      '14',
      '2',
      '3',
      '4',
      '5',
      '7',
      '8',
      '9',
      'A',
    ]);
    expect(index.filter(({ hash, keywords }) => !/^[\da-f]{8}$/.test(hash) || keywords.length === 0)).toEqual([]);
  });

  test('names rows that exist', () => {
    const unknown = index.flatMap(({ section, hash, rows: named }) =>
      named.filter((row) => !rows.has(row)).map((row) => `${section} ${hash} → ${row}`),
    );
    expect(unknown).toEqual([]);
  });

  test('has a row or a reason for every statement', () => {
    const open = index.filter(({ rows: named, noRow }) => named.length === 0 && (noRow ?? '').trim() === '');
    expect(open).toEqual([]);
  });

  test('names every row that is stated: add a new one to the statements that say it (protocol/statements/*.yaml)', () => {
    const named = new Set(index.flatMap((statement) => statement.rows));
    const unnamed = [...rows.values()].filter(({ id, basis }) => basis === 'stated' && !named.has(id));
    expect(unnamed.map(({ id }) => id)).toEqual([]);
  });

  test('names a stated row in a section that the row gives', () => {
    const sectionsOf = (text: string): readonly string[] => text.match(/§(?:\d+|[A-Z])(?:\.\d+)*/g) ?? [];
    const astray = [...rows.values()].filter(({ id, basis, section }) => {
      const places = index.filter((statement) => statement.rows.includes(id)).map((statement) => statement.section);
      const own = sectionsOf(section);
      return (
        basis === 'stated' &&
        !places.some(
          (place) => own.includes(place) || section.includes(`a2a.proto ${place}`) || section.includes(`, ${place}`),
        )
      );
    });
    expect(astray.map(({ id }) => id)).toEqual([]);
  });

  test('demands of no row more than it says: a MUST row has a MUST, a SHOULD row a SHOULD or a MUST', () => {
    const words = Map.groupBy(
      index.flatMap(({ rows: named, keywords }) => named.map((row) => ({ row, keywords }))),
      ({ row }) => row,
    );
    const strength = (said: readonly string[]): number =>
      said.some((word) => /^(?:must|shall|required)/i.test(word))
        ? 2
        : said.some((word) => /^should/i.test(word))
          ? 1
          : 0;
    const needed = { MUST: 2, SHOULD: 1, MAY: 0 } as const;
    const beyond = [...rows.values()].filter(
      ({ id, basis, level }) =>
        basis === 'stated' && strength((words.get(id) ?? []).flatMap(({ keywords }) => keywords)) < needed[level],
    );
    expect(beyond.map(({ id }) => id)).toEqual([]);
  });
});

describe('statements are taken from a text', () => {
  const sample = `
# Title MUST not count

### 3.1. Send

The agent **MUST** answer. It is fast, e.g. MAY be at once. [Clients](#x) should wait,
as they **SHOULD NOT** hurry.

**Errors:**

- [\`SomeError\`](#x): It is wrong.

**Other:**

- It is right.

\`\`\`text
A line MUST not count
\`\`\`

### 5.4 Table

| Name | Code |
| :--- | :--- |
| \`SomeError\` | 1 |

## Appendix A. Old

Names MUST remain.
`;

  test('by sentence, section and keyword; lists of errors and defining tables too', () => {
    expect(statementsOfText(sample).map(({ section, keywords, begins }) => [section, keywords, begins])).toEqual([
      ['§3.1', ['MUST'], 'The agent MUST answer.'],
      ['§3.1', ['MAY'], 'It is fast e.g. MAY be'],
      ['§3.1', ['should', 'SHOULD NOT'], 'Clients should wait as they SHOULD'],
      ['§3.1', ['error'], 'SomeError It is wrong.'],
      ['§5.4', ['table'], 'SomeError 1'],
      ['§A', ['MUST'], 'Names MUST remain.'],
    ]);
  });

  test('and from a proto: comments and REQUIRED fields', () => {
    const proto = `
// Must be kind.
message Task {
  // An id. It must be
  // unique.
  string id = 1 [(google.api.field_behavior) = REQUIRED];
  string name = 2;
}`;
    expect(statementsOfProto(proto).map(({ section, keywords, begins }) => [section, keywords, begins])).toEqual([
      ['Task', ['Must'], 'Must be kind.'],
      ['Task.id', ['must'], 'It must be unique.'],
      ['Task.id', ['REQUIRED'], 'Task.id REQUIRED'],
    ]);
  });

  test('a sentence that changes is gone and new', () => {
    const before = statementsOfText(sample);
    const after = statementsOfText(sample.replace('MUST** answer', 'MUST** answer soon'));
    const { added, gone } = compareStatements(after, before);
    expect([added, gone].map((list) => list.map(({ begins }) => begins))).toEqual([
      ['The agent MUST answer soon.'],
      ['The agent MUST answer.'],
    ]);
  });
});
