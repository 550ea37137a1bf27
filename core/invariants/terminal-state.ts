import { isTerminal } from '../../protocol/task-state.ts';
import { isOlder } from '../history/status-age.ts';
import { defineInvariant } from './invariant.ts';
import { sightings, type Sighting } from './sightings.ts';
import { judgeInstances, type Defect, type Instance } from './tally.ts';

/** Whether `later` was asked for after `earlier` had arrived: only then can it not describe an earlier moment. */
const askedAfter = (later: Sighting, earlier: Sighting): boolean =>
  later.exchange.clock === earlier.exchange.clock && later.exchange.startedAt > earlier.at;

const readings: Defect['readings'] = [
  '§4.1.3, §3.1.1: a task in a terminal state stays in it',
  'no consistency between operations is promised: a replica may lag for a moment',
];

/**
 * Another end is a defect. A state that is no end may be a read that lags: only where two reads after each other show it,
 * and none after them the end again, does it stay wrong.
 */
function departure(
  end: Sighting,
  later: readonly Sighting[],
): { readonly seen: Sighting; readonly certain: boolean } | undefined {
  const otherEnd = later.find(({ state }) => isTerminal(state) && state !== end.state);
  if (otherEnd) return { seen: otherEnd, certain: true };
  const [seen, ...others] = later.filter(({ state }) => !isTerminal(state));
  if (!seen) return undefined;
  const last = others.findLast((other) => askedAfter(other, seen));
  const back = later.some((sighting) => isTerminal(sighting.state) && askedAfter(sighting, last ?? seen));
  // What by the agent's own timestamps was not recorded after the end may be a view of the past, however often it is shown.
  const left = [seen, ...others].some(({ raw }) => isOlder(end.raw, raw));
  return { seen, certain: last !== undefined && !back && left };
}

/** For each task with an end that was looked at again: the end, and the first later sighting in another state. */
function instances(all: readonly Sighting[]): readonly Instance[] {
  const states = all.filter(({ state }) => state !== undefined);
  return [...Map.groupBy(states, ({ taskId }) => taskId).values()].flatMap((ofTask): Instance[] => {
    const end = ofTask.filter(({ state }) => isTerminal(state)).toSorted((a, b) => a.at - b.at)[0];
    const later = end ? ofTask.filter((sighting) => askedAfter(sighting, end)) : [];
    if (!end || later.length === 0) return [];
    const left = departure(end, later);
    if (!left) return [{ exchanges: [end.exchange, later[0]!.exchange] }];
    const { taskId, state, exchange } = left.seen;
    const defect: Defect = {
      expected: `task ${taskId} in ${end.state}, as ${end.exchange.id} showed it`,
      actual: `${state} in ${exchange.id}`,
      ...(left.certain ? {} : { readings }),
    };
    return [{ exchanges: [end.exchange, exchange], defect }];
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
