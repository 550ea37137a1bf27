import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Abilities, Program } from './program.ts';
import { programs } from './program.ts';
import { races } from './races.ts';
import { programAt } from './shrink.ts';

const able: Abilities = { works: ['completes', 'long-running', 'input-required'], streaming: true, push: true };
const poor: Abilities = { works: ['completes'], streaming: false, push: false };

const drawn = (abilities: Abilities, seed = 1): readonly Program[] =>
  fc.sample(fc.oneof(...races.flatMap((race) => race.programs(abilities, 4) ?? [])), { numRuns: 300, seed });

const steps = ({ prefix, branches }: Program) => [...prefix, ...branches.flat()];

test('ids are unique, and every race has a title', () => {
  expect(new Set(races.map(({ id }) => id)).size).toBe(races.length);
  for (const { id, title } of races)
    expect([id, title]).toEqual([expect.stringMatching(/^[a-z-]+$/), expect.stringMatching(/^[A-Z].*[^.]$/)]);
});

test('a program asks only for what the agent can do', () => {
  for (const step of drawn(poor).flatMap(steps)) {
    expect(['subscribe', 'config']).not.toContain(step.do);
    if (step.do === 'start') expect(step.work).toBe('completes');
    if ('how' in step) expect(step.how).not.toBe('stream');
  }
});

test('a program begins a task, and has several clients', () => {
  for (const program of drawn(able)) {
    expect(program.prefix[0]?.do).toBe('start');
    expect(program.branches.length).toBeGreaterThan(1);
  }
});

test('an agent that makes no task is asked for nothing', () => {
  expect(races.filter((race) => race.programs({ ...able, works: [] }, 4) !== undefined)).toEqual([]);
});

test('all kinds of steps come, and every race of an able agent', () => {
  const kinds = new Set(
    drawn(able)
      .flatMap(steps)
      .map((step) => step.do),
  );
  expect([...kinds].toSorted()).toEqual(['cancel', 'config', 'get', 'list', 'send', 'start', 'subscribe', 'wait']);
  expect(races.filter((race) => race.programs({ ...able, crossing: true }, 4) === undefined)).toEqual([]);
});

test('seed and path draw the same program', () => {
  const arbitrary = programs(able, 4);
  const again = () => programAt(arbitrary, { seed: 42, path: '0:1' });
  expect(again()).toBeDefined();
  expect(again()).toEqual(again());
});
