#!/usr/bin/env node
// Plain JavaScript on purpose: it runs before anything is built, and on a Node that is too old for the rest.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const needed = [22, 22];
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const program = join(root, 'dist', 'cli', 'main.js');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const recent = major > needed[0] || (major === needed[0] && minor >= needed[1]);

/** The Node that the npm package `node` installs beside this package, as a development dependency. */
const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const refuse = (reason) => {
  process.stderr.write(`a2a-gauntlet: ${reason}\n`);
  process.exitCode = 2;
};

if (!recent && existsSync(own) && process.execPath !== own) {
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => refuse(`cannot start ${own}: ${error.message}; run npm ci`));
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? 128 + constants.signals[signal] : code;
  });
} else if (!recent) {
  refuse(
    `needs Node ${needed.join('.')} or later, this is ${process.versions.node} (${process.execPath}): install a later one, or run npm ci in the checkout`,
  );
} else if (!existsSync(program)) {
  refuse(`is not built (${program} is missing): run npm ci (or npm run build)`);
} else {
  await import(new URL('../dist/cli/main.js', import.meta.url).href);
}
