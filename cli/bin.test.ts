import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, temporaryFolder, type Ended } from './testing/run-cli.ts';

/** Makes the process say that it is an older Node; what it starts is not touched. */
const pretend = (version: string): string =>
  `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;

async function checkout(options: { readonly main?: string; readonly node?: boolean }) {
  const folder = await temporaryFolder();
  await mkdir(join(folder.path, 'bin'));
  await cp(bin, join(folder.path, 'bin', 'a2a-gauntlet.js'));
  await writeFile(join(folder.path, 'package.json'), '{"type":"module"}');
  if (options.main !== undefined) {
    await mkdir(join(folder.path, 'dist', 'cli'), { recursive: true });
    await writeFile(join(folder.path, 'dist', 'cli', 'main.js'), options.main);
  }
  if (options.node === true) {
    await mkdir(join(folder.path, 'node_modules', 'node', 'bin'), { recursive: true });
    await symlink(process.execPath, join(folder.path, 'node_modules', 'node', 'bin', 'node'));
  }
  const start = (version: string, ...args: string[]) => {
    const child = spawn(
      process.execPath,
      ['--import', pretend(version), join(folder.path, 'bin', 'a2a-gauntlet.js'), ...args],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number, stdout, stderr }));
    return { child, ended };
  };
  return { ...folder, [Symbol.asyncDispose]: folder[Symbol.asyncDispose], start };
}

const main = `console.log(process.versions.node, process.argv.slice(2).join(' ')); process.exitCode = 7;`;

describe('the program starts', () => {
  test('on a recent Node', async () => {
    await using made = await checkout({ main });
    expect(await made.start('22.22.0', 'check', 'x y').ended).toEqual({
      code: 7,
      stdout: '22.22.0 check x y\n',
      stderr: '',
    });
  });

  test('on an older Node with the one of the checkout', async () => {
    await using made = await checkout({ main, node: true });
    const { code, stdout } = await made.start('20.20.2', 'check').ended;
    expect(stdout).toBe(`${process.versions.node} check\n`);
    expect(code).toBe(7);
  });

  test('and passes signals on to it', async () => {
    await using made = await checkout({
      main: `process.on('SIGTERM', () => { console.log('told'); process.exit(9); }); setInterval(() => {}, 1000); console.log('ready');`,
      node: true,
    });
    const { child, ended } = made.start('20.20.2');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 9, stdout: 'ready\ntold\n' });
  });
});

describe('else it says in one line what to do', () => {
  test('on an older Node', async () => {
    await using made = await checkout({ main });
    const { code, stderr } = await made.start('20.20.2').ended;
    expect(stderr).toMatch(/^a2a-gauntlet: needs Node 22\.22 or later, this is 20\.20\.2 [^\n]*npm ci[^\n]*\n$/);
    expect(code).toBe(2);
  });

  test('where it is not built', async () => {
    await using made = await checkout({});
    const { code, stderr } = await made.start('24.0.0').ended;
    expect(stderr).toMatch(/^a2a-gauntlet: is not built [^\n]*npm ci[^\n]*\n$/);
    expect(code).toBe(2);
  });
});
