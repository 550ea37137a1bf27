import type { Call, Model } from '../model.ts';

/** A cell that is written and read. */
export type CellInput = { readonly write: number } | 'read';
export type CellCall = Call<CellInput, number>;

/** A write answers what it wrote. */
export const cell: Model<number, CellInput, number> = {
  initial: [0],
  step(state, input, output) {
    if (input === 'read') return output === undefined || output === state ? [state] : [];
    return output === undefined || output === input.write ? [input.write] : [];
  },
  readsOnly: (input) => input === 'read',
  key: String,
};

/** A lamp that is lit by a press, and goes out by itself, for ever. */
export const lamp: Model<'off' | 'lit' | 'out', 'press' | 'look', boolean> = {
  initial: ['off'],
  step(state, input, output) {
    if (input === 'look') return output === undefined || output === (state === 'lit') ? [state] : [];
    return state === 'out' ? (output === true ? [] : ['out']) : output === false ? [] : ['lit'];
  },
  drift: (state) => (state === 'lit' ? ['out'] : []),
  readsOnly: (input) => input === 'look',
  key: String,
};

/** `[begin, end, what, answer]`; an answer that is missing never came. */
export const history = <Input, Output>(
  ...spans: readonly (readonly [number, number, Input, Output?])[]
): readonly Call<Input, Output>[] =>
  spans.map(([invokedAt, returnedAt, input, output], index) => ({
    id: `c${index}`,
    input,
    output,
    invokedAt,
    returnedAt,
  }));

/** Whether some order explains a history: by trying all of them. */
export function bruteForce<State, Input, Output>(
  model: Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
): boolean {
  const drifted = (states: readonly State[]): readonly State[] => {
    const all = new Map(states.map((state) => [model.key(state), state]));
    for (const state of all.values())
      for (const next of model.drift?.(state) ?? []) if (!all.has(model.key(next))) all.set(model.key(next), next);
    return [...all.values()];
  };
  const tryAll = (states: readonly State[], left: readonly Call<Input, Output>[]): boolean => {
    if (states.length === 0) return false;
    if (left.every(({ output }) => output === undefined)) return true;
    const soonest = Math.min(...left.flatMap(({ output, returnedAt }) => (output === undefined ? [] : [returnedAt])));
    return left
      .filter(({ invokedAt }) => invokedAt <= soonest)
      .some((call) =>
        tryAll(
          drifted(states).flatMap((state) => model.step(state, call.input, call.output)),
          left.filter((other) => other !== call),
        ),
      );
  };
  return tryAll(model.initial, calls);
}
