import type { Fault, Subject } from './fault.ts';

/** `kill -9`; undone by a start on what the process had written to disk. */
export const kill = (subject: Subject): Fault => ({
  name: 'kill',
  target: subject,
  description: `${subject}: killed (SIGKILL)`,
  async inject({ environment }) {
    const process = environment[subject];
    await process.kill();
    return () => process.start();
  },
});
