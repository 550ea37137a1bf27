import { describePeerRun } from './testing/peer-run.ts';

// Without the limit of the history there is no limit of 0; an agent that reads no version reads no parameter of it.
describePeerRun('a2a-go', {
  bindings: ['JSONRPC'],
  unmeasured: ['send/history-zero-omitted', 'errors/version-parameter'],
});
