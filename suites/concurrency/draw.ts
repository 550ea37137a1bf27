import type { ProbeContext } from '../../core/engine/check.ts';
import { createRandom } from '../../core/engine/random.ts';
import type { Abilities, Work } from './program.ts';
import { races, type Race } from './races.ts';

/** What a task may be begun with. */
export const works: readonly Work[] = ['completes', 'long-running', 'input-required'];

export const abilitiesOf = ({ behaviours, canNotify, target }: ProbeContext): Abilities => ({
  works: works.filter((work) => behaviours.elicited[work]?.outcome === 'task'),
  streaming: target.capabilities.streaming,
  push: canNotify && target.capabilities.pushNotifications,
});

/** Steps of one branch: a program has at most three before it, and mostly four branches. */
export const stepsOf = (maxCommands: number): number => Math.max(1, Math.min(6, Math.floor((maxCommands - 3) / 4)));

/** Races by weight, those of one kind spread out, so that a run that ends early has met all of them. */
export const turnOf = (abilities: Abilities, maxSteps: number): readonly Race[] =>
  races
    .filter((race) => race.programs(abilities, maxSteps) !== undefined)
    .flatMap((race) => Array.from({ length: race.weight }, (_, index) => ({ race, at: (index + 0.5) / race.weight })))
    .toSorted((a, b) => a.at - b.at)
    .map(({ race }) => race);

/** Of the one program that a run draws. */
export const seedOf = (seed: number, place: number, race: Race, run: number): number =>
  Math.floor(createRandom(seed, 'concurrency', place, race.id, run)() * 2 ** 31);
