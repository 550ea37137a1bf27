import type { Observation } from './delivery-judges.ts';
import { isDue, isHeard, showsTerminal, type Scenario } from './scenario.ts';

/** How each of the scenes is brought about. */
export type Plays = { readonly [Name in keyof Observation]: () => Promise<Observation[Name]> };

function scenariosIn(scene: Observation[keyof Observation]): readonly Scenario[] {
  if (scene === null) return [];
  if ('first' in scene) return [scene.first, scene.second];
  return 'scenario' in scene ? [scene.scenario] : [scene];
}

/** A task ended and its webhook did not hear of it: due to a queue that is slow just then, or to a request that was lost on its way. */
const lacksEnd = (scenario: Scenario): boolean => isDue(scenario) && !showsTerminal(scenario.deliveries);

async function playAll(plays: Plays, names: readonly (keyof Observation)[]): Promise<Partial<Observation>> {
  const scenes = await Promise.all(names.map(async (name) => [name, await plays[name]()] as const));
  return Object.fromEntries(scenes) as Partial<Observation>;
}

/** Of each webhook the play in which it heard the end: the network may lose another one's notification each time. */
function better(one: Scenario, again: Scenario): Scenario {
  return lacksEnd(again) && isDue(one) && !lacksEnd(one) ? one : again;
}

function combined({ created, ...first }: Observation, second: Partial<Observation>): Observation {
  const again = second.created ?? created;
  const both =
    again === null || created === null
      ? again
      : { ...again, first: better(created.first, again.first), second: better(created.second, again.second) };
  return { ...first, ...second, created: both };
}

/**
 * Plays all scenes at once, and those once more where an end did not come although the receiver is reached: of an attempt that the
 * network loses nobody hears (§4.3.3 wants attempts). What is missing twice is missing by the way of the agent.
 */
export async function playScenes(plays: Plays): Promise<Observation> {
  const names = Object.keys(plays) as (keyof Observation)[];
  const first = (await playAll(plays, names)) as Observation;
  const isReached = names.some((name) => scenariosIn(first[name]).some(isHeard));
  const lacking = isReached ? names.filter((name) => scenariosIn(first[name]).some(lacksEnd)) : [];
  const second = Object.entries(await playAll(plays, lacking)).filter(([, scene]) => scene !== null);
  return combined(first, Object.fromEntries(second) as Partial<Observation>);
}
