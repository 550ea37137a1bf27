import { describePeerRun } from './testing/peer-run.ts';

describePeerRun('a2a-python', { bindings: ['JSONRPC', 'HTTP+JSON'], unmeasured: ['push/retry'] });
