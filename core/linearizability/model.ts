/** One operation of one client as it was seen from outside: it took effect, if at all, at one moment of its span. */
export interface Call<Input, Output> {
  readonly id: string;
  readonly input: Input;
  /** Undefined where no answer came: it may have happened, at any time since `invokedAt`, or not at all. */
  readonly output: Output | undefined;
  readonly invokedAt: number;
  /** When the answer was there; means nothing where there was none. */
  readonly returnedAt: number;
}

/**
 * What a system does when it is asked one thing after the other. It may be nondeterministic: a step leads to every state that could
 * be, and to none where the answer cannot come in that state.
 */
export interface Model<State, Input, Output> {
  /** The states that could be before anything is asked. */
  readonly initial: readonly State[];
  /** Without an `output` the call happened and its answer is not known: every state that any answer allows. */
  step(state: State, input: Input, output: Output | undefined): readonly State[];
  /** Where the system may go by itself, in one move, at any time. */
  drift?(state: State): readonly State[];
  /** Whether a call leaves every state as it is: then it is taken as soon as it fits, which is what keeps many of them cheap. */
  readsOnly?(input: Input): boolean;
  /** The same for states that are the same. */
  key(state: State): string;
}

/** An order that explains what had come back so far, and where it leads. */
export interface Linearization<State, Input, Output> {
  readonly order: readonly Call<Input, Output>[];
  readonly state: State;
}

export type Outcome<State, Input, Output> =
  | { readonly kind: 'linearizable'; readonly order: readonly Call<Input, Output>[]; readonly explored: number }
  | {
      readonly kind: 'impossible';
      /**
       * The shortest beginning of the history that no order explains, by the time of invocation: calls whose answers came later are
       * in it without them. The last answer of it is what cannot be.
       */
      readonly prefix: readonly Call<Input, Output>[];
      /** The call with that answer. */
      readonly last: Call<Input, Output>;
      /** The longest orders of its calls with which the search came no further. */
      readonly partials: readonly Linearization<State, Input, Output>[];
      readonly explored: number;
    }
  /** More was possible than `limit` configurations: nothing is said. */
  | { readonly kind: 'undecided'; readonly explored: number };
