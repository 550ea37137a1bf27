import { lagReadings } from '../../core/history/status-age.ts';
import { search } from '../../core/linearizability/search.ts';
import type { Exchange } from '../../core/history/exchange.ts';
import { isTerminal } from '../../protocol/task-state.ts';
import { callsOf, type SeenCall } from './calls.ts';
import { describeCall } from './describe.ts';
import type { Execution, MadeTask } from './run-program.ts';
import { snapshotProblem } from './snapshots.ts';
import { isRead, taskModel } from './task-model.ts';

/** What is wrong with one execution, as a row sees it. */
export interface Problem {
  readonly check: string;
  readonly requirement: string;
  /** Of a MUST row: `violated` fails; where the text allows another reading, `readings` are named and nothing fails. */
  readonly kind: 'violated' | 'ambiguous';
  readonly reason: string;
  readonly expected: string;
  readonly actual: string;
  readonly readings?: readonly [string, string, ...string[]];
  readonly evidence: readonly Exchange[];
}

const canceled = 'TASK_STATE_CANCELED';

export const orderCheck = 'concurrency/order';

/** Rows that the search for an order speaks of. */
type OrderRow =
  | 'get/terminal-stable'
  | 'cancel/final'
  | 'cancel/terminal-refused'
  | 'get/current-state'
  | 'errors/send-terminal-task'
  | 'errors/subscribe-terminal-task'
  | 'push/config-persists';

/** A copy may lag: its answer describes some moment since the task was made. */
const lagging = (calls: readonly SeenCall[]): readonly SeenCall[] => {
  const begin = Math.min(...calls.map(({ invokedAt }) => invokedAt));
  return calls.map((call) => (isRead(call) ? { ...call, invokedAt: begin } : call));
};

const isOrdered = (calls: readonly SeenCall[]): boolean => search(taskModel, calls).kind !== 'impossible';

/** The end that a call shows. */
const endOf = ({ output }: SeenCall): string | undefined =>
  typeof output === 'object' && 'state' in output && isTerminal(output.state) ? output.state : undefined;

const isCanceled = (call: SeenCall): boolean => [undefined, canceled].includes(endOf(call));

const kindOf = (call: SeenCall): string => {
  const { input } = call;
  if (input === 'cancel' && !isCanceled(call)) return 'late cancel';
  return typeof input === 'object' ? 'config' : input;
};

/** The ends that answers name. */
const endsIn = (calls: readonly SeenCall[]): ReadonlySet<string> => new Set(calls.flatMap((call) => endOf(call) ?? []));

/** Whether a cancel was answered with the canceled task, and no other end was known when it was asked for. */
const wasCanceled = (calls: readonly SeenCall[]): boolean =>
  calls.some(
    ({ input, output, invokedAt }) =>
      input === 'cancel' &&
      typeof output === 'object' &&
      'state' in output &&
      output.state === canceled &&
      !calls.some((other) => !isCanceled(other) && other.returnedAt < invokedAt),
  );

/** The row that speaks of what cannot be in order: of the kind of call without which the rest can. */
function rowOf(calls: readonly SeenCall[]): OrderRow {
  if (endsIn(calls).size > 1) return wasCanceled(calls) ? 'cancel/final' : 'get/terminal-stable';
  const kinds: readonly (readonly [string, OrderRow])[] = [
    ['subscribe', 'errors/subscribe-terminal-task'],
    ['send', 'errors/send-terminal-task'],
    ['config', 'push/config-persists'],
    ['late cancel', 'cancel/terminal-refused'],
  ];
  const guilty = kinds.find(([kind]) => isOrdered(calls.filter((call) => kindOf(call) !== kind)));
  return guilty?.[1] ?? 'get/current-state';
}

/** Calls that say the same as an earlier one add nothing for a reader. */
const short = (calls: readonly SeenCall[]): string =>
  calls
    .filter(({ input }, index) => input !== 'see' || index >= calls.length - 4)
    .map(describeCall)
    .join('; ');

/** What cannot have happened to one task in any order. */
function orderProblem(execution: Execution, task: MadeTask): Problem | undefined {
  const calls = callsOf(execution, task);
  // Tasks that were found, not made, began before anything that is known of them.
  if (!calls.some(({ input }) => input === 'make')) return undefined;
  const strict = search(taskModel, calls);
  if (strict.kind !== 'impossible') return undefined;
  const late = search(taskModel, lagging(calls));
  const { prefix, last } = late.kind === 'impossible' ? late : strict;
  const known = prefix.flatMap(({ id, output }) => {
    const original = calls.find((call) => call.id === id);
    return original === undefined || output === undefined ? [] : [original];
  });
  const ordered = known.toSorted((a, b) => a.returnedAt - b.returnedAt);
  const requirement = rowOf(ordered);
  const ending = calls.find(({ id }) => id === last.id)!;
  const ends = [...endsIn(ordered)];
  // Of all that cannot be in order the text forbids one thing whatever lags: two ends.
  const certain = late.kind === 'impossible' && ends.length > 1;
  return {
    check: orderCheck,
    requirement,
    kind: certain ? 'violated' : 'ambiguous',
    reason: certain
      ? `no order of what was asked explains the answers about task ${task.id}`
      : `the answers about task ${task.id} are in no order of one moment after the other: ${describeCall(ending)}`,
    expected: ends.length > 1 ? `one end of the task, not ${ends.join(' and ')}` : 'answers that some order explains',
    actual: short(ordered),
    ...(certain ? {} : { readings: lagReadings }),
    evidence: [...new Set([ending, ...ordered].map(({ done }) => done.exchange))],
  };
}

/** All that is wrong with what one program brought: pure. */
export function judgeExecution(execution: Execution): readonly Problem[] {
  return execution.tasks.flatMap((task) =>
    [orderProblem(execution, task), snapshotProblem(execution, task)].filter((problem) => problem !== undefined),
  );
}
