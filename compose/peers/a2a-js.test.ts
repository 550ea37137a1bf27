import { peerBindings } from '../../fixtures/peers/peer-kind.ts';
import { describePeerRun } from './testing/peer-run.ts';

// What its work of unknown length makes is no artifact. None of the SDKs sends a refused notification again in the time of a run.
describePeerRun('a2a-js', { bindings: peerBindings, unmeasured: ['push/retry', 'streaming/subscribe-no-gap'] });
