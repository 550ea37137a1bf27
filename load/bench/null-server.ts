import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runGo } from '../../fixtures/tools/go-toolchain.ts';
import { packageRoot } from '../../fixtures/tools/package-root.ts';
import { runProgram } from '../../fixtures/tools/run-program.ts';

/** One event that a control or a tap saw; microseconds since the Unix epoch. */
export interface Observed {
  readonly task: string;
  readonly stamp: number;
  readonly at: number;
}

/** A server of `load/null-server` that runs. */
export interface NullProcess {
  readonly url: string;
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** Ends it and gives the lines that it then wrote. */
  close(): Promise<readonly string[]>;
}

export interface NullServer extends AsyncDisposable {
  serve(...args: readonly string[]): Promise<NullProcess>;
  /** Sends tasks to an address and only reads. */
  control(address: string, rate: number, durationMs: number): Promise<readonly Observed[]>;
}

/** Builds the null server into a temporary directory; everything it started is ended when it is disposed. */
export async function buildNullServer(): Promise<NullServer> {
  const directory = await mkdtemp(join(tmpdir(), 'a2a-gauntlet-null-server-'));
  const program = join(directory, 'null-server');
  await runGo(
    {
      args: ['build', '-trimpath', '-buildvcs=false', '-o', program, '.'],
      env: { CGO_ENABLED: '0', GOWORK: 'off' },
      cwd: join(packageRoot(), 'load', 'null-server'),
      produces: 'null-server',
    },
    { env: process.env, timeoutMs: 5 * 60_000 },
  );
  const running = new Set<NullProcess>();
  return {
    async serve(...args) {
      const served = await start(program, args);
      running.add(served);
      return served;
    },
    async control(address, rate, durationMs) {
      const args = ['-control', address, '-rate', String(rate), '-duration', `${durationMs}ms`];
      const { stdout } = await runProgram([program], args, { timeoutMs: durationMs + 60_000 });
      return parseObserved(stdout.split('\n'));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...running].map((each) => each.close()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export const parseObserved = (lines: readonly string[]): readonly Observed[] =>
  lines.flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as Observed]));

async function start(program: string, args: readonly string[]): Promise<NullProcess> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const first = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (lines.push(line) === 1) first.resolve(line);
  });
  const ended = once(child, 'close');
  ended.then(() => first.reject(new Error('the null server did not start')), first.reject);
  const { url } = JSON.parse(await first.promise) as { url: string };
  let closing: Promise<readonly string[]> | undefined;
  return {
    url,
    address: new URL(url).host,
    close: () =>
      (closing ??= (async () => {
        child.stdin.end();
        await ended;
        return lines.slice(1);
      })()),
  };
}
