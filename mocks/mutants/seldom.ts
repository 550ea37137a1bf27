import type { Fault } from '../reference-agent/hooks.ts';

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function drawsOf(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Hook = (...args: readonly unknown[]) => unknown;

/** Hooks that give what is used instead of their first argument, or that argument where nothing is to be changed. */
const changing = [
  'reply',
  'restReply',
  'grpcReply',
  'httpResponse',
  'payload',
  'event',
  'task',
  'result',
  'error',
  'pushRequest',
] as const satisfies readonly (keyof Fault)[];

/**
 * The same fault, but of the answers that it would change it changes one in `oneIn`, drawn by the agent's seed. Each answer is drawn
 * for itself; whatever a hook remembers it remembers of all.
 */
export function seldom(fault: Fault, seed: number, oneIn = 10): Fault {
  const draw = drawsOf(seed);
  const hooks = changing.flatMap((name) => {
    const hook = fault[name] as Hook | undefined;
    if (hook === undefined) return [];
    const sometimes: Hook = (...args) => {
      const changed = hook(...args);
      return changed === args[0] || draw() * oneIn >= 1 ? args[0] : changed;
    };
    return [[name, sometimes] as const];
  });
  return { ...fault, ...(Object.fromEntries(hooks) as Fault) };
}
