import { describe, expect, test } from 'vitest';
import { mutants } from '../../mocks/mutants/catalogue.ts';
import { checks, invariants } from '../catalogue.ts';
import { drawSample, ownAreas } from './scope.ts';

describe('the own areas of a mutant', () => {
  const { check } = ownAreas({ breaks: ['list/order'], killedBy: ['list/everything', 'invariants/list-answers'] });

  test.for([
    ['list/everything', true],
    ['list/cursor', true],
    ['invariants/data-model', true],
    ['push/delivery', false],
  ] as const)('%s: %s', ([id, wanted]) => {
    expect(check!(id)).toBe(wanted);
  });

  test('hold every killer that any mutant names', () => {
    const ids = [...checks, ...invariants].map(({ id }) => id);
    const outside = mutants.flatMap((mutant) =>
      mutant.killedBy.filter((killer) => ids.includes(killer) && !ownAreas(mutant).check!(killer)),
    );
    expect(outside).toEqual([]);
  });
});

describe('a sample', () => {
  const ids = Array.from({ length: 40 }, (_, index) => `area/mutant-${index}`);

  test('is as large as asked for, and of these ids', () => {
    const sample = drawSample(ids, 0.25, 7);
    expect(sample.size).toBe(10);
    expect([...sample].every((id) => ids.includes(id))).toBe(true);
  });

  test('follows the seed', () => {
    expect(drawSample(ids, 0.25, 7)).toEqual(drawSample(ids, 0.25, 7));
    expect([...drawSample(ids, 0.25, 8)].toSorted()).not.toEqual([...drawSample(ids, 0.25, 7)].toSorted());
  });

  test.for([
    [0, 0],
    [0.001, 1],
    [1, 40],
  ] as const)('a share of %f draws %i', ([share, size]) => {
    expect(drawSample(ids, share, 1).size).toBe(size);
  });
});
