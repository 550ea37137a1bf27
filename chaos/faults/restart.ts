import type { Fault, Subject } from './fault.ts';

/** An orderly end and a start; nothing is left to be undone but where the start failed. */
export const restart = (subject: Subject): Fault => ({
  name: 'restart',
  target: subject,
  description: `${subject}: restarted (SIGTERM)`,
  async inject({ environment }) {
    const process = environment[subject];
    await process.restart();
    return () => process.start();
  },
});
