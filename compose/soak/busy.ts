import { spawn, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Works all the time; ends as soon as whoever started it does. */
const script = `
process.stdin.on('close', () => process.exit()).resume();
const work = () => { const end = performance.now() + 20; while (performance.now() < end); setImmediate(work); };
work();`;

/** So many busy processes for each core, until it is closed. */
export function startBusyProcesses(timesCores: number): { close(): void } {
  const children = Array.from({ length: timesCores * availableParallelism() }, (): ChildProcess =>
    spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'ignore', 'ignore'] }),
  );
  return {
    close: () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}
