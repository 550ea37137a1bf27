import type fc from 'fast-check';
import { Unelicited } from '../../core/engine/check.ts';
import type { CallResult } from '../../core/wire/binding-client.ts';
import type { ErrorName } from '../../protocol/errors.ts';
import { judgeRefusal, type Refusal } from '../checks/shared/refusal.ts';
import { taskIn } from '../checks/shared/task-parts.ts';
import { ofSecond, short, type Hands, type Model, type Real, type TaskModel, type Who } from './model.ts';

/** Something that a principal does, whoever it is. */
export type Deed = fc.AsyncCommand<Model, Real>;

/** A deed of one of the principals. */
export type AgentCommand = fc.AsyncCommand<Hands<Model>, Hands<Real>>;

export const by = (who: Who, deed: Deed): AgentCommand => ({
  check: ({ [who]: model }) => model !== undefined && deed.check(model),
  async run({ [who]: model }, { [who]: real }) {
    if (model !== undefined && real !== undefined) await deed.run(model, real);
  },
  toString: () => (who === 'first' ? String(deed) : `${ofSecond}${String(deed)}`),
});

/** What a command expected and what came, in words. */
export interface Told {
  readonly expected: string;
  readonly came: string;
}

/** A command that tells what it did; `applies` looks at the model alone. */
export const command = (
  does: string,
  applies: (model: Model) => boolean,
  act: (model: Model, real: Real) => Promise<Told>,
): Deed => {
  const deed: Deed = {
    check: (model) => applies(model),
    async run(model, real) {
      model.last = deed;
      try {
        const { expected, came } = await act(model, real);
        real.step(does, expected, came);
      } catch (error) {
        if (error instanceof Unelicited) real.step(does, 'to be allowed', error.message);
        throw error;
      }
    },
    toString: () => does,
  };
  return deed;
};

/** The last deed again: what was refused once may be done the second time. */
export const onceMore = (): Deed => ({
  check: (model) => model.last?.check(model) ?? false,
  async run(model, real) {
    await model.last?.run(model, real);
  },
  toString: () => 'once more',
});

/**
 * The refusal of what a task that has ended does not take. The task is read again: what was purged meanwhile (§3.3.2) is no case.
 */
export async function refusedAtEnd(
  row: string,
  what: string,
  task: TaskModel,
  answer: CallResult,
  expected: ErrorName,
  real: Real,
  tolerated: NonNullable<Refusal['tolerated']> = [],
): Promise<void> {
  task.untouched = false;
  const after = await real.door.client.call('GetTask', { id: task.id });
  const view = taskIn(after);
  const state = short(task.lastSeen);
  real.say(
    row,
    judgeRefusal({
      what: `${what} a task in ${state}`,
      answer,
      expected,
      control: {
        what: 'GetTask shows the task ended before, and known after',
        ok: task.end !== undefined && view?.state === task.lastSeen,
        results: [after],
      },
      tolerated,
    }),
  );
}
