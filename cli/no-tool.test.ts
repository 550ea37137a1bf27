import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, temporaryFolder, type Ended } from './testing/run-cli.ts';

/** A machine that has nothing but Node: of the five ways to k6 and to Toxiproxy none leads anywhere. */

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await temporaryFolder();
  const path = join(folder.path, 'bin');
  await mkdir(path);
  const unset = { K6_BIN: '', K6_IMAGE: '', TOXIPROXY_BIN: '', TOXIPROXY_IMAGE: '' };
  env = { ...unset, PATH: path, XDG_CACHE_HOME: join(folder.path, 'cache') };
});
afterAll(() => folder[Symbol.asyncDispose]());

const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  runCli([...args, '--quiet', '--report-dir', join(folder.path, 'report')], {
    cwd: folder.path,
    env: { ...env, ...more },
  });

/** Nothing was measured, for a reason that is this machine's: exit 3, one line, no stack. */
function expectOneLine({ code, stdout, stderr }: Ended, ...wanted: readonly RegExp[]): void {
  expect(stderr).toMatch(/^a2a-gauntlet: [^\n]+\n$/);
  for (const words of wanted) expect(stderr).toMatch(words);
  expect(stdout).toBe('');
  expect(code).toBe(3);
}

describe.for([
  ['load', 'k6', 'K6', 'k6', '1.25'],
  ['chaos', 'toxiproxy', 'TOXIPROXY', 'toxiproxy-server', '1.23'],
] as const)('%s without %s', ([command, tool, prefix, program, go]) => {
  test('names all five ways in their order, and what to do', async () => {
    const ended = await run([command]);
    expectOneLine(
      ended,
      new RegExp(
        [
          `no ${tool}: ${prefix}_BIN is not set`,
          `nothing in the tool cache ${join(folder.path, 'cache')}\\S*`,
          `no ${program} on the PATH`,
          'no container image \\(no docker on the PATH\\)',
          `no Go toolchain to build \\S+ with \\(${go} or newer\\)`,
        ].join('; '),
      ),
      new RegExp(`; install Go ${go} or newer .*start Docker .*or set ${prefix}_BIN to the path of a ${tool}\n$`),
    );
  });

  test('--help names them too', async () => {
    const { code, stdout } = await runCli([command, '--help'], { cwd: folder.path, env });
    const said = stdout.replaceAll(/\s+/g, ' ');
    for (const way of [`${prefix}_BIN`, `${prefix}_IMAGE`, 'tool cache', `${program} on the PATH`, `Go ${go}`]) {
      expect(said).toContain(way);
    }
    expect(code).toBe(0);
  });

  test('a binary that the user named and that is none', async () => {
    const ended = await run([command], { [`${prefix}_BIN`]: '/nowhere/at/all' });
    expectOneLine(ended, new RegExp(`${prefix}_BIN: /nowhere/at/all is no ${tool}: .*ENOENT`), /or unset it\n$/);
  });

  test('an image that the user named, without an engine', async () => {
    const ended = await run([command], { [`${prefix}_IMAGE`]: 'mine:1' });
    expectOneLine(
      ended,
      new RegExp(`${prefix}_IMAGE: no container image \\(no docker on the PATH\\); set ${prefix}_IMAGE to an image of`),
    );
  });

  test('a registry that cannot be reached', async () => {
    const docker = join(folder.path, 'bin', 'docker');
    const refuses = 'echo "Error response from daemon: no such host" >&2; exit 1';
    await writeFile(
      docker,
      `#!/bin/sh\ncase "$*" in\nversion*) echo 28;;\n"image inspect"*) echo "No such image" >&2; exit 1;;\npull*) ${refuses};;\nesac\n`,
    );
    await chmod(docker, 0o755);
    try {
      const ended = await run([command]);
      expectOneLine(ended, /on the PATH; the image \S+ could not be pulled: no such host; no Go toolchain/);
      expect(ended.stderr).not.toContain('start Docker');
    } finally {
      await rm(docker);
    }
  });
});
