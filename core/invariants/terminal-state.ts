import { isTerminal } from '../../protocol/task-state.ts';
import { defineInvariant } from './invariant.ts';
import { sightings, type Sighting } from './sightings.ts';
import { judgeInstances, type Defect, type Instance } from './tally.ts';

/** Whether `later` was asked for after `end` had arrived: only then can it not describe an earlier moment. */
const askedAfter = (later: Sighting, end: Sighting): boolean =>
  later.exchange.clock === end.exchange.clock && later.exchange.startedAt > end.at;

function defectOf(end: Sighting, later: Sighting | undefined): Defect | undefined {
  if (!later) return undefined;
  const { taskId, exchange } = later;
  return {
    expected: `task ${taskId} in ${end.state}, as ${end.exchange.id} showed it`,
    actual: `${later.state} in ${exchange.id}`,
  };
}

/** For each task with an end that was looked at again: the end, and the first later sighting in another state. */
function instances(all: readonly Sighting[]): readonly Instance[] {
  const states = all.filter(({ state }) => state !== undefined);
  return [...Map.groupBy(states, ({ taskId }) => taskId).values()].flatMap((ofTask): Instance[] => {
    const end = ofTask.filter(({ state }) => isTerminal(state)).toSorted((a, b) => a.at - b.at)[0];
    if (!end) return [];
    const later = ofTask.filter((sighting) => askedAfter(sighting, end));
    if (later.length === 0) return [];
    const left = later.find(({ state }) => state !== end.state);
    const exchanges = [end.exchange, (left ?? later[0]!).exchange] as const;
    return [{ exchanges, defect: defectOf(end, left) }];
  });
}

export const terminalState = defineInvariant({
  id: 'invariants/terminal-state',
  title: 'A task has one terminal state and never leaves it',
  provenance: { kind: 'spec' },
  requirements: ['get/terminal-stable'],
  judge: (history) => ({
    'get/terminal-stable': judgeInstances(instances(sightings(history)), {
      counted: 'ended tasks that were looked at again',
      wrong: 'left their terminal state',
      hint: 'no task ended and was read afterwards: name a stimulus that completes, --stimuli <file>',
    }),
  }),
});
