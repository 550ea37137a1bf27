import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Call } from './model.ts';
import { search, searchParts } from './search.ts';
import { bruteForce, cell, history, lamp, type CellCall, type CellInput } from './testing/models.ts';

const write = (value: number): CellInput => ({ write: value });

describe('a cell', () => {
  test.for<[string, readonly CellCall[], boolean]>([
    ['nothing', [], true],
    ['what was written is read', history<CellInput, number>([0, 1, write(1), 1], [2, 3, 'read', 1]), true],
    ['what was never written is read', history<CellInput, number>([0, 1, write(1), 1], [2, 3, 'read', 2]), false],
    ['the old value after the new', history<CellInput, number>([0, 1, write(1), 1], [2, 3, 'read', 0]), false],
    ['the old value while it is written', history<CellInput, number>([0, 9, write(1), 1], [2, 3, 'read', 0]), true],
    [
      'new, then old, while it is written',
      history<CellInput, number>([0, 9, write(1), 1], [1, 2, 'read', 1], [3, 4, 'read', 0]),
      false,
    ],
    [
      'two reads at once may differ',
      history<CellInput, number>([0, 9, write(1), 1], [1, 4, 'read', 1], [2, 5, 'read', 0]),
      true,
    ],
    [
      'two writes at once, in either order',
      history<CellInput, number>([0, 9, write(1), 1], [0, 9, write(2), 2], [10, 11, 'read', 1]),
      true,
    ],
    [
      'two writes at once, in both orders',
      history<CellInput, number>([0, 9, write(1), 1], [0, 9, write(2), 2], [10, 11, 'read', 1], [12, 13, 'read', 2]),
      false,
    ],
    ['a write without an answer happened', history<CellInput, number>([0, 1, write(1)], [5, 6, 'read', 1]), true],
    ['a write without an answer did not happen', history<CellInput, number>([0, 1, write(1)], [5, 6, 'read', 0]), true],
    [
      'a write without an answer happened late',
      history<CellInput, number>([0, 1, write(1)], [5, 6, 'read', 0], [7, 8, 'read', 1]),
      true,
    ],
    [
      'it happens once',
      history<CellInput, number>([0, 1, write(1)], [2, 3, 'read', 1], [4, 5, write(2), 2], [6, 7, 'read', 1]),
      false,
    ],
    ['spans that touch overlap', history<CellInput, number>([0, 2, write(1), 1], [2, 3, 'read', 0]), true],
  ])('%s', ([, calls, explained]) => {
    expect(search(cell, calls).kind).toBe(explained ? 'linearizable' : 'impossible');
    expect(bruteForce(cell, calls)).toBe(explained);
  });
});

describe('a lamp that goes out by itself', () => {
  type Look = Call<'press' | 'look', boolean>;
  test.for<[string, readonly Look[], boolean]>([
    ['it is dark', history<'press' | 'look', boolean>([0, 1, 'look', false]), true],
    ['lit', history<'press' | 'look', boolean>([0, 1, 'press', true], [2, 3, 'look', true]), true],
    ['out', history<'press' | 'look', boolean>([0, 1, 'press', true], [2, 3, 'look', false]), true],
    [
      'lit again',
      history<'press' | 'look', boolean>([0, 1, 'press', true], [2, 3, 'look', false], [4, 5, 'look', true]),
      false,
    ],
    ['by nobody', history<'press' | 'look', boolean>([0, 1, 'look', true]), false],
  ])('%s', ([, calls, explained]) => {
    expect(search(lamp, calls).kind).toBe(explained ? 'linearizable' : 'impossible');
  });
});

test('a failure shows the shortest beginning that cannot be, and the orders of what was before', () => {
  const calls = history<CellInput, number>(
    [0, 1, write(1), 1],
    [2, 9, write(2), 2],
    [3, 4, 'read', 2],
    [5, 6, 'read', 1],
    [7, 8, 'read', 2],
    [20, 21, 'read', 2],
  );
  const outcome = search(cell, calls);
  if (outcome.kind !== 'impossible') throw new Error(outcome.kind);
  expect(outcome.last.id).toBe('c3');
  // The second write had not come back.
  expect(outcome.prefix.map(({ id, output }) => [id, output])).toEqual([
    ['c0', 1],
    ['c1', undefined],
    ['c2', 2],
    ['c3', 1],
  ]);
  expect(outcome.partials.map(({ order, state }) => [order.map(({ id }) => id), state])).toEqual([
    [['c0', 'c1', 'c2'], 2],
  ]);
});

test('an answer that comes later is no part of the beginning', () => {
  // With what the write answers in mind the read is impossible already; without it the write may have been any.
  const model = {
    ...cell,
    step: (state: number, input: CellInput, output: number | undefined): readonly number[] => {
      if (input === 'read') return output === undefined || output === state ? [state] : [];
      return output === undefined ? [1, 2] : [output];
    },
  };
  const outcome = search(model, history<CellInput, number>([0, 9, write(0), 1], [1, 2, 'read', 2], [3, 4, 'read', 2]));
  if (outcome.kind !== 'impossible') throw new Error(outcome.kind);
  expect(outcome.last.id).toBe('c0');
  expect(outcome.prefix).toHaveLength(3);
});

test('too much to look at is undecided, not impossible', () => {
  const calls = Array.from({ length: 12 }, (_, index) => [0, 9, write(index), index] as const);
  const outcome = search(cell, history<CellInput, number>(...calls, [10, 11, 'read', 99]), { limit: 1_000 });
  expect(outcome.kind).toBe('undecided');
  expect(search(cell, history<CellInput, number>(...calls, [10, 11, 'read', 99])).kind).toBe('impossible');
});

test('parts are decided alone', () => {
  const named = (part: string, calls: readonly CellCall[]): readonly CellCall[] =>
    calls.map((call) => ({ ...call, id: `${part}/${call.id}` }));
  const outcomes = searchParts(
    () => cell,
    [
      ...named('good', history<CellInput, number>([0, 1, write(1), 1], [2, 3, 'read', 1])),
      ...named('bad', history<CellInput, number>([0, 1, write(1), 1], [2, 3, 'read', 2])),
    ],
    ({ id }) => id.split('/')[0]!,
  );
  expect([...outcomes].map(([part, { kind }]) => [part, kind])).toEqual([
    ['good', 'linearizable'],
    ['bad', 'impossible'],
  ]);
});

const input = fc.oneof(fc.integer({ min: 1, max: 3 }).map(write), fc.constant<CellInput>('read'));

/** A history that really happened: each call at its own moment, with spans around these. */
const real = fc
  .array(
    fc.record({
      input,
      before: fc.integer({ min: 0, max: 40 }),
      after: fc.integer({ min: 0, max: 40 }),
      lost: fc.nat(9),
    }),
    { maxLength: 24 },
  )
  .map((calls) => {
    let value = 0;
    return calls.map(({ input: asked, before, after, lost }, index): CellCall => {
      if (asked !== 'read') value = asked.write;
      const at = index * 10;
      return {
        id: `c${index}`,
        input: asked,
        output: lost === 0 ? undefined : value,
        invokedAt: at - before,
        returnedAt: at + after,
      };
    });
  });

describe('properties', () => {
  test('what really happened one after the other is always explained, whatever overlaps', () => {
    fc.assert(
      fc.property(real, (calls) => {
        const outcome = search(cell, calls);
        expect(outcome.kind).toBe('linearizable');
      }),
      { numRuns: 500 },
    );
  });

  test('a read of what was never written is never explained', () => {
    fc.assert(
      fc.property(real, fc.nat(), (calls, which) => {
        const reads = calls.filter(({ input: asked, output }) => asked === 'read' && output !== undefined);
        fc.pre(reads.length > 0);
        const wrong = reads[which % reads.length];
        const outcome = search(
          cell,
          calls.map((call) => (call === wrong ? { ...call, output: 99 } : call)),
        );
        expect(outcome.kind).toBe('impossible');
      }),
      { numRuns: 300 },
    );
  });

  test('one corrupted answer of a history without overlaps is rejected, unless it happens to be right', () => {
    fc.assert(
      fc.property(
        fc.array(input, { minLength: 2, maxLength: 20 }),
        fc.nat(),
        fc.integer({ min: 0, max: 3 }),
        (inputs, which, corrupted) => {
          let value = 0;
          const calls = inputs.map((asked, index): CellCall => {
            if (asked !== 'read') value = asked.write;
            return { id: `c${index}`, input: asked, output: value, invokedAt: 10 * index, returnedAt: 10 * index + 5 };
          });
          const wrong = which % calls.length;
          fc.pre(calls[wrong]!.output !== corrupted);
          expect(search(cell, calls.with(wrong, { ...calls[wrong]!, output: corrupted })).kind).toBe('impossible');
        },
      ),
      { numRuns: 300 },
    );
  });

  const anything = fc
    .array(
      fc.record({
        input,
        output: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 5 }),
        invokedAt: fc.integer({ min: 0, max: 20 }),
        length: fc.integer({ min: 0, max: 10 }),
      }),
      { maxLength: 6 },
    )
    .map((calls) =>
      calls.map(({ input: asked, output, invokedAt, length }, index): CellCall => ({
        id: `c${index}`,
        input: asked,
        // A write answers what it wrote, so that most histories fail by their reads.
        output: asked === 'read' || output === undefined ? output : asked.write,
        invokedAt,
        returnedAt: invokedAt + length,
      })),
    );

  test('it says what trying all orders says', () => {
    const kinds = { linearizable: 0, impossible: 0, undecided: 0 };
    fc.assert(
      fc.property(anything, (calls) => {
        const { kind } = search(cell, calls);
        kinds[kind] += 1;
        expect(kind).toBe(bruteForce(cell, calls) ? 'linearizable' : 'impossible');
      }),
      { numRuns: 1_000 },
    );
    expect(Math.min(kinds.linearizable, kinds.impossible)).toBeGreaterThan(100);
  });

  test('for a system that moves by itself, too', () => {
    const looks = fc
      .array(
        fc.record({
          asked: fc.constantFrom<'press' | 'look'>('press', 'look', 'look'),
          output: fc.option(fc.boolean(), { nil: undefined, freq: 6 }),
          invokedAt: fc.integer({ min: 0, max: 20 }),
          length: fc.integer({ min: 0, max: 10 }),
        }),
        { maxLength: 6 },
      )
      .map((calls) =>
        calls.map(({ asked, output, invokedAt, length }, index) => ({
          id: `c${index}`,
          input: asked,
          output,
          invokedAt,
          returnedAt: invokedAt + length,
        })),
      );
    fc.assert(
      fc.property(looks, (calls) => {
        expect(search(lamp, calls).kind).toBe(bruteForce(lamp, calls) ? 'linearizable' : 'impossible');
      }),
      { numRuns: 1_000 },
    );
  });

  test('many reads at once are cheap', () => {
    const reads = Array.from({ length: 60 }, (_, index) => [0, 100, 'read', index % 2] as const);
    const outcome = search(cell, history<CellInput, number>([0, 100, write(1), 1], ...reads));
    expect([outcome.kind, outcome.explored < 5_000]).toEqual(['linearizable', true]);
  });

  test('an order that it gives is one, and keeps the order of time', () => {
    fc.assert(
      fc.property(anything, (calls) => {
        const outcome = search(cell, calls);
        if (outcome.kind !== 'linearizable') return;
        const { order } = outcome;
        let states: readonly number[] = cell.initial;
        for (const call of order) states = states.flatMap((state) => cell.step(state, call.input, call.output));
        expect(states.length).toBeGreaterThan(0);
        for (const [index, call] of order.entries())
          for (const later of order.slice(index + 1))
            if (later.output !== undefined) expect(later.returnedAt).toBeGreaterThanOrEqual(call.invokedAt);
        for (const call of calls) if (call.output !== undefined) expect(order).toContain(call);
      }),
      { numRuns: 300 },
    );
  });

  test('a failing beginning fails, and one answer less does not', () => {
    fc.assert(
      fc.property(anything, (calls) => {
        const outcome = search(cell, calls);
        if (outcome.kind !== 'impossible') return;
        const { prefix, last } = outcome;
        expect(bruteForce(cell, prefix)).toBe(false);
        const answers = prefix.flatMap((call) => (call.output === undefined ? [] : [call.returnedAt]));
        const newest = Math.max(...answers);
        const open = prefix.map((call) => (call.returnedAt === newest ? { ...call, output: undefined } : call));
        expect(bruteForce(cell, open)).toBe(true);
        expect(prefix.some(({ id }) => id === last.id)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
