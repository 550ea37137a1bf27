import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startReferenceAgent } from '../mocks/reference-agent/agent.ts';
import { readReport } from '../reports/json.ts';
import { expectOneLine } from './testing/one-line.ts';
import { answer, cardWith, serve } from './testing/servers.ts';
import { runCli, temporaryFolder, type Ended } from './testing/run-cli.ts';

/** §5.8, §12: bindings that the tool does not speak are named wherever a run is shown, with the reason. */

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const check = (url: string, ...args: string[]): Promise<Ended> =>
  runCli(['check', url, '--report-dir', 'report', ...args], { cwd: folder.path });

const webSocket = {
  url: 'wss://agent.example.com/ws',
  protocolBinding: 'https://example.com/bindings/websocket/v1',
  protocolVersion: '1.0',
};

test('one beside a standard binding is skipped, and named in every report', async () => {
  await using agent = await startReferenceAgent({
    fault: { card: (card) => ({ ...card, supportedInterfaces: [webSocket, ...card.supportedInterfaces] }) },
  });
  const reporters = ['console', 'markdown', 'junit'].flatMap((name) => ['--reporter', name]);
  const { code, stdout } = await check(agent.url, '--only', 'agent-card/*', ...reporters);
  expect(code).toBe(0);
  const { target } = await readReport(join(folder.path, 'report', 'report.json'));
  const reason = `"${webSocket.protocolBinding}" is a custom binding (§5.8), which is skipped: the tool speaks JSONRPC, HTTP+JSON, GRPC`;
  expect(target.interfaces.map(({ binding }) => binding)).toEqual(['JSONRPC']);
  expect(target.unmeasured).toEqual([
    { interface: { binding: webSocket.protocolBinding, version: '1.0', url: webSocket.url }, reason },
  ]);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`Interfaces not measured ${webSocket.protocolBinding} 1.0`);
  expect(stdout).toContain('is a custom binding (§5.8)');
  const text = (name: string): Promise<string> => readFile(join(folder.path, 'report', name), 'utf8');
  expect(await text('report.md')).toContain('is a custom binding (§5.8)');
  expect(await text('junit.xml')).toMatch(/<skipped message="[^"]+ is a custom binding \(§5\.8\)/);
});

test('a card of custom bindings alone is exit 3, and one line names them', async () => {
  const mail = { url: 'mailto:agent@example.com', protocolBinding: 'urn:example:mail', protocolVersion: '1.0' };
  await using server = await serve(answer(200, 'application/json', cardWith([webSocket, mail])));
  const ended = await check(server.url, '--quiet');
  expectOneLine(ended, 3, webSocket.protocolBinding, 'urn:example:mail', 'custom binding (§5.8)', 'protocolBinding');
});
