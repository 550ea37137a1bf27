import { peerBindings } from '../../fixtures/peers/peer-kind.ts';
import { describePeerRun } from './testing/peer-run.ts';

describePeerRun('a2a-go', {
  bindings: peerBindings,
  unmeasured: [
    // A task at work takes no message.
    'send/return-immediately-further',
    'push/retry',
    // What its work of unknown length makes is no artifact.
    'streaming/subscribe-no-gap',
    // Without the limit of the history there is no limit of 0.
    'send/history-zero-omitted',
    // It reads no version, so neither the parameter nor the name of the header can be told to matter.
    'errors/version-parameter',
    'envelope/parameter-case',
    'http-json/parameter-case',
    // None of its timestamps is right.
    'envelope/timestamp-precision',
    // It does not send a refused notification again, and no time is named.
    'push/retry',
  ],
});
