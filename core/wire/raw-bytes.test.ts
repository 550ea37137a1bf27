import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curlOf } from '../history/curl.ts';
import { HistoryRecorder } from '../history/recorder.ts';
import { createBindingClient } from './connect.ts';
import { createHttpPort } from './http/undici-port.ts';
import { createTaskBudget } from './task-budget.ts';
import { serve } from './testing/serve.ts';

const deadlines = { operationMs: 5_000, taskMs: 5_000, graceMs: 20, pollMs: 25 };
const bytes = Buffer.from('{"s":"\xc3("}', 'latin1');

test.for(['JSONRPC', 'HTTP+JSON'])(
  'bytes that are no text go over %s as they are, behind a redirect too, and are recorded so',
  async (binding) => {
    const seen: Buffer[] = [];
    await using server = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push(Buffer.concat(chunks));
        const moved = request.url?.includes('/moved') === true;
        response.writeHead(moved ? 400 : 307, moved ? {} : { Location: `/moved${request.url}` }).end();
      });
    });
    const port = createHttpPort({ recorder: new HistoryRecorder('test') });
    const client = createBindingClient({
      port,
      interface: { binding, version: '1.0', url: server.url },
      deadlines,
      guard: createTaskBudget(1),
    });
    const { exchange } = await client.raw({ body: null, bytes, path: '/tasks/x:cancel', violation: 'no UTF-8' });
    await port.close();
    expect(seen).toEqual([bytes, bytes]);
    expect(exchange.request).toMatchObject({ body: bytes.toString(), bytes: bytes.toString('base64') });
    const echoed = curlOf(exchange).replace(/\| curl .*$/, '');
    expect(execFileSync('bash', ['-c', echoed])).toEqual(bytes);
    expect(curlOf(exchange)).toMatch(/ --data-binary @-$/);
  },
);
