import { slicer } from '../faults/slicer.ts';
import type { Experiment } from '../experiment.ts';

/** Requests and events come in pieces that end anywhere, also within a character. */
export const slicedStream: Experiment = {
  id: 'sliced-stream',
  title: 'Sliced stream',
  hypothesis: 'Where the pieces end changes nothing of what is said.',
  method: [{ atMs: 400, fault: slicer('agent', 40, 10, 300), forMs: 1_000 }],
  load: { kinds: ['echo', 'chunks', 'echo', 'long'], everyMs: 80, patienceMs: 3_000, afterMs: 300 },
  recoverWithinMs: 5_000,
  decisive: ['chaos/nothing-lost', 'chaos/stream-adds-up', 'chaos/text-intact'],
};
