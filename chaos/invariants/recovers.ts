import type { ChaosInvariant } from './invariant.ts';

export const recovers: ChaosInvariant = {
  id: 'chaos/recovers',
  title: 'Everything works again soon after the fault is over',
  contract: 'recovery',
  judge({ experiment, healedAt, recoveredAt, after }) {
    if (!after.holds || recoveredAt === null) {
      return { verdict: 'fail', reason: `not within ${experiment.recoverWithinMs} ms: ${after.reason}` };
    }
    const took = Math.max(0, Math.round(recoveredAt - healedAt));
    return { verdict: 'pass', reason: `after ${took} ms (at most ${experiment.recoverWithinMs} ms)` };
  },
};
