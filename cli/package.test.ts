import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startReferenceAgent } from '../mocks/reference-agent/agent.ts';
import { temporaryFolder } from './testing/run-cli.ts';

/** What `npm pack` makes, unpacked beside the packages that it depends on: what a user has after installing it. */

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let installed: string;
let files: readonly string[];

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}
const manifest = (): Manifest => JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest;

beforeAll(async () => {
  folder = await temporaryFolder();
  // Built before these tests; not again.
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder.path], {
    cwd: root,
    maxBuffer: 16 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  // One entry for each package, as a list or (later versions of npm) by name.
  const [packed] = Object.values(JSON.parse(stdout) as Readonly<Record<string, { readonly filename: string }>>);
  const modules = join(folder.path, 'node_modules');
  installed = join(modules, 'a2a-gauntlet');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder.path, packed!.filename), '-C', installed, '--strip-components', '1']);
  files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  for (const name of [...Object.keys(manifest().dependencies), 'vitest']) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(modules, name), 'junction');
  }
});
afterAll(() => folder[Symbol.asyncDispose]());

const cli = (...args: string[]) =>
  run(process.execPath, [join(installed, 'bin', 'a2a-gauntlet.js'), ...args], { cwd: folder.path });

test('holds no code of tests, benchmarks and SDK peers', () => {
  const other = /(^|[\\/])(testing|bench|peers)([\\/]|$)|\.test\.|_test\.go$|\.map$|tsbuildinfo/;
  expect(files.filter((file) => other.test(file))).toEqual([]);
});

test('holds every module that one of its modules imports, and every entry point', () => {
  const missing = files
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => {
      const text = readFileSync(join(installed, file), 'utf8');
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)];
      return imports.map(([, path]) => join(dirname(file), path!));
    })
    .filter((path) => !existsSync(join(installed, path)));
  expect(missing).toEqual([]);
  const entries = Object.values(manifest().exports).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : Object.values(entry),
  );
  expect(entries.filter((entry) => !existsSync(join(installed, entry)))).toEqual([]);
});

test('asks nobody who installs it to run a script', () => {
  const installScripts = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];
  expect(Object.keys(manifest().scripts).filter((name) => installScripts.includes(name))).toEqual([]);
});

test('checks the embedded agent', async () => {
  const { stdout } = await cli('check', '--only', 'errors/unknown-task', '--no-color');
  expect(stdout).toMatch(/^exit 0: conformant/m);
});

test.for(['load', 'chaos', 'doctor', 'mutants', 'requirements', 'replay'])('knows the command %s', async (command) => {
  expect((await cli(command, '--help')).stdout).toContain(`Usage: a2a-gauntlet ${command}`);
});

test('brings the checks into a Vitest project', async () => {
  await using agent = await startReferenceAgent({});
  const options = JSON.stringify({ url: agent.url, only: ['errors/unknown-task'] });
  await writeFile(
    join(folder.path, 'agent.test.js'),
    `import { conformance } from 'a2a-gauntlet/vitest';\nconformance(${options});\n`,
  );
  const vitest = join(folder.path, 'node_modules', 'vitest', 'vitest.mjs');
  const { stdout } = await run(process.execPath, [vitest, 'run', '--root', folder.path, '--no-color'], {
    cwd: folder.path,
  });
  expect(stdout).toMatch(/Tests +.*passed/);
  expect(stdout).not.toMatch(/failed/);
});
