import type { Fault, Subject } from './fault.ts';

/** SIGSTOP: connections stay open and nothing answers. Undone by SIGCONT. */
export const pause = (subject: Subject): Fault => ({
  name: 'pause',
  target: subject,
  description: `${subject}: paused (SIGSTOP)`,
  async inject({ environment }) {
    const process = environment[subject];
    await process.pause();
    return () => process.resume();
  },
});
