import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The whole program as a user runs it, for tests. */

const root = join(import.meta.dirname, '..', '..');
export const bin = join(root, 'bin', 'a2a-gauntlet.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** Resolves once stderr holds the text; rejects where the program ends before. */
  saysOnStderr(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface CliSetting {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the built program; throws where it is not built. */
export function startCli(args: readonly string[], { cwd, env = {} }: CliSetting): RunningCli {
  if (!existsSync(join(root, 'dist', 'cli', 'main.js'))) {
    throw new Error('the program is not built: run npm run build before the tests of cli/');
  }
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const look of waiting) look();
  });
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, stdout, stderr }));
  return {
    child,
    ended,
    saysOnStderr: async (text) => {
      const said = Promise.withResolvers<void>();
      const look = (): void => {
        if (stderr.includes(text)) said.resolve();
      };
      waiting.add(look);
      look();
      const early = ended.then(() => Promise.reject(new Error(`it ended without saying "${text}": ${stderr}`)));
      try {
        await Promise.race([said.promise, early]);
      } finally {
        waiting.delete(look);
        // Its end is no news any more.
        early.catch(() => undefined);
      }
    },
  };
}

export const runCli = (args: readonly string[], setting: CliSetting): Promise<Ended> => startCli(args, setting).ended;

/** A folder that is gone with its scope. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'a2a-gauntlet-cli-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
