import type { Pulse } from '../client/pulse.ts';
import type { ChaosInvariant } from './invariant.ts';

/** Heartbeats carry milliseconds; a difference below one says nothing. */
const roundingMs = 1;

/** Pulses that the registry answered. */
const answered = (pulses: readonly Pulse[]): readonly Pulse[] => pulses.filter(({ routed }) => routed !== null);

/**
 * Judged where a fault kept heartbeats away until the agent was removed, or for so long that it should have been. Times are
 * compared by the registry's own stamps, so that a slow machine accuses nobody.
 */
export const routingFollowsHeartbeats: ChaosInvariant = {
  id: 'chaos/routing-follows-heartbeats',
  title: 'The registry names an agent until so many heartbeats were missed, not longer, and again when they come',
  contract: 'routing',
  judge({ experiment, faults, pulses, heartbeatMs, missedHeartbeats, recoveredAt, after }) {
    const planned = experiment.method.find(({ until }) => until === 'unrouted');
    const fault = faults.find(({ description }) => description === planned?.fault.description);
    if (planned === undefined || fault === undefined || fault.undoneAt === null) {
      return { verdict: 'untested', reason: 'no heartbeats were kept away' };
    }
    const until = fault.undoneAt;
    const seen = answered(pulses);
    const before = seen.findLast(({ endedAt }) => endedAt <= fault.injectedAt);
    if (before?.routed !== true) return { verdict: 'untested', reason: 'the agent was not routed before the fault' };
    const during = seen.filter(({ at, endedAt }) => at > fault.injectedAt && endedAt <= until);
    if (during.length === 0) return { verdict: 'untested', reason: 'the registry did not answer during the fault' };
    const removed = during.find(({ routed }) => routed === false);
    const held = Math.round(until - fault.injectedAt);
    if (removed === undefined) {
      return {
        verdict: 'fail',
        reason: `still named ${held} ms after its heartbeats were cut, although ${missedHeartbeats} of ${heartbeatMs} ms were missed`,
      };
    }
    const last = seen.findLast(({ routed, endedAt }) => routed === true && endedAt <= removed.endedAt);
    const silentMs = removed.wallAt - Date.parse(last?.lastHeartbeatAt ?? '');
    if (silentMs < missedHeartbeats * heartbeatMs - roundingMs) {
      return { verdict: 'fail', reason: `removed ${Math.round(silentMs)} ms after a heartbeat: too early` };
    }
    if (recoveredAt === null) return { verdict: 'fail', reason: `not named again: ${after.reason}` };
    return {
      verdict: 'pass',
      reason: `removed ${Math.round(silentMs)} ms after its last heartbeat, named again when they came`,
    };
  },
};
