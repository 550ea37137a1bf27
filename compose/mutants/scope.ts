import type { Selection } from '../../core/engine/plan.ts';
import { createRandom } from '../../core/engine/random.ts';
import type { Mutant } from '../../mocks/mutants/mutant.ts';
import { areaOf } from '../../protocol/requirements/row.ts';
import { invariants } from '../catalogue.ts';

/**
 * What a mutant meets: of the catalogue the checks of its own areas, or all of them, which shows wrong blame anywhere; or its suite
 * of generated cases.
 */
export type Scope = 'own-areas' | 'whole' | 'suite';

const everyHistory = new Set(invariants.map(({ id }) => id));

/**
 * The checks of the areas in which a mutant breaks rows or is to be killed, and every invariant, since all exchanges are judged
 * by those anyway.
 */
export function ownAreas({ breaks, killedBy }: Pick<Mutant, 'breaks' | 'killedBy'>): Selection {
  const areas = new Set([...breaks, ...killedBy].map(areaOf));
  return { check: (id) => everyHistory.has(id) || areas.has(areaOf(id)) };
}

/** Ids drawn by seed: the same seed draws the same. `share` is in 0…1; whatever is not 0 draws at least one. */
export function drawSample(ids: readonly string[], share: number, seed: number): ReadonlySet<string> {
  const random = createRandom(seed, 'mutants that meet the whole catalogue');
  const drawn = ids.map((id) => ({ id, place: random() })).toSorted((a, b) => a.place - b.place);
  return new Set(drawn.slice(0, Math.ceil(share * ids.length)).map(({ id }) => id));
}
