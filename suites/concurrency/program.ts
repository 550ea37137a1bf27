import fc from 'fast-check';

/** Which of the stimuli a task is begun with. */
export type Work = 'completes' | 'long-running' | 'input-required';
/** How a message is sent. */
export type How = 'blocking' | 'immediate' | 'stream';
/** A task of the prefix by its number, or the one that this branch began last. */
export type TaskRef = number | 'own';

export type Step =
  | {
      readonly do: 'start';
      readonly work: Work;
      readonly how: How;
      /** In the context of the program's first task, where there is one. */
      readonly shared: boolean;
    }
  | { readonly do: 'send'; readonly task: TaskRef; readonly how: How }
  | { readonly do: 'get' | 'cancel' | 'subscribe'; readonly task: TaskRef }
  /** The tasks of the first task's context. */
  | { readonly do: 'list' }
  | {
      readonly do: 'config';
      readonly act: 'create' | 'get' | 'list' | 'delete';
      readonly task: TaskRef;
      /** Which of the configurations that this program made; modulo their number. */
      readonly which: number;
    }
  | { readonly do: 'wait'; readonly ms: number }
  /** Eighths of the time that a task takes which completes, as exploration saw it. */
  | { readonly do: 'wait'; readonly eighths: number };

/** First one thing after the other, then several clients at once. */
export interface Program {
  readonly prefix: readonly Step[];
  readonly branches: readonly (readonly Step[])[];
}

/** What the agent can be brought to, and what it has. */
export interface Abilities {
  readonly works: readonly Work[];
  readonly streaming: boolean;
  /** Push configurations can be made. */
  readonly push: boolean;
  /** The clients come by several interfaces. */
  readonly crossing?: boolean;
}

const hows = ({ streaming }: Abilities, work: Work): readonly How[] => [
  // The end of long work is not waited for.
  ...(work === 'long-running' ? [] : (['blocking'] as const)),
  'immediate',
  ...(streaming ? (['stream'] as const) : []),
];

const starts = (abilities: Abilities): fc.Arbitrary<Step> =>
  fc.oneof(
    ...abilities.works.map((work) =>
      fc.record({
        do: fc.constant('start' as const),
        work: fc.constant(work),
        how: fc.constantFrom(...hows(abilities, work)),
        shared: fc.boolean(),
      }),
    ),
  );

/** At different moments of a task, however long one takes, and at some of one that takes no time. */
export const waits: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 2, 4, 8, 12, 16, 24) }),
  fc.record({ do: fc.constant('wait' as const), eighths: fc.integer({ min: 1, max: 10 }) }),
);

function steps(abilities: Abilities): fc.Arbitrary<Step> {
  const task = fc.oneof({ weight: 6, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.constant<TaskRef>('own') });
  const named = (name: 'get' | 'cancel' | 'subscribe') => fc.record({ do: fc.constant(name), task });
  return fc.oneof(
    { weight: 2, arbitrary: starts(abilities) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('send' as const),
        task,
        how: fc.constantFrom(...hows(abilities, 'completes')),
      }),
    },
    { weight: 3, arbitrary: named('get') },
    { weight: 3, arbitrary: named('cancel') },
    { weight: 1, arbitrary: fc.constant<Step>({ do: 'list' }) },
    ...(abilities.streaming ? [{ weight: 2, arbitrary: named('subscribe') }] : []),
    ...(abilities.push
      ? [
          {
            weight: 2,
            arbitrary: fc.record({
              do: fc.constant('config' as const),
              act: fc.constantFrom('create', 'create', 'get', 'list', 'delete'),
              task,
              which: fc.nat(1),
            }),
          },
        ]
      : []),
    { weight: 2, arbitrary: waits },
  );
}

/** Programs of two to four clients. @param maxSteps of one branch */
export function programs(abilities: Abilities, maxSteps: number): fc.Arbitrary<Program> {
  const step = steps(abilities);
  return fc.record({
    prefix: fc
      .tuple(starts(abilities), fc.array(step, { maxLength: 2 }))
      .map(([first, others]): readonly Step[] => [first, ...others]),
    branches: fc.array(fc.array(step, { minLength: 1, maxLength: maxSteps }), { minLength: 2, maxLength: 4 }),
  });
}

const ref = (task: TaskRef): string => (task === 'own' ? 'its own task' : `task ${task + 1}`);

/** A step in a few words, for people. */
export function describeStep(step: Step): string {
  switch (step.do) {
    case 'start':
      return `start "${step.work}" (${step.how}${step.shared ? ', in the first context' : ''})`;
    case 'send':
      return `message to ${ref(step.task)} (${step.how})`;
    case 'get':
    case 'cancel':
    case 'subscribe':
      return `${step.do} ${ref(step.task)}`;
    case 'list':
      return 'list the context';
    case 'config':
      return `${step.act} push config of ${ref(step.task)}`;
    case 'wait':
      return 'ms' in step ? `wait ${step.ms} ms` : `wait ${step.eighths}/8 of a task`;
  }
}
