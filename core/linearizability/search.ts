import type { Call, Linearization, Model, Outcome } from './model.ts';

export interface SearchOptions {
  /** Configurations that are looked at before the search gives up. */
  readonly limit?: number;
}

const defaultLimit = 500_000;
/** Partial linearizations that a failure shows. */
const partialsShown = 3;

/** The order so far, newest first: configurations share their beginnings. */
interface Path<Input, Output> {
  readonly call: Call<Input, Output>;
  readonly before: Path<Input, Output> | undefined;
  readonly length: number;
}

/** What could be at a moment: a state, and which of the open calls have taken effect already. */
interface Configuration<State, Input, Output> {
  readonly state: State;
  /** Key of `state`. */
  readonly at: string;
  /** Indexes of open calls, ascending. */
  readonly done: readonly number[];
  readonly path: Path<Input, Output> | undefined;
}

type Ran<State, Input, Output> =
  | { readonly kind: 'explained'; readonly path: Path<Input, Output> | undefined; readonly explored: number }
  | {
      readonly kind: 'stuck';
      readonly at: Call<Input, Output>;
      readonly before: readonly Configuration<State, Input, Output>[];
      readonly explored: number;
    }
  | { readonly kind: 'undecided'; readonly explored: number };

const listed = <Input, Output>(path: Path<Input, Output> | undefined): readonly Call<Input, Output>[] => {
  const calls: Call<Input, Output>[] = [];
  for (let step = path; step !== undefined; step = step.before) calls.push(step.call);
  return calls.reverse();
};

/** What was asked and what came back, in the order of time; at the same time what was asked stands first, so that the two overlap. */
function timeline<Input, Output>(calls: readonly Call<Input, Output>[]) {
  const events = calls.flatMap((call, index) => [
    { at: call.invokedAt, returns: false, index },
    ...(call.output === undefined ? [] : [{ at: call.returnedAt, returns: true, index }]),
  ]);
  return events.sort((a, b) => a.at - b.at || Number(a.returns) - Number(b.returns));
}

/** All states that the system may have come to by itself, the state first. */
function drifted<State, Input, Output>(model: Model<State, Input, Output>) {
  const known = new Map<string, readonly State[]>();
  return (from: State, at: string): readonly State[] => {
    const before = known.get(at);
    if (before !== undefined) return before;
    const reached = new Map([[at, from]]);
    for (const state of reached.values()) {
      for (const next of model.drift?.(state) ?? []) {
        const key = model.key(next);
        if (!reached.has(key)) reached.set(key, next);
      }
    }
    const all = [...reached.values()];
    known.set(at, all);
    return all;
  };
}

/**
 * Goes through the answers in the order in which they came, and keeps every configuration that could be: an open call takes effect
 * only when some answer needs it ("just in time"). No configuration left means that no order explains the history.
 */
function run<State, Input, Output>(
  model: Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
  limit: number,
): Ran<State, Input, Output> {
  type Here = Configuration<State, Input, Output>;
  const reach = drifted(model);
  const open = new Set<number>();
  let explored = 0;
  let current: readonly Here[] = model.initial.map((state) => ({
    state,
    at: model.key(state),
    done: [],
    path: undefined,
  }));

  const taken = (done: readonly number[], index: number): readonly number[] => [...done, index].sort((a, b) => a - b);
  const way = (call: Call<Input, Output>, before: Path<Input, Output> | undefined): Path<Input, Output> => ({
    call,
    before,
    length: (before?.length ?? 0) + 1,
  });

  /** Takes what only reads and fits: nothing is lost by it, since it could change nothing later either. */
  const absorb = (found: Here): Here => {
    let { done, path } = found;
    for (const index of open) {
      const call = calls[index]!;
      if (done.includes(index) || model.readsOnly?.(call.input) !== true) continue;
      if (model.step(found.state, call.input, call.output).length === 0) continue;
      done = taken(done, index);
      path = way(call, path);
    }
    return { ...found, done, path };
  };

  /** The configurations in which one more open call has taken effect. */
  const after = function* ({ state, at, done, path }: Here): Generator<Here> {
    for (const index of open) {
      if (done.includes(index)) continue;
      const call = calls[index]!;
      const step = { done: taken(done, index), path: way(call, path) };
      for (const from of reach(state, at)) {
        for (const next of model.step(from, call.input, call.output)) {
          yield { ...step, state: next, at: model.key(next) };
        }
      }
    }
  };

  for (const { returns, index } of timeline(calls)) {
    if (!returns) {
      open.add(index);
      continue;
    }
    const seen = new Set<string>();
    const queue: Here[] = [];
    const kept = new Map<string, Here>();
    const add = (arrived: Here): void => {
      const found = absorb(arrived);
      const key = `${found.at}|${found.done.join()}`;
      if (seen.has(key)) return;
      seen.add(key);
      explored += 1;
      if (!found.done.includes(index)) return void queue.push(found);
      const done = found.done.filter((other) => other !== index);
      const keptKey = `${found.at}|${done.join()}`;
      if (!kept.has(keptKey)) kept.set(keptKey, { ...found, done });
    };
    current.forEach(add);
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (explored > limit) return { kind: 'undecided', explored };
      for (const found of after(next)) add(found);
    }
    open.delete(index);
    if (kept.size === 0) return { kind: 'stuck', at: calls[index]!, before: current, explored };
    current = [...kept.values()];
  }
  const [first] = current;
  if (first === undefined) throw new RangeError('the model has no initial state');
  return { kind: 'explained', path: first.path, explored };
}

/** A history as it was when `last` came back. */
function beginning<Input, Output>(calls: readonly Call<Input, Output>[], last: Call<Input, Output>) {
  return calls
    .filter(({ invokedAt }) => invokedAt <= last.returnedAt)
    .map((call) =>
      call.output !== undefined && call.returnedAt > last.returnedAt ? { ...call, output: undefined } : call,
    );
}

/**
 * Looks for one order of the calls that explains all answers and keeps the order of time: a call that was answered before another was
 * made took effect before it. Decides every history, but may need exponential time for many calls at once; then `undecided`.
 */
export function search<State, Input, Output>(
  model: Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
  { limit = defaultLimit }: SearchOptions = {},
): Outcome<State, Input, Output> {
  let ran = run(model, calls, limit);
  let { explored } = ran;
  if (ran.kind === 'undecided') return { kind: 'undecided', explored };
  if (ran.kind === 'explained') return { kind: 'linearizable', order: listed(ran.path), explored };

  // Stuck with the answers that came later in mind; without them it may take longer to be impossible.
  const from = ran.at.returnedAt;
  const ends = calls
    .filter(({ output, returnedAt }) => output !== undefined && returnedAt >= from)
    .sort((a, b) => a.returnedAt - b.returnedAt);
  let prefix = calls;
  let last = ran.at;
  for (const end of ends) {
    const begun = beginning(calls, end);
    const again = run(model, begun, limit);
    explored += again.explored;
    if (again.kind !== 'stuck') continue;
    [ran, prefix, last] = [again, begun, end];
    break;
  }
  const longest = ran.before.toSorted((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0));
  return {
    kind: 'impossible',
    prefix: prefix.toSorted((a, b) => a.invokedAt - b.invokedAt),
    last,
    partials: longest
      .slice(0, partialsShown)
      .map(({ state, path }): Linearization<State, Input, Output> => ({ state, order: listed(path) })),
    explored,
  };
}

/** The same for a system of parts that know nothing of each other: each part is decided alone, which is all that makes it fast. */
export function searchParts<State, Input, Output>(
  modelOf: (part: string) => Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
  partOf: (call: Call<Input, Output>) => string,
  options: SearchOptions = {},
): ReadonlyMap<string, Outcome<State, Input, Output>> {
  const parts = Map.groupBy(calls, partOf);
  return new Map([...parts].map(([part, own]) => [part, search(modelOf(part), own, options)]));
}
