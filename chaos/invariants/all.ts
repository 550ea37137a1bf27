import { committedOnce } from './committed-once.ts';
import type { ChaosInvariant } from './invariant.ts';
import { nothingLost } from './nothing-lost.ts';
import { oneTaskAMessage } from './one-task-a-message.ts';
import { recovers } from './recovers.ts';
import { routingFollowsHeartbeats } from './routing-follows-heartbeats.ts';
import { streamAddsUp } from './stream-adds-up.ts';
import { textIntact } from './text-intact.ts';
import { workIsDone } from './work-is-done.ts';

/** Every invariant of chaos; a test holds this list complete. */
export const chaosInvariants: readonly ChaosInvariant[] = [
  nothingLost,
  workIsDone,
  oneTaskAMessage,
  committedOnce,
  streamAddsUp,
  textIntact,
  routingFollowsHeartbeats,
  recovers,
];
