import type { Exchange } from '../../core/history/exchange.ts';
import { taskViewOf } from '../../core/engine/task-view.ts';
import { isTerminal } from '../../protocol/task-state.ts';
import { orderCheck } from './judge.ts';
import type { Done, Execution } from './run-program.ts';
import { snapshotCheck } from './snapshots.ts';

interface Measured {
  readonly check: string;
  readonly row: string;
  readonly reason: string;
  readonly evidence: readonly Exchange[];
}

interface Count {
  tasks: number;
  first: Exchange | undefined;
}

const stateOf = ({ reply }: Done): string | undefined => (reply === undefined ? undefined : taskViewOf(reply)?.state);

/** What executions gave an instance of: a row without one is not measured. */
export class Measurements {
  readonly #ended: Count = { tasks: 0, first: undefined };
  readonly #canceled: Count = { tasks: 0, first: undefined };
  readonly #reread: Count = { tasks: 0, first: undefined };

  add({ done, tasks }: Execution): void {
    for (const { id } of tasks) {
      const own = done.filter(({ taskId }) => taskId === id);
      const reads = own.filter((one) => one.kind === 'get' && isTerminal(stateOf(one)));
      const canceled = own.find((one) => one.kind === 'cancel' && stateOf(one) === 'TASK_STATE_CANCELED');
      if (reads[0] !== undefined) count(this.#ended, reads[0]);
      if (reads.length > 2) count(this.#reread, reads[0]!);
      if (canceled !== undefined && reads.length > 0) count(this.#canceled, canceled);
    }
  }

  rows(): readonly Measured[] {
    return [
      {
        ...measured(this.#ended, 'tasks of several clients', 'some order explains all answers'),
        check: orderCheck,
        row: 'get/terminal-stable',
      },
      {
        ...measured(this.#canceled, 'canceled tasks of several clients', 'each stayed canceled'),
        check: orderCheck,
        row: 'cancel/final',
      },
      {
        ...measured(this.#reread, 'ended tasks of several clients', 'later reads showed what earlier ones did'),
        check: snapshotCheck,
        row: 'get/idempotent',
      },
    ].filter(({ evidence }) => evidence.length > 0);
  }
}

function count(of: Count, { exchange }: Done): void {
  of.tasks += 1;
  of.first ??= exchange;
}

const measured = ({ tasks, first }: Count, what: string, outcome: string): Pick<Measured, 'reason' | 'evidence'> => ({
  reason: `${tasks} ${what}: ${outcome}`,
  evidence: first === undefined ? [] : [first],
});
