import { limitData } from '../faults/limit-data.ts';
import { resetPeer } from '../faults/reset-peer.ts';
import type { Experiment } from '../experiment.ts';

/** Streams break off, between two events and in the middle of one; clients subscribe again. */
export const streamCut: Experiment = {
  id: 'stream-cut',
  title: 'Stream cut and resubscribe',
  hypothesis: 'A task goes on without its readers, and who subscribes again misses nothing.',
  method: [
    { atMs: 500, fault: resetPeer('agent', 0), forMs: 250 },
    { atMs: 1_200, fault: limitData('agent', 1_500), forMs: 300 },
  ],
  load: { kinds: ['long', 'chunks', 'long', 'echo'], everyMs: 60, patienceMs: 1_000, afterMs: 300 },
  recoverWithinMs: 5_000,
  decisive: ['chaos/nothing-lost', 'chaos/work-is-done', 'chaos/stream-adds-up'],
};
