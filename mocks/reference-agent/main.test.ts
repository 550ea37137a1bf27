import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { selfSignedCertificate } from '../testing/self-signed-certificate.ts';

const entry = fileURLToPath(new URL('./main.ts', import.meta.url));

function start(...args: string[]) {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const stderr: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
  return {
    child,
    stderr,
    exit: once(child, 'exit') as Promise<[code: number | null, signal: string | null]>,
    url: async () => {
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
      return (JSON.parse(line) as { url: string }).url;
    },
  };
}

const streamingOf = async (url: string): Promise<unknown> => {
  const card = (await (await fetch(`${url}/.well-known/agent-card.json`)).json()) as { capabilities: object };
  return (card.capabilities as { streaming: boolean }).streaming;
};

test('prints its URL and ends when its stdin closes', async () => {
  const { child, exit, url } = start('--profile', 'minimal', '--port', '0', '--long-running-ms', '10');
  expect(await streamingOf(await url())).toBe(false);
  child.stdin.end();
  expect(await exit).toEqual([0, null]);
});

test('is a variant on request', async () => {
  const { child, exit, url } = start('--variant', 'profiles/minimal');
  expect(await streamingOf(await url())).toBe(false);
  child.stdin.end();
  expect(await exit).toEqual([0, null]);
});

test('speaks the bindings that are asked for', async () => {
  const { child, exit, url } = start('--binding', 'HTTP+JSON,GRPC,JSONRPC', '--grpc-port', '0');
  const card = (await (await fetch(`${await url()}/.well-known/agent-card.json`)).json()) as {
    supportedInterfaces: { protocolBinding: string }[];
  };
  expect(card.supportedInterfaces.map(({ protocolBinding }) => protocolBinding)).toEqual([
    'HTTP+JSON',
    'GRPC',
    'JSONRPC',
  ]);
  child.stdin.end();
  expect(await exit).toEqual([0, null]);
});

test('speaks TLS with the certificate of a file, and demands those of clients', async () => {
  const { key, cert } = selfSignedCertificate();
  const folder = await mkdtemp(join(tmpdir(), 'reference-agent-'));
  const files = { 'own.pem': cert, 'own.key': key };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const [pem, secret] = Object.keys(files).map((name) => join(folder, name)) as [string, string];
  const { child, exit, url } = start('--cert', pem, '--key', secret, '--client-ca', pem);
  const socket = connect({ port: Number(new URL(await url()).port), host: '127.0.0.1', ca: cert, key, cert });
  await once(socket, 'secureConnect');
  socket.destroy();
  child.stdin.end();
  expect(await exit).toEqual([0, null]);
  await rm(folder, { recursive: true });
});

test('ends on SIGTERM', async () => {
  const { child, exit, url } = start('--mutant', 'streaming/two-messages');
  expect(await streamingOf(await url())).toBe(true);
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});

test.for([
  [['--profile', 'none'], "unknown profile 'none'"],
  [['--mutant', 'none'], "unknown mutant 'none'"],
  [['--variant', 'none'], "unknown variant 'none'"],
  [['--variant', 'sse/crlf', '--mutant', 'streaming/two-messages'], '--mutant and --variant'],
  [['--binding', 'SOAP'], "unknown binding 'SOAP'; known: JSONRPC, HTTP+JSON, GRPC"],
  [['--port', 'x'], '--port takes a whole number'],
  [['--cert', 'own.pem'], '--cert and --key'],
  [['--cert', 'missing.pem', '--key', 'missing.pem'], '--cert missing.pem: ENOENT'],
  [['--what'], '--what'],
] as const)('%j: one line, exit code 2', async ([args, text]) => {
  const { exit, stderr } = start(...args);
  expect(await exit).toEqual([2, null]);
  expect(stderr.join('')).toContain(text);
  expect(stderr.join('').trim().split('\n')).toHaveLength(1);
});
