import { acknowledged, judgeAll, type BookFacts, type ChaosInvariant } from './invariant.ts';

export const workIsDone: ChaosInvariant<BookFacts> = {
  id: 'chaos/work-is-done',
  title: 'Every acknowledged task is completed in the end',
  contract: 'durability',
  judge({ jobs, reads }) {
    // Tasks that are lost or cannot be read break, or leave open, another invariant.
    const read = acknowledged(jobs).flatMap(({ taskId, kind }) => {
      const seen = reads.tasks.get(taskId);
      return seen?.kind === 'task' ? [{ taskId, kind, state: seen.state }] : [];
    });
    return judgeAll(
      read,
      ({ taskId, kind, state }) =>
        state === 'TASK_STATE_COMPLETED' ? undefined : `task ${taskId} (${kind}) is in ${state}`,
      { counted: 'tasks', right: 'all of them completed', none: 'no acknowledged task could be read' },
    );
  },
};
