import { peerBindings } from '../../fixtures/peers/peer-kind.ts';
import { describePeerRun } from './testing/peer-run.ts';

describePeerRun('a2a-python', {
  bindings: peerBindings,
  unmeasured: [
    'push/retry',
    'streaming/subscribe-no-gap',
    // It waits for the rest of a message until the deadline.
    'grpc/framing',
  ],
});
