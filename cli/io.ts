import type { Env } from './check-options.ts';

/** A stream that text is written to. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** What a command knows of the process it runs in. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Env;
  readonly cwd: string;
}

/** Whether to colour: `--no-color`, then NO_COLOR (https://no-color.org), FORCE_COLOR, and whether it is a terminal. */
export function usesColor(wanted: boolean, { env, stdout }: Io): boolean {
  if (!wanted || (env['NO_COLOR'] ?? '') !== '') return false;
  if ((env['FORCE_COLOR'] ?? '') !== '') return env['FORCE_COLOR'] !== '0';
  return stdout.isTTY === true && env['TERM'] !== 'dumb';
}
