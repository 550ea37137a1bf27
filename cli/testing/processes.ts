import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Processes of this machine, for tests (Linux). */

const read = (pid: string, name: string): string | undefined => {
  try {
    return readFileSync(join('/proc', pid, name), 'utf8');
  } catch {
    // It is gone meanwhile, or not ours.
    return undefined;
  }
};

/** Command lines of the processes whose environment holds the mark: a program, and all that it started. */
export const processesWith = (mark: string): readonly string[] =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && read(pid, 'environ')?.includes(mark) === true)
    .flatMap((pid) => read(pid, 'cmdline')?.replaceAll('\0', ' ').trim() ?? []);
