import { peerBindings } from '../../fixtures/peers/peer-kind.ts';
import { describePeerRun } from './testing/peer-run.ts';

// Of two configurations without an id there is only one, so that none can be seen to persist beside another.
describePeerRun('a2a-python', { bindings: peerBindings, unmeasured: ['push/retry', 'push/config-persists'] });
