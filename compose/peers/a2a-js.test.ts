import { describePeerRun } from './testing/peer-run.ts';

describePeerRun('a2a-js', { bindings: ['JSONRPC', 'HTTP+JSON'], unmeasured: ['push/retry'] });
