import fc from 'fast-check';
import { programs, waits, type Abilities, type Program, type Step, type TaskRef } from './program.ts';

/** Programs that go for one race, or for any. */
export interface Race {
  readonly id: string;
  readonly title: string;
  /** Undefined where the agent cannot be brought to it. */
  programs(abilities: Abilities, maxSteps: number): fc.Arbitrary<Program> | undefined;
  /** Share of the runs that it gets. */
  readonly weight: number;
}

const start = (
  work: 'completes' | 'long-running' | 'input-required',
  how: 'blocking' | 'immediate' | 'stream',
  shared = false,
): Step => ({
  do: 'start',
  work,
  how,
  shared,
});
const get = (task: TaskRef = 0): Step => ({ do: 'get', task });
const cancel: Step = { do: 'cancel', task: 0 };

/** Before a branch acts: so that it meets the other ones at different moments. */
const soon = fc.oneof(
  { weight: 1, arbitrary: fc.constant<readonly Step[]>([]) },
  { weight: 4, arbitrary: waits.map((step): readonly Step[] => [step]) },
);

/** For what has to meet the beginning of the work, not its end. */
const almostAtOnce = fc.oneof(
  { weight: 2, arbitrary: fc.constant<readonly Step[]>([]) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2, 4).map((ms): readonly Step[] => [{ do: 'wait', ms }]) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }).map((eighths): readonly Step[] => [{ do: 'wait', eighths }]) },
);

const branch = (...own: readonly Step[]): fc.Arbitrary<readonly Step[]> => soon.map((before) => [...before, ...own]);

const program = (
  prefix: readonly Step[],
  ...branches: readonly fc.Arbitrary<readonly Step[]>[]
): fc.Arbitrary<Program> => fc.record({ prefix: fc.constant(prefix), branches: fc.tuple(...branches) });

export const races: readonly Race[] = [
  {
    id: 'burst-of-sends',
    title: 'Many messages at once',
    weight: 2,
    programs: ({ works }) =>
      works.includes('completes')
        ? fc.integer({ min: 8, max: 12 }).map((size) => ({
            prefix: [start('completes', 'blocking')],
            branches: Array.from({ length: size }, () => [start('completes', 'blocking'), get('own')]),
          }))
        : undefined,
  },
  {
    id: 'cancel-against-complete',
    title: 'A cancel when the task is about to end',
    weight: 3,
    programs: (abilities) => {
      if (!abilities.works.includes('completes')) return undefined;
      const begin = start('completes', abilities.streaming ? 'stream' : 'immediate');
      // Each client with a task of its own: the race is with the agent.
      const race = waits.map((step): readonly Step[] => [begin, step, { do: 'cancel', task: 'own' }, get('own')]);
      return fc.record({
        prefix: fc.constant([start('completes', 'blocking')]),
        branches: fc.array(race, { minLength: 2, maxLength: 4 }),
      });
    },
  },
  {
    id: 'cancel-against-cancel',
    title: 'Several cancels at once',
    weight: 1,
    programs: (abilities) =>
      abilities.works.includes('long-running')
        ? program(
            [start('long-running', 'immediate')],
            branch(cancel, get()),
            branch(cancel, get()),
            branch(cancel, get()),
          )
        : undefined,
  },
  {
    id: 'subscribe-against-complete',
    title: 'A subscription when the task is about to end',
    weight: 2,
    programs: (abilities) =>
      abilities.streaming && abilities.works.includes('completes')
        ? program(
            [start('completes', 'immediate')],
            branch({ do: 'subscribe', task: 0 }, get()),
            branch({ do: 'subscribe', task: 0 }, get()),
          )
        : undefined,
  },
  {
    id: 'two-messages-to-one-task',
    title: 'Two clients answer one question',
    weight: 3,
    programs: ({ works, streaming }) => {
      if (!works.includes('input-required')) return undefined;
      const how = fc.constantFrom<'blocking' | 'immediate' | 'stream'>(
        'blocking',
        'immediate',
        ...(streaming ? (['stream'] as const) : []),
      );
      const answer = fc
        .tuple(almostAtOnce, how)
        .map(([before, sent]): readonly Step[] => [...before, { do: 'send', task: 0, how: sent }, get()]);
      return program([start('input-required', 'blocking')], answer, answer, branch(get(), get()));
    },
  },
  {
    id: 'two-tasks-in-one-context',
    title: 'Two clients work in one context',
    weight: 2,
    programs: (abilities) => {
      if (!abilities.works.includes('completes')) return undefined;
      const work = branch(start('completes', abilities.streaming ? 'stream' : 'blocking', true), get('own'));
      return program([start('completes', 'blocking')], work, work);
    },
  },
  {
    id: 'list-while-tasks-are-made',
    title: 'A list while tasks are made and end',
    weight: 2,
    programs: ({ works }) => {
      if (!works.includes('completes')) return undefined;
      const make = branch(start('completes', 'blocking', true), get('own'));
      return program([start('completes', 'blocking')], make, make, branch({ do: 'list' }, get(), { do: 'list' }));
    },
  },
  {
    id: 'reads-of-an-ended-task',
    title: 'Clients look at a task that has ended, in several ways at once',
    weight: 2,
    programs: ({ works }) =>
      works.includes('completes')
        ? program(
            [start('completes', 'blocking'), get()],
            fc.constant([get(), get(), get()]),
            fc.constant([{ do: 'list' }, get(), { do: 'list' }]),
            branch(cancel, get()),
          )
        : undefined,
  },
  {
    id: 'push-configs',
    title: 'Clients make, read and delete push configurations of one task at once',
    weight: 1,
    programs: ({ works, push }) => {
      const work = works.includes('input-required') ? 'input-required' : 'long-running';
      if (!push || !works.includes(work)) return undefined;
      const act = (name: 'create' | 'get' | 'list' | 'delete', which = 0): Step => ({
        do: 'config',
        act: name,
        task: 0,
        which,
      });
      return program(
        [start(work, work === 'long-running' ? 'immediate' : 'blocking'), act('create')],
        branch(act('create'), act('list')),
        branch(act('delete'), act('get')),
        branch(act('list'), act('list')),
      );
    },
  },
  {
    id: 'cancels-over-other-interfaces',
    title: 'Cancels of tasks that are about to end',
    weight: 6,
    programs: ({ works, crossing }) => {
      if (crossing !== true || !works.includes('completes')) return undefined;
      const tasks = [0, 1, 2, 3];
      // Read before its end too: an interface that keeps a copy of what others made has it from then on.
      const race = (task: TaskRef) =>
        waits.map((step): readonly Step[] => [get(task), step, { do: 'cancel', task }, get(task), get(task)]);
      return program(
        tasks.map(() => start('completes', 'immediate')),
        ...tasks.map(race),
      );
    },
  },
  {
    id: 'generated',
    title: 'Anything at once',
    weight: 8,
    programs: (abilities, maxSteps) => (abilities.works.length > 0 ? programs(abilities, maxSteps) : undefined),
  },
];
