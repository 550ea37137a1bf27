import type { Fault } from '../reference-agent/hooks.ts';

/** Whoever comes while all workers are busy waits for somebody to leave, and holds the door: from then on nobody is served. */
export const fullHouse = (workers: number) => (): Fault => {
  let busy = 0;
  return {
    http(_, response, next) {
      if (busy >= workers) return;
      busy += 1;
      if (busy >= workers) return;
      response.once('close', () => {
        if (busy < workers) busy -= 1;
      });
      next();
    },
  };
};
