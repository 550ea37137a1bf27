import { readFile } from 'node:fs/promises';

/** Clock ticks a second of Linux' /proc; fixed in its ABI for user space. */
const ticks = 100;

/** User and system time of a process so far; undefined where the system does not tell, or the process is gone. */
export async function cpuSecondsOf(pid: number): Promise<number | undefined> {
  let stat: string;
  try {
    stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the name in brackets, which may hold anything; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return Number.isFinite(user + system) ? (user + system) / ticks : undefined;
}
