import type fc from 'fast-check';
import { Unelicited } from '../../core/engine/check.ts';
import type { CallResult } from '../../core/wire/binding-client.ts';
import type { ErrorName } from '../../protocol/errors.ts';
import { judgeRefusal, type Refusal } from '../checks/shared/refusal.ts';
import { taskIn } from '../checks/shared/task-parts.ts';
import { short, type Model, type Real, type TaskModel } from './model.ts';

export type AgentCommand = fc.AsyncCommand<Model, Real>;

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
): AgentCommand => ({
  check: (model) => applies(model),
  async run(model, real) {
    try {
      const { expected, came } = await act(model, real);
      real.step(does, expected, came);
    } catch (error) {
      if (error instanceof Unelicited) real.step(does, 'to be allowed', error.message);
      throw error;
    }
  },
  toString: () => does,
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
