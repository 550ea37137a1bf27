import { Unelicited, type ProbeContext } from '../../core/engine/check.ts';
import { taskViewOf } from '../../core/engine/task-view.ts';
import { userFields } from '../checks/security/credentials.ts';
import { doorsOf } from '../checks/equivalence/doors.ts';
import { abilitiesOf, works } from './draw.ts';
import type { Abilities } from './program.ts';
import type { Doors } from './run-program.ts';

/** Several interfaces of one agent, by which several clients come to the same tasks (§5.1). */

/** The doors to one agent: interfaces of the version and tenant of the first one; undefined where it has one alone. */
export function crossingOf(doors: readonly ProbeContext[]): Doors | undefined {
  const [first, ...others] = doorsOf(doors, (door) => door.interface);
  return first === undefined || others.length === 0 ? undefined : [first, ...others];
}

/** What the agent can be brought to at each of its doors. */
export function abilitiesAcross(doors: Doors): Abilities {
  const all = doors.map(abilitiesOf);
  return {
    works: works.filter((work) => all.every((one) => one.works.includes(work))),
    streaming: all.every(({ streaming }) => streaming),
    push: all.every(({ push }) => push),
    crossing: doors.length > 1,
  };
}

/**
 * Whether a task that was made at the first door is the same one at each other, with the same credentials. That it has to be is for
 * the rows of equivalence: here nothing is raced where it is not.
 */
export async function sharesTasks([first, ...others]: Doors, { works: [work] }: Abilities): Promise<boolean> {
  if (work === undefined) return false;
  const made = await first.send(work, { configuration: { returnImmediately: true } }).catch((error: unknown) => {
    if (error instanceof Unelicited) return undefined;
    throw error;
  });
  const id = made === undefined ? undefined : taskViewOf(made.reply)?.id;
  if (made === undefined || id === undefined) return false;
  const shown = await Promise.all(others.map(({ client }) => client.call('GetTask', { id })));
  await first.client.call('CancelTask', { id });
  const mine = JSON.stringify(userFields(made.exchange));
  return shown.every(
    ({ reply, exchange }) => taskViewOf(reply)?.id === id && JSON.stringify(userFields(exchange)) === mine,
  );
}
